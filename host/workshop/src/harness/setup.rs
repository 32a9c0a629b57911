//! Opening a harness.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use autocontent_content::{
    Actor, CallsConfig, Clock, Content, HttpSource, Inspection, OperateError, Origin, Parts, Random,
};
use autocontent_gate::{DevelopmentHost, DevelopmentUpstream, Gate, GateConfig, Network};
use autocontent_manifest::Capability;
use autocontent_recordings::{Player, Recorder, Recording};
use autocontent_runtime::{Compiler, Runtime, RuntimeConfig, SeededRandom, SystemClock};
use autocontent_store::{
    AccountId, By, ComponentDigest, DatabaseUrl, Desired, LogLevel, NewAccount, NewProvider, Store, Transport, Turn,
    Vault,
};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tempfile::TempDir;

use super::clock::{HarnessClock, Time};
use super::witness::Witness;
use super::{Harness, HarnessError, State};

/// Calls at the same time; an author makes one.
const CONCURRENCY: u32 = 16;
/// How long compiled code is kept for harnesses to come.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// How a harness is opened.
pub struct Setup {
    /// The component.
    pub component: Vec<u8>,
    /// Where answers of upstreams come from.
    pub traffic: Traffic,
    /// The time that the provider is told.
    pub time: Time,
    /// The provider's randomness begins with this.
    pub seed: u64,
    /// Values of settings, typed as text.
    pub settings: BTreeMap<String, String>,
    /// What the provider is granted beside what its manifest asks for, such as further hosts, where it takes them.
    pub grants: BTreeSet<Capability>,
    /// Values of secrets.
    pub secrets: BTreeMap<String, SecretString>,
    /// Hosts on this machine that the provider may ask, where answers come over the wire.
    pub development_hosts: Vec<DevelopmentHost>,
    /// Hosts whose requests go to this machine, where answers come over the wire.
    pub development_upstreams: Vec<DevelopmentUpstream>,
    /// How to start the child process that compiles.
    pub compiler: Compiler,
    /// Folder of compiled components.
    pub cache: PathBuf,
}

/// Where answers of upstreams come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Traffic {
    /// From these recordings, and from nowhere else.
    Played(Vec<PathBuf>),
    /// From the network.
    Live,
    /// From the network, and into this recording: what it has of other requests stays.
    Recorded(PathBuf),
}

impl Setup {
    /// A component with nothing recorded, a clock that stands, and no setting.
    #[must_use]
    pub fn new(component: Vec<u8>, compiler: Compiler, cache: PathBuf) -> Setup {
        Setup {
            component,
            traffic: Traffic::Played(Vec::new()),
            time: Time::Standing(None),
            seed: 0,
            settings: BTreeMap::new(),
            grants: BTreeSet::new(),
            secrets: BTreeMap::new(),
            development_hosts: Vec::new(),
            development_upstreams: Vec::new(),
            compiler,
            cache,
        }
    }

