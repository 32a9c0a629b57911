//! Turns quotes.toml into static Rust, so that nothing is parsed when a member asks. Every flaw of the file fails the
//! build with the id of the quotation that has it.

#[path = "src/topic.rs"]
#[expect(dead_code, reason = "only the ids matter here")]
mod topic;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::process::ExitCode;

use autocontent_provider_build::{Flawed, Flaws, read, run};
use serde::Deserialize;
use topic::TOPICS;

/// The fewest quotations that are worth a command.
const FEWEST: usize = 200;
/// Characters of a quotation, within what reads well in a message.
const TEXT: RangeInclusive<usize> = 20..=300;
/// Characters of an author's name, which is proposed for the option `author` and must fit it.
const AUTHOR: RangeInclusive<usize> = 2..=60;
/// Characters of a work's title, and of the place in it.
const PLACE: RangeInclusive<usize> = 2..=100;
/// From Homer to the end of what the file's rules take as public domain.
const YEAR: RangeInclusive<i16> = -800..=1949;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    quote: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    language: Language,
    text: String,
    author: String,
    work: String,
    place: String,
    year: i16,
    topics: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
enum Language {
    #[serde(rename = "en")]
    English,
    #[serde(rename = "pt")]
    Portuguese,
}

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=src/topic.rs");
    run("quotes.toml", "quotations.rs", convert)
}

fn convert() -> Result<String, Flawed> {
    let entries = read::<File>("quotes.toml")?.quote;
    check(&entries)?;
    Ok(rust(&entries))
}

fn check(entries: &[Entry]) -> Result<(), Flawed> {
    let mut flaws = Flaws::of("quotes.toml");
    for entry in entries {
        let mut checked = flaws.entry(&entry.id);
        checked.text("text", &entry.text, &TEXT);
        checked.text("author", &entry.author, &AUTHOR);
        checked.text("work", &entry.work, &PLACE);
        checked.text("place", &entry.place, &PLACE);
        checked.check(YEAR.contains(&entry.year), "the year is not from -800 to 1949");
        checked.check(!entry.topics.is_empty(), "there is no topic");
        let distinct: BTreeSet<_> = entry.topics.iter().collect();
        checked.check(distinct.len() == entry.topics.len(), "a topic stands there twice");
        for topic in &entry.topics {
            let known = TOPICS.iter().any(|known| known.id == topic);
            checked.check(known, &format!("the topic {topic:?} is not in src/topic.rs"));
        }
    }
    flaws.check(entries.len() >= FEWEST, &format!("there are {} quotations; {FEWEST} is the least", entries.len()));
    flaws.none()
}

/// `AUTHORS`, by name, and `QUOTATIONS`.
fn rust(entries: &[Entry]) -> String {
    let authors: BTreeSet<&str> = entries.iter().map(|entry| entry.author.as_str()).collect();
    let authors: Vec<&str> = authors.into_iter().collect();
    let mut rust = String::new();
    // Writing to a string never fails.
    let _ = writeln!(rust, "pub(crate) static AUTHORS: [&str; {}] = {authors:?};", authors.len());
    let _ = writeln!(rust, "pub(crate) static QUOTATIONS: [Quotation; {}] = [", entries.len());
    for Entry { id, language, text, author, work, place, year, topics } in entries {
        let author = authors.partition_point(|other| other < &author.as_str());
        let topics = topics.iter().filter_map(|id| TOPICS.iter().position(|topic| topic.id == id));
        let topics: Vec<String> = topics.map(|at| format!("&TOPICS[{at}]")).collect();
        let topics = topics.join(", ");
        let _ = writeln!(
            rust,
            "Quotation {{ id: {id:?}, language: Language::{language:?}, text: {text:?}, author: {author}, \
             work: {work:?}, place: {place:?}, year: {year}, topics: &[{topics}] }},"
        );
    }
    rust.push_str("];\n");
    rust
}
