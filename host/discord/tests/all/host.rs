//! A host of its own for each test.

use std::{
    path::PathBuf,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use autocontent_content::{
    AccountId, Actor, CallsConfig, Content, HttpSource, Origin, Parts, Random, SystemClock, SystemRandom,
};
use autocontent_discord::{BotEvent, Fleet, FleetConfig, Status, Transport, Wanted};
use autocontent_runtime::{Compiler, Http, Runtime, RuntimeConfig, compile_child_main, contract::http};
use autocontent_simulator::{Bot, Channel, Guild, Invocation, Member, Message, Simulator, SimulatorConfig};
use autocontent_store::{Delivery, DeliveryState, Desired, HistoryFilter, NewAccount, Store, testing::TestDatabase};
use jiff::Timestamp;
use tokio::{sync::Semaphore, time::timeout};

/// This test binary compiles for itself, by running just the test below with two arguments more.
const CHILD: [&str; 3] = ["--exact", "--nocapture", "host::compiles_when_told_to"];

/// How long a test waits for what should come.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn compiles_when_told_to() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.len() > CHILD.len() && arguments.starts_with(&CHILD.map(Into::into)) {
        return compile_child_main(arguments.into_iter().skip(CHILD.len()));
    }
    ExitCode::SUCCESS
}

/// The source of the parrot's `fetch`: it answers only when it is let.
pub(crate) struct Gate(Semaphore);

impl Gate {
    /// Lets so many fetches have their answer.
    pub(crate) fn open(&self, times: usize) {
        self.0.add_permits(times);
    }
}

#[async_trait]
impl Http for Gate {
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error> {
        self.0.acquire().await.unwrap().forget();
        Ok(http::Response { status: 200, headers: Vec::new(), body: Vec::new(), url: request.url })
    }
}

/// Chance that can be made to panic once.
#[derive(Default)]
pub(crate) struct Fragile(pub(crate) AtomicBool);

impl Random for Fragile {
    fn fill(&self, bytes: &mut [u8]) {
        assert!(!self.0.swap(false, Ordering::Relaxed), "told to");
        SystemRandom.fill(bytes);
    }
}

pub(crate) struct Host {
    pub(crate) sim: Simulator,
    pub(crate) content: Content,
    pub(crate) store: Store,
    pub(crate) fleet: Fleet,
    pub(crate) gate: Arc<Gate>,
    pub(crate) random: Arc<Fragile>,
    pub(crate) guild: Guild,
    pub(crate) channel: Channel,
    pub(crate) ana: Member,
    _database: TestDatabase,
}

/// A bot of the simulator's, registered as an account.
#[derive(Clone)]
pub(crate) struct TestBot {
    pub(crate) sim: Bot,
    pub(crate) account: AccountId,
    pub(crate) transport: Transport,
}

impl Host {
    pub(crate) async fn start() -> Host {
        Host::start_with(SimulatorConfig::default(), FleetConfig::default()).await
    }

    pub(crate) async fn start_with(simulator: SimulatorConfig, fleet: FleetConfig) -> Host {
        let sim = Simulator::start(SimulatorConfig { patience: PATIENCE, ..simulator }).await.unwrap();
        let database = TestDatabase::sqlite();
        let store = database.open().await;
        let compiler = Compiler { program: std::env::current_exe().unwrap(), args: CHILD.map(Into::into).to_vec() };
        let config =
            RuntimeConfig { concurrency: 64, ..RuntimeConfig::new(database.folder().join("compiled"), compiler) };
        let (clock, system) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let runtime = Runtime::new(config, clock.clone(), system.clone()).unwrap();
        let gate = Arc::new(Gate(Semaphore::new(0)));
        let http = HttpSource::Given(gate.clone());
        let calls = CallsConfig::of(64);
        let parts = Parts { runtime, store: store.clone(), http, calls, clock: clock.clone(), random: system };
        let content = Content::new(parts).await.unwrap();
        let origin = Origin { source: "parrot.wasm".to_owned(), signer: None };
        content.install(parrot(), origin, &Actor::host()).await.unwrap();
        let random = Arc::new(Fragile::default());
        let config = FleetConfig { rest: Some(sim.rest_url()), ..fleet };
        let fleet = Fleet::new(content.clone(), config, random.clone(), clock).unwrap();
        let guild = sim.guild("guild");
        let channel = sim.channel(&guild, "general");
        let ana = sim.member("ana", "en-US");
        Host { sim, content, store, fleet, gate, random, guild, channel, ana, _database: database }
    }

