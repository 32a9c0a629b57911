//! The parts of the host, opened as the configuration says.

use std::os::unix::fs::DirBuilderExt as _;
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow, bail};
use autocontent_content::{Actor, Content, HttpSource, Parts};
use autocontent_gate::{Gate, GateConfig};
use autocontent_runtime::{Clock, Compiler, Random, Runtime, RuntimeConfig, SystemClock, SystemRandom};
use autocontent_store::{Account, AccountName, Store, Vault};

use crate::config::Config;

/// The hidden command that compiles a component in a process of its own.
pub(crate) const COMPILE: &str = "__compile";

/// Everything that a command needs.
pub(crate) struct Host {
    pub(crate) store: Store,
    pub(crate) content: Content,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
}

impl Host {
    /// Opens the store and the sandbox; the service has no providers before [`Content::reload`].
    pub(crate) async fn open(config: &Config) -> Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let random: Arc<dyn Random> = Arc::new(SystemRandom);
        let store = open_store(config).await?;
        let runtime = Runtime::new(
            RuntimeConfig { concurrency: config.concurrency, ..RuntimeConfig::new(config.cache(), compiler()?) },
            Arc::clone(&clock),
            Arc::clone(&random),
        )?;
        let gate = GateConfig {
            development: config.development_hosts.clone(),
            upstreams: config.development_upstreams.clone(),
            ..GateConfig::default()
        };
        let gate = Gate::new(gate, Arc::clone(&clock))?;
        let content = Content::new(Parts {
            runtime,
            store: store.clone(),
            http: HttpSource::Gate(gate),
            calls: config.calls,
            clock: Arc::clone(&clock),
            random: Arc::clone(&random),
        })
        .await?;
        Ok(Self { store, content, clock, random })
    }
}

/// Opens the database with the key that lies in the data folder.
pub(crate) async fn open_store(config: &Config) -> Result<Store> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&config.data);
    made.map_err(|error| {
        anyhow!("could not make the data folder {}: {error}; name another with --data", config.data.display())
    })?;
    let vault = Vault::open_or_create(&config.key_file())?;
    Ok(Store::open(&config.database, vault).await?)
}

/// Whoever runs this command, by their name on this machine.
pub(crate) fn actor() -> Actor {
    let user = nix::unistd::Uid::effective();
    match nix::unistd::User::from_uid(user) {
        Ok(Some(found)) => Actor::operator(&found.name),
        Ok(None) | Err(_) => Actor::operator(&user.to_string()),
    }
}

/// How this binary starts itself to compile.
pub(crate) fn compiler() -> Result<Compiler> {
    let program = std::env::current_exe()
        .context("could not find this program's own file, which is needed to compile providers")?;
    Ok(Compiler { program, args: vec![COMPILE.into()] })
}

/// The account of this name; where none is named, the only one.
pub(crate) async fn account(store: &Store, name: Option<&AccountName>) -> Result<Account> {
    let mut accounts = store.accounts().await?;
    let names = || accounts.iter().map(|account| account.name.as_str()).collect::<Vec<_>>().join(", ");
    let position = match name {
        Some(name) => accounts.iter().position(|account| account.name == *name),
        None if accounts.len() > 1 => {
            bail!("there are several accounts ({}): say which one with --account NAME", names())
        }
        None => (accounts.len() == 1).then_some(0),
    };
    match (position, name) {
        (Some(position), _) => Ok(accounts.swap_remove(position)),
        (None, None) => bail!("there is no account yet: add one with `autocontent account add NAME`"),
        (None, Some(name)) if accounts.is_empty() => {
            bail!("there is no account `{name}`, nor any other: add one with `autocontent account add NAME`")
        }
        (None, Some(name)) => bail!("there is no account `{name}`; there are: {}", names()),
    }
}
