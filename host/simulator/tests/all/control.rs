//! The program, as a person uses it: what it prints, and members played with the control API.

use std::process::Stdio;

use ed25519_dalek::VerifyingKey;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::client::{Expect as _, Rest, Socket, identify, quote_command, text};
use crate::http_interactions::{Endpoint, bytes, listen};

/// The running program, which ends with this, and its bot.
struct Program {
    _process: Child,
    /// What it printed.
    printed: Value,
    rest: Rest,
}

impl Program {
    async fn start() -> Program {
        let mut process = Command::new(env!("CARGO_BIN_EXE_autocontent-simulator"))
            .args(["--json", "--bots", "2"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let printed: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
        let base = text(&printed["rest"]).trim_end_matches('/');
        let rest = Rest::at(&format!("{base}/api/v10"), text(&printed["bots"][0]["token"]));
        Program { _process: process, printed, rest }
    }

    /// Registers `/quote` and connects the first bot.
    async fn connected(&self) -> Socket {
        let path = format!("/applications/{}/commands", text(&self.printed["bots"][0]["application_id"]));
        let registered = self.rest.call(Method::POST, &path).json(&quote_command()).send().await.unwrap();
        assert!(registered.status().is_success());
        let mut socket = Socket::connect(text(&self.printed["gateway"])).await;
        socket.send(&identify(text(&self.printed["bots"][0]["token"]), 0)).await;
        socket.event("READY").await;
        socket
    }

    /// Calls the control API.
    async fn control(&self, what: &str, body: Value) -> (StatusCode, Value) {
        let url = format!("{}/{what}", text(&self.printed["control"]));
        let answer = self.rest.http.post(url).json(&body).send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    /// The same while the bot answers the interaction that comes of it.
    async fn answered(&self, socket: &mut Socket, what: &str, body: Value, answer: Value) -> Value {
        let play = async {
            let interaction = socket.event("INTERACTION_CREATE").await;
            self.rest.answer(&interaction, &answer).await.expect_status(204).await;
        };
        let ((status, said), ()) = tokio::join!(self.control(what, body), play);
        assert_eq!(status, StatusCode::OK, "{said}");
        said
    }
}

fn message() -> Value {
    let button = json!({ "type": 2, "style": 1, "label": "More", "custom_id": "more" });
    json!({ "type": 4, "data": { "content": "To be", "components": [{ "type": 1, "components": [button] }] } })
}

#[tokio::test]
async fn it_says_where_it_is_and_whose_tokens_there_are() {
    let program = Program::start().await;
    let bots = program.printed["bots"].as_array().unwrap();
    let names: Vec<_> = bots.iter().map(|bot| text(&bot["name"])).collect();
    assert_eq!(names, ["bot-1", "bot-2"]);
    let key = bytes(text(&bots[0]["verify_key"]));
    assert!(VerifyingKey::from_bytes(key.as_slice().try_into().unwrap()).is_ok());
    let me = program.rest.call(Method::GET, "/applications/@me").send().await.unwrap().expect_status(200).await;
    assert_eq!(me["id"], bots[0]["application_id"]);
}

#[tokio::test]
async fn a_command_a_press_and_typing_are_played_and_shown() {
    let program = Program::start().await;
    let mut socket = program.connected().await;
    let run = json!({ "command": "quote", "options": { "topic": "courage" }, "as": "rui", "in": "dm" });
    let shown = program.answered(&mut socket, "run", run, message()).await;
    assert_eq!(shown["content"], "To be");

    let press = json!({ "message": shown["id"], "button": "More", "as": "rui" });
    let other = json!({ "type": 7, "data": { "content": "or not to be" } });
    let pressed = program.answered(&mut socket, "press", press, other).await;
    assert_eq!((&pressed["id"], &pressed["content"]), (&shown["id"], &json!("or not to be")));

    let typing = json!({ "command": "quote", "options": { "topic": "cou" }, "focused": "topic" });
    let choices = json!({ "type": 8, "data": { "choices": [{ "name": "courage", "value": "courage" }] } });
    let choices = program.answered(&mut socket, "autocomplete", typing, choices).await;
    assert_eq!(choices, json!([{ "name": "courage", "value": "courage" }]));
}

#[tokio::test]
async fn what_can_not_be_played_is_said() {
    let program = Program::start().await;
    let _socket = program.connected().await;
    for (what, body, reason) in [
        ("run", json!({ "command": "joke" }), "joke"),
        ("run", json!({ "command": "quote", "options": { "topic": [] } }), "not []"),
        ("run", json!({ "command": "quote", "bot": "bot-9" }), "there is no bot \"bot-9\""),
        ("autocomplete", json!({ "command": "quote", "options": { "topic": "c" } }), "focused"),
        ("press", json!({ "message": "1", "button": "More" }), "there is no message 1"),
        ("press", json!({ "message": "x", "button": "More" }), "invalid digit"),
        ("endpoint", json!({ "url": "nowhere" }), "relative URL"),
        ("endpoint", json!({ "url": "http://127.0.0.1:1/" }), "http://127.0.0.1:1/ could not be reached"),
        ("fault", json!({ "fault": "flood" }), "there is no fault \"flood\""),
    ] {
        let (status, said) = program.control(what, body).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {said}");
        assert!(text(&said["error"]).contains(reason), "{what}: {said}");
    }
}

#[tokio::test]
async fn an_endpoint_takes_the_interactions_until_it_is_taken_away() {
    let program = Program::start().await;
    let mut socket = program.connected().await;
    let answer = json!({ "type": 4, "data": { "content": "by http" } });
    let Endpoint { url, .. } = listen(text(&program.printed["bots"][0]["verify_key"]), Some(answer)).await;
    let set = program.control("endpoint", json!({ "url": url.as_str() })).await;
    assert_eq!(set, (StatusCode::OK, json!({})));
    let (_, shown) = program.control("run", json!({ "command": "quote" })).await;
    assert_eq!(shown["content"], "by http", "{shown}");
    program.control("endpoint", json!({ "url": null })).await;
    let shown = program.answered(&mut socket, "run", json!({ "command": "quote" }), message()).await;
    assert_eq!(shown["content"], "To be");
}
