//! `autocontent provider secrets|secret`: values come from the environment or standard input, and are never shown.

use anyhow::Result;
use autocontent_content::SecretState;
use autocontent_manifest::{ProviderId, SecretName, SecretPlace};
use autocontent_store::AccountName;
use serde_json::json;

use super::settings::{account_id, whom};
use crate::commands::secret_input;
use crate::config::Config;
use crate::host::{self, Host};
use crate::say::say;

/// The variable that a secret's value may be put into.
pub(super) const VARIABLE: &str = "AUTOCONTENT_SECRET";

/// Each secret with where it is sent and for whom it was filled in.
pub(super) async fn list(config: &Config, provider: &ProviderId, as_json: bool) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let (states, accounts) = (content.secrets(provider).await?, store.accounts().await?);
    if states.is_empty() && !as_json {
        say!("`{provider}` has no secrets");
    }
    for SecretState { secret, filled_in } in states {
        let name_of = |id| accounts.iter().find(|account| account.id == id).map(|account| account.name.to_string());
        let of: Vec<Option<String>> = filled_in.iter().map(|kept| kept.account.and_then(name_of)).collect();
        let place = match &secret.place {
            SecretPlace::Header(name) => format!("header {name}"),
            SecretPlace::Query(name) => format!("query {name}"),
        };
        if as_json {
            say!(
                "{}",
                json!({
                    "name": secret.name, "description": secret.description, "host": secret.host, "place": place,
                    "all_accounts": of.contains(&None), "accounts": of.iter().flatten().collect::<Vec<_>>(),
                })
            );
            continue;
        }
        let whose: Vec<_> =
            of.into_iter().map(|account| account.unwrap_or_else(|| "all accounts".to_owned())).collect();
        let state = if whose.is_empty() { "not set".to_owned() } else { format!("set for {}", whose.join(", ")) };
        say!("{:20} {state}", secret.name);
        say!("{:20} {}; sent to {} as {place}", "", secret.description, secret.host);
    }
    store.close().await;
    Ok(())
}

/// Fills a secret in, or forgets it.
pub(super) async fn fill_in(
    config: &Config,
    provider: &ProviderId,
    name: &SecretName,
    account: Option<&AccountName>,
    forget: bool,
) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let id = account_id(&store, account).await?;
    if forget {
        content.unset_secret(provider, id, name, &host::actor()).await?;
        say!("forgot the secret {name} of `{provider}` for {}", whom(account));
    } else {
        let value = secret_input::read("secret", VARIABLE)?;
        content.set_secret(provider, id, name, &value, &host::actor()).await?;
        say!("set the secret {name} of `{provider}` for {}", whom(account));
    }
    store.close().await;
    Ok(())
}
