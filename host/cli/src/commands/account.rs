//! `autocontent account add|list|start|stop|token|remove`

use anyhow::Result;
use autocontent_store::{Account, AccountId, AccountName, Desired, NewAccount, Status, Store, Transport};
use secrecy::SecretString;
use serde_json::json;

use crate::arguments::AccountCommand;
use crate::commands::secret_input;
use crate::config::Config;
use crate::host::{self, Host};
use crate::say::say;

/// The variable that a bot's token may be put into.
const TOKEN: &str = "DISCORD_TOKEN";

pub(crate) async fn run(config: &Config, command: AccountCommand) -> Result<()> {
    let Host { store, content, clock, .. } = Host::open(config).await?;
    match command {
        AccountCommand::Add { name, transport } => {
            let token = read_token()?;
            add(&store, content.account_id(), name.clone(), token, transport.into(), clock.now()).await?;
            say!(
                "added account `{name}`: `autocontent serve` runs it; give it content with `autocontent provider enable PROVIDER --account {name}`"
            );
        }
        AccountCommand::List { json } => list(&store.accounts().await?, json)?,
        AccountCommand::Start { name } => {
            set_desired(&store, &name, Desired::Running).await?;
            say!("`{name}` will run");
        }
        AccountCommand::Stop { name } => {
            set_desired(&store, &name, Desired::Stopped).await?;
            say!("`{name}` will stop");
        }
        AccountCommand::Token { name } => {
            let account = host::account(&store, Some(&name)).await?;
            store.replace_token(account.id, &read_token()?).await?;
            say!("`{name}` has another token");
        }
        AccountCommand::Remove { name } => {
            let account = host::account(&store, Some(&name)).await?;
            store.remove_account(account.id).await?;
            say!("removed account `{name}`");
        }
    }
    store.close().await;
    Ok(())
}

/// Adds an account that is to run.
pub(crate) async fn add(
    store: &Store,
    id: AccountId,
    name: AccountName,
    token: SecretString,
    transport: Transport,
    at: jiff::Timestamp,
) -> Result<()> {
    store.add_account(NewAccount { id, name, token, transport, desired: Desired::Running, created_at: at }).await?;
    Ok(())
}

async fn set_desired(store: &Store, name: &AccountName, desired: Desired) -> Result<()> {
    let account = host::account(store, Some(name)).await?;
    store.set_desired(account.id, desired).await?;
    Ok(())
}

/// The token from DISCORD_TOKEN, or from standard input.
fn read_token() -> Result<SecretString> {
    secret_input::read("bot's token", TOKEN)
}

/// The token from DISCORD_TOKEN, if there is one.
pub(crate) fn token_from_environment() -> Option<SecretString> {
    secret_input::from_environment(TOKEN)
}

fn list(accounts: &[Account], as_json: bool) -> Result<()> {
    if accounts.is_empty() && !as_json {
        say!("no accounts yet: add one with `autocontent account add NAME`");
    }
    for account in accounts {
        let Account { id, name, transport, desired, status, reason, application, .. } = account;
        if as_json {
            say!(
                "{}",
                json!({ "id": id, "name": name, "transport": transport, "desired": desired, "status": status, "reason": reason, "application": application })
            );
        } else {
            let status = match (desired, status) {
                (Desired::Stopped, Status::Stopped) => "stopped".to_owned(),
                (_, status) => status.to_string(),
            };
            let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
            say!("{name:20} {:8} {status}{reason}", transport.as_str());
        }
    }
    Ok(())
}
