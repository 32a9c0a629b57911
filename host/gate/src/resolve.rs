//! From names to addresses. Lookups are counted, as each may hold a thread for as long as a hostile name server likes.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Semaphore;

use crate::limits::{LOOKUPS, LOOKUPS_PER_PROVIDER};

/// Finds the addresses of a host.
#[async_trait]
pub trait Resolve: Send + Sync {
    /// All addresses of a name in lower case. An empty list means the same as an error.
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The operating system's resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((host, 0)).await?.map(|address| address.ip()).collect())
    }
}

/// The resolver with a bound on lookups of one provider and of all.
#[derive(Clone)]
pub(crate) struct Lookups {
    resolver: Arc<dyn Resolve>,
    all: Arc<Semaphore>,
    own: Arc<Semaphore>,
}

impl Lookups {
    pub(crate) fn new(resolver: Arc<dyn Resolve>) -> Lookups {
        Lookups {
            resolver,
            all: Arc::new(Semaphore::new(LOOKUPS)),
            own: Arc::new(Semaphore::new(LOOKUPS_PER_PROVIDER)),
        }
    }

    /// The same for one more provider.
    pub(crate) fn for_provider(&self) -> Lookups {
        Lookups { own: Arc::new(Semaphore::new(LOOKUPS_PER_PROVIDER)), ..self.clone() }
    }

    pub(crate) async fn resolve(&self, host: String) -> io::Result<Vec<IpAddr>> {
        let (own, all) = (Arc::clone(&self.own), Arc::clone(&self.all));
        let own = own.acquire_owned().await.map_err(io::Error::other)?;
        let all = all.acquire_owned().await.map_err(io::Error::other)?;
        let resolver = Arc::clone(&self.resolver);
        // The thread of a lookup can't be stopped: its place stays taken until it ends, even if nobody waits any more.
        let lookup = tokio::spawn(async move {
            let _places = (own, all);
            resolver.resolve(&host).await
        });
        lookup.await.map_err(io::Error::other)?
    }
}
