//! A provider written in Rust with the SDK, in the sandbox: every type of the contract crosses both ways, and what goes
//! wrong in Rust is told in Rust's words. `cargo xtask build-providers` builds it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use autocontent_runtime::contract::log::Level;
use autocontent_runtime::contract::{
    Action, ActionStyle, Activity, Argument, Blob, Choice, Failure, Field, Item, Link, Media, Page, Partial, Press,
    Rating, Request, Track, Trigger, Value, http, settings, storage,
};
use autocontent_runtime::{Capabilities, Exports, Fault, Http, Provider, Settings, Storage};

use crate::sandbox::{KeptLog, NOW, Sandbox, audience, denied, request};

async fn probe(sandbox: &Sandbox) -> Provider {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/test-guests/probe.wasm");
    let component = std::fs::read(path)
        .unwrap_or_else(|error| panic!("could not read {path} ({error}); build it with `cargo xtask build-providers`"));
    sandbox.install(&component).await.unwrap()
}

fn argument(name: &str, value: Value) -> Argument {
    Argument { name: name.to_owned(), value }
}

fn told(text: &str) -> Page {
    let item = Item {
        id: "told".into(),
        kind: "probe".into(),
        title: None,
        text: Some(text.to_owned()),
        url: None,
        media: None,
        thumbnail: None,
        author: None,
        source: None,
        fields: Vec::new(),
        color: None,
        published: None,
        tags: Vec::new(),
        rating: Rating::Everyone,
        actions: Vec::new(),
        state: None,
    };
    Page { items: vec![item], next: None, cache_for: None }
}

#[tokio::test]
async fn requests_and_pages_cross_whole() {
    let sandbox = Sandbox::new();
    let provider = probe(&sandbox).await;
    let asked = Request {
        arguments: vec![
            argument("text", Value::Text("çédille \u{1f600}".into())),
            argument("integer", Value::Integer(i64::MIN)),
            argument("number", Value::Number(-0.5)),
            argument("boolean", Value::Boolean(true)),
            argument("user", Value::User("u2".into())),
            argument("attachment", Value::Attachment("https://example.com/f".into())),
        ],
        trigger: Trigger::Activity(Activity::Music(Track { title: "t".into(), artist: "a".into(), album: None })),
        cursor: Some("cursor".into()),
        ..request("echo")
    };
    let page = provider.find(&asked, &denied()).await.outcome.unwrap().unwrap();
    let expected = Item {
        id: "echo".into(),
        kind: "probe".into(),
        title: Some(
            "Echo { text: Some(\"çédille \u{1f600}\"), integer: Some(-9223372036854775808), number: Some(-0.5), \
             boolean: Some(true), user: Some(User(\"u2\")), attachment: Some(Attachment(\"https://example.com/f\")) }"
                .into(),
        ),
        text: Some("Trigger::Activity(Activity::Music(Track { title: \"t\", artist: \"a\", album: None })) 5".into()),
        url: Some("https://example.com/item".into()),
        media: Some(Media::Blob(Blob {
            file_name: "dot.gif".into(),
            mime: "image/gif".into(),
            data: vec![0, 159, 146, 150],
        })),
        thumbnail: Some("https://example.com/thumbnail".into()),
        author: Some(Link { label: "u1".into(), url: None }),
        source: Some(Link { label: "s1".into(), url: None }),
        fields: vec![
            Field { name: "place".into(), value: "Place::Guild".into(), inline: false },
            Field { name: "locale".into(), value: "pt-BR".into(), inline: true },
        ],
        color: Some(0x00_ab_cd),
        published: Some(NOW.unsigned_abs()),
        tags: vec!["one".into(), "two".into()],
        rating: Rating::Sensitive,
        actions: vec![Action { id: "again".into(), label: "Again".into(), style: ActionStyle::Secondary }],
        state: Some("state".into()),
    };
    assert_eq!(page, Page { items: vec![expected], next: Some("cursor".into()), cache_for: Some(60) });
}

#[tokio::test]
async fn suggestions_and_actions_cross_whole() {
    let sandbox = Sandbox::new();
    let provider = probe(&sandbox).await;
    assert_eq!(provider.exports(), Exports { suggestions: true, actions: true });
    let partial = Partial {
        command: "echo".into(),
        name: "text".into(),
        typed: "co".into(),
        arguments: vec![argument("integer", Value::Integer(3))],
        audience: audience(),
    };
    let choices = provider.suggest(&partial, &denied()).await.outcome.unwrap();
    assert_eq!(choices, [Choice { label: "co Some(3)".into(), value: Value::Text("co".into()) }]);

    let press =
        Press { action: "again".into(), item: "echo".into(), state: Some("state".into()), request: request("spin") };
    let page = provider.act(&press, &denied()).await.outcome.unwrap();
    assert_eq!(page, Ok(told("again echo Some(\"state\") Spin")));
}

#[tokio::test]
async fn a_failure_is_an_answer() {
    let sandbox = Sandbox::new();
    let provider = probe(&sandbox).await;
    let asked = Request { arguments: vec![argument("name", Value::Text("country".into()))], ..request("setting") };
    let call = provider.find(&asked, &denied()).await;
    assert_eq!(call.outcome, Ok(Err(Failure::Misconfigured("country".into()))));
    let unknown = provider.find(&request("unknown"), &denied()).await.outcome;
    assert!(matches!(unknown, Ok(Err(_))), "{unknown:?}");
}

