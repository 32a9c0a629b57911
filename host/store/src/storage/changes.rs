//! Changes of what providers keep, as the writer makes them.
//!
//! All changes of one provider in a group are made at once: its row in `storage_use` is locked, which keeps other hosts
//! out, the entries that are concerned are read, the changes are applied to them one after the other in memory, and what
//! became of them is written. So the quota is exact and a hundred increments of one key cost what one does. Providers
//! are taken in order, so that two hosts never wait for each other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use autocontent_manifest::{ByteSize, ProviderId};
use jiff::Timestamp;

use super::StorageAddress;
use super::sweep::{Which, remove_entries};
use crate::bulk::Bulk;
use crate::database::{Connection, Database, Executor, on};
use crate::error::StoreError;
use crate::writer::Write;

/// The longest number of 64 bits, in characters.
const LONGEST_NUMBER: usize = 20;
/// How many entries whose time is over a change sweeps where it finds no room.
const SWEPT: u32 = 4096;

/// A change on its way to the writer.
#[derive(Debug)]
pub(crate) struct Change {
    address: StorageAddress,
    kind: Kind,
    quota: ByteSize,
    at: Timestamp,
}

#[derive(Debug)]
enum Kind {
    Set { value: Vec<u8>, expires_at: Option<Timestamp> },
    Forget,
    Increment { by: i64 },
}

/// What a change came to: the new number of an increment.
type Outcome = Result<Option<i64>, StoreError>;

impl Change {
    pub(crate) fn set(
        address: StorageAddress,
        value: Vec<u8>,
        expires_at: Option<Timestamp>,
        quota: ByteSize,
        at: Timestamp,
    ) -> Change {
        Change { address, kind: Kind::Set { value, expires_at }, quota, at }
    }

    pub(crate) fn forget(address: StorageAddress, at: Timestamp) -> Change {
        Change { address, kind: Kind::Forget, quota: ByteSize(0), at }
    }

    pub(crate) fn increment(address: StorageAddress, by: i64, quota: ByteSize, at: Timestamp) -> Change {
        Change { address, kind: Kind::Increment { by }, quota, at }
    }

    pub(crate) fn provider(&self) -> &ProviderId {
        &self.address.provider
    }

    /// Owner and key, as [`Entries`] has them.
    fn entry(&self) -> (String, Vec<u8>) {
        (self.address.owner.to_string(), self.address.key.as_bytes().to_vec())
    }

    /// The most that it adds to what the provider keeps.
    fn growth(&self) -> usize {
        self.address.key.as_bytes().len()
            + match &self.kind {
                Kind::Set { value, .. } => value.len(),
                Kind::Forget => return 0,
                Kind::Increment { .. } => LONGEST_NUMBER,
            }
    }
}

impl Write for Change {
    type Answer = Option<i64>;

    async fn write(&self, database: &Database, connection: &mut Connection) -> Outcome {
        let mut outcomes = change_all(database, connection, &[self]).await?;
        outcomes.pop().unwrap_or(Ok(None))
    }
}

/// Makes all changes, in their order for each provider. What is refused, such as one over the quota, harms no other; fails as
/// a whole where the database refuses.
pub(crate) async fn change_all(
    database: &Database,
    connection: &mut Connection,
    changes: &[&Change],
) -> Result<Vec<Outcome>, StoreError> {
    let mut providers: BTreeMap<&ProviderId, Vec<(usize, &Change)>> = BTreeMap::new();
    for (position, change) in changes.iter().enumerate() {
        providers.entry(&change.address.provider).or_default().push((position, change));
    }
    let mut outcomes: Vec<(usize, Outcome)> = Vec::with_capacity(changes.len());
    for (provider, changes) in providers {
        let made = change_provider(Executor::of(connection), provider, &changes, &mut outcomes).await;
        made.map_err(|error| database.error("change a provider's storage", error))?;
    }
    outcomes.sort_unstable_by_key(|(position, _)| *position);
    Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
}

async fn change_provider(
    mut connection: Executor<'_>,
    provider: &ProviderId,
    changes: &[(usize, &Change)],
    outcomes: &mut Vec<(usize, Outcome)>,
) -> Result<(), sqlx::Error> {
    let before = lock_use(&mut connection, provider).await?;
    let mut used = before;
    let growth: u64 = changes.iter().map(|(_, change)| change.growth() as u64).sum();
    if changes.iter().any(|(_, change)| used + growth > change.quota.0 && change.growth() > 0)
        && let Some(at) = changes.iter().map(|(_, change)| change.at).max()
    {
        let swept = remove_entries(&mut connection, provider, &Which::Over { at }, SWEPT).await?;
        used = used.saturating_sub(swept.bytes);
    }
    let mut entries = read(&mut connection, provider, changes).await?;
    for (position, change) in changes {
        let entry = entries.entry(change.entry()).or_default();
        outcomes.push((*position, entry.apply(change, &mut used)));
    }
    write(&mut connection, provider, &entries).await?;
    if used != before {
        set_use(&mut connection, provider, used).await?;
    }
    Ok(())
}

