//! A waiting version's turn: whether it may serve, and the switch.

use std::collections::BTreeSet;

use autocontent_manifest::{Capability, ProviderId};
use autocontent_store::{
    Actor, ComponentDigest, Installed, NewNotification, NotificationKind, StoreError, Turn, Versions,
};

use crate::life::error::listed;
use crate::life::{OperateError, granted, manifest_of};
use crate::service::Content;

/// How far a version got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Advance {
    /// It serves.
    Serves,
    /// It waits for this to be granted.
    Waits {
        /// What it asks for and neither it nor the version that serves was granted.
        missing: BTreeSet<Capability>,
    },
}

impl Content {
    /// Has the waiting version of a provider serve, if everything that it asks for is granted and its examples don't
    /// fail. With `expected`, only if it is the one that waits.
    ///
    /// # Errors
    ///
    /// Where it fails when it is tried (it is then given up), somebody else was faster, or the database refuses.
    pub(crate) async fn advance(
        &self,
        provider: &ProviderId,
        expected: Option<&ComponentDigest>,
        actor: &Actor,
    ) -> Result<Advance, OperateError> {
        let Versions { current, waiting, .. } = self.versions_of(provider).await?;
        let serves = |digest: &ComponentDigest| current.as_ref().is_some_and(|current| current.digest == *digest);
        let waiting = match (waiting, expected) {
            (Some(waiting), None) => waiting,
            (Some(waiting), Some(expected)) if waiting.digest == *expected => waiting,
            (None, None) => return Ok(Advance::Serves),
            (_, Some(expected)) if serves(expected) => return Ok(Advance::Serves),
            (_, Some(_)) => return Err(StoreError::Overtaken { provider: provider.to_string() }.into()),
        };
        let grants = self.store().granted().await?;
        let of = |digest: &ComponentDigest| grants.get(digest).cloned().unwrap_or_default();
        let waiting_grants = of(&waiting.digest);
        let current_grants = current.as_ref().map(|current| of(&current.digest)).unwrap_or_default();
        let force = match &current {
            Some(current) => granted::in_force(&manifest_of(current)?, &current_grants),
            None => BTreeSet::new(),
        };
        let manifest = manifest_of(&waiting)?;
        let missing = granted::missing(&manifest, &waiting_grants, &force);
        if !missing.is_empty() {
            self.tell_that_it_waits(&waiting, &missing).await?;
            return Ok(Advance::Waits { missing });
        }
        let inherits = granted::inherited(&manifest, &waiting_grants, &force);
        let granted = waiting_grants.union(&inherits).cloned().collect();
        self.smoke(&waiting, &granted, current.as_ref(), actor).await?;
        let turn = Turn {
            provider,
            current: current.as_ref().map(|current| &current.digest),
            waiting: &waiting.digest,
            current_grants: &current_grants,
            waiting_grants: &waiting_grants,
            inherits: &inherits,
        };
        self.store().switch(turn, &self.by(actor)).await?;
        Ok(Advance::Serves)
    }

    async fn tell_that_it_waits(&self, waiting: &Installed, missing: &BTreeSet<Capability>) -> Result<(), StoreError> {
        let (id, version) = (&waiting.id, &waiting.version);
        let detail = format!(
            "{version} waits, as it asks for {}: `autocontent provider grant {id}` grants it that",
            listed(missing)
        );
        let new = NewNotification {
            kind: NotificationKind::Waits,
            provider: id.clone(),
            account: None,
            detail,
            times: 1,
            at: self.now(),
        };
        self.store().notify(new).await
    }
}