#[tokio::test]
async fn a_panic_is_told_and_logged_with_its_place() {
    let sandbox = Sandbox::new();
    let provider = probe(&sandbox).await;
    let log = Arc::new(KeptLog::default());
    let call = provider.find(&request("panic"), &Capabilities::denied(log.clone())).await;
    let Err(Fault::Trap { message }) = call.outcome else { panic!("{:?}", call.outcome) };
    assert!(message.contains("guests/probe/src/lib.rs:"), "{message}");
    assert!(message.ends_with("there is nothing\\nleft to tell"), "{message}");
    assert_eq!(log.lines(), [(Level::Error, message)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rust_that_misbehaves_ends_in_its_fault() {
    let sandbox = Sandbox::new();
    let provider = probe(&sandbox).await;
    for (command, fault) in
        [("recurse", Fault::Stack), ("hoard", Fault::Memory), ("spin", Fault::Cpu), ("flood", Fault::ResultTooLarge)]
    {
        let (misbehaving, healthy) = (request(command), request("echo"));
        let host = denied();
        let (end, page) = tokio::join!(provider.find(&misbehaving, &host), provider.find(&healthy, &host));
        assert_eq!(end.outcome, Err(fault), "{command}");
        assert!(matches!(page.outcome, Ok(Ok(_))), "beside {command}: {:?}", page.outcome);
    }
}

/// A map, and what was asked of it.
#[derive(Default)]
struct Map(Mutex<BTreeMap<(u8, String), Vec<u8>>>, Mutex<Vec<String>>);

impl Map {
    fn asked(&self, what: String) {
        self.1.lock().unwrap().push(what);
    }
}

#[async_trait]
impl Storage for Map {
    async fn get(&self, scope: storage::Scope, key: String) -> Result<Option<Vec<u8>>, storage::Error> {
        Ok(self.0.lock().unwrap().get(&(scope as u8, key)).cloned())
    }

    async fn set(
        &self,
        scope: storage::Scope,
        key: String,
        value: Vec<u8>,
        ttl: Option<u32>,
    ) -> Result<(), storage::Error> {
        self.asked(format!("{key} for {ttl:?}"));
        self.0.lock().unwrap().insert((scope as u8, key), value);
        Ok(())
    }

    async fn delete(&self, scope: storage::Scope, key: String) -> Result<(), storage::Error> {
        self.0.lock().unwrap().remove(&(scope as u8, key));
        Ok(())
    }

    async fn increment(&self, _: storage::Scope, key: String, by: i64) -> Result<i64, storage::Error> {
        self.asked(format!("{key} by {by}"));
        Ok(by)
    }

    async fn keys(
        &self,
        scope: storage::Scope,
        prefix: String,
        after: Option<String>,
        limit: u32,
    ) -> Result<Vec<String>, storage::Error> {
        self.asked(format!("{prefix} after {after:?} at most {limit}"));
        Ok(self.0.lock().unwrap().keys().filter(|(of, _)| *of == scope as u8).map(|(_, key)| key.clone()).collect())
    }
}

#[tokio::test]
async fn storage_answers_what_is_given() {
    let sandbox = Sandbox::new();
    let provider = probe(&sandbox).await;
    let map = Arc::new(Map::default());
    let host = Capabilities { storage: map.clone(), ..denied() };
    let call = provider.find(&request("keep"), &host).await;
    assert_eq!(call.outcome, Ok(Ok(told("Some([1, 2, 3]) None -7 [\"a/1\"]"))));
    assert_eq!(call.usage.host_calls, 8);
    let asked =
        ["a/1 for Some(60)", "a/2 for None", "a/1 for None", "count by -7", "a/ after Some(\"a/0\") at most 10"];
    assert_eq!(*map.1.lock().unwrap(), asked);
}

/// Answers with what it was asked.
struct Mirror;

#[async_trait]
impl Http for Mirror {
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error> {
        let headers: Vec<String> =
            request.headers.iter().map(|header| format!("{}:{}", header.name, header.value)).collect();
        let body = String::from_utf8(request.body.unwrap_or_default()).unwrap();
        let body = format!("{:?},{},{},{body}", request.method, request.url, headers.join(","));
        Ok(http::Response { status: 200, headers: Vec::new(), body: body.into_bytes(), url: request.url })
    }
}

#[tokio::test]
async fn http_answers_what_is_given() {
    let sandbox = Sandbox::new();
    let provider = probe(&sandbox).await;
    let host = Capabilities { http: Arc::new(Mirror), ..denied() };
    let call = provider.find(&request("fetch"), &host).await;
    let both = "Method::Post,https://example.com/a,Accept:text/plain,body Method::Post,https://example.com/b,Accept:text/plain,body";
    assert_eq!(call.outcome, Ok(Ok(told(&format!("{both} {both}")))));
    assert_eq!(call.usage.host_calls, 3);
}

/// Knows one setting of each type.
struct Known;

impl Settings for Known {
    fn get(&self, name: &str) -> Option<settings::Value> {
        match name {
            "country" => Some(settings::Value::Text("pt".into())),
            "count" => Some(settings::Value::Integer(-3)),
            "share" => Some(settings::Value::Number(0.25)),
            "on" => Some(settings::Value::Boolean(true)),
            "feeds" => Some(settings::Value::Texts(vec!["a".into(), "b".into()])),
            _ => None,
        }
    }
}

#[tokio::test]
async fn settings_answer_what_is_given() {
    let sandbox = Sandbox::new();
    let provider = probe(&sandbox).await;
    let host = Capabilities { settings: Arc::new(Known), ..denied() };
    for (name, value) in [
        ("country", "Value::Text(\"pt\")"),
        ("count", "Value::Integer(-3)"),
        ("share", "Value::Number(0.25)"),
        ("on", "Value::Boolean(true)"),
        ("feeds", "Value::Texts([\"a\", \"b\"])"),
    ] {
        let asked = Request { arguments: vec![argument("name", Value::Text(name.into()))], ..request("setting") };
        assert_eq!(provider.find(&asked, &host).await.outcome, Ok(Ok(told(value))), "{name}");
    }
}
