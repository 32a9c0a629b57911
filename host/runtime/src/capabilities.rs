//! What a call may do outside the sandbox. The caller gives it, call by call; what isn't given is refused.
//!
//! These functions run on the guest's fiber, where they have at least 512 KiB of stack: whatever needs more belongs into a
//! task of its own. When the call's time is over, or nobody waits for it any longer, their futures are dropped.

use std::sync::Arc;

use async_trait::async_trait;

use crate::contract::{http, log, settings, storage};

/// The outside world of one call.
#[derive(Clone)]
pub struct Capabilities {
    /// HTTP as the provider's grants allow it.
    pub http: Arc<dyn Http>,
    /// The provider's data, bound to the place and the member that are being served.
    pub storage: Arc<dyn Storage>,
    /// The operator's settings for the provider.
    pub settings: Arc<dyn Settings>,
    /// Where the provider's log lines go.
    pub log: Arc<dyn Log>,
}

impl Capabilities {
    /// Nothing but the log: HTTP is denied, storage is unavailable, no setting is set.
    pub fn denied(log: Arc<dyn Log>) -> Capabilities {
        Capabilities { http: Arc::new(Denied), storage: Arc::new(Denied), settings: Arc::new(Denied), log }
    }
}

/// Answers the import `http`. Grants, addresses, sizes, counts and times are checked behind this trait: the sandbox
/// limits what a guest sends, not what it is sent.
#[async_trait]
pub trait Http: Send + Sync {
    /// One request. `fetch-all` calls it once for each of its requests, at the same time.
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error>;
}

/// Answers the import `storage`.
#[async_trait]
pub trait Storage: Send + Sync {
    /// The value of a key.
    async fn get(&self, scope: storage::Scope, key: String) -> Result<Option<Vec<u8>>, storage::Error>;
    /// Sets a key, for `ttl` seconds if given.
    async fn set(
        &self,
        scope: storage::Scope,
        key: String,
        value: Vec<u8>,
        ttl: Option<u32>,
    ) -> Result<(), storage::Error>;
    /// Forgets a key; a missing one is no error.
    async fn delete(&self, scope: storage::Scope, key: String) -> Result<(), storage::Error>;
    /// Adds to a number in one step and returns the new value; a missing key counts from 0.
    async fn increment(&self, scope: storage::Scope, key: String, by: i64) -> Result<i64, storage::Error>;
    /// At most `limit` keys that begin with `prefix` and come after `after`, in byte order.
    async fn keys(
        &self,
        scope: storage::Scope,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<String>, storage::Error>;
}

/// Answers the import `settings`.
pub trait Settings: Send + Sync {
    /// The value of a setting; none if the manifest doesn't know it, or it is neither set nor has a default.
    fn get(&self, name: &str) -> Option<settings::Value>;
}

/// Takes what the guest logs: at most 100 lines a call of at most 2 KiB each, control characters escaped, and one
/// line more that says how many were dropped.
pub trait Log: Send + Sync {
    /// One line. Called on the thread that runs the guest, so it must not wait.
    fn write(&self, level: log::Level, line: &str);
}

/// Refuses HTTP and storage, and knows no setting.
#[derive(Debug, Clone, Copy, Default)]
pub struct Denied;

#[async_trait]
impl Http for Denied {
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error> {
        Err(http::Error::Denied(format!("no HTTP is granted to this provider, so not {}", request.url)))
    }
}

#[async_trait]
impl Storage for Denied {
    async fn get(&self, _: storage::Scope, _: String) -> Result<Option<Vec<u8>>, storage::Error> {
        Err(storage::Error::Unavailable)
    }

    async fn set(&self, _: storage::Scope, _: String, _: Vec<u8>, _: Option<u32>) -> Result<(), storage::Error> {
        Err(storage::Error::Unavailable)
    }

    async fn delete(&self, _: storage::Scope, _: String) -> Result<(), storage::Error> {
        Err(storage::Error::Unavailable)
    }

    async fn increment(&self, _: storage::Scope, _: String, _: i64) -> Result<i64, storage::Error> {
        Err(storage::Error::Unavailable)
    }

    async fn keys(
        &self,
        _: storage::Scope,
        _: String,
        _: Option<String>,
        _: u32,
    ) -> Result<Vec<String>, storage::Error> {
        Err(storage::Error::Unavailable)
    }
}

impl Settings for Denied {
    fn get(&self, _: &str) -> Option<settings::Value> {
        None
    }
}
