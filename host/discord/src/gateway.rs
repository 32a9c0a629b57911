//! The one place that knows which library holds the socket to Discord's gateway.
//!
//! It is twilight-gateway's [`Shard`], though serenity does the rest. serenity 0.12.5's own client was measured against
//! a double of Discord and can freeze a process: on close codes 4003, 4010 and 4011 its shard runner spins without
//! yielding until the next heartbeat (41 s at 100 % of a core, and ten healthy bots beside it lost every interaction),
//! and stopping a bot whose socket is dead spins for ever. It also ignores `resume_gateway_url`. twilight lost none of
//! 20,900 interactions in 37 runs with faults, with two thirds of the memory, and dropping a shard stops it. Should a
//! serenity without these faults appear, only this file has to change.
//!
//! twilight reconnects by itself, at once or with pauses that have no chance in them, and for ever even on a close code
//! 4003, which would use up a day's identifies in 83 minutes. So a [`Shard`] here lives for one connection only: when
//! it is down, its session is taken over by the next one after a pause of ours, and what can't heal ends the bot.

use std::{borrow::Cow, pin::Pin, sync::Arc, task::Poll, time::Duration};

use autocontent_content::Random;
use futures_util::Stream;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout},
};
use twilight_gateway::{
    CloseFrame, Config, ConfigBuilder, Intents, Message, Session, Shard, ShardId, ShardState,
    error::{ReceiveMessageError, ReceiveMessageErrorType},
};
use url::Url;

use crate::{identify::IdentifyBudget, pace};

/// A connection that was active this long was a good one: what comes next counts as the first failure.
const GOOD: Duration = Duration::from_secs(60);
/// A connection that waits for no turn to identify has this long to become active.
const ACTIVATION: Duration = Duration::from_secs(45);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
/// After this many failed connections in a row, a session is given up and a new one begun.
const RESUMES: u32 = 3;
/// After this many close codes 4003 in a row, it is no accident.
const MOST_NOT_AUTHENTICATED: u32 = 4;
/// A connection is made in far fewer polls than this. More of them mean that one is dropped as soon as it is made,
/// over and over, which the library does not tell.
const MOST_POLLS: u32 = 64;
/// How long the closing of a socket may take.
const CLOSING: Duration = Duration::from_secs(1);

/// What the gateway told.
#[derive(Debug)]
pub(crate) enum Event {
    /// Connected: interactions arrive.
    Ready,
    /// An interaction's JSON.
    Interaction(Box<RawValue>),
    /// Not connected, and not before this moment.
    Down { reason: String, until: Instant },
    /// Nothing but its owner can help; this must not be polled any more.
    Fatal(String),
}

/// A bot's connection to the gateway, which is made again when it breaks.
pub(crate) struct Gateway {
    config: Config<IdentifyBudget>,
    waits: watch::Receiver<Option<Instant>>,
    random: Arc<dyn Random>,
    connection: Option<Box<Connection>>,
    /// To be resumed by the next connection, at this address if there is one.
    session: Option<(Session, Option<String>)>,
    resume_at: Option<Instant>,
    /// Connections in a row that did not stay active.
    failures: u32,
    not_authenticated: u32,
}

struct Connection {
    shard: Shard<IdentifyBudget>,
    /// Whether there was a socket.
    opened: bool,
    polls: u32,
    active_since: Option<Instant>,
    must_be_active_by: Instant,
}

/// What a connection brought.
enum Step {
    Message(Result<Message, ReceiveMessageError>),
    /// The library went over to the next connection without a word.
    Gone,
    /// The library will not go on.
    Ended,
    Silent,
    /// The wait for a turn to identify changed.
    Waits(Option<Instant>),
}

/// A gateway frame.
#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(default, borrow)]
    t: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    d: Option<&'a RawValue>,
}

/// What a frame tells that matters here.
pub(crate) enum Heard<'a> {
    Ready,
    Interaction(&'a RawValue),
}

impl Gateway {
    /// A gateway at an [`address`]. Nothing is connected before it is polled.
    pub(crate) fn new(
        address: String,
        token: &SecretString,
        budget: IdentifyBudget,
        random: Arc<dyn Random>,
    ) -> Gateway {
        let waits = budget.waits();
        // Slash commands need no intent.
        let config = ConfigBuilder::new(token.expose_secret().trim().to_owned(), Intents::empty())
            .proxy_url(address)
            .queue(budget)
            .build();
        Gateway {
            config,
            waits,
            random,
            connection: None,
            session: None,
            resume_at: None,
            failures: 0,
            not_authenticated: 0,
        }
    }

