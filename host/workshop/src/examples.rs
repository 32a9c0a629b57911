//! A manifest's examples: each is run, and its answer compared with the one that was kept in `snapshots`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use similar::TextDiff;

use crate::Component;
use crate::harness::{Harness, HarnessError, Ran, Setup, Traffic, Who};
use crate::protocol::Tools;

/// Characters of a snapshot's name.
const NAME: usize = 60;

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing: what has no snapshot fails.
    Nothing,
    /// Answers that have no snapshot yet.
    New,
    /// All answers, in place of those that differ.
    All,
}

/// An example that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The command, as the manifest has it.
    pub line: String,
    /// Its snapshot.
    pub file: PathBuf,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of an example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The answer is the one that was kept.
    Same,
    /// The answer was kept.
    Kept,
    /// The answer is another one.
    Differs {
        /// Line by line.
        diff: String,
    },
    /// There is no snapshot.
    Unknown,
    /// There was no answer.
    Failed {
        /// Why.
        reason: String,
    },
}

/// Examples can't be tried.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExamplesError {
    /// The harness can't be opened.
    #[error(transparent)]
    Harness(#[from] HarnessError),
    /// A snapshot can't be read or written.
    #[error("could not use the snapshot {}: {problem}", path.display())]
    Snapshot {
        /// Its file.
        path: PathBuf,
        /// Why.
        problem: std::io::Error,
    },
}

/// Tries the examples of a component's manifest, each in a harness of its own, with the project's recordings.
///
/// # Errors
///
/// Where no harness can be opened, or a snapshot can't be read or written.
pub async fn try_examples(
    component: &Component,
    folder: &Path,
    tools: &Tools,
    keep: Keep,
) -> Result<Vec<Tried>, ExamplesError> {
    let (mut tried, mut names) = (Vec::new(), BTreeSet::new());
    for example in &component.manifest.examples {
        let line = example.command.to_string();
        let name = (1..).map(|number| name(&line, number)).find(|name| names.insert(name.clone()));
        let file = folder.join("snapshots").join(name.unwrap_or_default());
        let harness = open(component, tools).await?;
        let ran = harness.run(&Who { sensitive: true, ..Who::default() }, &line).await?;
        harness.close().await;
        let verdict = match failure(&line, &ran) {
            Some(reason) => Verdict::Failed { reason },
            None => compare(&file, &text(&line, &ran), keep)
                .map_err(|problem| ExamplesError::Snapshot { path: file.clone(), problem })?,
        };
        tried.push(Tried { line, file, verdict });
    }
    Ok(tried)
}

async fn open(component: &Component, tools: &Tools) -> Result<Harness, HarnessError> {
    let traffic = Traffic::Played(component.recordings());
    Setup { traffic, ..Setup::new(component.bytes.clone(), tools.compiler.clone(), tools.cache.clone()) }.open().await
}

/// Why an example has no answer, if it has none.
fn failure(line: &str, ran: &Ran) -> Option<String> {
    if !ran.missing.is_empty() {
        let remedy =
            format!("record what it gets now: autocontent provider run '{line}' --record recordings/examples.json");
        return Some([ran.missing.join("\n"), remedy].join("\n"));
    }
    let notice = ran.reply.notice.as_deref().filter(|_| ran.reply.kind == "notice")?;
    let causes = ran.calls.iter().filter(|call| call.answer.get("page").is_none()).map(|call| call.answer.to_string());
    Some([notice.to_owned()].into_iter().chain(causes).collect::<Vec<_>>().join("\n"))
}

/// What is kept of an answer.
fn text(line: &str, ran: &Ran) -> String {
    let kept = json!({ "command": line, "private": ran.reply.private, "message": ran.reply.message });
    // Texts and numbers: there is nothing that could fail.
    serde_json::to_string_pretty(&kept).unwrap_or_default() + "\n"
}

fn compare(file: &Path, now: &str, keep: Keep) -> std::io::Result<Verdict> {
    let kept = match fs::read_to_string(file) {
        Ok(kept) => Some(kept),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    match (kept, keep) {
        (Some(kept), _) if kept == now => return Ok(Verdict::Same),
        (Some(kept), Keep::Nothing | Keep::New) => {
            let diff = TextDiff::from_lines(kept.as_str(), now).unified_diff().header("kept", "now").to_string();
            return Ok(Verdict::Differs { diff });
        }
        (None, Keep::Nothing) => return Ok(Verdict::Unknown),
        (None, Keep::New) | (_, Keep::All) => {}
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, now)?;
    Ok(Verdict::Kept)
}

/// The name of a command's snapshot: its words with hyphens between, and a number from the second on.
fn name(line: &str, number: u32) -> String {
    let plain = line.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " ");
    let name: String = plain.split_whitespace().collect::<Vec<_>>().join("-").chars().take(NAME).collect();
    if number == 1 { format!("{name}.json") } else { format!("{name}-{number}.json") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_differ() {
        assert_eq!(name("/quote author:\"Jane Austen\"", 1), "quote-author-jane-austen.json");
        assert_eq!(name("/quote", 2), "quote-2.json");
        assert_eq!(name(&format!("/{}", "long ".repeat(40)), 1).chars().count(), NAME + 5);
    }

    #[test]
    fn a_difference_is_shown_and_kept_only_when_it_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("snapshots/one.json");
        assert_eq!(compare(&file, "a\nb\n", Keep::Nothing).unwrap(), Verdict::Unknown);
        assert_eq!(compare(&file, "a\nb\n", Keep::New).unwrap(), Verdict::Kept);
        assert_eq!(compare(&file, "a\nb\n", Keep::Nothing).unwrap(), Verdict::Same);
        let Verdict::Differs { diff } = compare(&file, "a\nc\n", Keep::New).unwrap() else { unreachable!() };
        assert!(diff.contains("-b\n+c\n"), "{diff}");
        assert_eq!(compare(&file, "a\nc\n", Keep::All).unwrap(), Verdict::Kept);
        assert_eq!(fs::read_to_string(&file).unwrap(), "a\nc\n");
    }
}
