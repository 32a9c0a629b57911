//! Who changed what, and when: one entry for each change of a provider's life, in the transaction that made it.

use jiff::Timestamp;
use sqlx::FromRow;

use crate::Store;
use crate::database::{Tx, on};
use crate::dialect;
use crate::error::StoreError;
use crate::ids::Actor;
use crate::rows::{Reading, words};

/// Who changes something, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub actor: Actor,
    /// Now.
    pub at: Timestamp,
}

words! {
    /// What was done.
    Action {
        /// A version was installed and waits for its turn.
        Install = "install",
        /// A version that waited began to serve.
        Serve = "serve",
        /// A version that waited was given up.
        Drop = "drop",
        /// The version before serves again.
        RollBack = "roll-back",
        /// A provider was removed with all its versions.
        Remove = "remove",
        /// Capabilities were granted to a version.
        Grant = "grant",
        /// Capabilities were taken from a provider.
        Revoke = "revoke",
        /// An account began to offer a provider.
        Enable = "enable",
        /// An account ceased to offer a provider.
        Disable = "disable",
        /// Settings were given values.
        Set = "set",
        /// Settings went back to their defaults.
        Unset = "unset",
        /// A secret was filled in.
        SetSecret = "set-secret",
        /// A secret was forgotten.
        UnsetSecret = "unset-secret",
    }
}

/// A change that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Counts from 1 without gaps, in the order of the changes.
    pub position: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: Action,
    /// The provider that it was done to.
    pub subject: String,
    /// More about it; never a secret.
    pub detail: String,
}

impl Store {
    /// What was changed, the newest first; of one provider, if one is named.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn audit(&self, subject: Option<&str>, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        const SQL: &str = "SELECT position, at, actor, action, subject, detail FROM audit \
            WHERE subject = COALESCE($1, subject) ORDER BY position DESC LIMIT $2";
        on!(&self.database.reader, pool => {
            sqlx::query_as::<_, AuditRow>(SQL).bind(subject).bind(i64::from(limit)).fetch_all(pool).await
        })
        .map_err(|error| self.database.error("read the audit", error))?
        .into_iter()
        .map(AuditRow::read)
        .collect()
    }

    /// Enters a change that is about to be made in the same transaction. It comes first there: it keeps all other changes
    /// with an entry waiting until this one is committed, so that each sees what the one before left.
    pub(crate) async fn enter(
        &self,
        tx: &mut Tx,
        by: &By,
        action: Action,
        subject: &str,
        detail: &str,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO audit (position, at, actor, action, subject, detail) \
            SELECT COALESCE(MAX(position), 0) + 1, $1, $2, $3, $4, $5 FROM audit";
        let failed = |error| self.database.error("enter a change into the audit", error);
        dialect::lock_audit(tx).await.map_err(failed)?;
        on!(tx, c => {
            sqlx::query(SQL)
                .bind(by.at.as_millisecond())
                .bind(by.actor.as_str())
                .bind(action.as_str())
                .bind(subject)
                .bind(detail)
                .execute(&mut **c)
                .await
                .map(|_| ())
        })
        .map_err(failed)
    }
}

#[derive(FromRow)]
struct AuditRow {
    position: i64,
    at: i64,
    actor: String,
    action: String,
    subject: String,
    detail: String,
}

impl AuditRow {
    fn read(self) -> Result<AuditEntry, StoreError> {
        let row = self.position.to_string();
        let reading = Reading { table: "audit", row: &row };
        Ok(AuditEntry {
            position: self.position,
            at: reading.moment("at", self.at)?,
            actor: reading.parse("actor", &self.actor)?,
            action: reading.parse("action", &self.action)?,
            subject: self.subject,
            detail: self.detail,
        })
    }
}
