//! Rust: cargo builds a `cdylib` for wasm32-unknown-unknown.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::Language;
use crate::console::succeeds;
use crate::{Console, Project, WorkshopError};

/// It has no operating system, and so no WASI.
const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that there is cargo, and that it can build for [`TARGET`].
pub(super) fn tools(project: &Project, console: Console<'_>) -> Result<(), WorkshopError> {
    if !succeeds(cargo(project).arg("--version")) {
        return Err(missing(
            "cargo",
            "is not on PATH",
            "install Rust from https://rustup.rs, open a new terminal and try again",
        ));
    }
    if has_target(project) {
        return Ok(());
    }
    console.tell(&format!("adding the target {TARGET} to Rust"));
    let added = console.run(Command::new("rustup").args(["target", "add", TARGET]).current_dir(project.folder()));
    if added.is_ok() && has_target(project) {
        return Ok(());
    }
    let remedy = format!(
        "install that target with your toolchain's own means (with rustup: `rustup target add {TARGET}`; Debian: `apt-get install libstd-rust-dev-wasm32`)"
    );
    Err(missing("Rust's compiler", &format!("has no standard library for {TARGET}"), &remedy))
}

/// Builds the crate and returns the core module. With less optimisation a crate of usual size is built no sooner, and all
/// that it depends on would have to be built once more: so there is one way only.
pub(super) fn build(project: &Project, console: Console<'_>) -> Result<PathBuf, WorkshopError> {
    let mut command = cargo(project);
    command.args(["build", "--release", "--target", TARGET, "--message-format", "json-render-diagnostics"]);
    // Flags for the author's own machine, such as its processor, mean nothing to a component.
    // This variable goes before all others and before cargo's configuration.
    command.env("CARGO_ENCODED_RUSTFLAGS", "");
    let messages = console.output(&mut command)?;
    let crate_file = project.folder().join("Cargo.toml");
    messages.split(|byte| *byte == b'\n').find_map(|line| module(line, &crate_file)).ok_or_else(|| {
        let remedy =
            "give Cargo.toml a library of the right type:\n[lib]\ncrate-type = [\"cdylib\", \"rlib\"]".to_owned();
        WorkshopError::NothingBuilt { command: "cargo", remedy }
    })
}

/// `cargo test`
pub(super) fn tests(project: &Project, console: Console<'_>) -> Result<Command, WorkshopError> {
    tools(project, console)?;
    let mut command = cargo(project);
    command.arg("test");
    Ok(command)
}

/// Cargo, to be run in the project.
fn cargo(project: &Project) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(project.folder());
    command
}

fn has_target(project: &Project) -> bool {
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc")));
    rustc.args(["--print", "target-libdir", "--target", TARGET]).current_dir(project.folder());
    let folder = rustc.output().map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()));
    folder.is_ok_and(|folder| folder.is_dir())
}

/// One of cargo's messages, as far as it matters here.
#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<PathBuf>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// The core module, where the message tells of the one that was made of this crate.
fn module(message: &[u8], crate_file: &Path) -> Option<PathBuf> {
    let message: Message = serde_json::from_slice(message).ok()?;
    let ours = message.reason == "compiler-artifact" && message.manifest_path.as_deref() == Some(crate_file);
    let mut files = message.filenames.into_iter().filter(|_| ours);
    files.find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
}

fn missing(tool: &'static str, problem: &str, remedy: &str) -> WorkshopError {
    WorkshopError::MissingTool {
        language: Language::Rust,
        tool,
        problem: problem.to_owned(),
        remedy: remedy.to_owned(),
    }
}
