//! What providers keep between calls: small values under keys, each belonging to the whole provider, a place or a member.
//!
//! Changes go through the writer, which applies all that wait for one provider in memory and writes the result with few
//! statements (see `changes`); so many increments of one key at once cost little more than one. Reading goes its own
//! way, and sees every change that was answered.

mod changes;
mod owner;
mod sweep;

use autocontent_manifest::{ByteSize, ProviderId};
use jiff::Timestamp;

use crate::Store;
use crate::database::on;
use crate::error::StoreError;

pub use owner::DataOwner;

pub(crate) use changes::{Change, change_all};
pub(crate) use owner::Owners;

/// The name of a value: UTF-8 of 1 to 256 bytes, with any characters in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StorageKey(Box<str>);

impl StorageKey {
    /// The longest key, in bytes.
    pub const LONGEST: usize = 256;

    /// The key of this text; none where it is empty or too long.
    #[must_use]
    pub fn new(text: &str) -> Option<StorageKey> {
        (1..=Self::LONGEST).contains(&text.len()).then(|| StorageKey(text.into()))
    }

    /// The key as bytes, which is how keys order.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Where a value is kept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StorageAddress {
    /// Whose storage it is in; no provider sees another's.
    pub provider: ProviderId,
    /// Whose data it is.
    pub owner: DataOwner,
    /// Its name there.
    pub key: StorageKey,
}

impl Store {
    /// The value that is kept there at the moment `at`.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn value(&self, address: &StorageAddress, at: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        const SQL: &str = "SELECT value FROM storage WHERE provider = $1 AND owner = $2 AND key = $3 \
            AND (expires_at IS NULL OR expires_at > $4)";
        on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, Vec<u8>>(SQL)
                .bind(address.provider.as_str())
                .bind(address.owner.to_string())
                .bind(address.key.as_bytes())
                .bind(at.as_millisecond())
                .fetch_optional(pool)
                .await
        })
        .map_err(|error| self.database.error("read a provider's storage", error))
    }

    /// Keeps a value there, until `expires_at` if given, in place of the one before. Durable when this returns.
    ///
    /// The quota counts the bytes of keys and values over all of the provider's entries, whoever they belong to. Entries whose time is over count until they are swept; a change that finds no room sweeps some of them first.
    ///
    /// # Errors
    ///
    /// [`StoreError::StorageFull`] where it would go over the quota and grows what the provider keeps; or where the database
    /// cannot be written.
    pub async fn set_value(
        &self,
        address: StorageAddress,
        value: Vec<u8>,
        expires_at: Option<Timestamp>,
        quota: ByteSize,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.writer.write(Change::set(address, value, expires_at, quota, at)).await.map(|_| ())
    }

    /// Forgets the value there; one that is missing is no error. Durable when this returns.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn forget_value(&self, address: StorageAddress, at: Timestamp) -> Result<(), StoreError> {
        self.writer.write(Change::forget(address, at)).await.map(|_| ())
    }

    /// Adds to the number that is kept there, as decimal digits, in one step, and returns the new one. A missing number
    /// counts from 0 and is kept for good; one that is there keeps its time to live. Durable when this returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotCountable`] where another value is kept there, or the number would leave 64 bits; the errors of
    /// [`Store::set_value`].
    pub async fn increment_value(
        &self,
        address: StorageAddress,
        by: i64,
        quota: ByteSize,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        self.writer.write(Change::increment(address, by, quota, at)).await.map(Option::unwrap_or_default)
    }

    /// The owner's keys that begin with `prefix` and come after `after`, in the order of their bytes, at most `limit`.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn keys(
        &self,
        provider: &ProviderId,
        owner: &DataOwner,
        prefix: &str,
        after: Option<&str>,
        limit: u32,
        at: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        const SQL: &str = "SELECT key FROM storage WHERE provider = $1 AND owner = $2 AND key >= $3 AND key < $4 \
            AND key > $5 AND (expires_at IS NULL OR expires_at > $6) ORDER BY key LIMIT $7";
        let keys = on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, Vec<u8>>(SQL)
                .bind(provider.as_str())
                .bind(owner.to_string())
                .bind(prefix.as_bytes())
                .bind(behind(prefix))
                // Every key comes after the empty one.
                .bind(after.unwrap_or_default().as_bytes())
                .bind(at.as_millisecond())
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await
        })
        .map_err(|error| self.database.error("list the keys of a provider's storage", error))?;
        Ok(keys.into_iter().map(|key| String::from_utf8_lossy(&key).into_owned()).collect())
    }

    /// What the provider's entries come to, in bytes; those whose time is over count until they are swept.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn storage_use(&self, provider: &ProviderId) -> Result<u64, StoreError> {
        on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, i64>("SELECT bytes FROM storage_use WHERE provider = $1")
                .bind(provider.as_str())
                .fetch_optional(pool)
                .await
        })
        .map(|bytes| bytes.unwrap_or_default().unsigned_abs())
        .map_err(|error| self.database.error("read a provider's storage", error))
    }
}

/// The first bytes that come after every key with this prefix. No UTF-8 has a byte 255, so the last one can be raised.
fn behind(prefix: &str) -> Vec<u8> {
    let mut behind = prefix.as_bytes().to_vec();
    match behind.last_mut() {
        Some(last) => *last = last.saturating_add(1),
        None => behind.push(u8::MAX),
    }
    behind
}
