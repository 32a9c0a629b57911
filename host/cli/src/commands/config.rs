//! `autocontent config check|show`

use anyhow::Result;

use crate::arguments::ConfigCommand;
use crate::config::Config;
use crate::say::say;

/// By now the configuration is loaded, and so is valid.
pub(crate) fn run(config: &Config, command: &ConfigCommand) -> Result<()> {
    match command {
        ConfigCommand::Check => say!("the configuration is valid"),
        ConfigCommand::Show => crate::say::text(format_args!("{}", config.to_toml()?)),
    }
    Ok(())
}