/// Locks what the provider keeps until the transaction ends, and returns what it comes to.
pub(super) async fn lock_use(connection: &mut Executor<'_>, provider: &ProviderId) -> Result<u64, sqlx::Error> {
    const SQL: &str = "INSERT INTO storage_use (provider, bytes) VALUES ($1, 0) \
        ON CONFLICT (provider) DO UPDATE SET bytes = storage_use.bytes RETURNING bytes";
    on!(connection, c => sqlx::query_scalar::<_, i64>(SQL).bind(provider.as_str()).fetch_one(&mut **c).await)
        .map(i64::unsigned_abs)
}

pub(super) async fn set_use(
    connection: &mut Executor<'_>,
    provider: &ProviderId,
    bytes: u64,
) -> Result<(), sqlx::Error> {
    on!(connection, c => {
        sqlx::query("UPDATE storage_use SET bytes = $2 WHERE provider = $1")
            .bind(provider.as_str())
            .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
            .execute(&mut **c)
            .await
            .map(|_| ())
    })
}

/// Entries by owner and key.
type Entries<'a> = BTreeMap<(String, Vec<u8>), Entry<'a>>;

/// An entry while it is changed.
#[derive(Default)]
struct Entry<'a> {
    /// Whether the database has a row of it.
    row: bool,
    /// What it counts for, key and value; 0 where there is none.
    bytes: u64,
    value: Value<'a>,
    expires_at: Option<i64>,
}

#[derive(Default)]
enum Value<'a> {
    #[default]
    None,
    /// What the database has, where it is short enough to be a number.
    Kept(Option<Vec<u8>>),
    New(Cow<'a, [u8]>),
    Forgotten,
}

impl<'a> Entry<'a> {
    fn apply(&mut self, change: &'a Change, used: &mut u64) -> Outcome {
        let (value, expires_at, number) = match &change.kind {
            Kind::Forget => {
                *used = used.saturating_sub(std::mem::take(&mut self.bytes));
                self.value = if self.row { Value::Forgotten } else { Value::None };
                return Ok(None);
            }
            Kind::Set { value, expires_at } => {
                (Cow::Borrowed(&**value), expires_at.map(Timestamp::as_millisecond), None)
            }
            Kind::Increment { by } => {
                let (old, expires_at) = self.number(change.at).ok_or_else(|| change.not_countable())?;
                let new = old.checked_add(*by).ok_or_else(|| change.not_countable())?;
                (Cow::Owned(new.to_string().into_bytes()), expires_at, Some(new))
            }
        };
        let bytes = (change.address.key.as_bytes().len() + value.len()) as u64;
        let after = used.saturating_sub(self.bytes) + bytes;
        // Where an upgrade lowered the quota, what is kept may still become less.
        if after > change.quota.0 && after > *used {
            return Err(StoreError::StorageFull { provider: change.address.provider.to_string(), quota: change.quota });
        }
        *used = after;
        *self = Entry { bytes, value: Value::New(value), expires_at, row: self.row };
        Ok(number)
    }

    /// The number that is kept, 0 where none is, and when it ends; none where it is no number.
    fn number(&self, at: Timestamp) -> Option<(i64, Option<i64>)> {
        if self.expires_at.is_some_and(|end| end <= at.as_millisecond()) {
            return Some((0, None));
        }
        let digits: &[u8] = match &self.value {
            Value::None | Value::Forgotten => return Some((0, None)),
            Value::Kept(kept) => kept.as_deref()?,
            Value::New(new) => new,
        };
        Some((std::str::from_utf8(digits).ok()?.parse().ok()?, self.expires_at))
    }
}

impl Change {
    fn not_countable(&self) -> StoreError {
        StoreError::NotCountable { provider: self.address.provider.to_string() }
    }
}

static READ: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "WITH wanted (provider, owner, key) AS (VALUES ",
        "(?, ?, ?)",
        ") SELECT s.owner, s.key, CAST(length(s.value) AS BIGINT), \
         CASE WHEN length(s.value) <= 20 THEN s.value END, s.expires_at FROM wanted CROSS JOIN storage s \
         WHERE s.provider = wanted.provider AND s.owner = wanted.owner AND s.key = wanted.key",
    )
});

