//! What a provider keeps, to be looked at.

use autocontent_content::contract::storage::Scope;
use autocontent_store::{StorageAddress, StorageKey};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Serialize};

use super::{Harness, HarnessError, Who};

/// Keys that are read at once.
const AT_ONCE: u32 = 1_000;

/// Whose data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StorageScope {
    /// The whole provider's.
    Provider,
    /// The place's.
    Place,
    /// The member's.
    Member,
}

/// A value that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StorageEntry {
    /// Its name.
    pub key: String,
    /// What is kept, where it is text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What is kept, where it is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
}

impl Harness {
    /// What the provider keeps there now, by key.
    ///
    /// # Errors
    ///
    /// Where the throw-away database can't be read.
    pub async fn storage(&self, who: &Who, scope: StorageScope) -> Result<Vec<StorageEntry>, HarnessError> {
        let scope = match scope {
            StorageScope::Provider => Scope::Provider,
            StorageScope::Place => Scope::Place,
            StorageScope::Member => Scope::Member,
        };
        let owner = who.asker(self.account).owner_of(scope);
        let (provider, now) = (self.provider_id(), self.now());
        let mut entries: Vec<StorageEntry> = Vec::new();
        loop {
            let after = entries.last().map(|entry| entry.key.clone());
            let keys = self.store.keys(&provider, &owner, "", after.as_deref(), AT_ONCE, now).await?;
            let more = u32::try_from(keys.len()).is_ok_and(|count| count == AT_ONCE);
            for key in keys {
                let Some(named) = StorageKey::new(&key) else { continue };
                let address = StorageAddress { provider: provider.clone(), owner: owner.clone(), key: named };
                let Some(value) = self.store.value(&address, now).await? else { continue };
                entries.push(entry(key, value));
            }
            if !more {
                return Ok(entries);
            }
        }
    }

    /// Bytes of keys and values that the provider keeps in all, as its quota counts them.
    ///
    /// # Errors
    ///
    /// Where the throw-away database can't be read.
    pub async fn storage_use(&self) -> Result<u64, HarnessError> {
        Ok(self.store.storage_use(&self.provider_id()).await?)
    }
}

fn entry(key: String, value: Vec<u8>) -> StorageEntry {
    match String::from_utf8(value) {
        Ok(text) => StorageEntry { key, text: Some(text), base64: None },
        Err(error) => StorageEntry { key, text: None, base64: Some(BASE64_STANDARD.encode(error.as_bytes())) },
    }
}
