//! What an operator does with providers: install, enable, and have a running service notice.

use std::sync::Arc;

use autocontent_manifest::{Manifest, ProviderId};
use autocontent_runtime::{Capabilities, Digest, Inspection, LoadError};
use autocontent_store::{AccountId, Installed, InvalidId, NewProvider, StoreError};

use crate::calls::ProviderLog;
use crate::catalogue::{Catalogue, Served, Unusable};
use crate::service::Content;

/// An operator's wish could not be carried out; nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OperateError {
    /// The file is no provider that this host can run.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The component's digest is none that the store can keep.
    #[error(transparent)]
    Digest(#[from] InvalidId),
    /// Two providers of one account would answer the same command.
    #[error(
        "`{provider}` has a command `/{command}`, and so has `{other}`, which is enabled there: disable one of them first"
    )]
    Conflict {
        /// The provider that was to be enabled.
        provider: ProviderId,
        /// The command's name.
        command: String,
        /// The provider that is enabled.
        other: ProviderId,
    },
    /// No such provider is installed.
    #[error("no provider `{0}` is installed: `autocontent provider list` shows those that are")]
    NotInstalled(ProviderId),
}

impl Content {
    /// Checks a component, compiles it and installs it, as a new provider or as another version of one.
    ///
    /// # Errors
    ///
    /// Where it is no provider that this host can run, or the database refuses.
    pub async fn install(&self, component: Vec<u8>) -> Result<Inspection, OperateError> {
        let inspection = self.runtime().compile(&component).await?;
        let about = &inspection.manifest.provider;
        let provider = NewProvider {
            id: about.id.clone(),
            version: about.version.clone(),
            digest: inspection.digest.to_string().parse()?,
            manifest: inspection.manifest_text.clone(),
            component,
        };
        self.store().install(provider, self.now()).await?;
        Ok(inspection)
    }

    /// Lets an account's members use a provider.
    ///
    /// # Errors
    ///
    /// Where the provider isn't installed, or one of its commands is another's there.
    pub async fn enable(&self, account: AccountId, provider: &ProviderId) -> Result<(), OperateError> {
        let installed = self.store().installed().await?;
        let enabled = self.store().enabled().await?;
        let wanted = installed
            .iter()
            .find(|one| one.id == *provider)
            .ok_or_else(|| OperateError::NotInstalled(provider.clone()))?;
        let wanted = command_names(wanted);
        let beside = installed.iter().filter(|one| one.id != *provider && enabled.contains(&(account, one.id.clone())));
        for other in beside {
            if let Some(command) = command_names(other).into_iter().find(|name| wanted.contains(name)) {
                return Err(OperateError::Conflict { provider: provider.clone(), command, other: other.id.clone() });
            }
        }
        Ok(self.store().enable(account, provider, self.now()).await?)
    }

    /// Brings what is installed and enabled into service. A provider that can't be loaded is left out and named; the
    /// others serve.
    ///
    /// # Errors
    ///
    /// Where the database can't be read; the service then goes on as it was.
    pub async fn reload(&self) -> Result<Vec<Unusable>, StoreError> {
        let installed = self.store().installed().await?;
        let enabled = self.store().enabled().await?;
        let mut served = Vec::with_capacity(installed.len());
        let mut unusable = Vec::new();
        for provider in installed {
            // What is loaded already stays, with the calls that are in flight.
            if let Some(loaded) = self.catalogue().served(&provider.digest) {
                served.push(loaded);
                continue;
            }
            match self.load(&provider).await {
                Ok(provider) => served.push(Arc::new(provider)),
                Err(error) => unusable.push(Unusable { provider: provider.id, reason: error.to_string() }),
            }
        }
        self.replace_catalogue(Catalogue::new(served, &enabled));
        Ok(unusable)
    }

    async fn load(&self, installed: &Installed) -> Result<Served, Box<dyn std::error::Error + Send + Sync>> {
        let digest: Digest = installed.digest.as_str().parse()?;
        let provider = self.runtime().load(&digest, || self.store().component(&installed.digest)).await?;
        let log = Arc::new(ProviderLog { provider: installed.id.clone(), book: Arc::clone(&self.calls().logs) });
        Ok(Served {
            id: installed.id.clone(),
            name: provider.manifest().provider.name.clone(),
            digest,
            installed: installed.digest.clone(),
            provider,
            capabilities: Capabilities { log, ..self.capabilities().clone() },
        })
    }
}

fn command_names(installed: &Installed) -> Vec<String> {
    let manifest = Manifest::parse(&installed.manifest);
    manifest
        .map(|manifest| manifest.commands.iter().map(|command| command.name.to_string()).collect())
        .unwrap_or_default()
}
