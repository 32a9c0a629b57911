//! What a bot does between starting and ending: it finds out who it is, takes interactions, and keeps its commands.

use std::{
    convert::Infallible,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use autocontent_content::ApplicationId;
use autocontent_store::Transport;
use futures_util::FutureExt;
use tokio::time::{Instant, sleep_until, timeout};
use url::Url;

use super::{Body, Bot, End};
use crate::{
    commands::{self, SyncError, Synced},
    exchange::First,
    gateway::{self, Event, Gateway},
    handler::Handler,
    rest::RestError,
    status::{Identity, Status},
};

impl Bot {
    /// Runs it once, until it is stopped or can't go on.
    pub(super) async fn attempt(&self) -> End {
        self.tell(Status::Starting);
        let Some(handler) = &self.handler else { return End::Failed(RestError::Unauthorized.to_string()) };
        let served = async {
            tokio::select! {
                () = self.stop.cancelled() => return Err(End::Stopped),
                () = sleep_until(self.common.turn_to_start(Instant::now())) => {}
            }
            let application = self.patiently(|| handler.rest.application()).await?;
            let id = ApplicationId::new(application.id.get());
            self.know(Identity { application: id, public_key: application.verify_key });
            match self.plan.transport {
                Transport::Gateway => tokio::select! {
                    end = Box::pin(self.listen(handler)) => end,
                    end = Box::pin(self.keep_commands(handler, id)) => end,
                },
                Transport::Http => {
                    if self.verifier.get().is_none() {
                        let reason = "discord names no usable public key for this bot, so nothing can be checked";
                        return Err(End::Failed(reason.to_owned()));
                    }
                    self.tell(Status::Ready);
                    self.open.store(true, Ordering::Release);
                    tokio::select! {
                        () = self.stop.cancelled() => Err(End::Stopped),
                        end = Box::pin(self.keep_commands(handler, id)) => end,
                    }
                }
            }
        };
        let end: Result<Infallible, End> = served.await;
        let Err(end) = end;
        self.open.store(false, Ordering::Release);
        self.finish().await;
        end
    }

    /// Takes interactions from the gateway.
    async fn listen(&self, handler: &Arc<Handler>) -> Result<Infallible, End> {
        let bot = self.patiently(|| handler.rest.gateway()).await?;
        self.budget.update(&bot.session_start_limit, Instant::now());
        let url = self.common.gateway.as_ref().map_or(bot.url.as_str(), Url::as_str);
        let address = gateway::address(url)
            .ok_or_else(|| End::Failed(format!("`{url}` should be discord's gateway, but is no websocket address")))?;
        let mut gateway = Gateway::new(address, &self.plan.token, self.budget.clone(), self.common.random.clone());
        loop {
            let event = tokio::select! {
                biased;
                () = self.stop.cancelled() => {
                    gateway.close().await;
                    return Err(End::Stopped);
                }
                event = gateway.next() => event,
            };
            match event {
                Event::Interaction(interaction) => self.take(handler, Body::Frame(interaction), First::Callback),
                Event::Ready => self.tell(Status::Ready),
                Event::Down { reason, until } => {
                    tracing::warn!(account = %self.plan.account, bot = self.plan.name, reason, "a bot is not connected");
                    self.tell(Status::Waiting { reason, until: self.moment(until) });
                }
                Event::Fatal(reason) => return Err(End::Failed(reason)),
            }
        }
    }

    /// Keeps Discord's commands equal to the catalogue's: now, and whenever they changed.
    async fn keep_commands(&self, handler: &Handler, application: ApplicationId) -> Result<Infallible, End> {
        let mut failures = 0;
        loop {
            // A change that was told before this look is seen by it.
            let _ = self.commands_changed.notified().now_or_never();
            let commands = self.common.content.commands(Some(self.plan.account));
            match commands::sync(&handler.rest, application, &commands).await {
                Ok(synced) => {
                    failures = 0;
                    if let Synced::Replaced(commands) = synced {
                        tracing::info!(account = %self.plan.account, bot = self.plan.name, commands, "commands were sent to discord");
                    }
                    self.commands_changed.notified().await;
                }
                Err(SyncError::Rest(error @ RestError::Unauthorized)) => return Err(End::Failed(error.to_string())),
                Err(error) => {
                    failures += 1;
                    let (error, pause) = match error {
                        SyncError::Rest(error) => (error.chain(), self.pause_after(&error, failures)),
                        SyncError::Json(error) => (error.to_string(), self.pause(failures)),
                    };
                    tracing::warn!(account = %self.plan.account, bot = self.plan.name, error, "the commands could not be synced");
                    // A changed catalogue may be what helps.
                    let _ = timeout(pause, self.commands_changed.notified()).await;
                }
            }
        }
    }

    /// Makes a call until it succeeds; gives up where the token is refused or the bot is stopped.
    async fn patiently<T, F: Future<Output = Result<T, RestError>>>(&self, call: impl Fn() -> F) -> Result<T, End> {
        let mut failures = 0;
        loop {
            let answer = tokio::select! {
                () = self.stop.cancelled() => return Err(End::Stopped),
                answer = call() => answer,
            };
            match answer {
                Ok(answer) => return Ok(answer),
                Err(error @ RestError::Unauthorized) => return Err(End::Failed(error.to_string())),
                Err(error) => {
                    failures += 1;
                    tracing::warn!(account = %self.plan.account, bot = self.plan.name, error = %error.chain(), "a bot could not start");
                    self.wait(error.to_string(), self.pause_after(&error, failures)).await?;
                }
            }
        }
    }

    /// The pause before a failed call is made again; Discord may want a longer one.
    fn pause_after(&self, error: &RestError, failures: u32) -> Duration {
        let wanted = match error {
            RestError::Limited { wait, .. } | RestError::Guarded { wait, .. } => *wait,
            _ => Duration::ZERO,
        };
        self.pause(failures).max(wanted)
    }
}
