//! Whatever the service answers, there is an answer.

use autocontent_sdk::testing::Host;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ask, find};

/// What may stand where something else is expected.
fn anything() -> impl Strategy<Value = Value> {
    const KEYS: &[&str] = &[
        "date",
        "title",
        "explanation",
        "media_type",
        "url",
        "hdurl",
        "thumbnail_url",
        "copyright",
        "msg",
        "error",
        "code",
        "message",
    ];
    const TEXTS: &[&str] = &["2026-01-01", "-0001-01-01", "image", "video", "//", "https://", "//é", "\u{0}"];
    autocontent_provider_hostile::anything(KEYS, TEXTS)
}

/// Lets the service answer every kind of request so.
fn ask_all(status: u16, body: &[u8]) {
    let host = Host::new();
    let url = "https://api.nasa.gov/planetary/apod?api_key=DEMO_KEY";
    for rest in [
        "&thumbs=true",
        "&start_date=2025-12-27&end_date=2025-12-31&thumbs=true",
        "&count=5&thumbs=true",
        "&date=2024-01-31&thumbs=true",
        "&date=2024-01-31",
    ] {
        host.answer(&format!("{url}{rest}"), status, &[("retry-after", "x")], body);
    }
    for ask in [
        ask(),
        ask().cursor(Some("2025-12-31".into())),
        ask().argument("random", true),
        ask().argument("date", "2024-01-31"),
    ] {
        if let Ok(page) = find(&ask) {
            assert!(page.items.iter().all(|item| (1..=128).contains(&item.id.chars().count())));
        }
    }
}

proptest! {
    #[test]
    fn any_json_is_answered(value in anything(), status in prop::sample::select(vec![200_u16, 400, 403, 404, 429, 500])) {
        ask_all(status, value.to_string().as_bytes());
    }

    #[test]
    fn any_picture_is_answered(fields in prop::collection::hash_map(
        prop::sample::select(vec!["title", "explanation", "media_type", "url", "hdurl", "thumbnail_url", "copyright"]),
        prop_oneof![any::<String>().prop_map(Value::from), Just(Value::Null)],
        0..7,
    )) {
        let mut picture: Value = fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
        picture["date"] = json!("2026-01-01");
        ask_all(200, picture.to_string().as_bytes());
        ask_all(200, json!([picture]).to_string().as_bytes());
    }

    #[test]
    fn any_bytes_are_answered(body in prop::collection::vec(any::<u8>(), 0..64)) {
        ask_all(200, &body);
    }
}
