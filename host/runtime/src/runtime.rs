//! The sandbox as a whole: the engine and its pool, the ticker, the linked imports and the cache of compiled providers.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;

use autocontent_manifest::Manifest;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Mutex, Semaphore};
use wasmtime::Engine;
use wasmtime::component::Linker;

use crate::ambient::{Clock, Random};
use crate::call::CallState;
use crate::compile::{Cache, CompileLimits, Compiled, Compiler};
use crate::digest::Digest;
use crate::error::{LoadError, RuntimeError};
use crate::inspect::{Inspection, inspect_within};
use crate::provider::Provider;
use crate::ticker::Ticker;
use crate::{engine, imports};

/// The sandbox. Cheap to clone; it ends with the last clone and the last [`Provider`].
#[derive(Clone)]
pub struct Runtime {
    shared: Arc<Shared>,
    compiler: Arc<CompilerState>,
}

/// How the sandbox is set up.
#[derive(Debug, Clone)]
pub struct RuntimeConfig {
    /// Folder of the compiled providers. Created for this user alone if it isn't there; whoever can write into it can
    /// run code as the host.
    pub cache: PathBuf,
    /// How to start the child process that compiles.
    pub compiler: Compiler,
    /// Calls at the same time, [`RuntimeConfig::CONCURRENCY`] by default. Each reserves some 200 MiB of address space,
    /// of which only what its guest touches is real.
    pub concurrency: u32,
    /// Bounds of one compilation.
    pub compile: CompileLimits,
}

/// What providers need while they run.
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) linker: Linker<CallState>,
    pub(crate) ticker: Ticker,
    pub(crate) slots: Semaphore,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

struct CompilerState {
    cache: Cache,
    compiler: Compiler,
    limits: CompileLimits,
    /// One compilation at a time: each may take gigabytes, and whoever waits for the same component then finds it.
    turn: Mutex<()>,
}

impl RuntimeConfig {
    /// Calls at the same time where nothing else is said: many more than cores, as most of them wait for the network.
    pub const CONCURRENCY: u32 = 256;

    /// The defaults, with the cache in this folder.
    pub fn new(cache: impl Into<PathBuf>, compiler: Compiler) -> RuntimeConfig {
        RuntimeConfig {
            cache: cache.into(),
            compiler,
            concurrency: RuntimeConfig::CONCURRENCY,
            compile: CompileLimits::default(),
        }
    }
}

impl Runtime {
    /// Starts the sandbox: reserves the pool's address space, opens the cache and starts the ticker.
    ///
    /// # Errors
    /// Where the address space or the thread can't be had, or the cache's folder is not this user's own.
    pub fn new(config: RuntimeConfig, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Result<Runtime, RuntimeError> {
        // A pool without a slot could answer nobody.
        let slots = config.concurrency.max(1);
        let engine = engine::serving(slots)
            .map_err(|error| RuntimeError::Engine { slots, reason: error.root_cause().to_string() })?;
        let mut linker = Linker::new(&engine);
        imports::link(&mut linker)
            .map_err(|error| RuntimeError::Engine { slots, reason: error.root_cause().to_string() })?;
        let cache = Cache::open(config.cache, &engine)?;
        let ticker = Ticker::start(&engine).map_err(RuntimeError::Ticker)?;
        let slots =
            Semaphore::new(usize::try_from(slots).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS));
        let turn = Mutex::new(());
        Ok(Runtime {
            shared: Arc::new(Shared { engine, linker, ticker, slots, clock, random }),
            compiler: Arc::new(CompilerState { cache, compiler: config.compiler, limits: config.compile, turn }),
        })
    }

    /// Looks at a component, compiles it in a child process and keeps the result in the cache, ready to be loaded.
    /// None of its code runs. For the moment of installing: takes up to `compile.time`.
    ///
    /// # Errors
    /// Where the component is none, is not one of this contract, or can't be compiled within the bounds.
    pub async fn compile(&self, component: &[u8]) -> Result<Inspection, LoadError> {
        let component: Arc<[u8]> = component.into();
        let inspection = self.inspect(&component).await?;
        if self.cached(inspection.digest).await?.is_none() {
            self.build(inspection.digest, &inspection.manifest_text, &component).await?;
        }
        Ok(inspection)
    }

