//! How a running service follows what operators changed: versions, grants, settings and secrets alike.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use autocontent_manifest::Capability;
use autocontent_runtime::{Digest, Provider};
use autocontent_store::{ComponentDigest, Installed, KeptSecret, KeptSetting, Store, StoreError, Versions};

use crate::calls::ProviderLog;
use crate::catalogue::{Catalogue, Served, Unusable};
use crate::life::{OperateError, granted};
use crate::reach::{self, Outside};
use crate::service::Content;
use crate::settings::Configurations;

/// What operators decided about providers, besides their versions.
pub(crate) struct Kept {
    pub(crate) granted: BTreeMap<ComponentDigest, BTreeSet<Capability>>,
    pub(crate) settings: Vec<KeptSetting>,
    pub(crate) secrets: Vec<KeptSecret>,
}

impl Kept {
    pub(crate) async fn read(store: &Store) -> Result<Kept, StoreError> {
        Ok(Kept { granted: store.granted().await?, settings: store.settings().await?, secrets: store.secrets().await? })
    }
}

impl Content {
    /// Brings what is installed and enabled into service. A provider that can't be loaded is left out and named; the
    /// others serve. Calls in flight end as they began.
    ///
    /// # Errors
    ///
    /// Where the database can't be read; the service then goes on as it was.
    pub async fn reload(&self) -> Result<Vec<Unusable>, StoreError> {
        let installed = self.store().installed().await?;
        let enabled = self.store().enabled().await?;
        let kept = Kept::read(self.store()).await?;
        let mut served = Vec::with_capacity(installed.len());
        let mut unusable = Vec::new();
        for version in installed {
            match self.ready(&version, &kept).await {
                Ok(ready) => served.push(Arc::new(ready)),
                Err(error) => unusable.push(Unusable { provider: version.id, reason: error.to_string() }),
            }
        }
        self.replace_catalogue(Catalogue::new(served, &enabled));
        Ok(unusable)
    }

    /// Removes from the cache what was compiled of versions that are not kept any more.
    ///
    /// # Errors
    ///
    /// Where the database or the cache can't be read.
    pub async fn forget_compiled(&self) -> Result<usize, OperateError> {
        let mut kept = BTreeSet::new();
        for Versions { current, previous, waiting, .. } in self.store().versions().await? {
            for version in [current, previous, waiting].into_iter().flatten() {
                kept.insert(version.digest.as_str().parse::<Digest>()?);
            }
        }
        Ok(self.runtime().keep_only(kept).await?)
    }

    /// A version with all that it is given, ready to be asked.
    pub(crate) async fn ready(&self, version: &Installed, kept: &Kept) -> Result<Served, OperateError> {
        let provider = self.load(version).await?;
        let manifest = provider.manifest();
        let granted = kept.granted.get(&version.digest).cloned().unwrap_or_default();
        let granted = granted::in_force(manifest, &granted);
        let configurations = Configurations::read(self.store(), self.http(), version, manifest, &granted, kept).await?;
        let log = Arc::new(ProviderLog { provider: version.id.clone(), book: Arc::clone(&self.calls().logs) });
        let outside = Outside {
            provider: version.id.clone(),
            log,
            quota: reach::quota(&granted),
            store: self.store().clone(),
            clock: self.clock(),
        };
        Ok(Served::new(version, provider, configurations, outside))
    }

    /// The version's component: what is in service already, or from the cache, or compiled again from the database.
    pub(crate) async fn load(&self, version: &Installed) -> Result<Provider, OperateError> {
        if let Some(served) = self.catalogue().served(&version.digest) {
            return Ok(served.provider.clone());
        }
        let digest: Digest = version.digest.as_str().parse()?;
        Ok(self.runtime().load(&digest, || self.store().component(&version.digest)).await?)
    }
}
