//! Turns facts.toml into static Rust, so that nothing is parsed when a member asks. Every flaw of the file fails the
//! build with the id of the fact that has it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::process::ExitCode;

use autocontent_provider_build::{Flawed, Flaws, choices, read, run};
use serde::Deserialize;

/// The fewest facts that are worth a command, and the fewest of a topic.
const FEWEST: usize = 150;
const FEWEST_OF_TOPIC: usize = 10;
/// Characters of a fact.
const TEXT: RangeInclusive<usize> = 20..=300;
/// Characters of a source's name, which is shown as a link.
const NAME: RangeInclusive<usize> = 2..=80;
/// Bytes of a source's address.
const ADDRESS: RangeInclusive<usize> = 12..=200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    fact: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    topic: String,
    en: String,
    pt: String,
    source: Source,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    name: String,
    url: String,
}

fn main() -> ExitCode {
    run("facts.toml", "facts.rs", convert)
}

fn convert() -> Result<String, Flawed> {
    let entries = read::<File>("facts.toml")?.fact;
    let topics = choices("topic")?;
    check(&entries, &topics)?;
    Ok(rust(&entries, &topics))
}

fn check(entries: &[Entry], topics: &[String]) -> Result<(), Flawed> {
    let mut flaws = Flaws::of("facts.toml");
    let mut texts = HashSet::new();
    for entry in entries {
        let mut checked = flaws.entry(&entry.id);
        checked.check(topics.contains(&entry.topic), "provider.toml has no such topic");
        checked.text("source.name", &entry.source.name, &NAME);
        for (field, text) in [("en", &entry.en), ("pt", &entry.pt)] {
            checked.text(field, text, &TEXT);
            checked.check(text.ends_with('.'), "a fact is a sentence that ends with a full stop");
            checked.check(texts.insert(text), "another fact says the same, or both languages do");
        }
        let address = &entry.source.url;
        let good = ADDRESS.contains(&address.len()) && address.bytes().all(|byte| byte.is_ascii_graphic());
        checked.check(good && address.starts_with("https://"), "source.url is no https address");
    }
    let sorted = entries.is_sorted_by_key(|entry| (&entry.topic, &entry.id));
    flaws.check(sorted, "the facts are not sorted by topic, then id");
    flaws.check(entries.len() >= FEWEST, &format!("there are {} facts; {FEWEST} is the least", entries.len()));
    for topic in topics {
        let count = entries.iter().filter(|entry| entry.topic == *topic).count();
        let flaw = format!("there are {count} facts on {topic}; {FEWEST_OF_TOPIC} is the least");
        flaws.check(count >= FEWEST_OF_TOPIC, &flaw);
    }
    flaws.none()
}

/// `FACTS`, in the file's order.
fn rust(entries: &[Entry], topics: &[String]) -> String {
    let mut rust = format!("pub(crate) static FACTS: [Fact; {}] = [\n", entries.len());
    for Entry { id, topic, en, pt, source: Source { name, url } } in entries {
        let topic = topics.iter().position(|other| other == topic).unwrap_or_default();
        // Writing to a string never fails.
        let _ = writeln!(
            rust,
            "Fact {{ id: {id:?}, topic: FactTopic::ALL[{topic}], english: {en:?}, portuguese: {pt:?}, \
             source: {name:?}, url: {url:?} }},"
        );
    }
    rust.push_str("];\n");
    rust
}
