//! From one version of a provider to another. Whoever changes a version says what it was when they looked: where another
//! host or operator was faster, nothing is changed.

use std::collections::BTreeSet;

use autocontent_manifest::{Capability, ProviderId};

use crate::Store;
use crate::audit::{Action, By};
use crate::database::{Tx, on};
use crate::error::StoreError;
use crate::ids::ComponentDigest;
use crate::notifications::NotificationKind;
use crate::providers::NewProvider;

/// A waiting version's turn to serve, with what was true when it was tried.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// The provider.
    pub provider: &'a ProviderId,
    /// The version that served; none where none did yet.
    pub current: Option<&'a ComponentDigest>,
    /// The version that is to serve.
    pub waiting: &'a ComponentDigest,
    /// What `current` was granted.
    pub current_grants: &'a BTreeSet<Capability>,
    /// What `waiting` was granted.
    pub waiting_grants: &'a BTreeSet<Capability>,
    /// What `waiting` is granted now, as `current` has it.
    pub inherits: &'a BTreeSet<Capability>,
}

impl Store {
    /// Keeps a component as the version of its provider that is to serve next, instead of another one that waited.
    /// Where it serves already, nothing waits any more. Raises the revision.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn install(&self, new: NewProvider, by: &By) -> Result<(), StoreError> {
        const COMPONENT: &str = "INSERT INTO components \
            (digest, provider, version, manifest, component, installed_at, origin, signer) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
            ON CONFLICT (digest) DO UPDATE SET origin = excluded.origin, signer = excluded.signer";
        const NO_MORE: &str = "DELETE FROM waiting WHERE provider = $1";
        const WAITING: &str = "INSERT INTO waiting (provider, digest, since) SELECT $1, $2, $3 \
            WHERE NOT EXISTS (SELECT 1 FROM providers WHERE id = $1 AND digest = $2)";
        let mut tx = self.database.begin().await?;
        let (id, digest, version) = (new.id.as_str(), new.digest.as_str(), new.version.to_string());
        let at = by.at.as_millisecond();
        let detail = format!("{version} {digest} from {}", new.origin.source);
        self.enter(&mut tx, by, Action::Install, id, &detail).await?;
        on!(&mut tx, c => async {
            sqlx::query(COMPONENT)
                .bind(digest)
                .bind(id)
                .bind(version)
                .bind(new.manifest)
                .bind(new.component)
                .bind(at)
                .bind(new.origin.source)
                .bind(new.origin.signer)
                .execute(&mut **c)
                .await?;
            sqlx::query(NO_MORE).bind(id).execute(&mut **c).await?;
            sqlx::query(WAITING).bind(id).bind(digest).bind(at).execute(&mut **c).await?;
            Ok(())
        }.await)
        .map_err(|error| self.database.error("install a provider", error))?;
        self.forget_unserved(&mut tx, &new.id).await?;
        self.database.commit_revised(tx).await
    }

    /// Has the waiting version serve, with what it inherits, and forgets the notifications that it waited. Raises the
    /// revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::Overtaken`] where versions or grants are no longer what they were, or where the database cannot be
    /// written.
    pub async fn switch(&self, turn: Turn<'_>, by: &By) -> Result<(), StoreError> {
        const FIRST: &str = "INSERT INTO providers (id, digest) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
        const NEXT: &str = "UPDATE providers SET previous = digest, digest = $2 WHERE id = $1 AND digest = $3";
        const TAKEN: &str = "DELETE FROM waiting WHERE provider = $1 AND digest = $2";
        const SERVED: &str = "UPDATE components SET served_at = $2 WHERE digest = $1";
        let Turn { provider, current, waiting, current_grants, waiting_grants, inherits } = turn;
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::Serve, provider.as_str(), waiting.as_str()).await?;
        if let Some(current) = current
            && self.granted_to(&mut tx, current).await? != *current_grants
        {
            return Err(overtaken(provider));
        }
        if self.granted_to(&mut tx, waiting).await? != *waiting_grants {
            return Err(overtaken(provider));
        }
        let (id, digest) = (provider.as_str(), waiting.as_str());
        let switched = on!(&mut tx, c => async {
            // First of all: a component that waits no longer may be gone.
            if sqlx::query(TAKEN).bind(id).bind(digest).execute(&mut **c).await?.rows_affected() == 0 {
                return Ok(false);
            }
            sqlx::query(SERVED).bind(digest).bind(by.at.as_millisecond()).execute(&mut **c).await?;
            let serves = match current {
                None => sqlx::query(FIRST).bind(id).bind(digest).execute(&mut **c).await?,
                Some(current) => sqlx::query(NEXT).bind(id).bind(digest).bind(current.as_str()).execute(&mut **c).await?,
            };
            Ok(serves.rows_affected() > 0)
        }.await)
        .map_err(|error| self.database.error("switch to another version", error))?;
        if !switched {
            return Err(overtaken(provider));
        }
        self.write_grants(&mut tx, waiting, inherits, by).await?;
        for kind in [NotificationKind::Waits, NotificationKind::SmokeFailed] {
            self.settle_notifications(&mut tx, kind, provider).await?;
        }
        self.database.commit_revised(tx).await
    }

    /// Gives up the waiting version. `reason` goes into the audit. Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::Overtaken`] where another version waits by now or none, or where the database cannot be written.
    pub async fn drop_waiting(
        &self,
        provider: &ProviderId,
        waiting: &ComponentDigest,
        reason: &str,
        by: &By,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::Drop, provider.as_str(), &format!("{waiting}: {reason}")).await?;
        let dropped = on!(&mut tx, c => {
            sqlx::query("DELETE FROM waiting WHERE provider = $1 AND digest = $2")
                .bind(provider.as_str())
                .bind(waiting.as_str())
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| self.database.error("give up a version", error))?;
        if dropped == 0 {
            return Err(overtaken(provider));
        }
        self.settle_notifications(&mut tx, NotificationKind::Waits, provider).await?;
        self.forget_unserved(&mut tx, provider).await?;
        self.database.commit_revised(tx).await
    }

    /// Exchanges the version that serves and the one before it. Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::Overtaken`] where the versions are no longer these, or where the database cannot be written.
    pub async fn roll_back(
        &self,
        provider: &ProviderId,
        current: &ComponentDigest,
        previous: &ComponentDigest,
        by: &By,
    ) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE providers SET digest = $3, previous = $2 WHERE id = $1 AND digest = $2 AND previous = $3";
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::RollBack, provider.as_str(), &format!("{current} to {previous}")).await?;
        let changed = on!(&mut tx, c => {
            sqlx::query(SQL)
                .bind(provider.as_str())
                .bind(current.as_str())
                .bind(previous.as_str())
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| self.database.error("roll a provider back", error))?;
        if changed == 0 {
            return Err(overtaken(provider));
        }
        self.database.commit_revised(tx).await
    }

    /// Removes a provider with all its versions, grants, settings, secrets and notifications, wherever it was enabled.
    /// Its history stays. Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchProvider`], or where the database cannot be written.
    pub async fn remove_provider(&self, provider: &ProviderId, by: &By) -> Result<(), StoreError> {
        // What makes a provider installed; its components go last of all, as these refer to them.
        const VERSIONS: [&str; 2] = ["DELETE FROM providers WHERE id = $1", "DELETE FROM waiting WHERE provider = $1"];
        const BELONGINGS: [&str; 7] = [
            "DELETE FROM settings WHERE provider = $1",
            "DELETE FROM secrets WHERE provider = $1",
            "DELETE FROM notifications WHERE provider = $1",
            "DELETE FROM statistics WHERE provider = $1",
            "DELETE FROM provider_logs WHERE provider = $1",
            "DELETE FROM storage_use WHERE provider = $1",
            "DELETE FROM components WHERE provider = $1",
        ];
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::Remove, provider.as_str(), "").await?;
        let removed = on!(&mut tx, c => async {
            let mut removed = 0;
            for sql in VERSIONS {
                removed += sqlx::query(sql).bind(provider.as_str()).execute(&mut **c).await?.rows_affected();
            }
            for sql in BELONGINGS {
                sqlx::query(sql).bind(provider.as_str()).execute(&mut **c).await?;
            }
            Ok(removed)
        }.await)
        .map_err(|error| self.database.error("remove a provider", error))?;
        if removed == 0 {
            return Err(StoreError::NoSuchProvider { provider: provider.to_string() });
        }
        self.database.commit_revised(tx).await
    }

    /// Forgets the provider's components that never served and never will: no delivery can refer to them.
    async fn forget_unserved(&self, tx: &mut Tx, provider: &ProviderId) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM components WHERE provider = $1 \
            AND served_at IS NULL AND digest NOT IN (SELECT digest FROM waiting)";
        on!(tx, c => sqlx::query(SQL).bind(provider.as_str()).execute(&mut **c).await.map(|_| ()))
            .map_err(|error| self.database.error("forget a component", error))
    }
}

fn overtaken(provider: &ProviderId) -> StoreError {
    StoreError::Overtaken { provider: provider.to_string() }
}
