//! Memes from Google Images.

use autocontent_sdk::settings::Value;
use autocontent_sdk::testing::Host;
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
fn a_button_of_the_other_source_finds_nothing() {
    let host = played("examples");
    for cursor in ["t3_1ggggg", "", "x:1", "-1:"] {
        assert_eq!(find(&ask().cursor(Some(cursor.into()))), Err(Failure::NothingFound), "{cursor:?}");
    }
    host.set_setting("source", Value::Text("listing".into()));
    assert_eq!(find(&ask().cursor(Some("1:20".into()))), Err(Failure::NothingFound));
    assert_eq!(host.requests(), []);
}

#[test]
fn a_search_is_paid_for_once_in_twelve_hours_however_many_of_its_pictures_are_shown() {
    let host = played("examples");
    let (first, all) = (find(&about(TOPIC).limit(1)).unwrap(), find(&about(TOPIC)).unwrap());
    let second = find(&about(TOPIC).limit(1).cursor(first.next.clone())).unwrap();
    assert_eq!([&first.items[0], &second.items[0]], [&all.items[0], &all.items[1]]);
    assert_eq!(host.requests().len(), 1);
    host.set_now(1_767_225_600_000 + 13 * 3_600_000);
    find(&about(TOPIC)).unwrap();
    assert_eq!(host.requests().len(), 2);
}

#[test]
fn of_a_search_with_more_than_can_be_kept_the_last_are_left_out_on_every_page() {
    let host = Host::new();
    let image = |number: usize| {
        format!(r#"{{ "title": "{number}", "original": "https://x.example/{}" }}"#, "a".repeat(2_000 + number))
    };
    let images: Vec<String> = (0..60).map(image).collect();
    let url = "https://serpapi.com/search.json?engine=google_images&q=cat%20meme&ijn=0&safe=active&hl=en";
    host.answer(url, 200, &[], format!(r#"{{ "images_results": [{}] }}"#, images.join(",")));
    let (first, again) = (find(&about("cat").limit(100)).unwrap(), find(&about("cat").limit(100)).unwrap());
    assert!((25..60).contains(&first.items.len()) && first == again, "{}", first.items.len());
    assert_eq!((host.requests().len(), host.log().len()), (1, 0));
}

#[test]
fn an_option_that_is_none_is_refused() {
    let answer = find(&ask().argument("topic", true));
    assert_eq!(answer, Err(Failure::invalid_argument("topic", "must be text")));
}
