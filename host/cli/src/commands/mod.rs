//! One file for each command.

mod account;
mod ask;
mod audit;
pub(crate) mod author;
mod config;
mod doctor;
mod history;
mod keys;
mod logs;
mod notifications;
mod personal;
mod provider;
mod secret_input;
mod serve;
pub(crate) mod sources;
mod stats;
pub(crate) mod trial;

pub(crate) use personal::Subject;

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::Command;
use crate::config::Config;

/// Carries a command out.
pub(crate) async fn run(command: Command, config: Config) -> Result<ExitCode> {
    match command {
        Command::Serve { watch } => serve::run(&config, watch.as_deref()).await.map(|()| ExitCode::SUCCESS),
        Command::Ask { line, json, locale, sensitive } => {
            ask::run(&config, &ask::Question { line, json, locale, sensitive }).await
        }
        Command::Provider(command) => provider::run(&config, command).await,
        Command::Account(command) => account::run(&config, command).await.map(|()| ExitCode::SUCCESS),
        Command::History { limit, account, json } => {
            history::run(&config, limit, account.as_ref(), json).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Export { member } => personal::export(&config, member).await.map(|()| ExitCode::SUCCESS),
        Command::Erase { whose, yes } => {
            personal::erase(&config, whose.subject(), yes).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Notifications { clear, json } => {
            notifications::run(&config, clear, json).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Audit { provider, limit, json } => {
            audit::run(&config, provider.as_ref(), limit, json).await.map(|()| ExitCode::SUCCESS)
        }
        Command::Keys(command) => keys::run(&config, &command).await.map(|()| ExitCode::SUCCESS),
        Command::Config(command) => config::run(&config, &command).map(|()| ExitCode::SUCCESS),
        Command::Doctor => doctor::run(&config).await,
        // Handled in `main`, before there is a configuration.
        Command::Compile { .. } => Ok(ExitCode::FAILURE),
    }
}
