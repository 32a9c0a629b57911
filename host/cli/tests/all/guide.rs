//! What the author's guide shows is so: code comes from files that are built and tested, manifests are valid, recordings can be
//! played, and commands can be used.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use autocontent_manifest::Manifest;
use autocontent_recordings::Recording;

use crate::host::Host;

/// What a fragment of a manifest is completed with.
const LEAST: &str = r#"
[provider]
id = "guide"
name = "Guide"
version = "1.0.0"
description = "What the guide shows"
license = "MIT"
contract = "1.0"
kinds = ["note"]

[[command]]
name = "guide"
description = "Shows something"
"#;

/// A fenced block.
struct Block {
    /// The page, for the message of a failed test.
    page: PathBuf,
    language: String,
    text: String,
}

/// Every block of the guide, those of pages that it includes too.
fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for page in pages(&root().join("docs/guide/src")) {
        let text = fs::read_to_string(&page).unwrap();
        collect(&page, &text, &mut blocks);
    }
    assert!(blocks.len() > 30, "only {} blocks were found", blocks.len());
    blocks
}

fn collect(page: &Path, text: &str, blocks: &mut Vec<Block>) {
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
            blocks.push(Block { page: page.to_owned(), language: language.to_owned(), text: text.join("\n") });
        } else if let Some((included, _)) = include(line) {
            let included = page.parent().unwrap().join(included);
            let text = fs::read_to_string(&included).unwrap_or_else(|error| panic!("{}: {error}", included.display()));
            collect(&included, &text, blocks);
        }
    }
}

/// The file that a line includes, and the part of it.
fn include(line: &str) -> Option<(&str, Option<&str>)> {
    let named = line.strip_prefix("{{#include ")?.strip_suffix("}}")?;
    Some(named.split_once(':').map_or((named, None), |(file, anchor)| (file, Some(anchor))))
}

#[test]
fn code_stands_in_files_that_are_built_and_tested() {
    for Block { page, language, text } in blocks() {
        if !matches!(language.as_str(), "rust" | "javascript" | "python" | "c") {
            continue;
        }
        let (file, anchor) = include(&text).unwrap_or_else(|| panic!("{}: {text}", page.display()));
        let path = page.parent().unwrap().join(file).canonicalize().unwrap_or_else(|_| panic!("{file} is missing"));
        let tested = ["examples", "docs/guide/recipes/src"].map(|folder| root().join(folder));
        assert!(tested.iter().any(|folder| path.starts_with(folder)), "{}: nobody tests {file}", page.display());
        let source = fs::read_to_string(&path).unwrap();
        if let Some(anchor) = anchor {
            for mark in ["ANCHOR", "ANCHOR_END"] {
                assert_eq!(source.matches(&format!("// {mark}: {anchor}\n")).count(), 1, "{file}: {anchor}");
            }
        }
    }
}

#[test]
fn manifests_are_valid_whole_or_as_a_part() {
    for Block { page, language, text } in blocks() {
        if language != "toml" {
            continue;
        }
        let text = match include(&text) {
            Some((file, _)) => fs::read_to_string(page.parent().unwrap().join(file)).unwrap(),
            None => text,
        };
        // A list of choices stands for itself in an option.
        let option = "[[command.option]]\nname = \"option\"\nkind = \"text\"\ndescription = \"An option\"\n";
        let whole = if text.contains("[provider]") {
            text
        } else if text.starts_with('[') {
            format!("{LEAST}\n{text}")
        } else {
            format!("{LEAST}\n{option}{text}")
        };
        if let Err(errors) = Manifest::parse(&whole) {
            panic!("{}: {errors}\n{whole}", page.display());
        }
    }
}

#[test]
fn recordings_can_be_played() {
    let mut played = 0;
    for Block { page, language, text } in blocks() {
        if language == "json" && text.contains("\"exchanges\"") {
            Recording::read(&text, &page).unwrap_or_else(|error| panic!("{error}"));
            played += 1;
        }
    }
    assert!(played > 0);
}

#[tokio::test]
async fn commands_can_be_used_as_they_are_shown() {
    // A command line is read before the configuration, and nothing is done where there is none: so what is refused has to be
    // the configuration.
    let host = Host::new().with("AUTOCONTENT_CONFIG", "none.toml");
    let mut seen = BTreeSet::new();
    for Block { page, language, text } in blocks() {
        if !matches!(language.as_str(), "console" | "sh") {
            continue;
        }
        for line in text.lines().map(|line| line.strip_prefix("$ ").unwrap_or(line)) {
            let Some(command) = line.strip_prefix("autocontent ") else { continue };
            let words = words(command);
            let outcome = host.run(&words.iter().map(String::as_str).collect::<Vec<_>>()).await;
            let refused = outcome.stderr.contains("none.toml") && outcome.stderr.starts_with("autocontent: ");
            assert!(refused, "{}: `{line}` can't be used: {}", page.display(), outcome.stderr);
            seen.extend(words.into_iter().take(2).collect::<Vec<_>>().into_iter().nth(1));
        }
    }
    assert!(seen.len() > 5, "{seen:?}");
}

/// The words of a command line without its comment; what stands in brackets may be left out, so it must be right as well.
fn words(command: &str) -> Vec<String> {
    let command = command.split(" #").next().unwrap_or_default();
    let unquoted = |(place, part): (usize, &str)| match place % 2 {
        0 => part.replace(['[', ']'], "").split_whitespace().map(str::to_owned).collect(),
        _ => vec![part.to_owned()],
    };
    command.split('"').enumerate().flat_map(unquoted).collect()
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
