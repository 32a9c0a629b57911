//! What operators granted, by component: a version has only what was granted to its own digest.

use std::collections::{BTreeMap, BTreeSet};

use autocontent_manifest::{Capability, ProviderId};
use jiff::Timestamp;
use sqlx::FromRow;

use crate::Store;
use crate::audit::{Action, By};
use crate::database::{Tx, on};
use crate::error::StoreError;
use crate::ids::{Actor, ComponentDigest};
use crate::rows::Reading;

/// A capability that an operator granted to a version of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The version's component.
    pub digest: ComponentDigest,
    /// What was granted; it may be more or less than the version asks for.
    pub capability: Capability,
    /// When.
    pub granted_at: Timestamp,
    /// Who.
    pub granted_by: Actor,
}

impl Store {
    /// Grants capabilities to a version of a provider; those that it has stay as they are. Raises the revision.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchComponent`], or where the database cannot be written.
    pub async fn grant(
        &self,
        provider: &ProviderId,
        digest: &ComponentDigest,
        capabilities: &BTreeSet<Capability>,
        by: &By,
    ) -> Result<(), StoreError> {
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::Grant, provider.as_str(), &format!("{} to {digest}", joined(capabilities)))
            .await?;
        self.write_grants(&mut tx, digest, capabilities, by).await?;
        self.database.commit_revised(tx).await
    }

    /// Takes capabilities from every version of a provider, so that no upgrade or way back brings them again. Returns
    /// how many of them any version had; where none did, nothing is changed. Raises the revision.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn revoke(
        &self,
        provider: &ProviderId,
        capabilities: &BTreeSet<Capability>,
        by: &By,
    ) -> Result<usize, StoreError> {
        const SQL: &str = "DELETE FROM grants WHERE capability = $2 \
            AND digest IN (SELECT digest FROM components WHERE provider = $1)";
        let mut tx = self.database.begin().await?;
        self.enter(&mut tx, by, Action::Revoke, provider.as_str(), &joined(capabilities)).await?;
        let mut revoked = 0;
        for capability in capabilities {
            let rows = on!(&mut tx, c => {
                sqlx::query(SQL)
                    .bind(provider.as_str())
                    .bind(capability.to_string())
                    .execute(&mut **c)
                    .await
                    .map(|done| done.rows_affected())
            })
            .map_err(|error| self.database.error("revoke a capability", error))?;
            revoked += usize::from(rows > 0);
        }
        if revoked > 0 {
            self.database.commit_revised(tx).await?;
        }
        Ok(revoked)
    }

    /// All grants, by component and capability.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn grants(&self) -> Result<Vec<Grant>, StoreError> {
        const SQL: &str = "SELECT digest, capability, granted_at, granted_by FROM grants ORDER BY digest, capability";
        on!(&self.database.reader, pool => sqlx::query_as::<_, GrantRow>(SQL).fetch_all(pool).await)
            .map_err(|error| self.database.error("list the grants", error))?
            .into_iter()
            .map(GrantRow::read)
            .collect()
    }

    /// What each component was granted.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn granted(&self) -> Result<BTreeMap<ComponentDigest, BTreeSet<Capability>>, StoreError> {
        let mut granted: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for grant in self.grants().await? {
            granted.entry(grant.digest).or_default().insert(grant.capability);
        }
        Ok(granted)
    }

    pub(crate) async fn granted_to(
        &self,
        tx: &mut Tx,
        digest: &ComponentDigest,
    ) -> Result<BTreeSet<Capability>, StoreError> {
        let reading = Reading { table: "grants", row: digest.as_str() };
        on!(tx, c => {
            sqlx::query_scalar::<_, String>("SELECT capability FROM grants WHERE digest = $1")
                .bind(digest.as_str())
                .fetch_all(&mut **c)
                .await
        })
        .map_err(|error| self.database.error("read the grants", error))?
        .iter()
        .map(|capability| reading.parse("capability", capability))
        .collect()
    }

    pub(crate) async fn write_grants(
        &self,
        tx: &mut Tx,
        digest: &ComponentDigest,
        capabilities: &BTreeSet<Capability>,
        by: &By,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO grants (digest, capability, granted_at, granted_by) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (digest, capability) DO NOTHING";
        for capability in capabilities {
            let written = on!(&mut *tx, c => {
                sqlx::query(SQL)
                    .bind(digest.as_str())
                    .bind(capability.to_string())
                    .bind(by.at.as_millisecond())
                    .bind(by.actor.as_str())
                    .execute(&mut **c)
                    .await
                    .map(|_| ())
            });
            written.map_err(|error| match error {
                sqlx::Error::Database(error) if error.is_foreign_key_violation() => {
                    StoreError::NoSuchComponent { digest: digest.to_string() }
                }
                error => self.database.error("grant a capability", error),
            })?;
        }
        Ok(())
    }
}

fn joined(capabilities: &BTreeSet<Capability>) -> String {
    capabilities.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[derive(FromRow)]
struct GrantRow {
    digest: String,
    capability: String,
    granted_at: i64,
    granted_by: String,
}

impl GrantRow {
    fn read(self) -> Result<Grant, StoreError> {
        let reading = Reading { table: "grants", row: &self.digest };
        Ok(Grant {
            digest: reading.parse("digest", &self.digest)?,
            capability: reading.parse("capability", &self.capability)?,
            granted_at: reading.moment("granted_at", self.granted_at)?,
            granted_by: reading.parse("granted_by", &self.granted_by)?,
        })
    }
}
