//! Turns questions.toml into static Rust, so that nothing is parsed when a member asks. Every flaw of the file fails
//! the build with the id of the question that has it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use serde::Deserialize;

/// The fewest questions that are worth a command.
const FEWEST: usize = 150;
/// Characters of a question.
const QUESTION: RangeInclusive<usize> = 5..=200;
/// Characters of an answer, which is a button's label: Discord takes 80 of them and shows fewer on a telephone.
const ANSWER: RangeInclusive<usize> = 1..=60;
/// Characters of an explanation.
const EXPLANATION: RangeInclusive<usize> = 5..=250;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    question: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    category: String,
    difficulty: String,
    en: Wording,
    pt: Wording,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    question: String,
    /// The right one first.
    answers: [String; 4],
    explanation: String,
}

/// What of provider.toml says which categories and difficulties there are.
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
    println!("cargo::rerun-if-changed=questions.toml");
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
    let entries = read::<File>("questions.toml").map_err(|flaw| vec![flaw])?.question;
    let manifest = read::<Manifest>("provider.toml").map_err(|flaw| vec![flaw])?;
    let categories = values(&manifest, "category");
    let difficulties = values(&manifest, "difficulty");
    let flaws = flaws(&entries, &categories, &difficulties);
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let folder = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&folder).join("questions.rs"), rust(&entries, &categories, &difficulties))
        .map_err(|error| vec![error.to_string()])
}

fn read<T: serde::de::DeserializeOwned>(file: &str) -> Result<T, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{file}: {error}"))?;
    toml::from_str(&text).map_err(|error| format!("{file}: {error}"))
}

/// The choices of an option, in the manifest's order.
fn values(manifest: &Manifest, option: &str) -> Vec<String> {
    let options = manifest.command.iter().flat_map(|command| &command.option);
    let choices = options.filter(|other| other.name == option).flat_map(|option| &option.choices);
    choices.map(|choice| choice.value.clone()).collect()
}

fn flaws(entries: &[Entry], categories: &[String], difficulties: &[String]) -> Vec<String> {
    let mut flaws = Vec::new();
    let mut ids = HashSet::new();
    for entry in entries {
        let mut check = |good: bool, flaw: &str| {
            if !good {
                flaws.push(format!("questions.toml: {}: {flaw}", entry.id));
            }
        };
        let slug = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        check((3..=50).contains(&entry.id.len()) && entry.id.chars().all(slug), "an id is 3 to 50 of a-z, 0-9 and -");
        check(ids.insert(&entry.id), "the id is not unique");
        check(categories.contains(&entry.category), "provider.toml has no such category");
        check(difficulties.contains(&entry.difficulty), "provider.toml has no such difficulty");
        for (language, Wording { question, answers, explanation }) in [("en", &entry.en), ("pt", &entry.pt)] {
            let answers = answers.iter().map(|answer| ("answer", answer, ANSWER));
            for (field, text, length) in
                [("question", question, QUESTION), ("explanation", explanation, EXPLANATION)].into_iter().chain(answers)
            {
                let (least, most) = length.clone().into_inner();
                let good = length.contains(&text.chars().count()) && text.trim() == text;
                check(good, &format!("{language}.{field} has not {least} to {most} characters without spaces around"));
            }
        }
        for (language, Wording { answers, .. }) in [("en", &entry.en), ("pt", &entry.pt)] {
            let distinct: HashSet<String> = answers.iter().map(|answer| answer.to_lowercase()).collect();
            check(distinct.len() == answers.len(), &format!("{language}.answers are not four different ones"));
        }
    }
    if entries.len() < FEWEST {
        flaws.push(format!("questions.toml: there are {} questions; {FEWEST} is the least", entries.len()));
    }
    flaws
}

/// `QUESTIONS`, by id.
fn rust(entries: &[Entry], categories: &[String], difficulties: &[String]) -> String {
    let mut entries: Vec<&Entry> = entries.iter().collect();
    entries.sort_unstable_by_key(|entry| &entry.id);
    let mut rust = format!("pub(crate) static QUESTIONS: [Question; {}] = [\n", entries.len());
    for Entry { id, category, difficulty, en, pt } in entries {
        let (english, portuguese) = (wording(en), wording(pt));
        let category = categories.iter().position(|other| other == category).unwrap_or_default();
        let difficulty = difficulties.iter().position(|other| other == difficulty).unwrap_or_default();
        // Writing to a string never fails.
        let _ = writeln!(
            rust,
            "Question {{ id: {id:?}, category: TriviaCategory::ALL[{category}], \
             difficulty: TriviaDifficulty::ALL[{difficulty}], english: {english}, portuguese: {portuguese} }},"
        );
    }
    rust.push_str("];\n");
    rust
}

fn wording(Wording { question, answers, explanation }: &Wording) -> String {
    format!("Wording {{ question: {question:?}, answers: {answers:?}, explanation: {explanation:?} }}")
}
