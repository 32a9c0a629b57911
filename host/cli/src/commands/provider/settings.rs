//! `autocontent provider settings|set|unset`

use anyhow::Result;
use autocontent_content::{AccountId, SettingSource, SettingState};
use autocontent_manifest::{ProviderId, SettingKind, SettingName};
use autocontent_store::{AccountName, Store};
use serde_json::json;

use crate::arguments::SettingArgument;
use crate::config::Config;
use crate::host::{self, Host};
use crate::say::say;

/// Each setting with its value, where that comes from, and what it takes.
pub(super) async fn list(
    config: &Config,
    provider: &ProviderId,
    account: Option<&AccountName>,
    as_json: bool,
) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let states = content.settings(provider, account_id(&store, account).await?).await?;
    if states.is_empty() && !as_json {
        say!("`{provider}` has no settings");
    }
    for SettingState { setting, value, source } in states {
        if as_json {
            say!(
                "{}",
                json!({
                    "name": setting.name, "kind": setting.kind.as_str(), "description": setting.description, "takes": takes(&setting.kind),
                    "value": value, "source": source,
                })
            );
            continue;
        }
        let value = value.map_or_else(|| "not set".to_owned(), |value| value.to_string());
        let from = match source {
            SettingSource::Account => "set for this account",
            SettingSource::AllAccounts => "set for all accounts",
            SettingSource::Default => "the default",
            SettingSource::Nowhere => "no default",
        };
        say!("{:20} {value} ({from})", setting.name);
        say!("{:20} {}; takes {}", "", setting.description, takes(&setting.kind));
    }
    store.close().await;
    Ok(())
}

pub(super) async fn set(
    config: &Config,
    provider: &ProviderId,
    account: Option<&AccountName>,
    values: &[SettingArgument],
) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let id = account_id(&store, account).await?;
    let values: Vec<_> = values.iter().map(|one| (one.name.clone(), one.value.clone())).collect();
    content.set(provider, id, &values, &host::actor()).await?;
    let names: Vec<_> = values.iter().map(|(name, _)| name.as_str()).collect();
    say!("set {} of `{provider}` for {}", names.join(", "), whom(account));
    store.close().await;
    Ok(())
}

pub(super) async fn unset(
    config: &Config,
    provider: &ProviderId,
    account: Option<&AccountName>,
    names: &[SettingName],
) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    content.unset(provider, account_id(&store, account).await?, names, &host::actor()).await?;
    let names: Vec<_> = names.iter().map(SettingName::as_str).collect();
    say!("unset {} of `{provider}` for {}", names.join(", "), whom(account));
    store.close().await;
    Ok(())
}

/// The account that is named; none for all.
pub(super) async fn account_id(store: &Store, account: Option<&AccountName>) -> Result<Option<AccountId>> {
    match account {
        Some(_) => Ok(Some(host::account(store, account).await?.id)),
        None => Ok(None),
    }
}

/// "`main`", or "all accounts".
pub(super) fn whom(account: Option<&AccountName>) -> String {
    account.map_or_else(|| "all accounts".to_owned(), |account| format!("`{account}`"))
}

/// What a setting takes, in words.
fn takes(kind: &SettingKind) -> String {
    fn list(choices: &[impl ToString]) -> Option<String> {
        let words: Vec<_> = choices.iter().map(ToString::to_string).collect();
        (!words.is_empty()).then(|| words.join(", "))
    }
    fn range(what: &str, min: Option<impl ToString>, max: Option<impl ToString>) -> String {
        match (min, max) {
            (Some(min), Some(max)) => format!("{what} from {} to {}", min.to_string(), max.to_string()),
            (Some(min), None) => format!("{what} from {}", min.to_string()),
            (None, Some(max)) => format!("{what} up to {}", max.to_string()),
            (None, None) => what.to_owned(),
        }
    }
    match kind {
        SettingKind::Text { choices, .. } => list(choices).unwrap_or_else(|| "a text".to_owned()),
        SettingKind::Integer { choices, min, max, .. } => {
            list(choices).unwrap_or_else(|| range("a whole number", *min, *max))
        }
        SettingKind::Number { choices, min, max, .. } => list(choices).unwrap_or_else(|| range("a number", *min, *max)),
        SettingKind::Boolean { .. } => "true or false".to_owned(),
        SettingKind::Texts { choices, .. } => {
            let some = "texts with commas between".to_owned();
            list(choices).map_or(some.clone(), |choices| format!("{some}, of {choices}"))
        }
    }
}
