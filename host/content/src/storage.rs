//! A provider's storage during one call: bound to the place and the member that are served, within the quota of its grant.
//!
//! A provider names only a scope; whose data that is stands fixed before the call begins. An operator's preview has a place
//! and a member of its own, so that trying a provider out touches nobody's data; what belongs to the whole provider it
//! shares with everybody, and it counts towards the same quota.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use autocontent_manifest::{ByteSize, ProviderId};
use autocontent_runtime::{Clock, Storage};
use autocontent_store::{DataOwner, StorageAddress, StorageKey, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::ask::Asker;
use crate::contract::Place;
use crate::contract::storage::{Error, Scope};

/// The largest value, in bytes.
const LARGEST: usize = 64 << 10;
/// How many keys are listed at once, however many are asked for.
const LISTED: u32 = 1_000;
/// How often a call may use its storage, and how many bytes of keys and values it may write: each change is durable before
/// it is answered, and everybody's deliveries wait for the same disk.
const OPERATIONS: u64 = 1_000;
const WRITTEN: u64 = 4 << 20;

/// The storage of one call.
pub struct CallStorage {
    store: Store,
    clock: Arc<dyn Clock>,
    provider: ProviderId,
    place: DataOwner,
    member: DataOwner,
    quota: ByteSize,
    operations: AtomicU64,
    written: AtomicU64,
    /// Whether this call's log line about the database is written.
    told: AtomicBool,
}

impl CallStorage {
    /// What `provider` may keep while it answers `asker`: `quota` bytes of keys and values over all of its data.
    #[must_use]
    pub fn new(store: Store, provider: ProviderId, asker: &Asker, quota: ByteSize, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            provider,
            place: asker.owner_of(Scope::Place),
            member: asker.owner_of(Scope::Member),
            quota,
            operations: AtomicU64::new(0),
            written: AtomicU64::new(0),
            told: AtomicBool::new(false),
        }
    }

    /// Where the call's data of this key lies, while it may still use its storage.
    fn address(&self, scope: Scope, key: &str) -> Result<StorageAddress, Error> {
        self.operate()?;
        let key = StorageKey::new(key).ok_or(Error::TooLarge)?;
        Ok(StorageAddress { provider: self.provider.clone(), owner: self.owner(scope), key })
    }

    fn owner(&self, scope: Scope) -> DataOwner {
        match scope {
            Scope::Provider => DataOwner::Provider,
            Scope::Place => self.place.clone(),
            Scope::Member => self.member.clone(),
        }
    }

    fn operate(&self) -> Result<(), Error> {
        if self.operations.fetch_add(1, Ordering::Relaxed) < OPERATIONS { Ok(()) } else { Err(Error::Unavailable) }
    }

    fn write(&self, bytes: usize) -> Result<(), Error> {
        let before = self.written.fetch_add(bytes as u64, Ordering::Relaxed);
        if before + bytes as u64 <= WRITTEN { Ok(()) } else { Err(Error::Unavailable) }
    }

    /// What the provider is told; the operator reads what is theirs to mend, once for each call.
    fn error(&self, error: &StoreError) -> Error {
        match error {
            StoreError::StorageFull { .. } => Error::Full,
            StoreError::NotCountable { .. } => Error::TooLarge,
            error => {
                if !self.told.swap(true, Ordering::Relaxed) {
                    tracing::error!(provider = %self.provider, %error, "a provider's storage is unavailable");
                }
                Error::Unavailable
            }
        }
    }
}

#[async_trait]
impl Storage for CallStorage {
    async fn get(&self, scope: Scope, key: String) -> Result<Option<Vec<u8>>, Error> {
        let address = self.address(scope, &key)?;
        self.store.value(&address, self.clock.now()).await.map_err(|error| self.error(&error))
    }

    async fn set(&self, scope: Scope, key: String, value: Vec<u8>, ttl: Option<u32>) -> Result<(), Error> {
        let address = self.address(scope, &key)?;
        if value.len() > LARGEST {
            return Err(Error::TooLarge);
        }
        self.write(key.len() + value.len())?;
        let now = self.clock.now();
        let end = |seconds: u32| now.saturating_add(SignedDuration::from_secs(seconds.into()));
        let expires_at = ttl.map(|seconds| end(seconds).unwrap_or(Timestamp::MAX));
        let set = self.store.set_value(address, value, expires_at, self.quota, now).await;
        set.map_err(|error| self.error(&error))
    }

    async fn delete(&self, scope: Scope, key: String) -> Result<(), Error> {
        let address = self.address(scope, &key)?;
        self.store.forget_value(address, self.clock.now()).await.map_err(|error| self.error(&error))
    }

    async fn increment(&self, scope: Scope, key: String, by: i64) -> Result<i64, Error> {
        let address = self.address(scope, &key)?;
        self.write(key.len())?;
        let added = self.store.increment_value(address, by, self.quota, self.clock.now()).await;
        added.map_err(|error| self.error(&error))
    }

    async fn keys(
        &self,
        scope: Scope,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<String>, Error> {
        self.operate()?;
        let (owner, limit) = (self.owner(scope), limit.min(LISTED));
        let keys = self.store.keys(&self.provider, &owner, &prefix, after.as_deref(), limit, self.clock.now()).await;
        keys.map_err(|error| self.error(&error))
    }
}

impl Asker {
    /// Whose data a provider finds under this scope while it answers them.
    #[must_use]
    pub fn owner_of(&self, scope: Scope) -> DataOwner {
        match scope {
            Scope::Provider => DataOwner::Provider,
            Scope::Place => self.place_owner(),
            Scope::Member => self.member.map_or(DataOwner::PreviewMember, DataOwner::Member),
        }
    }

    fn place_owner(&self) -> DataOwner {
        match *self {
            Asker { guild: Some(guild), .. } => DataOwner::Guild(guild),
            Asker { member: Some(member), channel, place: Place::BotDm, .. }
            | Asker { member: Some(member), channel: channel @ None, .. } => DataOwner::Direct { member, channel },
            Asker { channel: Some(channel), .. } => DataOwner::Channel(channel),
            Asker { member: None, channel: None, .. } => DataOwner::PreviewPlace,
        }
    }
}
