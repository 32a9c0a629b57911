//! Turns quotes.toml into static Rust, so that nothing is parsed when a member asks. Every flaw of the file fails the
//! build with the id of the quotation that has it.

#[path = "src/topic.rs"]
#[expect(dead_code, reason = "only the ids matter here")]
mod topic;

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

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
    println!("cargo::rerun-if-changed=quotes.toml");
    println!("cargo::rerun-if-changed=src/topic.rs");
    match convert() {
        Ok(()) => ExitCode::SUCCESS,
        Err(flaws) => {
            for flaw in flaws {
                println!("cargo::error=quotes.toml: {}", flaw.replace('\n', " "));
            }
            ExitCode::FAILURE
        }
    }
}

fn convert() -> Result<(), Vec<String>> {
    let text = fs::read_to_string("quotes.toml").map_err(|error| vec![error.to_string()])?;
    let entries = toml::from_str::<File>(&text).map_err(|error| vec![error.to_string()])?.quote;
    let flaws = flaws(&entries);
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let folder = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&folder).join("quotations.rs"), rust(&entries)).map_err(|error| vec![error.to_string()])
}

fn flaws(entries: &[Entry]) -> Vec<String> {
    let mut flaws = Vec::new();
    let mut ids = HashSet::new();
    for entry in entries {
        let mut check = |good: bool, flaw: &str| {
            if !good {
                flaws.push(format!("{}: {flaw}", entry.id));
            }
        };
        let slug = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        check((3..=64).contains(&entry.id.len()) && entry.id.chars().all(slug), "an id is 3 to 64 of a-z, 0-9 and -");
        check(ids.insert(&entry.id), "the id is not unique");
        for (field, value, length) in [
            ("text", &entry.text, TEXT),
            ("author", &entry.author, AUTHOR),
            ("work", &entry.work, PLACE),
            ("place", &entry.place, PLACE),
        ] {
            let (least, most) = length.clone().into_inner();
            check(length.contains(&value.chars().count()), &format!("{field} has not {least} to {most} characters"));
            check(value.trim() == value, &format!("{field} begins or ends with white space"));
        }
        check(YEAR.contains(&entry.year), "the year is not from -800 to 1949");
        check(!entry.topics.is_empty(), "there is no topic");
        let distinct: BTreeSet<_> = entry.topics.iter().collect();
        check(distinct.len() == entry.topics.len(), "a topic stands there twice");
        for topic in &entry.topics {
            let known = TOPICS.iter().any(|known| known.id == topic);
            check(known, &format!("the topic {topic:?} is not in src/topic.rs"));
        }
    }
    if entries.len() < FEWEST {
        flaws.push(format!("there are {} quotations; {FEWEST} is the least", entries.len()));
    }
    flaws
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
