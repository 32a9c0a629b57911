//! Whatever the sources answer, the provider ends with an answer of its own.

use autocontent_provider_hostile::{self as hostile, list, number};
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

/// An object with these fields, more or less.
fn object(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    hostile::object(&text(), fields)
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
