//! The host that the misdeeds are met in: every part is the real one, and all are in this process.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use autocontent_content::contract::{Argument, Place, Value};
use autocontent_content::{
    AccountId, Actor, Ask, Asker, CallsConfig, Content, HttpSource, Origin, Parts, Reply, SystemClock, SystemRandom,
    Trigger,
};
use autocontent_discord::{Fleet, FleetConfig, Transport, Wanted};
use autocontent_runtime::{CompileLimits, Compiler, Runtime, RuntimeConfig, inspect};
use autocontent_simulator::{Bot, Channel, Member, Simulator, SimulatorConfig};
use autocontent_store::{Desired, NewAccount, Store};
use jiff::Timestamp;

use crate::outside::{CANARY, Outside};

/// What a host needs of whoever opens it.
pub struct Setup {
    /// An empty database.
    pub store: Store,
    /// Folder of the compiled components. One that is kept saves the compiling in the next run.
    pub compiled: PathBuf,
    /// How to start the process that compiles.
    pub compiler: Compiler,
}

/// The host.
pub(crate) struct House {
    pub(crate) runtime: Runtime,
    pub(crate) store: Store,
    pub(crate) content: Content,
    /// Whose members may use the cases that are not shown on Discord, and the healthy provider.
    account: AccountId,
    pub(crate) discord: Discord,
    fleet: Fleet,
    pub(crate) outside: Outside,
    /// The id of the next member who asks.
    members: AtomicU64,
}

/// The simulated Discord with its one bot, whose members may use the cases that are shown.
pub(crate) struct Discord {
    pub(crate) simulator: Simulator,
    pub(crate) bot: Bot,
    pub(crate) member: Member,
    pub(crate) channel: Channel,
    account: AccountId,
}

/// Compiling what should not be compiled ends sooner than for an operator.
const COMPILE: CompileLimits = CompileLimits { size: 32 << 20, time: Duration::from_secs(5), memory: 2 << 30 };

/// The id of the first member who asks. Discord's ids are as long, and no guest may tell of one.
const MEMBERS: u64 = 600_000_000_000_000_001;

/// Calls at the same time.
const CONCURRENCY: u32 = 32;

/// The healthy provider: an official one.
const HEALTHY: &str = "quote";

/// Where the zoo's guests come from.
pub(crate) fn found() -> Origin {
    Origin { source: "the zoo".to_owned(), signer: None }
}

impl House {
    pub(crate) async fn open(setup: Setup) -> Result<House> {
        let Setup { store, compiled, compiler } = setup;
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let config = RuntimeConfig { cache: compiled, compiler, concurrency: CONCURRENCY, compile: COMPILE };
        let runtime = Runtime::new(config, clock.clone(), random.clone())?;
        let outside = Outside::open().await?;
        let parts = Parts {
            runtime: runtime.clone(),
            store: store.clone(),
            http: HttpSource::Gate(outside.gate.clone()),
            calls: CallsConfig::of(CONCURRENCY),
            clock: clock.clone(),
            random: random.clone(),
        };
        let content = Content::new(parts).await?;
        let simulator = Simulator::start(SimulatorConfig::default()).await?;
        let config = FleetConfig { rest: Some(simulator.rest_url()), ..FleetConfig::default() };
        let fleet = Fleet::new(content.clone(), config, random, clock)?;
        let guild = simulator.guild("zoo");
        let discord = Discord {
            bot: simulator.add_bot("keeper"),
            member: simulator.member("ana", "en-US"),
            channel: simulator.channel(&guild, "cages"),
            account: content.account_id(),
            simulator,
        };
        let house = House {
            runtime,
            account: content.account_id(),
            store,
            content,
            discord,
            fleet,
            outside,
            members: AtomicU64::new(MEMBERS),
        };
        house.add_account("visitors", house.account, "a token".into()).await?;
        house.add_account("keeper", house.discord.account, house.discord.bot.token()).await?;
        house.install(std::fs::read(provider(HEALTHY)?)?, HEALTHY, false).await?;
        Ok(house)
    }

    async fn add_account(&self, name: &str, id: AccountId, token: String) -> Result<()> {
        let (name, token) = (name.parse()?, token.into());
        let created_at = Timestamp::UNIX_EPOCH;
        let (transport, desired) = (Transport::Gateway, Desired::Running);
        Ok(self.store.add_account(NewAccount { id, name, token, transport, desired, created_at }).await?)
    }

    /// Installs a component as an operator does who fell for it.
    pub(crate) async fn install(&self, component: Vec<u8>, id: &str, on_discord: bool) -> Result<()> {
        let (id, keeper) = (id.parse()?, Actor::operator("keeper"));
        let secrets = inspect(&component)?.manifest.secrets;
        self.content.install(component, found(), &keeper).await?;
        self.content.grant(&id, &BTreeSet::new(), &keeper).await?;
        for secret in secrets {
            self.content.set_secret(&id, None, &secret.name, &CANARY.into(), &keeper).await?;
        }
        let account = if on_discord { self.discord.account } else { self.account };
        Ok(self.content.enable(account, &id, &keeper).await?)
    }

    /// Brings what was installed into service, and the bot onto Discord with these commands.
    pub(crate) async fn serve(&mut self, commands: Vec<&str>) -> Result<()> {
        let unusable = self.content.reload().await?;
        ensure!(unusable.is_empty(), "not all of the zoo can be served: {unusable:?}");
        let Discord { bot, account, .. } = &self.discord;
        let (name, token) = (bot.name().to_owned(), bot.token().into());
        self.fleet.reconcile(vec![Wanted {
            account: *account,
            name,
            token,
            transport: Transport::Gateway,
            again: false,
        }]);
        bot.until_ready().await?;
        for command in commands {
            bot.until_command(command).await?;
        }
        Ok(())
    }

    /// A member in the guild.
    pub(crate) fn asker(&self) -> Asker {
        Asker {
            account: Some(self.account),
            // A new one each time: members have to wait between two commands.
            member: Some(self.members.fetch_add(1, Ordering::Relaxed).into()),
            guild: Some(700_000_000_000_000_007.into()),
            channel: Some(700_000_000_000_000_070.into()),
            place: Place::Guild,
            locale: "en-US".into(),
            age_restricted: false,
            moderator: false,
        }
    }

    /// What a member gets for a command.
    pub(crate) async fn ask(&self, command: &str, arguments: Vec<Argument>) -> Reply {
        let ask = Ask { asker: self.asker(), command: command.to_owned(), arguments, trigger: Trigger::Command };
        match self.content.admit(ask) {
            Ok(admitted) => admitted.answer().await,
            Err(notice) => Reply::Notice(notice),
        }
    }

    pub(crate) async fn ask_healthy(&self) -> Result<Duration> {
        let begun = Instant::now();
        let topic = Argument { name: "topic".into(), value: Value::Text("courage".into()) };
        match self.ask(HEALTHY, vec![topic]).await {
            Reply::Post(_) => Ok(begun.elapsed()),
            other => bail!("the healthy provider gave {other:?}"),
        }
    }
}

/// The file of an official provider, as `cargo xtask build-providers` left it.
fn provider(id: &str) -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let mut files = program.ancestors().map(|folder| folder.join("providers").join(id).with_extension("wasm"));
    files.find(|file| file.exists()).context("the providers aren't built: run `cargo xtask build-providers`")
}
