//! `autocontent config check|show`

use anyhow::Result;

use crate::arguments::ConfigCommand;
use crate::config::Config;

/// By now the configuration is loaded, and so is valid.
pub(crate) fn run(config: &Config, command: &ConfigCommand) -> Result<()> {
    match command {
        ConfigCommand::Check => println!("the configuration is valid"),
        ConfigCommand::Show => print!("{}", config.to_toml()?),
    }
    Ok(())
}
