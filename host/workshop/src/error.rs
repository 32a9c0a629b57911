//! What can go wrong between an idea and a component.

use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;

use autocontent_manifest::ManifestErrors;
use autocontent_pack::PackError;
use autocontent_runtime::LoadError;

use crate::Language;

/// Why an author's tool could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkshopError {
    /// There is no project here.
    #[error(
        "there is no provider.toml in {folder} or above it; go to a provider's folder, or make one with `autocontent provider new NAME`"
    )]
    NoProject {
        /// Where the search began.
        folder: PathBuf,
    },
    /// A project in none of the languages.
    #[error(
        "could not tell the language of the provider in {folder}: it has no Cargo.toml, package.json, pyproject.toml, nor a .c file in src; what other tools build, `autocontent provider pack` makes a provider of"
    )]
    NoLanguage {
        /// The project's folder.
        folder: PathBuf,
    },
    /// The language's tools are not there.
    #[error("a provider in {language} is built by {tool}, which {problem}; {remedy}")]
    MissingTool {
        /// The project's language.
        language: Language,
        /// What is missing.
        tool: &'static str,
        /// How that shows, such as "is not on PATH".
        problem: String,
        /// What to do.
        remedy: String,
    },
    /// A tool can't be started.
    #[error("could not start `{program}`")]
    Start {
        /// The program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// A tool failed, after it said why.
    #[error("`{command}` failed ({status}); the reason stands above")]
    Tool {
        /// The command, shortened.
        command: String,
        /// How it ended.
        status: ExitStatus,
    },
    /// The tool did its work, and what it should have made isn't there.
    #[error("{command} made no component; {remedy}")]
    NothingBuilt {
        /// The tool.
        command: &'static str,
        /// What to do.
        remedy: String,
    },
    /// The sources lack a function that the provider needs.
    #[error("{place} has no `{function}`: {why}")]
    MissingFunction {
        /// Where it was looked for.
        place: String,
        /// How it begins.
        function: String,
        /// What needs it.
        why: String,
    },
    /// A file of the project's that a tool can't work with.
    #[error("{path}: {reason}")]
    Setup {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A name that the host has for itself.
    #[error("`/{name}` is a command of the host's own; choose another name")]
    ReservedName {
        /// The name.
        name: String,
    },
    /// There is something already.
    #[error(
        "{path} is there already, and nothing in it was changed; choose another name, or another folder with --path"
    )]
    Exists {
        /// What is in the way.
        path: PathBuf,
    },
    /// What would be written is what is read.
    #[error("{path} is the file to be packed; name another one with --output")]
    OntoItself {
        /// The file.
        path: PathBuf,
    },
    /// The manifest is wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestErrors),
    /// A file that should be text isn't.
    #[error("{path} is not UTF-8 text; save it as UTF-8")]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// What was built can't become a component.
    #[error("{path}")]
    Pack {
        /// What was built.
        path: PathBuf,
        /// Why.
        source: PackError,
    },
    /// The host would not take the component.
    #[error("{path}")]
    Refused {
        /// What was built.
        path: PathBuf,
        /// Why.
        source: LoadError,
    },
    /// A file can't be read.
    #[error("could not read {path}: {source}; check the path and whether this user may read it")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file can't be written.
    #[error("could not write {path}: {source}; check that the folder is this user's and the disk not full")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The error and its causes, each said once: some errors quote their cause themselves.
pub(crate) fn sentence(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |said, cause| {
        let cause = cause.to_string();
        if said.contains(&cause) { said } else { format!("{said}: {cause}") }
    })
}
