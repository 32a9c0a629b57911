//! A service of its own for each test.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use autocontent_content::contract::{Argument, Item, Place, Value};
use autocontent_content::{
    AccountId, Actor, Ask, Asker, CallsConfig, Clock, Content, HttpSource, Installation, Notice, OperateError, Origin,
    Parts, Post, Press, Reply, Settled, Trigger,
};
use autocontent_runtime::{Compiler, Denied, Runtime, RuntimeConfig, SeededRandom, compile_child_main};
use autocontent_store::testing::TestDatabase;
use autocontent_store::{Delivery, Desired, HistoryFilter, NewAccount, Store, Transport};
use jiff::{SignedDuration, Timestamp};

/// This test binary compiles for itself, by running just the test below with two arguments more.
const CHILD: [&str; 3] = ["--exact", "--nocapture", "service::compiles_when_told_to"];

#[test]
fn compiles_when_told_to() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.len() > CHILD.len() && arguments.starts_with(&CHILD.map(Into::into)) {
        return compile_child_main(arguments.into_iter().skip(CHILD.len()));
    }
    ExitCode::SUCCESS
}

/// Calls at the same time.
pub(crate) const CONCURRENCY: u32 = 16;

/// A clock that a test sets.
pub(crate) struct TestClock(Mutex<Timestamp>);

impl TestClock {
    pub(crate) fn new() -> Arc<TestClock> {
        Arc::new(TestClock(Mutex::new("2026-03-01T12:00:00Z".parse().unwrap())))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        *self.0.lock().unwrap() += SignedDuration::from_secs(seconds);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// No network.
pub(crate) fn denied() -> HttpSource {
    HttpSource::Given(Arc::new(Denied))
}

pub(crate) struct Service {
    pub(crate) content: Content,
    pub(crate) store: Store,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) account: AccountId,
    database: TestDatabase,
}

impl Service {
    /// With one account, whose members may use the parrot.
    pub(crate) async fn start() -> Self {
        Self::start_with(denied()).await
    }

    pub(crate) async fn start_with(http: HttpSource) -> Self {
        Self::start_on(TestDatabase::sqlite(), http, CallsConfig::of(CONCURRENCY)).await
    }

    pub(crate) async fn start_on(database: TestDatabase, http: HttpSource, calls: CallsConfig) -> Self {
        let clock = TestClock::new();
        let (store, content) = open(&database, &clock, http, calls).await;
        let account = add_account(&store, &content, "main").await;
        let service = Self { content, store, clock, account, database };
        service.install(guest("parrot")).await.unwrap();
        service.content.enable(account, &"parrot".parse().unwrap(), &Actor::host()).await.unwrap();
        assert!(service.content.reload().await.unwrap().is_empty());
        service
    }

    /// Installs a component as an operator does from a file.
    pub(crate) async fn install(&self, component: Vec<u8>) -> Result<Installation, OperateError> {
        let origin = Origin { source: "guest.wasm".to_owned(), signer: None };
        self.content.install(component, origin, &Actor::operator("ana")).await
    }

    /// The same host after it was stopped and started.
    pub(crate) async fn restart(self) -> Self {
        self.store.close().await;
        let (store, content) = open(&self.database, &self.clock, denied(), CallsConfig::of(CONCURRENCY)).await;
        assert!(content.reload().await.unwrap().is_empty());
        Self { content, store, ..self }
    }

    pub(crate) fn asker(&self, member: u64) -> Asker {
        Asker {
            account: Some(self.account),
            member: Some(member.into()),
            guild: Some(7.into()),
            channel: Some(70.into()),
            place: Place::Guild,
            locale: "en-US".into(),
            age_restricted: false,
            moderator: false,
        }
    }

    /// What a member gets for `/parrot` with this script.
    pub(crate) async fn run(&self, script: &str) -> Reply {
        self.run_as(&self.asker(1), "parrot", script).await
    }

