//! A bot without a library: plain HTTP and a plain websocket.

use std::time::Duration;

use autocontent_simulator::{
    Bot, Channel, ClockHand, Interaction, Invocation, Member, SimClock, Simulator, SimulatorConfig,
};
use futures_util::{SinkExt, StreamExt};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message},
};

/// A simulator with one bot and people, and the bot's side of it.
pub(crate) struct Scene {
    pub(crate) sim: Simulator,
    pub(crate) bot: Bot,
    pub(crate) member: Member,
    pub(crate) channel: Channel,
    pub(crate) rest: Rest,
    pub(crate) hand: ClockHand,
}

/// The bot's REST client.
#[derive(Clone)]
pub(crate) struct Rest {
    pub(crate) http: reqwest::Client,
    base: String,
    authorization: String,
}

/// The bot's socket.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// A scene with a clock that stands still.
pub(crate) async fn scene() -> Scene {
    scene_with(|_| ()).await
}

/// The same with another configuration.
pub(crate) async fn scene_with(change: impl FnOnce(&mut SimulatorConfig)) -> Scene {
    let (clock, hand) = SimClock::manual();
    // Where something is awaited in vain, the test fails soon.
    let mut config = SimulatorConfig { clock, patience: Duration::from_secs(10), ..SimulatorConfig::default() };
    change(&mut config);
    let sim = Simulator::start(config).await.expect("a free port");
    let bot = sim.add_bot("first");
    let guild = sim.guild("guild");
    let channel = sim.channel(&guild, "general");
    let member = sim.member("ana", "pt-BR");
    let rest = Rest::new(&sim, &bot);
    Scene { sim, bot, member, channel, rest, hand }
}

impl Scene {
    /// Registers `/quote topic?:text` and connects a socket.
    pub(crate) async fn connected(&self) -> Socket {
        self.register(&quote_command()).await;
        let mut socket = Socket::connect(&self.bot.gateway_url()).await;
        socket.identify(&self.bot).await;
        socket
    }

    pub(crate) async fn register(&self, command: &Value) {
        let path = format!("/applications/{}/commands", self.bot.application_id());
        let answer = self.rest.call(Method::POST, &path).json(command).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
    }

    /// A member runs `/quote`, and the socket hears of it.
    pub(crate) async fn run_quote(&self, socket: &mut Socket) -> (Interaction, Value) {
        let sent = self.bot.run(&Invocation::new("quote", &self.member, &self.channel)).unwrap();
        (sent, socket.event("INTERACTION_CREATE").await)
    }

    /// A member runs `/quote`, and the bot answers with this.
    pub(crate) async fn answered(&self, socket: &mut Socket, answer: &Value) -> (Interaction, Value) {
        let (sent, interaction) = self.run_quote(socket).await;
        self.rest.answer(&interaction, answer).await.expect_status(204).await;
        (sent, interaction)
    }
}

pub(crate) fn quote_command() -> Value {
    json!({ "name": "quote", "description": "A quote", "options": [
        { "type": 3, "name": "topic", "description": "What about", "autocomplete": true }
    ] })
}

impl Rest {
    pub(crate) fn new(sim: &Simulator, bot: &Bot) -> Rest {
        Rest::at(&format!("{}api/v10", sim.rest_url()), &bot.token())
    }

    /// At this base, with this token.
    pub(crate) fn at(base: &str, token: &str) -> Rest {
        Rest { http: reqwest::Client::new(), base: base.to_owned(), authorization: format!("Bot {token}") }
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).header("Authorization", &self.authorization)
    }

    /// Without a token.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// Answers an interaction.
    pub(crate) async fn answer(&self, interaction: &Value, answer: &Value) -> Response {
        self.bare(Method::POST, &callback_path(interaction)).json(answer).send().await.unwrap()
    }

    /// Calls a webhook route of an interaction; `rest` begins with a slash or is empty.
    pub(crate) async fn webhook(&self, method: Method, interaction: &Value, rest: &str, body: &Value) -> Response {
        let path = format!("/webhooks/{}/{}{rest}", text(&interaction["application_id"]), text(&interaction["token"]));
        self.bare(method, &path).json(body).send().await.unwrap()
    }
}

