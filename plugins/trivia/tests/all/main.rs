//! The provider as the host calls it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::{HashMap, HashSet};

use autocontent_provider_trivia::Trivia;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Failure, Item};

/// All items of a request, page by page.
fn all(ask: &Ask) -> Vec<Item> {
    let mut items = Vec::new();
    let mut cursor = None;
    loop {
        let page = ask.clone().limit(10).cursor(cursor).find::<Trivia>().unwrap();
        assert!(page.items.len() <= 10);
        assert_eq!(page.cache_for, None, "each answer should differ");
        items.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            return items;
        }
    }
}

fn press(ask: &Ask, item: &Item, button: &str) -> Item {
    ask.press::<Trivia>(item, button).unwrap().items.remove(0)
}

/// The button under which the right answer stands, found by pressing all of them.
fn right_button(ask: &Ask, item: &Item) -> String {
    let right: Vec<&str> =
        ["a", "b", "c", "d"].into_iter().filter(|button| press(ask, item, button).id.ends_with("/right")).collect();
    assert_eq!(right.len(), 1, "{}", item.id);
    right[0].to_owned()
}

fn label<'a>(item: &'a Item, button: &str) -> &'a str {
    &item.actions.iter().find(|action| action.id == button).unwrap().label
}

fn field<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
}

fn has_tag(item: &Item, tag: &str) -> bool {
    item.tags.iter().any(|own| own == tag)
}

#[test]
fn every_question_comes_once_and_with_four_answers_and_a_way_out() {
    let items = all(&Ask::new("trivia"));
    assert!(items.len() >= 150);
    let ids: HashSet<_> = items.iter().map(|item| &item.id).collect();
    assert_eq!(ids.len(), items.len());
    for item in &items {
        assert_eq!(item.kind, "trivia");
        let buttons: Vec<_> = item.actions.iter().map(|action| action.id.as_str()).collect();
        assert_eq!(buttons, ["a", "b", "c", "d", "reveal"]);
        assert!(item.actions.iter().all(|action| (1..=80).contains(&action.label.chars().count())));
        assert!(item.state.as_ref().unwrap().len() <= 1024);
    }
}

#[test]
fn exactly_one_answer_is_right_and_the_others_say_which() {
    let ask = Ask::new("trivia");
    for item in all(&ask) {
        let right = right_button(&ask, &item);
        for button in ["a", "b", "c", "d"] {
            let answer = press(&ask, &item, button);
            assert_eq!(field(&answer, "Right answer").map(unescaped), Some(label(&item, &right).to_owned()));
            assert!(answer.actions.is_empty());
            if button == right {
                assert_eq!(answer.title.as_deref(), Some("✅ Right!"));
                assert_eq!(field(&answer, "Your answer"), None);
            } else {
                assert_eq!(answer.id, format!("{}/wrong", item.id));
                assert_eq!(field(&answer, "Your answer").map(unescaped), Some(label(&item, button).to_owned()));
            }
        }
    }
}

fn unescaped(text: &str) -> String {
    text.replace('\\', "")
}

#[test]
fn the_right_answer_is_on_each_button_about_equally_often() {
    let ask = Ask::new("trivia");
    let mut counts = HashMap::new();
    let items = all(&ask);
    for item in &items {
        *counts.entry(right_button(&ask, item)).or_insert(0) += 1;
    }
    assert_eq!(counts.len(), 4);
    assert!(counts.values().all(|count| *count > items.len() / 8), "{counts:?}");
}

#[test]
fn the_answers_are_shuffled_anew_each_time() {
    let host = Host::new();
    let labels = |seed| {
        host.set_seed(0);
        let first = Ask::new("trivia").find::<Trivia>().unwrap();
        host.set_seed(seed);
        let again = Ask::new("trivia").cursor(Some("1:0".into())).limit(20).find::<Trivia>().unwrap();
        assert_eq!(first.items.len(), 1);
        again.items.iter().map(|item| label(item, "a").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(labels(1), labels(1));
    assert_ne!(labels(1), labels(2));
}

#[test]
fn revealing_gives_the_answer_and_the_explanation_without_a_verdict() {
    let ask = Ask::new("trivia").argument("category", "geography");
    let items = all(&ask);
    let item = items.iter().find(|item| item.id == "andes-continent").unwrap();
    let answer = press(&ask, item, "reveal");
    assert_eq!(answer.id, "andes-continent/answer");
    assert_eq!(field(&answer, "Right answer"), Some("South America"));
    assert!(answer.text.unwrap().contains("from Venezuela to the far south"));
    assert_eq!(answer.title.as_deref(), Some("💡 The answer"));
}

#[test]
fn category_and_difficulty_narrow_each_other() {
    let ask = Ask::new("trivia").argument("category", "science").argument("difficulty", "hard");
    let items = all(&ask);
    assert!(items.iter().all(|item| has_tag(item, "science") && has_tag(item, "hard")));
    assert_eq!(items[0].title.as_deref(), Some("Science · Hard"));
}

#[test]
fn a_choice_that_the_manifest_does_not_offer_is_refused() {
    let answer = Ask::new("trivia").argument("difficulty", "impossible").find::<Trivia>();
    let failure = Failure::invalid_argument("difficulty", r#"must be one of "easy", "medium", "hard""#);
    assert_eq!(answer, Err(failure));
}

#[test]
fn the_language_follows_whoever_asks_and_whoever_presses() {
    let portuguese = Ask::new("trivia").locale("pt-BR").argument("category", "geography");
    let items = all(&portuguese);
    let item = items.iter().find(|item| item.id == "andes-continent").unwrap();
    assert!(item.title.as_ref().unwrap().starts_with("Geografia · "));
    assert_eq!(item.text.as_deref(), Some("Em que continente ficam os Andes?"));
    assert_eq!(label(item, "reveal"), "Revelar");
    let right = right_button(&portuguese, item);
    assert_eq!(label(item, &right), "América do Sul");
    assert_eq!(press(&portuguese, item, &right).title.as_deref(), Some("✅ Certo!"));

    let english = Ask::new("trivia").argument("category", "geography");
    assert_eq!(field(&press(&english, item, &right), "Right answer"), Some("South America"));
}

#[test]
fn a_state_of_another_version_ends_in_a_failure_that_says_so() {
    let ask = Ask::new("trivia");
    let mut item = ask.find::<Trivia>().unwrap().items.remove(0);
    item.state = Some("a-question-since-removed:0123".into());
    assert_eq!(ask.press::<Trivia>(&item, "a"), Err(Failure::NothingFound));
    item.state = Some("scribble".into());
    let failure = Failure::Internal("the state \"scribble\" is no round of trivia".into());
    assert_eq!(ask.press::<Trivia>(&item, "a"), Err(failure));
}
