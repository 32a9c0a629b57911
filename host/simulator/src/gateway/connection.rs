//! One socket, from HELLO to its close code.

use std::{
    collections::VecDeque,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use axum::{
    extract::{
        ConnectInfo, Query, State,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
    },
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_util::sync::CancellationToken;

use super::sessions::{IdentifyBudget, Out, Resumption};
use crate::{
    Break, Moment,
    app::App,
    clock::millis,
    server::Breaker,
    world::{World, lock, read},
};

/// Payloads that a client may send in a minute.
const PAYLOADS_PER_MINUTE: usize = 120;
/// The largest payload that a client may send, in bytes.
const PAYLOAD_LIMIT: usize = 4096;
/// Every intent that exists: bits 0 to 16, 20, 21, 24 and 25.
const INTENTS: u64 = 0x0331_FFFF;
/// Guild members, presences and message content.
const PRIVILEGED_INTENTS: u64 = 1 << 1 | 1 << 8 | 1 << 15;
/// How long a client may take to answer a close frame.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);
/// Frames that are written in one go.
const BATCH: usize = 64;

/// What every new socket is given.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) world: Arc<World>,
    pub(crate) stop: CancellationToken,
}

#[derive(Deserialize)]
pub(crate) struct Parameters {
    v: Option<String>,
    encoding: Option<String>,
    compress: Option<String>,
}

/// Why a socket ends, and whether its session may be resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Close(u16),
    Cut,
    Reset,
    /// By the client; codes 1000 and 1001 end the session.
    Left {
        resumable: bool,
    },
}

