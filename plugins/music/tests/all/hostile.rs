//! Whatever the sources answer, the provider ends with an answer of its own.

use autocontent_sdk::testing::{Ask, Host};
use proptest::prelude::*;
use serde_json::Value;

use super::{Music, album, artist, find, hearing, track};

const STORE: &str = "https://itunes.apple.com/search?term=any&media=music&entity=";
const MUSICBRAINZ: &str = "https://musicbrainz.org/ws/2/artist?query=any&dismax=true&fmt=json&limit=10";

/// All addresses that are asked for "any".
fn addresses() -> Vec<String> {
    vec![
        format!("{STORE}song&attribute=songTerm&explicit=No&country=us&limit=10"),
        format!("{STORE}song&attribute=songTerm&explicit=No&country=us&limit=25"),
        format!("{STORE}album&attribute=albumTerm&explicit=No&country=us&limit=10"),
        format!("{STORE}album&explicit=No&country=us&limit=25"),
        format!("{STORE}song&explicit=No&country=us&limit=10").replace("term=any", "term=any%20any"),
        "https://itunes.apple.com/lookup?id=7&country=us".to_owned(),
        MUSICBRAINZ.to_owned(),
    ]
}

fn asks() -> Vec<Ask> {
    vec![track("any"), album("any"), artist("any"), track("track:7"), album("album:7"), hearing("any", "any")]
}

fn text() -> BoxedStrategy<Value> {
    let texts =
        ["", "any", "Any (Live)", "https://x.example/(a)[b] c/100x100bb.jpg", "9999-99-99T", "explicit", "notExplicit"];
    prop_oneof![2 => prop::sample::select(texts.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,150}"]
        .prop_map(Value::from)
        .boxed()
}

/// JSON of any shape.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text(),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(("[a-z]{1,8}", inner), 0..3)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// An object whose fields are mostly of the kind that is expected, and sometimes missing or of another.
fn object(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, good)| {
            let value = prop_oneof![60 => good.prop_map(Some), 1 => any_value().prop_map(Some), 4 => Just(None)];
            value.prop_map(move |value| value.map(|value| (name.to_owned(), value)))
        })
        .collect();
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect())).boxed()
}

fn list(of: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    prop::collection::vec(of, 0..4).prop_map(Value::from).boxed()
}

fn number() -> BoxedStrategy<Value> {
    prop_oneof![any::<u64>(), 0..100_u64].prop_map(Value::from).boxed()
}

/// Both sources' fields.
fn entry() -> BoxedStrategy<Value> {
    let area = object(vec![("name", text())]);
    let id = Just(Value::from("00000000-0000-4000-8000-000000000001"));
    object(vec![
        ("trackId", number()),
        ("collectionId", number()),
        ("artistName", text()),
        ("trackName", text()),
        ("collectionName", text()),
        ("artworkUrl100", text()),
        ("artistViewUrl", text()),
        ("collectionViewUrl", text()),
        ("trackViewUrl", text()),
        ("collectionExplicitness", text()),
        ("trackExplicitness", text()),
        ("trackCount", number()),
        ("trackTimeMillis", number()),
        ("releaseDate", text()),
        ("primaryGenreName", text()),
        ("id", prop_oneof![5 => id, 1 => text()].boxed()),
        ("name", text()),
        ("type", text()),
        ("disambiguation", text()),
        ("area", area.clone()),
        ("begin-area", area),
        ("life-span", object(vec![("begin", text()), ("end", text())])),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_an_answer(body in any::<Vec<u8>>(), status in 100_u16..600) {
        let host = Host::new();
        for url in addresses() {
            host.answer(&url, status, &[("retry-after", "soon")], body.clone());
        }
        for ask in asks() {
            let _ = find(&ask);
        }
        let _ = Ask::new("music track").suggest::<Music>("title", "any");
    }

    #[test]
    fn any_json_ends_in_an_answer(answer in object(vec![("results", list(entry())), ("artists", list(entry())), ("count", number())])) {
        let host = Host::new();
        for url in addresses() {
            host.answer(&url, 200, &[], answer.to_string());
        }
        for ask in asks() {
            for item in find(&ask).map(|page| page.items).unwrap_or_default() {
                prop_assert!((1..=128).contains(&item.id.chars().count()));
                prop_assert!(item.url.is_none_or(|url| url.starts_with("https://")));
                prop_assert!(item.fields.iter().all(|field| !field.value.is_empty()));
                prop_assert!([item.title, item.text].into_iter().flatten().all(|text| !text.is_empty()));
            }
        }
        for choice in Ask::new("music track").suggest::<Music>("title", "any") {
            prop_assert!((1..=100).contains(&choice.label.chars().count()));
        }
    }
}