    /// Opens the harness: the component is compiled, unless it was before, and granted all that it asks for.
    ///
    /// # Errors
    ///
    /// Where the component, a recording, a setting or a secret is none, or there is no room for the harness.
    pub async fn open(self) -> Result<Harness, HarnessError> {
        let played = match &self.traffic {
            Traffic::Played(files) => Some(Arc::new(Player::load(files)?)),
            Traffic::Live | Traffic::Recorded(_) => None,
        };
        let clock = Arc::new(self.clock(played.as_deref())?);
        let random = |purpose| Arc::new(SeededRandom::new(self.seed.wrapping_mul(16).wrapping_add(purpose)));
        let recorded = match &self.traffic {
            Traffic::Recorded(file) => Some((Arc::new(Recorder::new(Some(clock.now()))), file.clone())),
            Traffic::Played(_) | Traffic::Live => None,
        };
        let network = match (&played, &recorded) {
            (Some(player), _) => Network::Played(Arc::clone(player)),
            (None, Some((recorder, _))) => Network::Recorded(Arc::clone(recorder)),
            (None, None) => Network::Wire,
        };
        let witness = Arc::new(Witness::default());
        let gate = GateConfig {
            network,
            development: self.development_hosts,
            upstreams: self.development_upstreams,
            on_fetch: Some(witness.on_fetch()),
            ..GateConfig::default()
        };
        // Who is asked over the wire is spared by the time that it is for them.
        let gate_clock: Arc<dyn Clock> =
            if played.is_some() { Arc::clone(&clock) as Arc<dyn Clock> } else { Arc::new(SystemClock) };
        let runtime = Runtime::new(
            RuntimeConfig { concurrency: CONCURRENCY, ..RuntimeConfig::new(self.cache, self.compiler) },
            Arc::clone(&clock) as Arc<dyn Clock>,
            random(0),
        )?;
        let folder = private_folder().map_err(HarnessError::Folder)?;
        let vault = Vault::open_or_create(&folder.path().join("key"))?;
        let store = Store::open(&DatabaseUrl::sqlite(folder.path().join("harness.db")), vault).await?;
        let keys = random(1);
        for name in ["pseudonyms", "buttons"] {
            store.keep_service_key(name, &key(&*keys)).await?;
        }
        let content = Content::new(Parts {
            runtime: runtime.clone(),
            store: store.clone(),
            http: HttpSource::Gate(Gate::new(gate, gate_clock)?),
            calls: CallsConfig { log_level: LogLevel::Trace, ..CallsConfig::of(CONCURRENCY) },
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            random: random(2),
        })
        .await?;
        content.on_call(witness.on_call());
        let account = account(&content, &store, clock.now()).await?;
        let inspection = serve(&runtime, &store, &content, account, self.component, clock.now()).await?;
        let harness = Harness {
            runtime,
            content,
            store,
            account,
            clock,
            witness,
            played,
            recorded,
            state: tokio::sync::Mutex::new(State::default()),
            provider: std::sync::Mutex::new(Arc::new(inspection)),
            _folder: folder,
        };
        if !self.grants.is_empty() {
            harness.content.grant(&harness.provider_id(), &self.grants, &Actor::host()).await?;
        }
        harness.configure(&self.settings, &self.secrets).await?;
        Ok(harness)
    }
}

impl Setup {
    fn clock(&self, played: Option<&Player>) -> Result<HarnessClock, HarnessError> {
        let at = match (self.time, &self.traffic) {
            (Time::Running, _) => return Ok(HarnessClock::running()),
            (Time::Standing(Some(at)), _) => at,
            (Time::Standing(None), Traffic::Played(_)) => played.and_then(Player::now).unwrap_or(Time::BEGINNING),
            (Time::Standing(None), Traffic::Live) => SystemClock.now(),
            // What is recorded later is asked at the same time as what is there.
            (Time::Standing(None), Traffic::Recorded(file)) => {
                let before = Recording::load_if_there(file)?;
                before.and_then(|recording| recording.now).unwrap_or_else(|| SystemClock.now())
            }
        };
        Ok(HarnessClock::standing(at))
    }
}

impl Harness {
    /// Has another version of the component answer from now on. What it keeps, what was shown, settings and secrets stay.
    ///
    /// # Errors
    ///
    /// Where it is no component of this provider that a host can run; the one before then goes on.
    pub async fn replace(&self, component: Vec<u8>) -> Result<(), HarnessError> {
        let _state = self.state.lock().await;
        let (before, now) = (self.inspection(), self.clock.now());
        let found = autocontent_runtime::inspect(&component)?.manifest.provider.id;
        if found != before.manifest.provider.id {
            return Err(HarnessError::AnotherProvider { found, wanted: before.manifest.provider.id.clone() });
        }
        let inspection = serve(&self.runtime, &self.store, &self.content, self.account, component, now).await?;
        if inspection.digest != before.digest {
            // An author saves often, and what is compiled can be large.
            self.runtime.forget(before.digest).await;
        }
        *self.provider.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(inspection);
        Ok(())
    }

