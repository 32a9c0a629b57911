//! What goes wrong, and who is told.

use autocontent_sdk::Failure;
use autocontent_sdk::http::{Error, Method};
use autocontent_sdk::testing::Host;

use super::{ask, find};

fn failure(recording: &str) -> (Failure, Host) {
    let host = Host::new();
    host.replay(&[&format!("recordings/failures/{recording}.json")]);
    (find(&ask()).unwrap_err(), host)
}

#[test]
fn a_wrong_key_tells_the_operator_which_secret_to_fill_in() {
    let (failure, host) = failure("wrong-key");
    insta::assert_debug_snapshot!((failure, host.log()));
}

#[test]
fn a_used_up_key_means_busy_for_as_long_as_nasa_says_and_the_cause_is_logged() {
    let (failure, host) = failure("too-many");
    assert_eq!(failure, Failure::Busy(Some(1_800)));
    assert!(host.log()[0].1.contains("OVER_RATE_LIMIT"), "{:?}", host.log());
}

#[test]
fn malformed_answers_no_answer_and_an_outage_are_the_upstreams() {
    for recording in ["malformed", "time-out", "out-of-service"] {
        let (failure, _) = failure(recording);
        assert!(matches!(&failure, Failure::Upstream(_)), "{recording}");
        insta::assert_debug_snapshot!(recording, failure);
    }
}

#[test]
fn a_service_that_does_not_answer_is_not_asked_again_and_leaves_time_for_what_is_asked_again() {
    let host = Host::new();
    for url in ["&date=2024-01-31&thumbs=true", "&start_date=2025-12-27&end_date=2025-12-31&thumbs=true"] {
        let url = format!("https://api.nasa.gov/planetary/apod?api_key=DEMO_KEY{url}");
        host.answer_with(Method::Get, &url, Err(Error::Timeout));
    }
    for ask in [ask().argument("date", "2024-01-31"), ask().cursor(Some("2025-12-31".into()))] {
        assert_eq!(find(&ask), Err(Failure::Upstream("no answer in time".into())));
    }
    assert_eq!(host.requests().len(), 2);
    assert!(host.requests().iter().all(|request| request.timeout_ms.is_some_and(|time| time < 5_000)));
}

#[test]
fn empty_answers_are_nothing_found_or_the_upstreams_failure() {
    let host = Host::new();
    let url = "https://api.nasa.gov/planetary/apod?api_key=DEMO_KEY";
    host.answer(&format!("{url}&thumbs=true"), 200, &[], "{}");
    host.answer(&format!("{url}&count=5&thumbs=true"), 200, &[], "[]");
    host.answer(&format!("{url}&start_date=2025-12-27&end_date=2025-12-31&thumbs=true"), 200, &[], "[]");
    assert!(matches!(find(&ask()), Err(Failure::Upstream(_))));
    assert_eq!(find(&ask().argument("random", true)), Err(Failure::NothingFound));
    assert_eq!(find(&ask().cursor(Some("2025-12-31".into()))), Err(Failure::NothingFound));
}

#[test]
fn a_day_without_a_picture_is_not_found() {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    assert_eq!(find(&ask().argument("date", "2020-06-10")), Err(Failure::NothingFound));
}

#[test]
fn what_is_no_day_with_a_picture_is_told_in_the_members_language() {
    let advice = "write a day as 2024-01-31, from 1995-06-16 to 2026-01-01";
    for typed in [
        "soon",
        "",
        "2024-02-30",
        "1995-06-15",
        "2026-01-02",
        "31/01/2024",
        "2024-1-31T00",
        "+2024-01-31",
        "9999999-01-01",
    ] {
        assert_eq!(find(&ask().argument("date", typed)), Err(Failure::invalid_argument("date", advice)), "{typed}");
    }
    let advice = "escreva um dia como 2024-01-31, de 1995-06-16 a 2026-01-01";
    let answer = find(&ask().locale("pt-BR").argument("date", "logo"));
    assert_eq!(answer, Err(Failure::invalid_argument("date", advice)));
}

#[test]
fn today_is_no_day_yet_where_it_has_not_begun_for_nasa() {
    let host = Host::new();
    host.replay(&["recordings/failures/not-out-yet.json"]);
    let Err(Failure::InvalidArgument(told)) = find(&ask().argument("date", "today")) else { panic!() };
    assert_eq!((told.name.as_str(), host.requests().len()), ("date", 1));
    assert_eq!(told.reason, "write a day as 2024-01-31, from 1995-06-16 to 2025-12-31", "and not to the day refused");
}

#[test]
fn a_date_and_random_together_are_refused() {
    let both = ask().argument("date", "2024-01-31").argument("random", true);
    assert_eq!(find(&both), Err(Failure::invalid_argument("random", "leave it out with a date")));
    let answer = find(&both.locale("pt-BR"));
    assert_eq!(answer, Err(Failure::invalid_argument("random", "não combina com uma data")));
}

#[test]
fn a_cursor_that_is_none_is_the_providers_own_fault() {
    assert!(matches!(find(&ask().cursor(Some("x".into()))), Err(Failure::Internal(_))));
}
