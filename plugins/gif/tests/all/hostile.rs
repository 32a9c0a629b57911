//! Whatever GIPHY answers, there is an answer.

use autocontent_provider_gif::Gif;
use autocontent_sdk::testing::Host;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ask, find};

/// What may stand where something else is expected.
fn anything() -> impl Strategy<Value = Value> {
    const KEYS: &[&str] = &[
        "data",
        "pagination",
        "total_count",
        "count",
        "meta",
        "id",
        "url",
        "title",
        "rating",
        "username",
        "user",
        "display_name",
        "profile_url",
        "images",
        "original",
        "downsized_large",
        "fixed_height",
        "size",
        "name",
    ];
    const TEXTS: &[&str] = &["", "r", "pg-13", "https://", "https://é", "99999999999999999999"];
    autocontent_provider_hostile::anything(KEYS, TEXTS)
}

/// Lets GIPHY answer every kind of request so.
fn ask_all(status: u16, body: &[u8]) {
    let host = Host::new();
    for rest in [
        "gifs/trending?rating=pg&limit=10&offset=0",
        "gifs/search?q=cat&lang=en&rating=pg&limit=10&offset=18446744073709551615",
        "gifs/random?rating=pg",
        "gifs/search/tags?q=cat&limit=25",
    ] {
        host.answer(&format!("https://api.giphy.com/v1/{rest}"), status, &[("retry-after", "-1")], body);
    }
    let last = ask().argument("topic", "cat").cursor(Some(u64::MAX.to_string()));
    for ask in [ask(), last, ask().argument("random", true)] {
        if let Ok(page) = find(&ask) {
            assert!(page.items.iter().all(|item| !item.id.is_empty() && item.media.is_some()));
        }
    }
    let choices = ask().suggest::<Gif>("topic", "cat");
    assert!(choices.len() <= 25 && choices.iter().all(|choice| (1..=100).contains(&choice.label.chars().count())));
}

proptest! {
    #[test]
    fn any_json_is_answered(value in anything(), status in prop::sample::select(vec![200_u16, 401, 414, 429, 500])) {
        ask_all(status, value.to_string().as_bytes());
        ask_all(status, json!({ "data": value }).to_string().as_bytes());
    }

    #[test]
    fn any_gif_and_any_count_are_answered(gif in anything(), count in any::<u64>(), total in any::<Option<u64>>()) {
        let body = json!({ "data": [gif], "pagination": { "count": count, "total_count": total } });
        ask_all(200, body.to_string().as_bytes());
    }

    #[test]
    fn any_bytes_are_answered(body in prop::collection::vec(any::<u8>(), 0..64)) {
        ask_all(200, &body);
    }
}
