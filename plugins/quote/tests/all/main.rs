//! The provider as the host calls it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use autocontent_provider_quote::Quote;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Choice, Failure, Item, Value};

/// All items of a request, page by page.
fn all(ask: &Ask) -> Vec<Item> {
    let mut items = Vec::new();
    let mut cursor = None;
    loop {
        let page = ask.clone().limit(7).cursor(cursor).find::<Quote>().unwrap();
        assert!(page.items.len() <= 7);
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

fn labels(choices: &[Choice]) -> Vec<&str> {
    choices.iter().map(|choice| choice.label.as_str()).collect()
}

fn author(item: &Item) -> &str {
    &item.author.as_ref().unwrap().label
}

#[test]
fn a_quotation_comes_with_author_source_and_tags() {
    let items = all(&Ask::new("quote").argument("author", "a. e. housman"));
    let item = items.iter().find(|item| item.id == "housman-shropshire-cherry").unwrap();
    assert_eq!(item.kind, "quote");
    assert_eq!(
        item.text.as_deref(),
        Some("> Loveliest of trees, the cherry now\n> Is hung with bloom along the bough")
    );
    assert_eq!(author(item), "A. E. Housman");
    assert_eq!(item.source.as_ref().unwrap().label, "A Shropshire Lad, Poem II, opening lines (1896)");
    assert_eq!(item.tags, ["nature", "beauty", "youth"]);
}

#[test]
fn another_goes_through_every_quotation_once() {
    let items = all(&Ask::new("quote"));
    assert!(items.len() > 100);
    assert_eq!(ids(&items).len(), items.len());
}

#[test]
fn the_order_differs_from_time_to_time_and_follows_the_cursor() {
    let host = Host::new();
    let first = Ask::new("quote").limit(5).find::<Quote>().unwrap();
    let other = Ask::new("quote").limit(5).find::<Quote>().unwrap();
    assert_ne!(first.items, other.items);

    let second = Ask::new("quote").limit(5).cursor(first.next.clone()).find::<Quote>().unwrap();
    host.set_seed(99);
    assert_eq!(Ask::new("quote").limit(5).cursor(first.next).find::<Quote>().unwrap(), second);
    assert!(ids(&first.items).is_disjoint(&ids(&second.items)));
}

#[test]
fn the_language_follows_the_locale() {
    let english = all(&Ask::new("quote").locale("de"));
    for locale in ["pt-BR", "pt-PT", "pt"] {
        let portuguese = all(&Ask::new("quote").locale(locale));
        assert!(portuguese.len() > 50);
        assert!(ids(&english).is_disjoint(&ids(&portuguese)), "{locale}");
    }
}

#[test]
fn a_topic_is_found_by_id_and_by_label_in_either_language() {
    let love = all(&Ask::new("quote").argument("topic", "love"));
    assert!(love.iter().all(|item| item.tags.iter().any(|tag| tag == "love")));
    for typed in ["Love", " LOVE", "amor"] {
        assert_eq!(ids(&all(&Ask::new("quote").argument("topic", typed))), ids(&love), "{typed}");
    }
    let ambition = Ask::new("quote").locale("pt-BR").argument("topic", "ambicao");
    assert!(all(&ambition).iter().all(|item| item.tags.iter().any(|tag| tag == "ambition")));
}

#[test]
fn an_author_is_found_by_a_part_of_the_name_without_accents() {
    let items = all(&Ask::new("quote").locale("pt-BR").argument("author", "CAMOES"));
    assert!(items.iter().all(|item| author(item) == "Luís de Camões"));
}

#[test]
fn topic_and_author_narrow_each_other() {
    let ask = Ask::new("quote").argument("topic", "love").argument("author", "shakespeare");
    for item in all(&ask) {
        assert_eq!(author(&item), "William Shakespeare");
        assert!(item.tags.iter().any(|tag| tag == "love"));
    }
}

#[test]
fn what_fits_nothing_is_not_found() {
    for (name, value) in [("topic", "tax law"), ("author", "Nobody at all"), ("topic", "")] {
        let answer = Ask::new("quote").argument(name, value).find::<Quote>();
        assert_eq!(answer, Err(Failure::NothingFound), "{name}:{value}");
    }
}

#[test]
fn an_argument_that_the_manifest_does_not_know_is_refused() {
    let answer = Ask::new("quote").argument("topic", 3).find::<Quote>();
    assert_eq!(answer, Err(Failure::invalid_argument("topic", "must be text")));
    let answer = Ask::new("quote").argument("colour", "red").find::<Quote>();
    assert_eq!(answer, Err(Failure::invalid_argument("colour", "is no option of this command")));
}

#[test]
fn topics_are_proposed_in_the_members_language() {
    let choices = Ask::new("quote").suggest::<Quote>("topic", "co");
    assert_eq!(choices, [Choice::new("Courage", "courage")]);
    let choices = Ask::new("quote").locale("pt-BR").suggest::<Quote>("topic", "co");
    assert_eq!(labels(&choices), ["Conhecimento", "Coragem"]);
    assert_eq!(choices[1].value, Value::Text("courage".into()));
}

#[test]
fn at_most_25_proposals_in_alphabetical_order_that_all_lead_somewhere() {
    let choices = Ask::new("quote").suggest::<Quote>("author", "");
    assert_eq!(choices.len(), 25);
    assert!(labels(&choices).is_sorted());
    for choice in choices {
        assert!(Ask::new("quote").argument("author", choice.value).find::<Quote>().is_ok());
    }
}

#[test]
fn proposals_fit_the_other_option() {
    let ask = Ask::new("quote").argument("author", "Housman");
    let topics = ask.suggest::<Quote>("topic", "");
    assert!(labels(&topics).contains(&"Nature"));
    for choice in topics {
        assert!(ask.clone().argument("topic", choice.value).find::<Quote>().is_ok());
    }
    let authors = Ask::new("quote").argument("topic", "sea").suggest::<Quote>("author", "");
    for choice in authors {
        let ask = Ask::new("quote").argument("topic", "sea").argument("author", choice.value);
        assert!(ask.find::<Quote>().is_ok());
    }
}

#[test]
fn every_item_fits_a_message_and_every_author_the_option() {
    for locale in ["en-US", "pt-BR"] {
        for item in all(&Ask::new("quote").locale(locale)) {
            assert!(item.text.as_ref().unwrap().chars().count() <= 400, "{}", item.id);
            assert!(item.source.as_ref().unwrap().label.chars().count() <= 250, "{}", item.id);
            assert!(author(&item).chars().count() <= 60, "{}", item.id);
        }
    }
}
