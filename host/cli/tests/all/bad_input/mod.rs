//! Whatever is wrong, one clear sentence says so and what to do; the exit code tells programs; nothing is lost.
//!
//! Each snapshot is what a person would see in a terminal.

mod bots;
mod commands;
mod configuration;
mod databases;
mod full_disk;
mod providers;

use crate::components::changed_parrot;
use crate::host::{Host, WRONG_TOKEN};

/// What went wrong while carrying a command out.
const FAILED: i32 = 1;
/// The command line or the configuration is wrong.
const USAGE: i32 = 2;

/// Runs commands that must end with `code` and change no file, and shows them with what they print.
async fn refused(host: &Host, code: i32, commands: &[&[&str]]) -> String {
    let mut transcript = String::new();
    for command in commands {
        let before = host.files();
        let outcome = host.run(command).await;
        assert_eq!(outcome.code, Some(code), "{command:?}: {outcome:#?}");
        assert_eq!(host.files(), before, "{command:?} changed something: {outcome:#?}");
        transcript += &outcome.transcript(command);
    }
    transcript
}

/// A host with two accounts, the parrot and the magpie, which has the same commands; the first account has the parrot.
async fn furnished() -> Host {
    let host = Host::new();
    for account in ["main", "second"] {
        host.succeed_with_input(&["account", "add", account], WRONG_TOKEN).await;
    }
    host.provide("main", &["parrot"]).await;
    host.write("magpie.wasm", changed_parrot(r#"id = "parrot""#, r#"id = "magpie""#));
    host.succeed(&["provider", "install", "magpie.wasm"]).await;
    host
}
