//! Each recipe does what the guide says of it.

use autocontent_guide_recipes::Recipes;
use autocontent_sdk::Failure;
use autocontent_sdk::testing::{Ask, Host};

const NOW: &str = "https://weather.example/v1/now";

#[test]
fn a_guild_remembers_its_motto() {
    let _host = Host::new();
    assert_eq!(Ask::new("motto").find::<Recipes>(), Err(Failure::NothingFound));
    Ask::new("motto").argument("new", "*Onwards*").find::<Recipes>().unwrap();
    let page = Ask::new("motto").find::<Recipes>().unwrap();
    assert_eq!(page.items[0].text.as_deref(), Some(r"\*Onwards\*"));
}

#[test]
fn cheers_are_counted() {
    let _host = Host::new();
    Ask::new("cheer").find::<Recipes>().unwrap();
    let page = Ask::new("cheer").find::<Recipes>().unwrap();
    assert_eq!(page.items[0].title.as_deref(), Some("Hooray! Cheers so far: 2"));
}

#[test]
fn every_proverb_comes_before_one_comes_twice() {
    let _host = Host::new();
    let mut seen = Vec::new();
    let mut cursor = None;
    for _ in 0..3 {
        let page = Ask::new("proverb").cursor(cursor).find::<Recipes>().unwrap();
        seen.push(page.items[0].id.clone());
        cursor = page.next;
    }
    seen.sort();
    assert_eq!(seen, ["early", "silver", "slow"]);
    assert_eq!(cursor, None);
}

#[test]
fn the_weather_comes_from_the_server_or_says_why_not() {
    let host = Host::new();
    let url = format!("{NOW}?city=Lisbon&units=metric");
    let ask = || Ask::new("city").argument("name", "Lisbon").find::<Recipes>();
    host.answer(&url, 200, &[], r#"{"city": "Lisbon", "degrees": 21.5}"#);
    let page = ask().unwrap();
    assert_eq!((page.items[0].fields[0].value.as_str(), page.cache_for), ("21.5 °", Some(600)));
    host.answer(&url, 404, &[], "");
    assert!(matches!(ask(), Err(Failure::InvalidArgument(_))));
    host.answer(&url, 401, &[], "");
    assert!(matches!(ask(), Err(Failure::Misconfigured(why)) if why.contains("api-key")));
    host.answer(&url, 429, &[("retry-after", "30")], "");
    assert_eq!(ask(), Err(Failure::Busy(Some(30))));
}

#[test]
fn of_two_cities_one_may_fail() {
    let host = Host::new();
    host.answer(&format!("{NOW}?city=Lisbon"), 500, &[], "");
    host.answer(&format!("{NOW}?city=Recife"), 200, &[], r#"{"city": "Recife", "degrees": 28, "summary": "Sun"}"#);
    let page = Ask::new("compare").find::<Recipes>().unwrap();
    assert_eq!(page.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["Recife"]);
    host.answer(&format!("{NOW}?city=Recife"), 500, &[], "");
    assert!(matches!(Ask::new("compare").find::<Recipes>(), Err(Failure::Upstream(_))));
}

#[test]
fn cities_are_proposed_while_a_member_types() {
    let host = Host::new();
    host.answer("https://weather.example/v1/cities?prefix=Li", 200, &[], r#"["Lisbon", "Lima"]"#);
    let choices = Ask::new("city").suggest::<Recipes>("name", "Li");
    assert_eq!(choices.iter().map(|choice| choice.label.as_str()).collect::<Vec<_>>(), ["Lisbon", "Lima"]);
    assert!(Ask::new("city").suggest::<Recipes>("name", "").is_empty());
    assert!(Ask::new("city").suggest::<Recipes>("name", "Xy").is_empty());
}

#[test]
fn dice_are_thrown_again_and_know_how_often() {
    let _host = Host::new();
    let ask = Ask::new("dice");
    let first = ask.find::<Recipes>().unwrap().items.remove(0);
    let second = ask.press::<Recipes>(&first, "again").unwrap().items.remove(0);
    assert!(first.title.unwrap().starts_with("Throw 1: "));
    assert!(second.title.unwrap().starts_with("Throw 2: "));
    assert_eq!(second.state.as_deref(), Some("2"));
}
