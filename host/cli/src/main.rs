//! The binary `autocontent`: configuration, wiring, life cycle, and operators' commands.
#![warn(clippy::print_stdout, reason = "`say!` prints where nobody may read any longer")]

mod arguments;
mod commands;
mod config;
mod host;
mod logging;
mod memory;
mod metrics;
mod say;
mod show;
mod sweeper;
mod trusted;
mod watched;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser as _;

use crate::arguments::{Arguments, Command, ProviderCommand};
use crate::config::{Config, ConfigError};
use crate::logging::Reader;

/// What went wrong while carrying a command out.
const FAILED: u8 = 1;
/// The command line or the configuration is wrong; clap's own code.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Command::Compile { arguments } = arguments.command {
        return autocontent_runtime::compile_child_main(arguments);
    }
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("autocontent: {}", sentence(&error));
            ExitCode::from(if error.is::<ConfigError>() { USAGE } else { FAILED })
        }
    }
}

/// The error and its causes, each said once: some errors quote their cause themselves.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    error.chain().skip(1).fold(error.to_string(), |said, cause| {
        let cause = cause.to_string();
        if said.contains(&cause) { said } else { format!("{said}: {cause}") }
    })
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let config = Config::load(&arguments.settings)?;
    let reader = match arguments.command {
        Command::Serve { .. } => Reader::Operator,
        Command::Provider(ProviderCommand::Trial(_) | ProviderCommand::Dev(_)) => Reader::Nobody,
        _ => Reader::Person,
    };
    logging::start(&config, reader)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(commands::run(arguments.command, config));
    // A thread that waits for standard input can't be told to stop.
    runtime.shutdown_background();
    done
}
