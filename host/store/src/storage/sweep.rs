//! Removing entries: those whose time is over, and those of somebody who is erased.

use autocontent_manifest::ProviderId;
use jiff::Timestamp;

use super::changes::{lock_use, set_use};
use super::owner::Owners;
use crate::Store;
use crate::database::{Executor, on};
use crate::error::StoreError;
use crate::rows::Reading;

/// Which of a provider's entries.
pub(super) enum Which {
    /// Whose time is over at that moment.
    Over { at: Timestamp },
    /// Whoever they belong to.
    Of(Owners),
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Removed {
    pub(super) entries: u64,
    pub(super) bytes: u64,
}

impl Store {
    /// Deletes entries of providers whose time is over at the moment `at`, at most `limit`, and returns how many it were;
    /// none are left where it were 0.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn sweep_storage(&self, at: Timestamp, limit: u32) -> Result<u64, StoreError> {
        const SQL: &str = "SELECT provider FROM storage WHERE expires_at <= $1 ORDER BY expires_at LIMIT 1";
        let provider = on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, String>(SQL).bind(at.as_millisecond()).fetch_optional(pool).await
        })
        .map_err(|error| self.database.error("look for entries whose time is over", error))?;
        match provider {
            Some(provider) => self.remove_storage(&provider, &Which::Over { at }, limit).await,
            None => Ok(0),
        }
    }

    /// Forgets what is kept for providers that are gone: a call that was in flight when its provider was removed may have
    /// kept something after that. Returns how many providers it were.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn sweep_removed_providers(&self) -> Result<u64, StoreError> {
        const SQL: &str = "DELETE FROM storage_use WHERE provider NOT IN (SELECT id FROM providers) \
            AND provider NOT IN (SELECT provider FROM waiting)";
        on!(&self.database.writer, pool => sqlx::query(SQL).execute(pool).await.map(|done| done.rows_affected()))
            .map_err(|error| self.database.error("forget what removed providers kept", error))
    }

    /// Removes what belongs to these owners, some at a time, and returns how many entries it were.
    pub(crate) async fn erase_storage(&self, owners: &Owners) -> Result<u64, StoreError> {
        const SQL: &str =
            "SELECT DISTINCT provider FROM storage WHERE owner = $1 OR (owner >= $2 AND owner < $3) ORDER BY provider";
        let providers = on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, String>(SQL)
                .bind(&*owners.one)
                .bind(&*owners.from)
                .bind(&*owners.to)
                .fetch_all(pool)
                .await
        })
        .map_err(|error| self.database.error("look for what providers keep", error))?;
        let which = Which::Of(owners.clone());
        let mut erased = 0;
        for provider in providers {
            loop {
                match self.remove_storage(&provider, &which, BATCH).await? {
                    0 => break,
                    removed => erased += removed,
                }
            }
        }
        Ok(erased)
    }

    async fn remove_storage(&self, provider: &str, which: &Which, limit: u32) -> Result<u64, StoreError> {
        let failed = |error| self.database.error("remove what a provider keeps", error);
        let reading = Reading { table: "storage", row: provider };
        let provider: ProviderId = reading.parse("provider", provider)?;
        let mut tx = self.database.begin().await?;
        let mut connection = Executor::of_transaction(&mut tx);
        let used = lock_use(&mut connection, &provider).await.map_err(failed)?;
        let removed = remove_entries(&mut connection, &provider, which, limit).await.map_err(failed)?;
        set_use(&mut connection, &provider, used.saturating_sub(removed.bytes)).await.map_err(failed)?;
        self.database.commit(tx).await?;
        Ok(removed.entries)
    }
}

/// Entries in one transaction, so that nobody else waits long.
const BATCH: u32 = 500;

/// Removes at most `limit` of a provider's entries. Whoever calls has locked its use and changes that.
pub(super) async fn remove_entries(
    connection: &mut Executor<'_>,
    provider: &ProviderId,
    which: &Which,
    limit: u32,
) -> Result<Removed, sqlx::Error> {
    const OVER: &str = "DELETE FROM storage WHERE provider = $1 AND (owner, key) IN \
        (SELECT owner, key FROM storage WHERE provider = $1 AND expires_at <= $2 ORDER BY expires_at LIMIT $3) \
        RETURNING CAST(length(key) + length(value) AS BIGINT)";
    const OF: &str = "DELETE FROM storage WHERE provider = $1 AND (owner, key) IN \
        (SELECT owner, key FROM storage WHERE provider = $1 AND (owner = $2 OR (owner >= $3 AND owner < $4)) LIMIT $5) \
        RETURNING CAST(length(key) + length(value) AS BIGINT)";
    let bytes = on!(connection, c => match which {
        Which::Over { at } => {
            sqlx::query_scalar::<_, i64>(OVER)
                .bind(provider.as_str())
                .bind(at.as_millisecond())
                .bind(i64::from(limit))
                .fetch_all(&mut **c)
                .await?
        }
        Which::Of(owners) => {
            sqlx::query_scalar::<_, i64>(OF)
                .bind(provider.as_str())
                .bind(&*owners.one)
                .bind(&*owners.from)
                .bind(&*owners.to)
                .bind(i64::from(limit))
                .fetch_all(&mut **c)
                .await?
        }
    });
    Ok(Removed { entries: bytes.len() as u64, bytes: bytes.iter().map(|bytes| bytes.unsigned_abs()).sum() })
}