/// Upgrades to a socket, unless a fault of the bot says otherwise.
pub(crate) async fn enter(
    State(Entry { world, stop }): State<Entry>,
    ConnectInfo(breaker): ConnectInfo<Breaker>,
    uri: Uri,
    Query(parameters): Query<Parameters>,
    upgrade: WebSocketUpgrade,
) -> Response {
    // "/bot/ID/" is the bot's own address, anything else serves all.
    let id = uri.path().strip_prefix("/bot/").and_then(|id| id.trim_end_matches('/').parse().ok());
    let app = id.and_then(|id| world.app(id));
    let fault = app.as_ref().and_then(|app| {
        app.counts.send_modify(|counts| counts.sockets += 1);
        lock(&app.faults).strike_socket(Moment::Connect)
    });
    match fault {
        Some(Break::Refuse) => {
            breaker.reset();
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
        Some(Break::Cut) => {
            // A proxy that is up before what it stands for: the handshake succeeds and nothing follows.
            return upgrade.on_upgrade(move |socket| async move {
                breaker.cut();
                drop(socket);
            });
        }
        _ => {}
    }
    if parameters.compress.is_some() {
        return (StatusCode::BAD_REQUEST, "this gateway does not compress").into_response();
    }
    let refusal = if parameters.v.as_deref() != Some("10") {
        Some(Ending::Close(4012))
    } else if parameters.encoding.as_deref().is_some_and(|encoding| encoding != "json") {
        Some(Ending::Close(4002))
    } else {
        None
    };
    upgrade.on_upgrade(move |socket| async move {
        let (out, told) = unbounded_channel();
        let mut connection = Connection {
            number: world.next_id().get(),
            beaten: world.clock.millis(),
            world,
            app: None,
            session: None,
            out,
            arrivals: VecDeque::new(),
            deaf: false,
        };
        if let Some(app) = app {
            connection.belong_to(app);
        }
        stop.run_until_cancelled(connection.run(socket, told, &breaker, refusal, fault)).await;
        connection.forget(Ending::Left { resumable: true });
    })
}

struct Connection {
    /// Tells this socket from others.
    number: u64,
    world: Arc<World>,
    /// Whose it is, once that is known.
    app: Option<Arc<App>>,
    /// The session that it carries, once there is one.
    session: Option<String>,
    out: UnboundedSender<Out>,
    /// When the last heartbeat came, in milliseconds since the Unix epoch.
    beaten: u64,
    /// When the payloads of the last minute came.
    arrivals: VecDeque<u64>,
    deaf: bool,
}

impl Connection {
    async fn run(
        &mut self,
        mut socket: WebSocket,
        mut told: UnboundedReceiver<Out>,
        breaker: &Breaker,
        refusal: Option<Ending>,
        fault: Option<Break>,
    ) {
        let ending = match (refusal, fault) {
            (Some(ending), _) => ending,
            (None, Some(Break::Close(code))) => Ending::Close(code),
            (None, fault) => {
                let interval = millis(self.world.config.heartbeat_interval);
                let hello =
                    json!({ "t": null, "s": null, "op": 10, "d": { "heartbeat_interval": interval, "_trace": [] } });
                if let Some(Break::InvalidSession { resumable }) = fault {
                    self.say(invalid_session(resumable));
                } else {
                    self.say(hello.to_string());
                }
                self.serve(&mut socket, &mut told).await
            }
        };
        self.forget(ending);
        match ending {
            Ending::Close(code) => {
                let reason = Utf8Bytes::from_static(reason(code));
                // A client that is gone needs no code.
                let _ = socket.send(Message::Close(Some(CloseFrame { code, reason }))).await;
                // The client's own close frame, or its end, finishes the handshake.
                let rest = async { while let Some(Ok(_)) = socket.next().await {} };
                let _ = tokio::time::timeout(CLOSE_WITHIN, rest).await;
            }
            Ending::Cut => breaker.cut(),
            Ending::Reset => breaker.reset(),
            Ending::Left { .. } => {}
        }
    }

    async fn serve(&mut self, socket: &mut WebSocket, told: &mut UnboundedReceiver<Out>) -> Ending {
        let world = Arc::clone(&self.world);
        let tolerance = millis(world.config.heartbeat_interval.mul_f32(1.5));
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            tokio::select! {
                count = told.recv_many(&mut batch, BATCH) => {
                    debug_assert!(count > 0, "this socket holds a sender");
                    match self.write(socket, &mut batch).await {
                        Ok(()) => {}
                        Err(ending) => return ending,
                    }
                }
                message = socket.next() => {
                    let heard = match message {
                        Some(Ok(Message::Text(text))) => self.hear(text.as_bytes()),
                        Some(Ok(Message::Binary(bytes))) => self.hear(&bytes),
                        Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(()),
                        Some(Ok(Message::Close(frame))) => {
                            let ended = frame.is_some_and(|frame| matches!(frame.code, 1000 | 1001));
                            Err(Ending::Left { resumable: !ended })
                        }
                        Some(Err(_)) | None => Err(Ending::Left { resumable: true }),
                    };
                    if let Err(ending) = heard {
                        return ending;
                    }
                }
                () = world.clock.until(self.beaten + tolerance) => return Ending::Close(4009),
            }
        }
    }

    async fn write(&mut self, socket: &mut WebSocket, batch: &mut Vec<Out>) -> Result<(), Ending> {
        let gone = |_| Ending::Left { resumable: true };
        let mut ending = None;
        for out in batch.drain(..) {
            match out {
                Out::Frame(_) if self.deaf => {}
                Out::Frame(frame) => socket.feed(Message::Text(frame)).await.map_err(gone)?,
                Out::Deaf => self.deaf = true,
                Out::Close(code) => ending = Some(Ending::Close(code)),
                Out::Cut => ending = Some(Ending::Cut),
                Out::Reset => ending = Some(Ending::Reset),
            }
            if ending.is_some() {
                break;
            }
        }
        socket.flush().await.map_err(gone)?;
        ending.map_or(Ok(()), Err)
    }

    /// Acts on one payload of the client.
    fn hear(&mut self, payload: &[u8]) -> Result<(), Ending> {
        let now = self.world.clock.millis();
        while self.arrivals.front().is_some_and(|at| at + 60_000 <= now) {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(now);
        if self.arrivals.len() > PAYLOADS_PER_MINUTE {
            return Err(Ending::Close(4008));
        }
        let undecodable = Ending::Close(4002);
        if payload.len() > PAYLOAD_LIMIT {
            return Err(undecodable);
        }
        let payload: Value = serde_json::from_slice(payload).map_err(|_| undecodable)?;
        let operation = payload["op"].as_u64().ok_or(undecodable)?;
        let data = &payload["d"];
        match operation {
            1 => self.beat(data, now),
            2 | 6 if self.session.is_some() => Err(Ending::Close(4005)),
            2 => self.identify(data, now),
            6 => self.resume(data, now),
            3 | 4 | 8 | 31 if self.session.is_none() => Err(Ending::Close(4003)),
            // Presences, voice states, member and soundboard requests: nothing here depends on them.
            3 | 4 | 8 | 31 => Ok(()),
            _ => Err(Ending::Close(4001)),
        }
    }

    fn beat(&mut self, sequence: &Value, now: u64) -> Result<(), Ending> {
        if !sequence.is_null() && !sequence.is_u64() {
            return Err(Ending::Close(4002));
        }
        self.beaten = now;
        if let Some(app) = &self.app {
            app.counts.send_modify(|counts| counts.heartbeats += 1);
        }
        self.say(r#"{"t":null,"s":null,"op":11,"d":null}"#.to_owned());
        Ok(())
    }

    fn identify(&mut self, data: &Value, now: u64) -> Result<(), Ending> {
        let app = self.authenticate(data, |counts| counts.identifies += 1)?;
        if !data["properties"].is_object() {
            return Err(Ending::Close(4002));
        }
        let fault = lock(&app.faults).strike_socket(Moment::Identify);
        if let Some(fault) = fault {
            return self.strike(fault);
        }
        let intents = data["intents"].as_u64().filter(|intents| intents & !INTENTS == 0);
        let intents = intents.ok_or(Ending::Close(4013))?;
        if intents & PRIVILEGED_INTENTS & !app.privileged.load(Ordering::Relaxed) != 0 {
            return Err(Ending::Close(4014));
        }
        let shard = match &data["shard"] {
            Value::Null => (0, 1),
            shard => match (shard[0].as_u64(), shard[1].as_u64()) {
                (Some(number), Some(count)) if number < count => (number, count),
                _ => return Err(Ending::Close(4010)),
            },
        };
        let config = &self.world.config;
        let budget = lock(&app.gateway).spend_identify(config.max_concurrency, config.identifies_per_day, now);
        match budget {
            IdentifyBudget::Granted => {}
            IdentifyBudget::TooFast => {
                self.say(invalid_session(false));
                return Ok(());
            }
            IdentifyBudget::UsedUp => {
                self.world.reset_token(&app);
                lock(&app.gateway).tell_all(&Out::Close(4004));
                return Err(Ending::Close(4004));
            }
        }
        let session = self.world.letters(32).to_lowercase();
        let ready = self.ready(&app, &session, (!data["shard"].is_null()).then_some(shard));
        let mut gateway = lock(&app.gateway);
        gateway.start(session.clone(), shard, self.number, self.out.clone());
        gateway.dispatch_to(&session, "READY", &ready.to_string());
        let connections = gateway.connections();
        drop(gateway);
        self.session = Some(session);
        app.counts.send_modify(|counts| counts.connections = connections);
        Ok(())
    }

    fn ready(&self, app: &App, session: &str, shard: Option<(u64, u64)>) -> Value {
        let places = read(&self.world.places);
        let guilds = places.guilds.iter().map(|guild| json!({ "id": guild.id, "unavailable": true }));
        let mut ready = json!({
            "v": 10,
            "user_settings": {},
            "user": app.user_json(),
            "session_type": "normal",
            "session_id": session,
            "resume_gateway_url": self.world.gateway_url_of(app),
            "relationships": [],
            "private_channels": [],
            "presences": [],
            "guilds": guilds.collect::<Vec<_>>(),
            "guild_join_requests": [],
            "geo_ordered_rtc_regions": [],
            "application": { "id": app.id, "flags": 0 },
            "_trace": [],
        });
        if let (Some((number, count)), Some(fields)) = (shard, ready.as_object_mut()) {
            fields.insert("shard".to_owned(), json!([number, count]));
        }
        ready
    }

    fn resume(&mut self, data: &Value, now: u64) -> Result<(), Ending> {
        let app = self.authenticate(data, |counts| counts.resumes += 1)?;
        let (Some(session), Some(sequence)) = (data["session_id"].as_str(), data["seq"].as_u64()) else {
            return Err(Ending::Close(4002));
        };
        let fault = lock(&app.faults).strike_socket(Moment::Resume);
        if let Some(fault) = fault {
            if matches!(fault, Break::InvalidSession { resumable: false }) {
                lock(&app.gateway).end_session(session);
            }
            return self.strike(fault);
        }
        let mut gateway = lock(&app.gateway);
        let resumption = gateway.resume(session, sequence, self.number, self.out.clone(), now);
        let connections = gateway.connections();
        drop(gateway);
        match resumption {
            Resumption::Resumed => {
                self.session = Some(session.to_owned());
                app.counts.send_modify(|counts| counts.connections = connections);
                Ok(())
            }
            Resumption::Unknown => {
                self.say(invalid_session(false));
                Ok(())
            }
            Resumption::WrongSequence => Err(Ending::Close(4007)),
        }
    }

    /// The bot whose token it is.
    fn authenticate(&mut self, data: &Value, count: impl FnOnce(&mut crate::Counts)) -> Result<Arc<App>, Ending> {
        let token = data["token"].as_str().ok_or(Ending::Close(4002))?;
        let app = self.world.app_with_token(token.strip_prefix("Bot ").unwrap_or(token));
        if let Some(app) = app.as_ref().or(self.app.as_ref()) {
            app.counts.send_modify(count);
        }
        let app = app.ok_or(Ending::Close(4004))?;
        self.belong_to(Arc::clone(&app));
        Ok(app)
    }

    fn belong_to(&mut self, app: Arc<App>) {
        lock(&app.gateway).add_socket(self.number, self.out.clone());
        self.app = Some(app);
    }

    fn strike(&self, fault: Break) -> Result<(), Ending> {
        match fault {
            Break::Refuse => Err(Ending::Reset),
            Break::Cut => Err(Ending::Cut),
            Break::Close(code) => Err(Ending::Close(code)),
            Break::InvalidSession { resumable } => {
                self.say(invalid_session(resumable));
                Ok(())
            }
        }
    }

    /// Sends a frame behind those that wait already.
    fn say(&self, frame: String) {
        // The receiver lives in the same task.
        let _ = self.out.send(Out::Frame(frame.into()));
    }

    /// Takes this socket out of the bot's books.
    fn forget(&mut self, ending: Ending) {
        let Some(app) = self.app.take() else { return };
        let resumable = match ending {
            Ending::Close(code) => !matches!(code, 1000 | 1001 | 4003 | 4004 | 4007 | 4009..=4014),
            Ending::Cut | Ending::Reset => true,
            Ending::Left { resumable } => resumable,
        };
        let mut gateway = lock(&app.gateway);
        gateway.lose_socket(self.number, resumable, self.world.clock.millis());
        let connections = gateway.connections();
        drop(gateway);
        app.counts.send_modify(|counts| counts.connections = connections);
    }
}

fn invalid_session(resumable: bool) -> String {
    format!(r#"{{"t":null,"s":null,"op":9,"d":{resumable}}}"#)
}

/// What Discord's documentation calls the code.
fn reason(code: u16) -> &'static str {
    match code {
        4000 => "Unknown error.",
        4001 => "Unknown opcode.",
        4002 => "Error while decoding payload.",
        4003 => "Not authenticated.",
        4004 => "Authentication failed.",
        4005 => "Already authenticated.",
        4007 => "Invalid seq.",
        4008 => "Rate limited.",
        4009 => "Session timed out.",
        4010 => "Invalid shard.",
        4011 => "Sharding required.",
        4012 => "Invalid API version.",
        4013 => "Invalid intent(s).",
        4014 => "Disallowed intent(s).",
        _ => "",
    }
}