    pub(crate) async fn run_as(&self, asker: &Asker, command: &str, script: &str) -> Reply {
        let arguments = vec![Argument { name: "script".into(), value: Value::Text(script.into()) }];
        let ask = Ask { asker: asker.clone(), command: command.into(), arguments, trigger: Trigger::Command };
        match self.content.admit(ask) {
            Ok(admitted) => admitted.answer().await,
            Err(notice) => Reply::Notice(notice),
        }
    }

    /// Presses a button as this member.
    pub(crate) async fn press(&self, asker: &Asker, button: &str) -> Reply {
        match self.content.admit_press(Press { asker: asker.clone(), button: button.into(), message: None }).await {
            Ok(admitted) => admitted.answer().await,
            Err(notice) => Reply::Notice(notice),
        }
    }

    pub(crate) async fn delivered(&self, post: &Post, message: u64) {
        self.content.settle(post.delivery, Settled::Delivered { message: Some(message.into()) }).await;
    }

    /// A post's delivery as the history has it.
    pub(crate) async fn delivery(&self, post: &Post) -> Delivery {
        self.store.delivery(post.delivery).await.unwrap().unwrap()
    }

    pub(crate) async fn history(&self) -> Vec<Delivery> {
        self.store.history(&HistoryFilter { limit: 100, ..HistoryFilter::default() }).await.unwrap()
    }
}

async fn open(
    database: &TestDatabase,
    clock: &Arc<TestClock>,
    http: HttpSource,
    calls: CallsConfig,
) -> (Store, Content) {
    let store = database.open().await;
    let random = Arc::new(SeededRandom::new(7));
    let runtime = runtime(database, clock, CONCURRENCY);
    let parts = Parts { runtime, store: store.clone(), http, calls, clock: clock.clone(), random };
    (store.clone(), Content::new(parts).await.unwrap())
}

/// A sandbox for so many calls at the same time.
pub(crate) fn runtime(database: &TestDatabase, clock: &Arc<TestClock>, concurrency: u32) -> Runtime {
    let compiler = Compiler { program: std::env::current_exe().unwrap(), args: CHILD.map(Into::into).to_vec() };
    let config = RuntimeConfig { concurrency, ..RuntimeConfig::new(database.folder().join("compiled"), compiler) };
    Runtime::new(config, clock.clone(), Arc::new(SeededRandom::new(7))).unwrap()
}

pub(crate) async fn add_account(store: &Store, content: &Content, name: &str) -> AccountId {
    let id = content.account_id();
    let account = NewAccount {
        id,
        name: name.parse().unwrap(),
        token: "a token".into(),
        transport: Transport::Gateway,
        desired: Desired::Running,
        created_at: Timestamp::UNIX_EPOCH,
    };
    store.add_account(account).await.unwrap();
    id
}

/// A component that `cargo xtask build-providers` made.
pub(crate) fn guest(id: &str) -> Vec<u8> {
    let program = std::env::current_exe().unwrap();
    let folders = program.ancestors().flat_map(|folder| ["test-guests", "providers"].map(|kind| folder.join(kind)));
    let file = folders.map(|folder| folder.join(id).with_extension("wasm")).find(|file| file.exists());
    std::fs::read(file.unwrap_or_else(|| PathBuf::from("run `cargo xtask build-providers` first"))).unwrap()
}

pub(crate) fn post(reply: Reply) -> Post {
    match reply {
        Reply::Post(post) => *post,
        other => panic!("not a post: {other:?}"),
    }
}

pub(crate) fn notice(reply: Reply) -> Notice {
    match reply {
        Reply::Notice(notice) => notice,
        other => panic!("not a notice: {other:?}"),
    }
}

/// The id of the button with this emoji or label.
pub(crate) fn button(post: &Post, which: &str) -> String {
    let buttons = post.rows.iter().flatten();
    buttons
        .clone()
        .find(|button| button.emoji == Some(which) || button.label == which)
        .unwrap_or_else(|| panic!("no button {which}"))
        .id
        .clone()
}

pub(crate) fn field<'a>(item: &'a Item, name: &str) -> &'a str {
    &item.fields.iter().find(|field| field.name == name).unwrap().value
}
