//! Back to the version before, and out of the house.

use autocontent_manifest::ProviderId;
use autocontent_store::{Actor, Installed, Versions};

use crate::life::OperateError;
use crate::service::Content;

impl Content {
    /// Exchanges the version that serves and the one before it. Returns the one that serves now.
    ///
    /// # Errors
    ///
    /// Where there is none before it or it can't be loaded any more, somebody else was faster, or the database refuses.
    pub async fn roll_back(&self, provider: &ProviderId, actor: &Actor) -> Result<Installed, OperateError> {
        let Versions { current, previous, .. } = self.versions_of(provider).await?;
        let (Some(current), Some(previous)) = (current, previous) else {
            return Err(OperateError::NoWayBack(provider.clone()));
        };
        self.load(&previous).await?;
        self.store().roll_back(provider, &current.digest, &previous.digest, &self.by(actor)).await?;
        Ok(previous)
    }

    /// Removes a provider with all its versions, grants, settings and secrets. Its history stays.
    ///
    /// # Errors
    ///
    /// Where it isn't installed, or the database refuses.
    pub async fn remove(&self, provider: &ProviderId, actor: &Actor) -> Result<(), OperateError> {
        self.versions_of(provider).await?;
        Ok(self.store().remove_provider(provider, &self.by(actor)).await?)
    }
}
