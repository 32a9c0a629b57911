//! `autocontent provider …`, one file for each family of commands.
//!
//! - `inspect`: what a component is, before anything is done with it
//! - `install`: from a source to a version that waits or serves; the rest of what sources need is in `commands::sources`
//! - `grants`: what versions may do
//! - `versions`: which versions there are, back to the one before, and out of the house
//! - `enablement`: which accounts offer a provider
//! - `settings`, `secrets`: how it is set up

mod enablement;
mod grants;
mod inspect;
pub(crate) mod install;
mod secrets;
mod settings;
mod versions;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, anyhow};

use crate::arguments::ProviderCommand;
use crate::commands::{author, logs, sources, stats, trial};
use crate::config::Config;

pub(crate) async fn run(config: &Config, command: ProviderCommand) -> Result<ExitCode> {
    match command {
        ProviderCommand::Author(command) => author::run(command)?,
        ProviderCommand::Trial(command) => return trial::run(command).await,
        ProviderCommand::Dev(arguments) => author::dev::run(arguments).await?,
        ProviderCommand::Inspect { file, json } => inspect::show(&file, json)?,
        ProviderCommand::Schema => inspect::schema()?,
        ProviderCommand::Install { sources, grant } => return install::run(config, &sources, grant).await,
        ProviderCommand::Sources(command) => return sources::run(config, command).await,
        ProviderCommand::Grant { provider, capabilities } => grants::grant(config, &provider, capabilities).await?,
        ProviderCommand::Revoke { provider, capabilities } => grants::revoke(config, &provider, capabilities).await?,
        ProviderCommand::Grants { provider, json } => grants::list(config, &provider, json).await?,
        ProviderCommand::Rollback { provider } => versions::roll_back(config, &provider).await?,
        ProviderCommand::Enable(enablement) => enablement::enable(config, &enablement).await?,
        ProviderCommand::Disable(enablement) => enablement::disable(config, &enablement).await?,
        ProviderCommand::Settings { provider, account, json } => {
            settings::list(config, &provider, account.as_ref(), json).await?;
        }
        ProviderCommand::Set { provider, values, account } => {
            settings::set(config, &provider, account.as_ref(), &values).await?;
        }
        ProviderCommand::Unset { provider, names, account } => {
            settings::unset(config, &provider, account.as_ref(), &names).await?;
        }
        ProviderCommand::Secrets { provider, json } => secrets::list(config, &provider, json).await?,
        ProviderCommand::Secret { provider, name, account, forget } => {
            secrets::fill_in(config, &provider, &name, account.as_ref(), forget).await?;
        }
        ProviderCommand::List { json } => versions::list(config, json).await?,
        ProviderCommand::Stats { provider, days, json } => stats::run(config, provider.as_ref(), days, json).await?,
        ProviderCommand::Logs { provider, follow, limit, level, json } => {
            logs::run(config, &logs::Wanted { provider, follow, limit, level, json }).await?;
        }
        ProviderCommand::Remove { provider } => versions::remove(config, &provider).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|error| anyhow!("could not read {}: {error}; check the path", file.display()))
}

fn join(words: impl IntoIterator<Item = impl ToString>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| word.to_string()).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}
