//! `autocontent provider grant|revoke|grants`

use std::collections::BTreeSet;

use anyhow::Result;
use autocontent_manifest::{Capability, ProviderId};
use serde_json::json;

use super::{install, join};
use crate::config::Config;
use crate::host::{self, Host};
use crate::say::say;

pub(super) async fn grant(config: &Config, provider: &ProviderId, capabilities: Vec<Capability>) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let outcome = content.grant(provider, &BTreeSet::from_iter(capabilities), &host::actor()).await?;
    install::tell(provider, &outcome.version.version.to_string(), &outcome.granted, &outcome.advance);
    store.close().await;
    Ok(())
}

pub(super) async fn revoke(config: &Config, provider: &ProviderId, capabilities: Vec<Capability>) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let revoked = content.revoke(provider, &BTreeSet::from_iter(capabilities), &host::actor()).await?;
    say!("`{provider}` no longer has {}", join(revoked));
    store.close().await;
    Ok(())
}

/// Each version with what it asks for, has, and misses.
pub(super) async fn list(config: &Config, provider: &ProviderId, as_json: bool) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    for one in content.grants(provider).await? {
        let version = &one.version;
        if as_json {
            let grants: Vec<_> = one
                .grants
                .iter()
                .map(|grant| {
                    json!({ "capability": grant.capability, "granted_at": grant.granted_at, "granted_by": grant.granted_by })
                })
                .collect();
            say!(
                "{}",
                json!({ "version": version.version, "digest": version.digest, "asks": one.asks, "grants": grants, "in_force": one.in_force })
            );
            continue;
        }
        say!("{} {}", version.id, version.version);
        say!("  asks for  {}", join(&one.asks));
        say!("  may do    {}", join(&one.in_force));
        for grant in &one.grants {
            say!("  granted   {} by {} at {}", grant.capability, grant.granted_by, grant.granted_at);
        }
    }
    store.close().await;
    Ok(())
}
