//! `autocontent keys rotate`

use anyhow::Result;

use crate::arguments::KeysCommand;
use crate::config::Config;
use crate::host;
use crate::say::say;

pub(crate) async fn run(config: &Config, command: &KeysCommand) -> Result<()> {
    match command {
        KeysCommand::Rotate => rotate(config).await,
    }
}

/// Whatever it is interrupted at, every secret can be read: the key is in its file before the first secret is encrypted
/// with it, and the secrets change all together.
async fn rotate(config: &Config) -> Result<()> {
    let store = host::open_store(config).await?;
    let secrets = store.rotate_keys().await?;
    say!(
        "encrypted {secrets} secrets with a new key: make a backup of {}, whose old keys older backups of the database need",
        config.key_file().display()
    );
    store.close().await;
    Ok(())
}
