//! A provider's life as an operator leads it: installed, granted what it asks for, tried, in service, upgraded, taken back,
//! removed; and how a running service notices.
//!
//! Whatever is installed waits first. [`advance`] decides whether it may serve: everything it asks for must be granted, to
//! it or to the version that serves now, and its examples are called once. Only then the two versions are exchanged, in one
//! step that another host's or operator's change makes fail. Calls in flight end on the version that they began on.
//!
//! - `install`, `advance`, `smoke`: from a file to a version that serves
//! - `granted`, `grant`: what a version may do, and how an operator changes that
//! - `versions`: back to the version before, and out of the house
//! - `enable`: which accounts offer it; `configure`: its settings and secrets
//! - `reload`: how a running service follows

mod advance;
mod configure;
mod enable;
mod error;
mod grant;
pub(crate) mod granted;
mod install;
pub(crate) mod reload;
mod smoke;
mod versions;

pub use advance::Advance;
pub use configure::{SecretState, SettingState};
pub use error::OperateError;
pub use grant::{GrantOutcome, VersionGrants};
pub use install::Installation;

use autocontent_manifest::{Manifest, ProviderId};
use autocontent_store::{Actor, By, Installed, StoreError, Versions};

use crate::service::Content;

impl Content {
    pub(crate) fn by(&self, actor: &Actor) -> By {
        By { actor: actor.clone(), at: self.now() }
    }

    pub(crate) async fn versions_of(&self, provider: &ProviderId) -> Result<Versions, OperateError> {
        self.store().versions_of(provider).await.map_err(|error| match error {
            StoreError::NoSuchProvider { .. } => OperateError::NotInstalled(provider.clone()),
            error => error.into(),
        })
    }
}

/// What an installed version says about itself.
pub(crate) fn manifest_of(installed: &Installed) -> Result<Manifest, OperateError> {
    Manifest::parse(&installed.manifest).map_err(|errors| OperateError::Manifest {
        provider: installed.id.clone(),
        version: installed.version.to_string(),
        reason: errors.to_string(),
    })
}
