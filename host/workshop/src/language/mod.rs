//! The languages that a provider can be written in.
//!
//! Each has a file: `tools` finds what is needed, or fetches it, or names what to install and how; `build` runs them and
//! returns the core module or component that they made; `tests`, where the language has a test runner, is the command that
//! runs a project's own tests.

mod c;
mod javascript;
mod python;
mod rust;

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::str::FromStr;

use autocontent_manifest::{Command as SlashCommand, Manifest};

use crate::{Console, Project, WorkshopError};

/// What a project is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Rust, with the crate `autocontent-sdk`.
    Rust,
    /// JavaScript, with the package `autocontent`.
    JavaScript,
    /// Python, with the package `autocontent`.
    Python,
    /// C, with `autocontent.h`.
    C,
}

/// How much time a build may take for what it makes, in languages where that makes a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effort {
    /// As small and fast as the language can: what is published.
    #[default]
    Release,
    /// As soon as possible: what is tried out while it is written.
    Quick,
}

impl Language {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Language; 4] = [Language::Rust, Language::JavaScript, Language::Python, Language::C];

    /// The language of a folder, by the file that its build begins from.
    pub fn of(folder: &Path) -> Option<Language> {
        Self::ALL.into_iter().find(|language| match language {
            Language::Rust => folder.join("Cargo.toml").is_file(),
            Language::JavaScript => folder.join("package.json").is_file(),
            Language::Python => folder.join("pyproject.toml").is_file(),
            Language::C => has_c_source(&folder.join("src")),
        })
    }

    /// The word for it on the command line and in folders' names.
    pub fn word(self) -> &'static str {
        match self {
            Language::Rust => "rust",
            Language::JavaScript => "javascript",
            Language::Python => "python",
            Language::C => "c",
        }
    }

    /// The name in this form that a type of the author's can have.
    pub(crate) fn type_name(self, name: &str) -> String {
        match self {
            // The one name that Rust takes for no type or variant.
            Language::Rust if name == "Self" => "Self_".to_owned(),
            Language::Python => python::class_name(name),
            _ => name.to_owned(),
        }
    }

    /// Builds a project's sources, and returns the core module or component that they became.
    ///
    /// # Errors
    ///
    /// Where a tool is missing, or fails.
    pub(crate) fn build(
        self,
        project: &Project,
        effort: Effort,
        console: Console<'_>,
    ) -> Result<PathBuf, WorkshopError> {
        match self {
            Language::Rust => {
                rust::tools(project, console)?;
                rust::build(project, console)
            }
            Language::JavaScript => {
                javascript::tools(project, console)?;
                javascript::build(project, console)
            }
            Language::Python => {
                python::tools(project, console)?;
                python::build(project, console)
            }
            Language::C => {
                c::tools()?;
                c::build(project, effort, console)
            }
        }
    }

    /// The command that runs a project's own tests, in its folder; none where the language has no test runner.
    ///
    /// # Errors
    ///
    /// Where a tool is missing.
    pub fn tests(self, project: &Project, console: Console<'_>) -> Result<Option<Command>, WorkshopError> {
        match self {
            Language::Rust => rust::tests(project, console).map(Some),
            Language::JavaScript => javascript::tests(project, console).map(Some),
            Language::Python => python::tests(project, console).map(Some),
            Language::C => Ok(None),
        }
    }

    /// Whether this end of [`Language::tests`] means that the project has none.
    #[must_use]
    pub fn found_no_tests(self, status: ExitStatus) -> bool {
        self == Language::Python && status.code() == Some(python::NO_TESTS)
    }
}

/// The first option that the manifest marks `autocomplete`, as the reason why there must be a function for it.
fn autocompleted(manifest: &Manifest) -> Option<String> {
    let mut usages = manifest.commands.iter().flat_map(SlashCommand::invocations);
    usages.find_map(|usage| {
        let option = usage.options().iter().find(|option| option.kind.autocomplete())?;
        Some(format!("provider.toml marks the option `{}` of `/{}` autocomplete", option.name, usage.full_name()))
    })
}

fn has_c_source(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| c::is_source(&path))
}

/// As people write it.
impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Language::Rust => "Rust",
            Language::JavaScript => "JavaScript",
            Language::Python => "Python",
            Language::C => "C",
        })
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Language, String> {
        let known = Self::ALL.into_iter().find(|language| language.word() == text);
        known.ok_or_else(|| format!("{text:?} is no language for providers; use {}", words()))
    }
}

fn words() -> String {
    Language::ALL.map(Language::word).join(", ")
}
