//! Turns questions.toml into static Rust, so that nothing is parsed when a member asks. Every flaw of the file fails
//! the build with the id of the question that has it.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::process::ExitCode;

use autocontent_provider_build::{Flawed, Flaws, choices, read, run};
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

fn main() -> ExitCode {
    run("questions.toml", "questions.rs", convert)
}

fn convert() -> Result<String, Flawed> {
    let entries = read::<File>("questions.toml")?.question;
    let (categories, difficulties) = (choices("category")?, choices("difficulty")?);
    check(&entries, &categories, &difficulties)?;
    Ok(rust(&entries, &categories, &difficulties))
}

fn check(entries: &[Entry], categories: &[String], difficulties: &[String]) -> Result<(), Flawed> {
    let mut flaws = Flaws::of("questions.toml");
    for entry in entries {
        let mut checked = flaws.entry(&entry.id);
        checked.check(categories.contains(&entry.category), "provider.toml has no such category");
        checked.check(difficulties.contains(&entry.difficulty), "provider.toml has no such difficulty");
        for (language, Wording { question, answers, explanation }) in [("en", &entry.en), ("pt", &entry.pt)] {
            checked.text(&format!("{language}.question"), question, &QUESTION);
            checked.text(&format!("{language}.explanation"), explanation, &EXPLANATION);
            for answer in answers {
                checked.text(&format!("{language}.answer"), answer, &ANSWER);
            }
            let distinct: HashSet<String> = answers.iter().map(|answer| answer.to_lowercase()).collect();
            let flaw = format!("{language}.answers are not four different ones");
            checked.check(distinct.len() == answers.len(), &flaw);
        }
    }
    flaws.check(entries.len() >= FEWEST, &format!("there are {} questions; {FEWEST} is the least", entries.len()));
    flaws.none()
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
