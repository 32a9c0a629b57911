//! Memes from Google Images.

use autocontent_sdk::{Failure, Rating};

use super::{about, ask, find, listening, played, playing, titles};

const TOPIC: &str = "monday morning";

#[test]
fn pictures_come_with_their_page_and_what_cannot_be_shown_is_left_out() {
    let _host = played("examples");
    insta::assert_debug_snapshot!(find(&about(TOPIC)).unwrap());
}

#[test]
fn a_cursor_leads_through_a_page_of_googles_and_on_to_the_next() {
    let _host = played("examples");
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = find(&about(TOPIC).limit(3).cursor(cursor));
        let Ok(page) = page else { break };
        seen.push(titles(&page).join(", "));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    insta::assert_debug_snapshot!(seen);
}

#[test]
fn the_filter_is_on_unless_sensitive_content_is_allowed_and_then_nothing_is_for_everyone() {
    let host = played("examples");
    let filtered = find(&about(TOPIC)).unwrap();
    assert!(filtered.items.iter().all(|item| item.rating == Rating::Everyone));
    let unfiltered = find(&about(TOPIC).sensitive_allowed()).unwrap();
    assert!(unfiltered.items.iter().all(|item| item.rating == Rating::Sensitive));
    let asked: Vec<String> = host.requests().into_iter().map(|request| request.url).collect();
    assert!(asked[0].contains("safe=active") && asked[1].contains("safe=off"), "{asked:?}");
}

#[test]
fn without_a_topic_the_search_is_for_memes_in_the_members_language() {
    let _host = played("examples");
    assert_eq!(titles(&find(&ask()).unwrap()), ["A cat that files taxes"]);
    assert_eq!(titles(&find(&about(" ").locale("pt-BR")).unwrap()), ["Um gato que declara o imposto"]);
}

#[test]
fn an_activity_is_the_topic_where_none_was_typed_and_its_page_is_nobody_elses() {
    let _host = played("examples");
    let page = find(&ask().trigger(playing("Example Quest"))).unwrap();
    assert_eq!((titles(&page), page.cache_for), (vec!["The boat that is never finished"], None));
    assert_eq!(page.items[0].tags, ["example quest"]);
    assert_eq!(titles(&find(&ask().trigger(listening("The Examples"))).unwrap()), ["When the drummer counts in"]);
    let page = find(&about(TOPIC).trigger(playing("Example Quest"))).unwrap();
    assert_eq!((page.items.len(), page.cache_for), (4, Some(43_200)));
    assert_eq!(titles(&find(&ask().trigger(playing(" "))).unwrap()), ["A cat that files taxes"]);
}

#[test]
fn no_results_are_not_found() {
    let _host = played("failures/google-nothing");
    assert_eq!(find(&about("xqzvbn")), Err(Failure::NothingFound));
}

#[test]
fn a_wrong_key_and_a_plan_that_is_used_up_are_for_the_operator() {
    for recording in ["google-wrong-key", "google-used-up"] {
        let host = played(&format!("failures/{recording}"));
        let failure = find(&about(TOPIC)).unwrap_err();
        assert!(matches!(failure, Failure::Misconfigured(_)));
        insta::assert_debug_snapshot!(recording, (failure, host.log()));
    }
}

#[test]
fn too_many_at_once_means_busy_for_as_long_as_serpapi_says() {
    let _host = played("failures/google-too-many");
    assert_eq!(find(&about(TOPIC)), Err(Failure::Busy(Some(600))));
}

#[test]
fn failed_searches_malformed_answers_and_none_are_the_upstreams() {
    for recording in ["google-failed", "google-malformed", "google-time-out"] {
        let _host = played(&format!("failures/{recording}"));
        let failure = find(&about(TOPIC)).unwrap_err();
        assert!(matches!(failure, Failure::Upstream(_)));
        insta::assert_debug_snapshot!(recording, failure);
    }
    for recording in ["google-failed", "google-malformed"] {
        let _host = played(&format!("failures/{recording}"));
        assert!(matches!(find(&ask()), Err(Failure::Upstream(_))), "{recording}");
    }
}

#[test]
fn a_button_of_the_other_source_finds_nothing_and_a_cursor_that_is_none_is_the_providers_own_fault() {
    let _host = played("examples");
    assert_eq!(find(&ask().cursor(Some("3:t3_1ggggg".into()))), Err(Failure::NothingFound));
    for cursor in ["", "x", "x:1", "-1:"] {
        assert!(matches!(find(&ask().cursor(Some(cursor.into()))), Err(Failure::Internal(_))), "{cursor:?}");
    }
}

#[test]
fn an_option_that_is_none_is_refused() {
    let answer = find(&ask().argument("topic", true));
    assert_eq!(answer, Err(Failure::invalid_argument("topic", "must be text")));
}
