//! Which accounts offer a provider.

use autocontent_manifest::ProviderId;
use autocontent_store::{AccountId, Actor, Installed};

use crate::life::{OperateError, manifest_of};
use crate::service::Content;

impl Content {
    /// Lets an account's members use a provider.
    ///
    /// # Errors
    ///
    /// Where the provider isn't installed or doesn't serve yet, or one of its commands is another's there.
    pub async fn enable(&self, account: AccountId, provider: &ProviderId, actor: &Actor) -> Result<(), OperateError> {
        let wanted = self.versions_of(provider).await?.current.ok_or_else(|| OperateError::Waits(provider.clone()))?;
        let installed = self.store().installed().await?;
        let enabled = self.store().enabled().await?;
        let wanted = command_names(&wanted);
        let beside = installed.iter().filter(|one| one.id != *provider && enabled.contains(&(account, one.id.clone())));
        for other in beside {
            if let Some(command) = command_names(other).into_iter().find(|name| wanted.contains(name)) {
                return Err(OperateError::Conflict { provider: provider.clone(), command, other: other.id.clone() });
            }
        }
        Ok(self.store().enable(account, provider, &self.by(actor)).await?)
    }

    /// Takes a provider from an account's members. Doing it again changes nothing.
    ///
    /// # Errors
    ///
    /// Where the provider isn't installed, or the database refuses.
    pub async fn disable(&self, account: AccountId, provider: &ProviderId, actor: &Actor) -> Result<(), OperateError> {
        self.versions_of(provider).await?;
        Ok(self.store().disable(account, provider, &self.by(actor)).await?)
    }
}

fn command_names(installed: &Installed) -> Vec<String> {
    let manifest = manifest_of(installed);
    manifest
        .map(|manifest| manifest.commands.iter().map(|command| command.name.to_string()).collect())
        .unwrap_or_default()
}