    /// Waits for what comes next. May be dropped and called again without losing anything.
    pub(crate) async fn next(&mut self) -> Event {
        loop {
            if let Some(at) = self.resume_at {
                sleep_until(at).await;
                self.resume_at = None;
            }
            let step = self.step().await;
            let event = match step {
                Step::Message(Ok(Message::Text(text))) => self.text(&text),
                Step::Message(Ok(Message::Close(frame))) => self.closed(frame.as_ref()),
                Step::Message(Err(error)) => self.error(&error),
                Step::Gone => self.down("discord's gateway dropped the connection"),
                Step::Ended => Some(Event::Fatal("discord's gateway closed the connection for good".to_owned())),
                Step::Silent => self.down("discord's gateway takes connections but does not answer"),
                Step::Waits(until) => until.map(|until| Event::Down {
                    reason: "most of today's 1,000 connections to discord are used up; one more is made when discord counts anew".to_owned(),
                    until,
                }),
            };
            if let Some(event) = event {
                return event;
            }
        }
    }

    /// Closes the connection so that Discord shows the bot as offline.
    pub(crate) async fn close(mut self) {
        let Some(connection) = self.connection.as_mut().filter(|connection| connection.opened) else { return };
        connection.shard.close(CloseFrame::NORMAL);
        let closed = std::future::poll_fn(|cx| {
            let polled = Pin::new(&mut connection.shard).poll_next(cx);
            match (connection.shard.state(), polled) {
                (ShardState::Disconnected { .. } | ShardState::FatallyClosed, _) | (_, Poll::Ready(None)) => {
                    Poll::Ready(())
                }
                (_, Poll::Ready(Some(_))) => {
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                (_, Poll::Pending) => Poll::Pending,
            }
        });
        // A peer that takes nothing any more gets no more of our time.
        let _ = timeout(CLOSING, closed).await;
    }

    async fn step(&mut self) -> Step {
        let (config, session) = (&self.config, &mut self.session);
        let connection = self.connection.get_or_insert_with(|| Connection::new(config, session.take()));
        let (waiting, silent_at) = match (connection.active_since, *self.waits.borrow_and_update()) {
            (Some(_), _) => (false, None),
            (None, Some(turn)) => (true, Some(turn + ACTIVATION)),
            (None, None) => (false, Some(connection.must_be_active_by)),
        };
        if waiting {
            connection.must_be_active_by = Instant::now() + ACTIVATION;
        }
        let silent = async {
            match silent_at {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            step = std::future::poll_fn(|cx| connection.poll(cx)) => step,
            Ok(()) = self.waits.changed() => {
                let until = *self.waits.borrow_and_update();
                // The pause between two identifies is nothing to tell.
                Step::Waits(until.filter(|until| *until > Instant::now() + Duration::from_secs(10)))
            }
            () = silent => Step::Silent,
        }
    }

    fn text(&mut self, text: &str) -> Option<Event> {
        let state = self.connection.as_ref().map(|connection| connection.shard.state());
        if !matches!(state, Some(ShardState::Active | ShardState::Resuming | ShardState::Identifying)) {
            // Ops 7 and 9: Discord wants another connection.
            return self.down("discord's gateway asked for another connection");
        }
        match heard(text)? {
            Heard::Ready => {
                let connection = self.connection.as_mut()?;
                connection.active_since = Some(Instant::now());
                self.not_authenticated = 0;
                Some(Event::Ready)
            }
            Heard::Interaction(interaction) => Some(Event::Interaction(interaction.to_owned())),
        }
    }

    fn closed(&mut self, frame: Option<&CloseFrame<'_>>) -> Option<Event> {
        let code = frame.map_or(1005, |frame| frame.code);
        if let Some(reason) = fatal(code) {
            self.connection = None;
            return Some(Event::Fatal(reason.to_owned()));
        }
        if code == 4003 {
            self.not_authenticated += 1;
            if self.not_authenticated >= MOST_NOT_AUTHENTICATED {
                self.connection = None;
                let reason = "discord closes every connection as not authenticated (4003): check that the token is a bot's, or reset it in the developer portal";
                return Some(Event::Fatal(reason.to_owned()));
            }
        }
        self.down(&format!("discord's gateway closed the connection (code {code})"))
    }

    fn error(&mut self, error: &ReceiveMessageError) -> Option<Event> {
        if let ReceiveMessageErrorType::Reconnect = error.kind() {
            let cause = std::error::Error::source(error).map_or_else(String::new, |cause| format!(": {cause}"));
            return self.down(&format!("discord's gateway can't be reached{cause}"));
        }
        // The event itself is left out of the log: it may hold an interaction's token.
        tracing::warn!("discord's gateway sent something unreadable");
        None
    }

    /// Takes leave of the connection. Tells it where the next one has to wait.
    fn down(&mut self, reason: &str) -> Option<Event> {
        let now = Instant::now();
        let connection = self.connection.take()?;
        let was_good = connection.active_since.is_some_and(|since| now - since >= GOOD);
        self.failures = if was_good { 1 } else { self.failures.saturating_add(1) };
        let unreachable = !connection.opened;
        if unreachable || connection.active_since.is_some() || self.failures < RESUMES {
            let address = connection.shard.resume_url().filter(|_| !unreachable).and_then(address);
            self.session = connection.shard.session().cloned().map(|session| (session, address));
        }
        if self.failures == 1 && !unreachable {
            // Discord may move many connections at once; they need not come back in the same moment.
            self.resume_at = Some(now + Duration::from_millis(250).mul_f64(pace::chance(&*self.random)));
            return None;
        }
        let until = now + pace::backoff(self.failures.saturating_sub(1), FIRST_PAUSE, LONGEST_PAUSE, &*self.random);
        self.resume_at = Some(until);
        Some(Event::Down { reason: reason.to_owned(), until })
    }
}

impl Connection {
    fn new(config: &Config<IdentifyBudget>, session: Option<(Session, Option<String>)>) -> Box<Connection> {
        let mut config = ConfigBuilder::from(config.clone());
        if let Some((session, address)) = session {
            config = config.session(session);
            if let Some(address) = address {
                config = config.resume_url(address);
            }
        }
        Box::new(Connection {
            shard: Shard::with_config(ShardId::ONE, config.build()),
            opened: false,
            polls: 0,
            active_since: None,
            must_be_active_by: Instant::now() + ACTIVATION,
        })
    }

    fn poll(&mut self, cx: &mut std::task::Context<'_>) -> Poll<Step> {
        let polled = Pin::new(&mut self.shard).poll_next(cx);
        let connecting = matches!(self.shard.state(), ShardState::Disconnected { .. });
        let gone = connecting && self.opened;
        self.opened |= !connecting;
        match polled {
            Poll::Ready(Some(message)) => Poll::Ready(Step::Message(message)),
            Poll::Ready(None) => Poll::Ready(Step::Ended),
            Poll::Pending if gone => Poll::Ready(Step::Gone),
            Poll::Pending => {
                self.polls += u32::from(connecting);
                if self.polls > MOST_POLLS { Poll::Ready(Step::Gone) } else { Poll::Pending }
            }
        }
    }
}

/// Reads a frame; none where it tells nothing that matters, or is no frame.
pub(crate) fn heard(text: &str) -> Option<Heard<'_>> {
    let frame: Frame<'_> = serde_json::from_str(text).ok()?;
    match frame.t.as_deref()? {
        "READY" | "RESUMED" => Some(Heard::Ready),
        "INTERACTION_CREATE" => frame.d.map(Heard::Interaction),
        _ => None,
    }
}

/// The address of a gateway as the library takes it; none where it would panic.
pub(crate) fn address(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let gateway = matches!(url.scheme(), "ws" | "wss") && url.has_host();
    gateway.then(|| url.as_str().trim_end_matches('/').to_owned())
}

/// What a close code means to the bot's owner, if trying again can't help.
fn fatal(code: u16) -> Option<&'static str> {
    Some(match code {
        4004 => "discord refuses the token (4004): copy the token from the developer portal again, or reset it there",
        4010 | 4011 => {
            "the bot is in more servers than one connection may serve (4010, 4011): bots of more than 2,500 servers can't be run over the gateway yet; use the HTTP transport"
        }
        4012 => "discord does not speak this version of its gateway any more (4012): install a newer autocontent",
        4013 | 4014 => {
            "discord refuses the events that were asked for (4013, 4014): allow the privileged intents of the bot in the developer portal, then start it again"
        }
        _ => return None,
    })
}
