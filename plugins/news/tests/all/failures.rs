//! Each way in which a feed or a setting can be wrong.

use crate::*;

fn failing(path: &str) -> Failure {
    let feed = format!("Feed=https://feeds.example.org/{path}");
    let _host = with_feeds("recordings/failures.json", &[&feed]);
    find(&latest()).unwrap_err()
}

fn upstream(why: &str) -> Failure {
    Failure::Upstream(format!("the feed \"Feed\": {why}"))
}

#[test]
fn each_way_to_fail_is_told_with_the_feed_and_the_cause() {
    assert_eq!(failing("limited"), Failure::Busy(Some(90)));
    assert_eq!(failing("slow"), upstream("no answer in time"));
    assert_eq!(failing("huge"), upstream("the answer is larger than the host takes"));
    assert_eq!(failing("gone"), upstream("https://feeds.example.org/gone answered 404"));
    assert_eq!(failing("page"), upstream("it is no feed, as it begins with <html>"));
    assert_eq!(failing("nothing"), upstream("it has no elements"));
    assert_eq!(failing("cut"), upstream("it ends within an element"));
    assert_eq!(failing("deep"), upstream("it has more than 64 elements within each other"));
    assert_eq!(failing("sjis"), upstream("it is written in \"shift_jis\", an encoding that is not known"));
    assert_eq!(failing("empty"), Failure::NothingFound);
    let Failure::Upstream(why) = failing("malformed") else { panic!() };
    assert!(why.starts_with("the feed \"Feed\": it is not well-formed XML near byte "), "{why}");
    assert!(matches!(failing("far"), Failure::Upstream(_)));
    assert!(matches!(failing("not-granted"), Failure::Misconfigured(why) if why.starts_with("the feed \"Feed\": ")));
}

#[test]
fn entities_that_a_document_declares_are_not_expanded() {
    let _host = with_feeds("recordings/failures.json", &["Feed=https://feeds.example.org/bomb"]);
    assert_eq!(titles(&find(&latest()).unwrap()), ["Boom over"]);
}

#[test]
fn settings_that_can_not_be_used_are_named() {
    let host = host();
    for (feeds, words) in [
        (vec!["BBC"], "the setting `feeds` has \"BBC\": write a name"),
        (vec!["=https://a.example/"], "the setting `feeds` has \"=https://a.example/\""),
        (vec!["A=http://a.example/"], "the setting `feeds` has \"A=http://a.example/\""),
        (vec!["A=https:///x"], "the setting `feeds` has \"A=https:///x\""),
        (vec!["A=https://a b.example/"], "the setting `feeds` has"),
        (
            vec!["A=https://a.example/", "Á = https://b.example/"],
            "the setting `feeds` names the feed \"Á\" a second time",
        ),
    ] {
        host.set_setting("feeds", Value::Texts(feeds.into_iter().map(Into::into).collect()));
        for ask in [latest(), Ask::new("news following")] {
            let Err(Failure::Misconfigured(why)) = find(&ask) else { panic!("{words}") };
            assert!(why.starts_with(words), "{why}");
        }
        assert!(latest().suggest::<News>("feed", "").is_empty());
    }
    host.set_setting("feeds", Value::Texts(Vec::new()));
    assert!(find(&latest()).is_ok(), "those in Portuguese are left");
    host.set_setting("feeds-pt", Value::Texts(Vec::new()));
    let failure = "neither `feeds` nor `feeds-pt` names a feed: unset one of them";
    assert_eq!(find(&latest()), Err(Failure::Misconfigured(failure.into())));
}