    /// The provider of this digest. It comes from the cache, in well under a millisecond for a small one; only if the
    /// cache lacks it, or was written by another version of the host, `component` is asked for the bytes and they are
    /// compiled again.
    ///
    /// # Errors
    /// As [`Runtime::compile`], and where `component` fails or gives other bytes than the digest says.
    pub async fn load<F, W, E>(&self, digest: &Digest, component: F) -> Result<Provider, LoadError>
    where
        F: FnOnce() -> W,
        W: Future<Output = Result<Vec<u8>, E>>,
        E: Into<Box<dyn Error + Send + Sync>>,
    {
        if let Some(provider) = self.cached(*digest).await? {
            return Ok(provider);
        }
        let component: Arc<[u8]> =
            component().await.map_err(|source| LoadError::Bytes { digest: *digest, source: source.into() })?.into();
        let inspection = self.inspect(&component).await?;
        if inspection.digest != *digest {
            return Err(LoadError::Digest { wanted: *digest, found: inspection.digest });
        }
        self.build(*digest, &inspection.manifest_text, &component).await
    }

    /// Removes compiled components from the cache that are none of these, unless they are an hour young. Returns how many
    /// files went.
    ///
    /// # Errors
    /// Where the cache's folder can't be read.
    pub async fn keep_only(&self, components: BTreeSet<Digest>) -> Result<usize, LoadError> {
        let (state, now) = (Arc::clone(&self.compiler), self.shared.clock.now());
        off_the_path(move || state.cache.keep_only(&components, now).map_err(|error| state.cache.unwritable(error)))
            .await?
    }

    /// Removes what was compiled so long before `now`, which is the file system's time and not what components are told: for a
    /// folder that programs share which know nothing of each other. Returns how many files went.
    ///
    /// # Errors
    /// Where the cache's folder can't be read.
    pub async fn keep_younger(&self, age: SignedDuration, now: Timestamp) -> Result<usize, LoadError> {
        let state = Arc::clone(&self.compiler);
        let keep = move || state.cache.keep_younger(age.as_secs(), now).map_err(|error| state.cache.unwritable(error));
        off_the_path(keep).await?
    }

    /// Removes what was compiled of one component.
    pub async fn forget(&self, digest: Digest) {
        let state = Arc::clone(&self.compiler);
        // There is nothing to be told: what can't be removed is said in the log.
        let _ = off_the_path(move || state.cache.forget(&digest)).await;
    }

    async fn inspect(&self, component: &Arc<[u8]>) -> Result<Inspection, LoadError> {
        let (component, size) = (Arc::clone(component), self.compiler.limits.size);
        off_the_path(move || inspect_within(&component, size)).await?
    }

    /// Compiles unless somebody else just did, and links the result, so that a component with other types than the
    /// contract's is refused now and not when it is first asked.
    async fn build(&self, digest: Digest, manifest: &str, component: &[u8]) -> Result<Provider, LoadError> {
        let _turn = self.compiler.turn.lock().await;
        if let Some(provider) = self.cached(digest).await? {
            return Ok(provider);
        }
        let CompilerState { cache, compiler, limits, .. } = &*self.compiler;
        let output = cache.blank()?;
        compiler.run(limits, component, output.path()).await?;
        let (state, manifest) = (Arc::clone(&self.compiler), manifest.to_owned());
        off_the_path(move || state.cache.keep(&digest, &manifest, output)).await??;
        match self.cached(digest).await {
            Ok(provider) => provider.ok_or_else(|| cache.lost()),
            Err(error) => {
                cache.forget(&digest);
                Err(error)
            }
        }
    }

    async fn cached(&self, digest: Digest) -> Result<Option<Provider>, LoadError> {
        let (shared, state) = (Arc::clone(&self.shared), Arc::clone(&self.compiler));
        off_the_path(move || {
            let found = state.cache.find(&digest, &shared.engine);
            let found = found.map_err(|error| LoadError::Oversized { reason: format!("{error:#}") })?;
            let Some(Compiled { manifest, component }) = found else { return Ok(None) };
            let manifest = Manifest::parse(&manifest)?;
            Provider::new(shared, digest, manifest, &component)
                .map(Some)
                .map_err(|error| LoadError::Types { reason: format!("{error:#}") })
        })
        .await?
    }
}

/// Runs what takes long without waiting on a thread of its own, so that no call waits for it.
async fn off_the_path<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LoadError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| LoadError::Stopped { reason: error.to_string() })
}