    /// Registers an account for a new bot, whose members may use the parrot.
    pub(crate) async fn add(&self, name: &str, transport: Transport) -> TestBot {
        let sim = self.sim.add_bot(name);
        let account = self.content.account_id();
        let new = NewAccount {
            id: account,
            name: name.parse().unwrap(),
            token: sim.token().into(),
            transport,
            desired: Desired::Running,
            created_at: Timestamp::UNIX_EPOCH,
        };
        self.store.add_account(new).await.unwrap();
        self.content.enable(account, &"parrot".parse().unwrap(), &Actor::host()).await.unwrap();
        assert!(self.content.reload().await.unwrap().is_empty());
        TestBot { sim, account, transport }
    }

    /// With one bot on the gateway, ready and with its commands.
    pub(crate) async fn with_bot() -> (Host, TestBot) {
        let host = Host::start().await;
        let bot = host.add("first", Transport::Gateway).await;
        host.want(&[&bot]);
        host.until_serving(&bot).await;
        (host, bot)
    }

    /// Has the fleet run just these.
    pub(crate) fn want(&self, bots: &[&TestBot]) {
        self.fleet.reconcile(bots.iter().map(|bot| bot.wanted()).collect());
    }

    pub(crate) async fn until_serving(&self, bot: &TestBot) {
        self.until(bot, |status| *status == Status::Ready).await;
        bot.sim.until_command("parrot").await.unwrap();
    }

    /// Waits until the bot is doing so.
    pub(crate) async fn until(&self, bot: &TestBot, wanted: impl Fn(&Status) -> bool) -> BotEvent {
        let mut events = self.fleet.events();
        let known = self.fleet.statuses().into_iter().find(|event| event.account == bot.account);
        if let Some(event) = known.filter(|event| wanted(&event.status)) {
            return event;
        }
        let found = async {
            loop {
                let event = events.recv().await.unwrap();
                if event.account == bot.account && wanted(&event.status) {
                    return event;
                }
            }
        };
        match timeout(PATIENCE, found).await {
            Ok(event) => event,
            Err(_) => panic!("waited in vain; the bots are {:?}", self.fleet.statuses()),
        }
    }

    /// Waits until the bot gave up, and says why.
    pub(crate) async fn until_failed(&self, bot: &TestBot) -> String {
        let event = self.until(bot, |status| matches!(status, Status::Failed { .. })).await;
        event.status.reason().unwrap().to_owned()
    }

    /// Waits until something is in the bot's way, and says what.
    pub(crate) async fn until_waiting(&self, bot: &TestBot) -> String {
        let event = self.until(bot, |status| matches!(status, Status::Waiting { .. })).await;
        event.status.reason().unwrap().to_owned()
    }

    /// `/parrot` with this script, by Ana.
    pub(crate) fn parrot(&self, script: &str) -> Invocation {
        Invocation::new("parrot", &self.ana, &self.channel).with("script", script)
    }

    pub(crate) async fn history(&self) -> Vec<Delivery> {
        self.store.history(&HistoryFilter { limit: 100, ..HistoryFilter::default() }).await.unwrap()
    }

    /// Waits until the newest delivery is settled.
    pub(crate) async fn settled(&self) -> Delivery {
        let settled = async {
            loop {
                match self.history().await.into_iter().next() {
                    Some(delivery) if delivery.state != DeliveryState::Pending => return delivery,
                    _ => tokio::task::yield_now().await,
                }
            }
        };
        timeout(PATIENCE, settled).await.unwrap()
    }
}

/// Waits until it is so.
pub(crate) async fn eventually(so: impl Fn() -> bool) {
    let waiting = async {
        while !so() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, waiting).await.unwrap();
}

impl TestBot {
    pub(crate) fn wanted(&self) -> Wanted {
        Wanted {
            account: self.account,
            name: self.sim.name().to_owned(),
            token: self.sim.token().into(),
            transport: self.transport,
            again: false,
        }
    }
}

/// The component that `cargo xtask build-providers` made.
fn parrot() -> Vec<u8> {
    let program = std::env::current_exe().unwrap();
    let file = program.ancestors().map(|folder| folder.join("test-guests/parrot.wasm")).find(|file| file.exists());
    std::fs::read(file.unwrap_or_else(|| PathBuf::from("run `cargo xtask build-providers` first"))).unwrap()
}

/// What the parrot's `file:cat.png` becomes: an attachment of 12 kB that the embed shows.
pub(crate) fn assert_cat(message: &Message) {
    let attachment = &message.json["attachments"][0];
    assert_eq!((&attachment["filename"], &attachment["content_type"]), (&"cat.png".into(), &"image/png".into()));
    assert_eq!(attachment["size"], 12_000);
    assert_eq!(message.json["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(message.embeds()[0]["image"]["url"], "attachment://cat.png");
}
