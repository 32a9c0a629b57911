//! Granting and revoking: what an operator allows a version, and takes from all of them.

use std::collections::BTreeSet;

use autocontent_manifest::{Capability, Manifest, ProviderId};
use autocontent_store::{Actor, Grant, Installed, Versions};

use crate::life::error::listed;
use crate::life::{Advance, OperateError, granted, manifest_of};
use crate::service::Content;

/// What came of granting.
#[derive(Debug)]
pub struct GrantOutcome {
    /// The version that it was granted to.
    pub version: Installed,
    /// What was granted.
    pub granted: BTreeSet<Capability>,
    /// Whether that version serves now.
    pub advance: Advance,
}

/// What a version asks for and was granted.
#[derive(Debug)]
pub struct VersionGrants {
    /// The version.
    pub version: Installed,
    /// What it asks for.
    pub asks: BTreeSet<Capability>,
    /// What was granted to it.
    pub grants: Vec<Grant>,
    /// What it may do: both at once.
    pub in_force: BTreeSet<Capability>,
}

impl Content {
    /// Grants capabilities to the version that waits, or else to the one that serves; none means all that it asks for.
    /// A version that waited for them then serves.
    ///
    /// # Errors
    ///
    /// Where it isn't installed, doesn't ask for one of them, fails when it is tried, or the database refuses.
    pub async fn grant(
        &self,
        provider: &ProviderId,
        capabilities: &BTreeSet<Capability>,
        actor: &Actor,
    ) -> Result<GrantOutcome, OperateError> {
        let Versions { current, waiting, .. } = self.versions_of(provider).await?;
        let version = waiting.or(current).ok_or_else(|| OperateError::NotInstalled(provider.clone()))?;
        let manifest = manifest_of(&version)?;
        let granted = if capabilities.is_empty() { manifest.asks() } else { capabilities.clone() };
        if let Some(capability) = granted.iter().find(|capability| !is_asked(&manifest, capability)) {
            return Err(OperateError::NotAsked {
                provider: provider.clone(),
                version: version.version.to_string(),
                capability: capability.clone(),
                asks: listed(manifest.asks()),
            });
        }
        if !granted.is_empty() {
            self.store().grant(provider, &version.digest, &granted, &self.by(actor)).await?;
        }
        let advance = self.advance(provider, Some(&version.digest), actor).await?;
        Ok(GrantOutcome { version, granted, advance })
    }

    /// Takes capabilities from every version of a provider; none means all that any was granted. Returns them.
    ///
    /// # Errors
    ///
    /// Where it isn't installed, was granted none of them, or the database refuses.
    pub async fn revoke(
        &self,
        provider: &ProviderId,
        capabilities: &BTreeSet<Capability>,
        actor: &Actor,
    ) -> Result<BTreeSet<Capability>, OperateError> {
        let granted: BTreeSet<Capability> = self
            .grants(provider)
            .await?
            .into_iter()
            .flat_map(|version| version.grants.into_iter().map(|grant| grant.capability))
            .collect();
        let wanted = if capabilities.is_empty() { granted.clone() } else { capabilities.clone() };
        let unknown: BTreeSet<_> = wanted.difference(&granted).collect();
        if !unknown.is_empty() || wanted.is_empty() {
            let what = if wanted.is_empty() { "anything".to_owned() } else { listed(unknown) };
            return Err(OperateError::NotGranted { provider: provider.clone(), what, granted: listed(&granted) });
        }
        self.store().revoke(provider, &wanted, &self.by(actor)).await?;
        Ok(wanted)
    }

    /// What the versions of a provider ask for and were granted: the one that serves, the one that waits, and the one
    /// before, of those that there are.
    ///
    /// # Errors
    ///
    /// Where it isn't installed, or the database can't be read.
    pub async fn grants(&self, provider: &ProviderId) -> Result<Vec<VersionGrants>, OperateError> {
        let Versions { current, previous, waiting, .. } = self.versions_of(provider).await?;
        let grants = self.store().grants().await?;
        let of_version = |version: Installed| {
            let manifest = manifest_of(&version)?;
            let grants: Vec<Grant> = grants.iter().filter(|grant| grant.digest == version.digest).cloned().collect();
            let granted = grants.iter().map(|grant| grant.capability.clone()).collect();
            let in_force = granted::in_force(&manifest, &granted);
            Ok(VersionGrants { version, asks: manifest.asks(), grants, in_force })
        };
        [current, waiting, previous].into_iter().flatten().map(of_version).collect()
    }
}

/// Whether any of it is asked for, or taken unasked. Plain HTTP nobody asks for: it widens HTTP to the same host.
fn is_asked(manifest: &Manifest, capability: &Capability) -> bool {
    let wanted = match capability {
        Capability::PlainHttp(host) => Capability::Http(host.clone()),
        other => other.clone(),
    };
    manifest.takes(capability) || manifest.asks().iter().any(|asked| asked.meet(&wanted).is_some())
}
