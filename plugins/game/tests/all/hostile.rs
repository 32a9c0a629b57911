//! Whatever Steam answers, the provider ends with an answer of its own.

use autocontent_provider_hostile::{self as hostile, boolean, integer, list, number};
use autocontent_sdk::testing::{Ask, Host};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Games, find, info, news};

const SEARCH: &str = "https://store.steampowered.com/api/storesearch/?term=any&l=english&cc=us";
const DETAILS: &str = "https://store.steampowered.com/api/appdetails?appids=7&l=english&cc=us";
const NEWS: &str = "https://api.steampowered.com/ISteamNews/GetNewsForApp/v2/?appid=7&count=10&maxlength=1500";

fn text() -> BoxedStrategy<Value> {
    let texts = ["", "any", "https://x.example/a b", "18+", "[img]", "</script>", "&#x41;"];
    let markup = r#"[\[\]<>&;#/*a-z{}\\ ="'é]{0,120}"#;
    prop_oneof![prop::sample::select(texts.to_vec()).prop_map(str::to_owned), "\\PC{0,150}", markup]
        .prop_map(Value::from)
        .boxed()
}

/// An object with these fields, more or less.
fn object(fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    hostile::object(&text(), fields)
}

fn app() -> BoxedStrategy<Value> {
    let (app, seven) = (Just(Value::from("app")).boxed(), Just(Value::from(7)).boxed());
    object(vec![("type", app), ("name", text()), ("id", seven)])
}

fn details() -> BoxedStrategy<Value> {
    object(vec![
        ("name", text()),
        ("steam_appid", Just(Value::from(7)).boxed()),
        ("required_age", prop_oneof![text(), number(), any::<f64>().prop_map(Value::from)].boxed()),
        ("is_free", boolean()),
        ("short_description", text()),
        ("header_image", text()),
        ("developers", list(text())),
        ("publishers", list(text())),
        ("price_overview", object(vec![("final_formatted", text()), ("discount_percent", integer())])),
        ("platforms", object(vec![("windows", boolean()), ("mac", boolean()), ("linux", boolean())])),
        ("metacritic", object(vec![("score", integer())])),
        ("genres", list(object(vec![("id", text()), ("description", text())]))),
        ("release_date", object(vec![("date", text())])),
        ("content_descriptors", object(vec![("ids", list(integer()))])),
    ])
}

fn article() -> BoxedStrategy<Value> {
    object(vec![
        ("gid", prop_oneof![3 => Just(Value::from("1")), 1 => text()].boxed()),
        ("title", text()),
        ("url", text()),
        ("author", text()),
        ("contents", text()),
        ("feedlabel", text()),
        ("date", number()),
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_an_answer(body in any::<Vec<u8>>(), status in 100_u16..600) {
        let host = Host::new();
        for url in [SEARCH, DETAILS, NEWS] {
            host.answer(url, status, &[("retry-after", "soon")], body.clone());
        }
        let _ = find(&info("any"));
        let _ = find(&info("steam:7"));
        let _ = find(&news("steam:7"));
        let _ = Ask::new("game info").suggest::<Games>("name", "any");
    }

    #[test]
    fn any_json_ends_in_an_answer(apps in list(app()), details in details(), articles in list(article())) {
        let host = Host::new();
        host.answer(SEARCH, 200, &[], json!({ "items": apps }).to_string());
        host.answer(DETAILS, 200, &[], json!({ "7": { "success": true, "data": details } }).to_string());
        host.answer(NEWS, 200, &[], json!({ "appnews": { "newsitems": articles } }).to_string());
        for ask in [info("any"), info("steam:7"), news("any"), news("steam:7")] {
            for item in find(&ask).map(|page| page.items).unwrap_or_default() {
                prop_assert!((1..=128).contains(&item.id.chars().count()));
                prop_assert!(item.url.is_none_or(|url| url.starts_with("https://")));
                prop_assert!(item.text.as_ref().is_none_or(|text| text.chars().count() <= 2_000));
                prop_assert!(item.fields.iter().all(|field| !field.value.is_empty()));
                prop_assert!([item.title, item.text].into_iter().flatten().all(|text| !text.is_empty()));
            }
        }
        for choice in Ask::new("game info").suggest::<Games>("name", "any") {
            prop_assert!((1..=100).contains(&choice.label.chars().count()));
        }
    }
}