    /// Sets settings and fills secrets in, for all calls from now on.
    ///
    /// # Errors
    ///
    /// Where the provider has none of that name, or the value is not one that it takes. A secret's value is never told.
    pub async fn configure(
        &self,
        settings: &BTreeMap<String, String>,
        secrets: &BTreeMap<String, SecretString>,
    ) -> Result<(), HarnessError> {
        let (provider, actor) = (self.provider_id(), Actor::host());
        if !settings.is_empty() {
            let values = settings.iter().map(|(name, value)| {
                let name = name.parse().map_err(|problem| HarnessError::Name(name.clone(), problem))?;
                Ok((name, value.clone()))
            });
            let values = values.collect::<Result<Vec<_>, HarnessError>>()?;
            self.content.set(&provider, None, &values, &actor).await?;
        }
        for (name, value) in secrets {
            let name = name.parse().map_err(|problem| HarnessError::Name(name.clone(), problem))?;
            self.content.set_secret(&provider, None, &name, value, &actor).await?;
        }
        self.content.reload().await?;
        Ok(())
    }

    /// Takes secrets' values away, where they have some; [`Harness::configure`] has that hold for all calls from then on.
    ///
    /// # Errors
    ///
    /// Where the name of one is none, or the throw-away database refuses.
    pub async fn empty(&self, secrets: &[String]) -> Result<(), HarnessError> {
        for name in secrets {
            let name = name.parse().map_err(|problem| HarnessError::Name(name.clone(), problem))?;
            match self.content.unset_secret(&self.provider_id(), None, &name, &Actor::host()).await {
                Ok(()) | Err(OperateError::NotSet { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// A folder that only this user looks into: the database holds the author's secrets.
fn private_folder() -> std::io::Result<TempDir> {
    tempfile::Builder::new().prefix("autocontent-").permissions(Permissions::from_mode(0o700)).tempdir()
}

/// A key in the form of the store's own.
fn key(random: &dyn Random) -> SecretString {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into()
}

/// The account whose members use the provider.
async fn account(content: &Content, store: &Store, now: Timestamp) -> Result<AccountId, HarnessError> {
    let id = content.account_id();
    let new = NewAccount {
        id,
        name: "harness".parse()?,
        // It is for a bot that never runs.
        token: "none".into(),
        transport: Transport::Http,
        desired: Desired::Stopped,
        created_at: now,
    };
    store.add_account(new).await?;
    Ok(id)
}

/// Has a component serve, with all that it asks for. It is not tried first, as a host would: that is what the harness is for.
async fn serve(
    runtime: &Runtime,
    store: &Store,
    content: &Content,
    account: AccountId,
    component: Vec<u8>,
    at: Timestamp,
) -> Result<Inspection, HarnessError> {
    let inspection = runtime.compile(&component).await?;
    runtime.keep_younger(KEPT, SystemClock.now()).await?;
    let provider = &inspection.manifest.provider.id;
    let digest: ComponentDigest = inspection.digest.to_string().parse()?;
    let by = By { actor: Actor::host(), at };
    let new = NewProvider {
        id: provider.clone(),
        version: inspection.manifest.provider.version.clone(),
        digest: digest.clone(),
        manifest: inspection.manifest_text.clone(),
        component,
        origin: Origin { source: "harness".to_owned(), signer: None },
    };
    store.install(new, &by).await?;
    let versions = store.versions_of(provider).await?;
    if versions.waiting.is_some() {
        let asks = inspection.manifest.asks();
        if !asks.is_empty() {
            store.grant(provider, &digest, &asks, &by).await?;
        }
        let current = versions.current.as_ref().map(|current| &current.digest);
        let granted = store.granted().await?;
        let granted_to = |digest: &ComponentDigest| granted.get(digest).cloned().unwrap_or_default();
        let turn = Turn {
            provider,
            current,
            waiting: &digest,
            current_grants: &current.map(granted_to).unwrap_or_default(),
            waiting_grants: &granted_to(&digest),
            inherits: &BTreeSet::new(),
        };
        store.switch(turn, &by).await?;
    }
    content.enable(account, provider, &Actor::host()).await?;
    match content.reload().await?.pop() {
        Some(unusable) => Err(HarnessError::Unusable(unusable.reason)),
        None => Ok(inspection),
    }
}
