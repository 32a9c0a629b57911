//! Whatever GIPHY answers, there is an answer.

use autocontent_provider_gif::Gif;
use autocontent_sdk::testing::Host;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ask, find};

/// What may stand where something else is expected.
fn anything() -> impl Strategy<Value = Value> {
    let keys = prop::sample::select(vec![
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
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::String),
        prop::sample::select(vec!["", "r", "pg-13", "https://", "https://é", "99999999999999999999"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((keys.clone(), inner), 0..8)
                .prop_map(|fields| fields.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
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
