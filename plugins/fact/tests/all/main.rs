//! The provider as the host calls it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use autocontent_provider_fact::Facts;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Failure, Item};

/// All items of a request, page by page.
fn all(ask: &Ask) -> Vec<Item> {
    let mut items = Vec::new();
    let mut cursor = None;
    loop {
        let page = ask.clone().limit(10).cursor(cursor).find::<Facts>().unwrap();
        assert!(page.items.len() <= 10);
        assert_eq!(page.cache_for, None, "each answer should differ");
        items.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return items;
        }
    }
}

fn ids(items: &[Item]) -> HashSet<&str> {
    items.iter().map(|item| item.id.as_str()).collect()
}

#[test]
fn another_goes_through_every_fact_once() {
    let items = all(&Ask::new("fact"));
    assert!(items.len() >= 150);
    assert_eq!(ids(&items).len(), items.len());
}

#[test]
fn a_fact_comes_with_topic_and_source() {
    let items = all(&Ask::new("fact").argument("topic", "space"));
    let item = items.iter().find(|item| item.id == "sputnik-1").unwrap();
    assert_eq!(item.kind, "fact");
    assert_eq!(item.title.as_deref(), Some("Space"));
    assert_eq!(
        item.text.as_deref(),
        Some("The first artificial satellite, Sputnik 1, was launched on 4 October 1957.")
    );
    let source = item.source.as_ref().unwrap();
    assert_eq!(source.label, "NASA, Sputnik 1");
    let address = "https://nssdc.gsfc.nasa.gov/nmc/spacecraft/display.action?id=1957-001B";
    assert_eq!(source.url.as_deref(), Some(address));
    assert_eq!(item.tags, ["space"]);
}

#[test]
fn every_fact_can_be_looked_up_and_fits_a_message_in_both_languages() {
    for locale in ["en-US", "pt-BR"] {
        for item in all(&Ask::new("fact").locale(locale)) {
            assert!(item.source.unwrap().url.unwrap().starts_with("https://"), "{}", item.id);
            assert!(item.text.unwrap().chars().count() <= 400, "{}", item.id);
        }
    }
}

#[test]
fn the_language_follows_the_locale_and_the_ids_stay() {
    let english = all(&Ask::new("fact").locale("de"));
    for locale in ["pt-BR", "pt-PT", "pt"] {
        let portuguese = all(&Ask::new("fact").locale(locale));
        assert_eq!(ids(&portuguese), ids(&english));
        let platypus = portuguese.iter().find(|item| item.id == "platypus-eggs").unwrap();
        assert!(platypus.text.as_ref().unwrap().starts_with("O ornitorrinco"), "{locale}");
        assert_eq!(platypus.title.as_deref(), Some("Animais"));
    }
}

#[test]
fn a_topic_brings_its_own_facts_only() {
    let topics = [
        "animals",
        "body",
        "chemistry",
        "computing",
        "earth",
        "heritage",
        "history",
        "mathematics",
        "measurement",
        "nobel",
        "space",
    ];
    let mut count = 0;
    for topic in topics {
        let items = all(&Ask::new("fact").argument("topic", topic));
        assert!(items.iter().all(|item| item.tags == [topic]));
        assert!(items.len() >= 10);
        count += items.len();
    }
    assert_eq!(count, all(&Ask::new("fact")).len(), "each fact has one of the topics");
}

#[test]
fn the_order_differs_from_time_to_time_and_follows_the_cursor() {
    let host = Host::new();
    let first = Ask::new("fact").limit(5).find::<Facts>().unwrap();
    let other = Ask::new("fact").limit(5).find::<Facts>().unwrap();
    assert_ne!(first.items, other.items);

    let second = Ask::new("fact").limit(5).cursor(first.next.clone()).find::<Facts>().unwrap();
    host.set_seed(99);
    assert_eq!(Ask::new("fact").limit(5).cursor(first.next).find::<Facts>().unwrap(), second);
    assert!(ids(&first.items).is_disjoint(&ids(&second.items)));
}

#[test]
fn any_cursor_is_taken() {
    for cursor in ["", "x:1", "1:18446744073709551615", "1:9999", "ñ:ñ"] {
        let page = Ask::new("fact").cursor(Some(cursor.into())).find::<Facts>().unwrap();
        assert_eq!(page.items.len(), 1, "{cursor}");
    }
}

#[test]
fn asking_for_no_items_and_for_a_topic_that_is_none_is_refused() {
    assert_eq!(Ask::new("fact").limit(0).find::<Facts>(), Err(Failure::NothingFound));
    let Err(Failure::InvalidArgument(wrong)) = Ask::new("fact").argument("topic", "gossip").find::<Facts>() else {
        unreachable!("the topic is none of the choices")
    };
    assert_eq!(wrong.name, "topic");
    assert!(wrong.reason.starts_with("must be one of"));
}
