//! `autocontent provider list|rollback|remove`

use anyhow::Result;
use autocontent_manifest::ProviderId;
use autocontent_store::Installed;
use serde_json::json;

use super::join;
use crate::config::Config;
use crate::host::{self, Host};
use crate::say::say;

/// Goes back to the version before.
pub(super) async fn roll_back(config: &Config, provider: &ProviderId) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let serves = content.roll_back(provider, &host::actor()).await?;
    say!("{} of `{provider}` serves again", serves.version);
    store.close().await;
    Ok(())
}

pub(super) async fn remove(config: &Config, provider: &ProviderId) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    content.remove(provider, &host::actor()).await?;
    say!("removed `{provider}`");
    store.close().await;
    Ok(())
}

/// Each provider with its versions, and where it is enabled.
pub(super) async fn list(config: &Config, as_json: bool) -> Result<()> {
    let store = host::open_store(config).await?;
    let (providers, enabled, accounts) = (store.versions().await?, store.enabled().await?, store.accounts().await?);
    if providers.is_empty() && !as_json {
        say!("no providers yet: install one with `autocontent provider install FILE`");
    }
    for provider in providers {
        let enabled = accounts.iter().filter(|account| enabled.contains(&(account.id, provider.id.clone())));
        let enabled: Vec<_> = enabled.map(|account| account.name.as_str()).collect();
        let (current, previous, waiting) = (&provider.current, &provider.previous, &provider.waiting);
        if as_json {
            say!(
                "{}",
                json!({
                    "id": provider.id, "version": current.as_ref().map(|one| &one.version), "digest": current.as_ref().map(|one| &one.digest),
                    "origin": origin(current), "signer": signer(current), "previous": version(previous), "waiting": version(waiting), "enabled": enabled,
                })
            );
            continue;
        }
        let serves = current.as_ref().map_or_else(|| "-".to_owned(), |one| one.version.to_string());
        let mut line = format!("{:20} {serves:10} enabled for {}", provider.id, join(enabled));
        if let Some(waiting) = waiting {
            line += &format!("; {} waits", waiting.version);
        }
        if let Some(previous) = previous {
            line += &format!("; {} before", previous.version);
        }
        say!("{line}");
    }
    store.close().await;
    Ok(())
}

fn version(version: &Option<Installed>) -> Option<serde_json::Value> {
    let version = version.as_ref()?;
    Some(json!({ "version": version.version, "digest": version.digest }))
}

fn origin(version: &Option<Installed>) -> Option<&str> {
    Some(version.as_ref()?.origin.as_ref()?.source.as_str())
}

fn signer(version: &Option<Installed>) -> Option<&str> {
    version.as_ref()?.origin.as_ref()?.signer.as_deref()
}
