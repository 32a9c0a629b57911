//! One bot: a supervised task that keeps it connected and its commands up to date.

mod session;

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use autocontent_content::{AccountId, Clock, Content, Random};
use autocontent_store::Transport;
use bytes::Bytes;
use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde_json::value::RawValue;
use serenity::interactions_endpoint::Verifier;
use tokio::{
    sync::{Notify, Semaphore, broadcast, oneshot},
    time::{Instant, sleep_until, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use url::Url;

use crate::{
    exchange::First,
    handler::Handler,
    identify::IdentifyBudget,
    pace,
    rest::{Rest, Wire},
    status::{BotEvent, Identity, Status},
};

const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(300);
/// A bot that ran this long before it broke starts with the shortest pause again.
const GOOD: Duration = Duration::from_secs(600);
/// 200 bots a second start.
const START_STEP: Duration = Duration::from_millis(5);
/// Interactions beyond the bound that are told so; more than these are dropped.
const REFUSALS: usize = 64;

/// What a bot is made of.
pub(crate) struct Plan {
    pub(crate) account: AccountId,
    /// What its owner calls it; for the log.
    pub(crate) name: String,
    pub(crate) token: SecretString,
    pub(crate) transport: Transport,
}

/// What the bots of a fleet share.
pub(crate) struct Common {
    pub(crate) content: Content,
    pub(crate) wire: Arc<Wire>,
    pub(crate) gateway: Option<Url>,
    pub(crate) events: broadcast::Sender<BotEvent>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    /// Interactions that one bot works on at a time.
    pub(crate) in_flight: usize,
    /// How long interactions may take to finish when a bot stops.
    pub(crate) grace: Duration,
    /// When the next bot may start.
    pub(crate) next_start: Mutex<Instant>,
}

impl Common {
    /// When a bot that wants to start now may do so. A thousand that start together would need a connection each, and
    /// keep the memory; at a steady rate a few are enough, and none waits for another.
    fn turn_to_start(&self, now: Instant) -> Instant {
        let mut next = self.next_start.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = (*next).max(now);
        *next = turn + START_STEP;
        turn
    }
}

/// A bot, running or not.
pub(crate) struct Bot {
    plan: Plan,
    common: Arc<Common>,
    /// None where the token is none that could be sent.
    handler: Option<Arc<Handler>>,
    budget: IdentifyBudget,
    turns: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    /// Interactions being answered.
    tasks: TaskTracker,
    stop: CancellationToken,
    commands_changed: Notify,
    status: Mutex<(Status, Option<Identity>)>,
    verifier: OnceLock<Verifier>,
    /// Whether interactions by HTTP are taken.
    open: AtomicBool,
}

/// Why a bot does not run any more.
enum End {
    Stopped,
    Failed(String),
}

impl Bot {
    pub(crate) fn new(plan: Plan, common: Arc<Common>) -> Bot {
        let rest = Rest::new(common.wire.clone(), &plan.token).ok();
        let content = common.content.clone();
        let handler = rest.map(|rest| Arc::new(Handler { account: plan.account, content, rest }));
        Bot {
            handler,
            budget: IdentifyBudget::new(),
            turns: Arc::new(Semaphore::new(common.in_flight)),
            refusals: Arc::new(Semaphore::new(REFUSALS)),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
            commands_changed: Notify::new(),
            status: Mutex::new((Status::Stopped, None)),
            verifier: OnceLock::new(),
            open: AtomicBool::new(false),
            plan,
            common,
        }
    }

    /// What it was made of.
    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Asks it to stop; its task then ends within the grace time.
    pub(crate) fn stop(&self) {
        self.stop.cancel();
    }

    /// Asks it to compare its commands.
    pub(crate) fn commands_changed(&self) {
        self.commands_changed.notify_one();
    }

    /// How it is doing.
    pub(crate) fn event(&self) -> BotEvent {
        let (status, identity) = self.status.lock().unwrap_or_else(PoisonError::into_inner).clone();
        BotEvent { account: self.plan.account, status, identity }
    }

    /// What checks the signatures of its interactions by HTTP; none while it takes none.
    pub(crate) fn verifier(&self) -> Option<&Verifier> {
        self.verifier.get().filter(|_| self.open.load(Ordering::Acquire))
    }

    /// Runs it until it is stopped or only its owner can help. A panic ends nothing but this attempt.
    pub(crate) async fn run(self: Arc<Self>) {
        let mut failures = 0;
        loop {
            let began = Instant::now();
            // Everything in `self` that a panic could leave half changed is replaced as a whole.
            let end = AssertUnwindSafe(self.attempt()).catch_unwind().await;
            self.open.store(false, Ordering::Release);
            match end {
                Ok(End::Stopped) => return self.tell(Status::Stopped),
                Ok(End::Failed(reason)) => {
                    tracing::error!(account = %self.plan.account, bot = self.plan.name, reason, "a bot gave up");
                    return self.tell(Status::Failed { reason });
                }
                Err(_) => {
                    failures = if began.elapsed() >= GOOD { 0 } else { failures + 1 };
                    tracing::error!(account = %self.plan.account, bot = self.plan.name, failures, "a bot's task panicked");
                    let reason = "an error in the bot's own program; it is started again".to_owned();
                    if self.wait(reason, self.pause(failures)).await.is_err() {
                        return self.tell(Status::Stopped);
                    }
                }
            }
        }
    }

    /// Takes an interaction that came by HTTP, whose signature was checked. The answer comes by the receiver; none
    /// comes where there is nothing to say.
    pub(crate) fn take_http(&self, body: Bytes) -> oneshot::Receiver<Bytes> {
        let (sender, receiver) = oneshot::channel();
        if let Some(handler) = &self.handler {
            self.take(handler, Body::Http(body), First::Body(sender));
        }
        receiver
    }

    /// Answers an interaction in a task of its own, if there are not too many.
    fn take(&self, handler: &Arc<Handler>, body: Body, first: First) {
        let (received, handler) = (Instant::now(), handler.clone());
        if let Ok(turn) = self.turns.clone().try_acquire_owned() {
            self.tasks.spawn(async move {
                if let Some(text) = body.text() {
                    handler.handle(text, received, first, turn).await;
                }
            });
        } else if let Ok(turn) = self.refusals.clone().try_acquire_owned() {
            self.tasks.spawn(async move {
                if let Some(text) = body.text() {
                    handler.refuse(text, received, first, turn).await;
                }
            });
        } else {
            tracing::warn!(account = %self.plan.account, bot = self.plan.name, "an interaction was dropped: too many wait");
        }
    }

    fn pause(&self, failures: u32) -> Duration {
        pace::backoff(failures.saturating_sub(1), FIRST_PAUSE, LONGEST_PAUSE, &*self.common.random)
    }

    async fn wait(&self, reason: String, pause: Duration) -> Result<(), End> {
        let until = Instant::now() + pause;
        self.tell(Status::Waiting { reason, until: self.moment(until) });
        tokio::select! {
            () = self.stop.cancelled() => Err(End::Stopped),
            () = sleep_until(until) => Ok(()),
        }
    }

    /// Lets the interactions in flight finish.
    async fn finish(&self) {
        self.tasks.close();
        if timeout(self.common.grace, self.tasks.wait()).await.is_err() {
            let left = self.tasks.len();
            tracing::warn!(account = %self.plan.account, bot = self.plan.name, left, "a bot stopped before all was answered");
        }
        self.tasks.reopen();
    }

    fn know(&self, identity: Identity) {
        if let Some(verifier) = key(&identity.public_key).and_then(|key| Verifier::try_new(key).ok()) {
            self.verifier.get_or_init(|| verifier);
        }
        let event = {
            let mut state = self.status.lock().unwrap_or_else(PoisonError::into_inner);
            state.1 = Some(identity);
            BotEvent { account: self.plan.account, status: state.0.clone(), identity: state.1.clone() }
        };
        self.send(event);
    }

    fn tell(&self, status: Status) {
        let event = {
            let mut state = self.status.lock().unwrap_or_else(PoisonError::into_inner);
            if state.0 == status {
                return;
            }
            state.0 = status;
            BotEvent { account: self.plan.account, status: state.0.clone(), identity: state.1.clone() }
        };
        self.send(event);
    }

    fn send(&self, event: BotEvent) {
        // Nobody has to listen.
        let _ = self.common.events.send(event);
    }

    /// A moment of tokio's clock on the calendar.
    fn moment(&self, at: Instant) -> Timestamp {
        let wait = SignedDuration::try_from(at.saturating_duration_since(Instant::now())).unwrap_or_default();
        let now = self.common.clock.now();
        now.checked_add(wait).unwrap_or(now)
    }
}

/// An interaction's JSON, as its transport gave it.
enum Body {
    Frame(Box<RawValue>),
    Http(Bytes),
}

impl Body {
    fn text(&self) -> Option<&str> {
        match self {
            Body::Frame(raw) => Some(raw.get()),
            Body::Http(bytes) => std::str::from_utf8(bytes).ok(),
        }
    }
}

/// The 32 bytes of a key in hexadecimal.
fn key(hex: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if hex.len() != 64 {
        return None;
    }
    for (byte, at) in key.iter_mut().zip((0..64).step_by(2)) {
        *byte = u8::from_str_radix(hex.get(at..at + 2)?, 16).ok()?;
    }
    Some(key)
}