pub(crate) fn callback_path(interaction: &Value) -> String {
    format!("/interactions/{}/{}/callback", text(&interaction["id"]), text(&interaction["token"]))
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

/// Looking at answers.
pub(crate) trait Expect: Sized {
    /// The body of an answer with this status.
    async fn expect_status(self, status: u16) -> Value;

    /// The body of a refusal with this status and Discord's code.
    async fn expect_code(self, status: u16, code: u32) -> Value {
        let body = self.expect_status(status).await;
        assert_eq!(body["code"], code, "{body}");
        body
    }
}

impl Expect for Response {
    async fn expect_status(self, status: u16) -> Value {
        let got = self.status().as_u16();
        let body = self.text().await.unwrap();
        assert_eq!(got, status, "{body}");
        serde_json::from_str(&body).unwrap_or_default()
    }
}

impl Socket {
    /// Connects without looking at what comes.
    pub(crate) async fn try_connect(url: &str) -> Result<Socket, tungstenite::Error> {
        let url = format!("{}/?v=10&encoding=json", url.trim_end_matches('/'));
        connect_async(url).await.map(|(socket, _)| Socket(socket))
    }

    /// Connects and takes HELLO.
    pub(crate) async fn connect(url: &str) -> Socket {
        let mut socket = Socket::try_connect(url).await.unwrap();
        assert_eq!(socket.next().await["op"], 10);
        socket
    }

    pub(crate) async fn send(&mut self, payload: &Value) {
        self.send_raw(Message::text(payload.to_string())).await;
    }

    pub(crate) async fn send_raw(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// Identifies and takes READY.
    pub(crate) async fn identify(&mut self, bot: &Bot) -> Value {
        self.send(&identify(&bot.token(), 0)).await;
        self.event("READY").await
    }

    /// The next payload.
    pub(crate) async fn next(&mut self) -> Value {
        match self.0.next().await {
            Some(Ok(Message::Text(text))) => serde_json::from_str(&text).unwrap(),
            other => panic!("expected a payload, not {other:?}"),
        }
    }

    /// The data of the next payload, which must be this event.
    pub(crate) async fn event(&mut self, name: &str) -> Value {
        let payload = self.next().await;
        assert_eq!((&payload["op"], &payload["t"]), (&json!(0), &json!(name)), "{payload}");
        payload["d"].clone()
    }

    /// The close code; what comes before it is passed over.
    pub(crate) async fn close_code(&mut self) -> u16 {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Close(Some(frame)))) => return frame.code.into(),
                Some(Ok(_)) => {}
                other => panic!("expected a close code, not {other:?}"),
            }
        }
    }

    /// How the connection ends without a close frame; none for an orderly end of the TCP connection.
    pub(crate) async fn broken(&mut self) -> Option<tungstenite::Error> {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Close(frame))) => panic!("expected no close frame, not {frame:?}"),
                Some(Ok(_)) => {}
                Some(Err(error)) => return Some(error),
                None => return None,
            }
        }
    }

    /// Ends the connection with this close code.
    pub(crate) async fn close(mut self, code: u16) {
        let frame = tungstenite::protocol::CloseFrame { code: code.into(), reason: "".into() };
        self.0.close(Some(frame)).await.unwrap();
        while let Some(Ok(_)) = self.0.next().await {}
    }
}

pub(crate) fn identify(token: &str, intents: u64) -> Value {
    let properties = json!({ "os": "linux", "browser": "test", "device": "test" });
    json!({ "op": 2, "d": { "token": token, "intents": intents, "properties": properties } })
}

pub(crate) fn resume(token: &str, session: &Value, sequence: u64) -> Value {
    json!({ "op": 6, "d": { "token": token, "session_id": session, "seq": sequence } })
}
