//! The bots of this process, and what is wanted of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use autocontent_content::{AccountId, Clock, Content, Random};
use autocontent_store::Transport;
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::broadcast, task::JoinHandle, time::Instant};
use url::Url;

use crate::{
    bot::{Bot, Common, Plan},
    endpoint,
    rest::Wire,
    status::{BotEvent, Status},
};

/// Events kept for a listener that is slow; one that misses some finds all in [`Fleet::statuses`].
const EVENTS: usize = 1_024;

/// How a fleet works.
#[derive(Clone, Debug)]
pub struct FleetConfig {
    /// Base of the REST API instead of `https://discord.com`.
    pub rest: Option<Url>,
    /// The gateway's address (`ws` or `wss`) instead of the one that `GET /gateway/bot` names.
    pub gateway: Option<Url>,
    /// Interactions that one bot works on at a time, 512 by default. Members get a polite refusal beyond them.
    pub in_flight: usize,
    /// How long interactions may take to finish when a bot stops, 10 s by default.
    pub grace: Duration,
}

impl Default for FleetConfig {
    fn default() -> Self {
        FleetConfig { rest: None, gateway: None, in_flight: 512, grace: Duration::from_secs(10) }
    }
}

/// A bot that should run.
#[derive(Debug)]
pub struct Wanted {
    /// Its account.
    pub account: AccountId,
    /// What its owner calls it; for the log.
    pub name: String,
    /// Its bot token.
    pub token: SecretString,
    /// How Discord's interactions reach it.
    pub transport: Transport,
    /// Whether it is to try again if it gave up.
    pub again: bool,
}

/// Why there can be no fleet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FleetError {
    /// TLS could not be set up.
    #[error("could not set up https for discord")]
    Client(#[source] reqwest::Error),
}

/// The bots of this process. Cheap to clone; all clones are the same fleet.
#[derive(Clone)]
pub struct Fleet {
    common: Arc<Common>,
    bots: Arc<Mutex<HashMap<AccountId, Running>>>,
}

/// A bot and its task.
struct Running {
    bot: Arc<Bot>,
    task: JoinHandle<()>,
}

impl Fleet {
    /// A fleet without bots; [`Fleet::reconcile`] brings them. Both belong inside a tokio runtime.
    ///
    /// # Errors
    ///
    /// Where TLS can't be set up.
    pub fn new(
        content: Content,
        config: FleetConfig,
        random: Arc<dyn Random>,
        clock: Arc<dyn Clock>,
    ) -> Result<Fleet, FleetError> {
        let wire = Wire::new(config.rest.as_ref(), random.clone()).map_err(FleetError::Client)?;
        let common = Common {
            content,
            wire: Arc::new(wire),
            gateway: config.gateway,
            events: broadcast::Sender::new(EVENTS),
            clock,
            random,
            in_flight: config.in_flight,
            grace: config.grace,
            next_start: Mutex::new(Instant::now()),
        };
        Ok(Fleet { common: Arc::new(common), bots: Arc::default() })
    }

    /// Makes what runs equal to what is wanted: starts what is missing, stops what is not wanted any more, and starts
    /// anew where token or transport changed, after the old bot has stopped. Returns at once; [`Fleet::events`] tell
    /// what came of it. Bots that run as wanted are left alone, and so are those that gave up, unless they are to try
    /// again.
    pub fn reconcile(&self, wanted: Vec<Wanted>) {
        let mut bots = self.bots.lock().unwrap_or_else(PoisonError::into_inner);
        let mut before = std::mem::take(&mut *bots);
        for wanted in wanted {
            let old = match before.remove(&wanted.account) {
                Some(same) if same.is_as(&wanted) => {
                    bots.insert(wanted.account, same);
                    continue;
                }
                old => old,
            };
            let Wanted { account, name, token, transport, .. } = wanted;
            let bot = Arc::new(Bot::new(Plan { account, name, token, transport }, self.common.clone()));
            let task = tokio::spawn({
                let bot = bot.clone();
                async move {
                    if let Some(old) = old {
                        // Two connections of one bot would both answer.
                        old.end().await;
                    }
                    bot.run().await;
                }
            });
            if let Some(twice) = bots.insert(account, Running { bot, task }) {
                twice.bot.stop();
            }
        }
        for gone in before.into_values() {
            gone.bot.stop();
        }
    }

    /// Has each running bot compare its commands with the catalogue and send them where they differ.
    pub fn commands_changed(&self) {
        for running in self.bots.lock().unwrap_or_else(PoisonError::into_inner).values() {
            running.bot.commands_changed();
        }
    }

    /// How the bots are doing, from now on.
    #[must_use]
    pub fn events(&self) -> broadcast::Receiver<BotEvent> {
        self.common.events.subscribe()
    }

    /// How each wanted bot is doing now.
    #[must_use]
    pub fn statuses(&self) -> Vec<BotEvent> {
        self.bots.lock().unwrap_or_else(PoisonError::into_inner).values().map(|running| running.bot.event()).collect()
    }

    /// Stops all bots: they take nothing more, finish what is in flight within the grace time, and close their sockets.
    pub async fn stop(&self) {
        let bots = std::mem::take(&mut *self.bots.lock().unwrap_or_else(PoisonError::into_inner));
        for running in bots.values() {
            running.bot.stop();
        }
        for running in bots.into_values() {
            running.end().await;
        }
    }

    /// `POST /interactions/{account}`, where Discord sends the interactions of bots with [`Transport::Http`].
    pub fn router(&self) -> axum::Router {
        endpoint::router(self.clone())
    }

    /// The bot of an account that takes interactions by HTTP.
    pub(crate) fn http_bot(&self, account: AccountId) -> Option<Arc<Bot>> {
        let bots = self.bots.lock().unwrap_or_else(PoisonError::into_inner);
        let bot = &bots.get(&account)?.bot;
        (bot.plan().transport == Transport::Http).then(|| bot.clone())
    }
}

impl Running {
    fn is_as(&self, wanted: &Wanted) -> bool {
        let plan = self.bot.plan();
        let gave_up = matches!(self.bot.event().status, Status::Failed { .. });
        plan.transport == wanted.transport
            && plan.token.expose_secret() == wanted.token.expose_secret()
            && !(gave_up && wanted.again)
    }

    async fn end(self) {
        self.bot.stop();
        // The task catches its own panics.
        let _ = self.task.await;
    }
}
