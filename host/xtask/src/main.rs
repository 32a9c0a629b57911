//! The project's own commands, run as `cargo xtask COMMAND`.
//!
//! Each does its own set-up, or says in one sentence what to do where it can't. Nothing here depends on the host's
//! crates, so that these commands start at once whatever is being edited.

mod fuzz;
mod guide;
mod lint;
mod process;
mod providers;
mod tools;
mod zoo;

use std::ffi::OsString;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::process::cargo;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the whole of it: two bots on a simulated Discord answer members' commands
    #[command(disable_help_flag = true)]
    Demo {
        /// Passed on to the demo: `--serve` keeps it running, `--help` lists the rest
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Run every test, on SQLite and PostgreSQL, with real providers in the real sandbox
    Test {
        /// Passed on to `cargo test`, such as the name of a test or `-p CRATE`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Build the official providers into target/providers and the tests' guests into target/test-guests
    BuildProviders,
    /// Build the hostile zoo's guests in C and Rust into target/zoo-modules
    BuildZoo,
    /// Measure the host beside its peers
    #[command(disable_help_flag = true)]
    Bench {
        /// Passed on to the bench: `--quick`, `--json`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// Let a fuzzer look for inputs that break the host, with a nightly toolchain
    Fuzz {
        /// One target, by its name in fuzz/fuzz_targets; all where none is named
        target: Option<String>,
        /// How long for each target
        #[arg(long, default_value_t = 2, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..))]
        minutes: u32,
    },
    /// Write the guide's references anew, and make a site of the guide in target/guide
    Guide,
    /// Check format, clippy, documentation, and the dependencies' licences, sources and advisories
    Lint,
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    match command {
        Command::Demo { arguments } => {
            providers::build()?;
            // The demo starts the host as an operator would: as a program of its own.
            cargo(["build", "--package", "autocontent", "--bins"])?;
            cargo(
                ["run", "--quiet", "--package", "autocontent", "--example", "demo", "--"]
                    .map(OsString::from)
                    .into_iter()
                    .chain(arguments),
            )
        }
        Command::Test { arguments } => {
            tools::programs()?;
            providers::build()?;
            zoo::build()?;
            let mut call: Vec<OsString> = vec!["test".into()];
            if !arguments.iter().any(|argument| argument == "-p" || argument == "--package") {
                call.push("--workspace".into());
            }
            cargo(call.into_iter().chain(arguments))
        }
        Command::BuildProviders => providers::build(),
        Command::BuildZoo => zoo::build(),
        Command::Bench { arguments } => {
            providers::build()?;
            zoo::build()?;
            cargo(
                ["bench", "--package", "autocontent", "--bench", "figures", "--"]
                    .map(OsString::from)
                    .into_iter()
                    .chain(arguments),
            )
        }
        Command::Fuzz { target, minutes } => fuzz::fuzz(target.as_deref(), minutes),
        Command::Guide => guide::build(),
        Command::Lint => lint::run(),
    }
}