static SET: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "INSERT INTO storage (provider, owner, key, value, expires_at) VALUES ",
        "(?, ?, ?, ?, ?)",
        " ON CONFLICT (provider, owner, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
    )
});

static FORGET: LazyLock<Bulk> =
    LazyLock::new(|| Bulk::new("DELETE FROM storage WHERE (provider, owner, key) IN (VALUES ", "(?, ?, ?)", ")"));

/// A row of [`READ`].
type Row = (String, Vec<u8>, i64, Option<Vec<u8>>, Option<i64>);

async fn read<'a>(
    connection: &mut Executor<'_>,
    provider: &ProviderId,
    changes: &[(usize, &'a Change)],
) -> Result<Entries<'a>, sqlx::Error> {
    let mut entries = Entries::new();
    for (_, change) in changes {
        entries.entry(change.entry()).or_default();
    }
    let wanted: Vec<&(String, Vec<u8>)> = entries.keys().collect();
    let mut rows: Vec<Row> = Vec::new();
    on!(connection, c => {
        for (sql, piece) in READ.pieces(&wanted) {
            let mut query = sqlx::query_as::<_, Row>(sql);
            for (owner, key) in piece {
                query = query.bind(provider.as_str()).bind(owner.as_str()).bind(key.as_slice());
            }
            rows.extend(query.fetch_all(&mut **c).await?);
        }
    });
    for (owner, key, length, kept, expires_at) in rows {
        let bytes = key.len() as u64 + length.unsigned_abs();
        entries.insert((owner, key), Entry { row: true, bytes, value: Value::Kept(kept), expires_at });
    }
    Ok(entries)
}

async fn write(connection: &mut Executor<'_>, provider: &ProviderId, entries: &Entries<'_>) -> Result<(), sqlx::Error> {
    let new: Vec<_> = entries
        .iter()
        .filter_map(|((owner, key), entry)| match &entry.value {
            Value::New(value) => Some((owner.as_str(), key.as_slice(), &**value, entry.expires_at)),
            _ => None,
        })
        .collect();
    let forgotten: Vec<(&str, &[u8])> = entries
        .iter()
        .filter(|(_, entry)| matches!(entry.value, Value::Forgotten))
        .map(|((owner, key), _)| (owner.as_str(), key.as_slice()))
        .collect();
    on!(connection, c => {
        for (sql, piece) in SET.pieces(&new) {
            let mut query = sqlx::query(sql);
            for (owner, key, value, expires_at) in piece {
                query = query.bind(provider.as_str()).bind(*owner).bind(*key).bind(*value).bind(*expires_at);
            }
            query.execute(&mut **c).await?;
        }
        for (sql, piece) in FORGET.pieces(&forgotten) {
            let mut query = sqlx::query(sql);
            for (owner, key) in piece {
                query = query.bind(provider.as_str()).bind(*owner).bind(*key);
            }
            query.execute(&mut **c).await?;
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Either;
    use crate::testing::TestDatabase;
    use crate::{DataOwner, StorageKey, Store};

    fn address(key: &str) -> StorageAddress {
        let (provider, key) = ("quote".parse().unwrap(), StorageKey::new(key).unwrap());
        StorageAddress { provider, owner: DataOwner::Provider, key }
    }

    /// Leaves the writer's connection no room to grow.
    async fn fill(store: &Store) {
        let Either::Sqlite(pool) = &store.database.writer else { panic!("this is SQLite's") };
        sqlx::query("PRAGMA max_page_count = 1").execute(pool).await.unwrap();
    }

    #[tokio::test]
    async fn on_a_full_disk_changes_are_refused_and_nothing_is_lost() {
        let database = TestDatabase::sqlite();
        let store = database.open().await;
        let (now, quota) = (Timestamp::UNIX_EPOCH, ByteSize::mib(1));
        store.set_value(address("a"), vec![1; 10], None, quota, now).await.unwrap();
        fill(&store).await;
        let changes = (0..20).map(|number| {
            let (store, address) = (store.clone(), address(&number.to_string()));
            tokio::spawn(async move { store.set_value(address, vec![0; 60_000], None, quota, now).await })
        });
        for change in changes.collect::<Vec<_>>() {
            let error = change.await.unwrap().unwrap_err();
            assert!(matches!(error, StoreError::Full { .. }), "{error}");
        }
        let provider = "quote".parse().unwrap();
        assert_eq!(store.storage_use(&provider).await.unwrap(), 11);
        assert_eq!(store.keys(&provider, &DataOwner::Provider, "", None, 10, now).await.unwrap(), ["a"]);
        // The next connection has room again.
        store.set_value(address("b"), vec![0; 60_000], None, quota, now).await.unwrap();
        assert_eq!(store.storage_use(&provider).await.unwrap(), 60_012);
    }
}
