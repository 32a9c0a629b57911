//! Turns facts.toml into static Rust, so that nothing is parsed when a member asks. Every flaw of the file fails the
//! build with the id of the fact that has it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

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

/// What of provider.toml says which topics there are.
#[derive(Deserialize)]
struct Manifest {
    command: Vec<Command>,
}

#[derive(Deserialize)]
struct Command {
    option: Vec<CommandOption>,
}

#[derive(Deserialize)]
struct CommandOption {
    name: String,
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    value: String,
}

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=facts.toml");
    println!("cargo::rerun-if-changed=provider.toml");
    match convert() {
        Ok(()) => ExitCode::SUCCESS,
        Err(flaws) => {
            for flaw in flaws {
                println!("cargo::error={}", flaw.replace('\n', " "));
            }
            ExitCode::FAILURE
        }
    }
}

fn convert() -> Result<(), Vec<String>> {
    let entries = read::<File>("facts.toml").map_err(|flaw| vec![flaw])?.fact;
    let topics = topics(&read("provider.toml").map_err(|flaw| vec![flaw])?);
    let flaws = flaws(&entries, &topics);
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let folder = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&folder).join("facts.rs"), rust(&entries, &topics)).map_err(|error| vec![error.to_string()])
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> Result<T, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("{file}: {error}"))
}

/// The choices of the option `topic`, in the manifest's order.
fn topics(manifest: &Manifest) -> Vec<String> {
    let options = manifest.command.iter().flat_map(|command| &command.option);
    let choices = options.filter(|option| option.name == "topic").flat_map(|option| &option.choices);
    choices.map(|choice| choice.value.clone()).collect()
}

fn flaws(entries: &[Entry], topics: &[String]) -> Vec<String> {
    let mut flaws = Vec::new();
    let (mut ids, mut texts) = (HashSet::new(), HashSet::new());
    for entry in entries {
        let mut check = |good: bool, flaw: &str| {
            if !good {
                flaws.push(format!("facts.toml: {}: {flaw}", entry.id));
            }
        };
        let slug = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        check((3..=50).contains(&entry.id.len()) && entry.id.chars().all(slug), "an id is 3 to 50 of a-z, 0-9 and -");
        check(ids.insert(&entry.id), "the id is not unique");
        check(topics.contains(&entry.topic), "provider.toml has no such topic");
        for (field, text, length) in
            [("en", &entry.en, TEXT), ("pt", &entry.pt, TEXT), ("source.name", &entry.source.name, NAME)]
        {
            let (least, most) = length.clone().into_inner();
            let good = length.contains(&text.chars().count()) && text.trim() == text;
            check(good, &format!("{field} has not {least} to {most} characters without spaces around"));
        }
        for text in [&entry.en, &entry.pt] {
            check(text.ends_with('.'), "a fact is a sentence that ends with a full stop");
            check(texts.insert(text), "another fact says the same, or both languages do");
        }
        let address = &entry.source.url;
        let good = ADDRESS.contains(&address.len()) && address.bytes().all(|byte| byte.is_ascii_graphic());
        check(good && address.starts_with("https://"), "source.url is no https address");
    }
    if !entries.is_sorted_by_key(|entry| (&entry.topic, &entry.id)) {
        flaws.push("facts.toml: the facts are not sorted by topic, then id".into());
    }
    if entries.len() < FEWEST {
        flaws.push(format!("facts.toml: there are {} facts; {FEWEST} is the least", entries.len()));
    }
    for topic in topics {
        let count = entries.iter().filter(|entry| entry.topic == *topic).count();
        if count < FEWEST_OF_TOPIC {
            flaws.push(format!("facts.toml: there are {count} facts on {topic}; {FEWEST_OF_TOPIC} is the least"));
        }
    }
    flaws
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
