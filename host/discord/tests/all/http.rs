//! Interactions by HTTP.

use std::net::SocketAddr;

use autocontent_discord::{Status, Transport};
use autocontent_simulator::CallbackKind;
use axum::http::StatusCode;
use reqwest::Client;
use url::Url;

use crate::host::{Host, TestBot, assert_cat};

/// The host's endpoint on a port of its own.
async fn serve(host: &Host) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = host.fleet.router();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

fn url(address: SocketAddr, account: impl std::fmt::Display) -> Url {
    Url::parse(&format!("http://{address}/interactions/{account}")).unwrap()
}

async fn started() -> (Host, TestBot, SocketAddr) {
    let host = Host::start().await;
    let bot = host.add("first", Transport::Http).await;
    host.want(&[&bot]);
    host.until_serving(&bot).await;
    let address = serve(&host).await;
    bot.sim.set_interactions_endpoint(Some(url(address, bot.account))).await.unwrap();
    (host, bot, address)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_answered_by_the_response_and_its_message_can_be_deleted() {
    let (host, bot, _) = started().await;
    let message = bot.sim.run(&host.parrot("items:a")).unwrap().message().await.unwrap();
    assert_eq!(message.embeds()[0]["title"], "a");
    assert_eq!(host.settled().await.message, None, "the body of a response learns no id");
    let menu = bot.sim.press(&message, "⋯", &host.ana).unwrap().message().await.unwrap();
    assert_eq!(host.settled().await.message.unwrap().get(), message.id.get(), "a pressed button tells it");
    let pressed = bot.sim.press(&menu, "🗑️", &host.ana).unwrap();
    pressed.message_when(|message| message.content() == "Deleted.").await.unwrap();
    assert!(host.sim.message(message.id).is_none());
    assert_eq!(bot.sim.counts().sockets, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn suggestions_votes_and_slow_answers_work_as_over_the_gateway() {
    let (host, bot, _) = started().await;
    assert_eq!(bot.sim.autocomplete(&host.parrot("ite"), "script").await.unwrap().len(), 25);
    let slow = bot.sim.run(&host.parrot("fetch items:a")).unwrap();
    assert_eq!(slow.initial().await.unwrap().kind, CallbackKind::DeferredMessage);
    host.gate.open(1);
    let message = slow.message().await.unwrap();
    let voted = bot.sim.press(&message, "👍", &host.ana).unwrap();
    assert_eq!(voted.initial().await.unwrap().kind, CallbackKind::Update);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_signed_by_discord_is_refused() {
    let (_host, bot, address) = started().await;
    bot.sim.probe_interactions_endpoint().await.unwrap();
    let client = Client::new();
    let post = || client.post(url(address, bot.account)).body(r#"{"type":1,"id":"1","token":"t"}"#);
    let unsigned = post().send().await.unwrap();
    assert_eq!(unsigned.status(), StatusCode::UNAUTHORIZED);
    for signature in ["", "zz", &"00".repeat(64), &"é".repeat(64)] {
        let value = reqwest::header::HeaderValue::from_bytes(signature.as_bytes()).unwrap();
        let refused =
            post().header("X-Signature-Ed25519", value).header("X-Signature-Timestamp", "1").send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{signature}");
    }
    let large = client.post(url(address, bot.account)).body(vec![b' '; 1 << 20]).send().await;
    // The server may close the connection before all of it was sent.
    assert!(large.is_err() || large.unwrap().status() == StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn accounts_that_take_none_by_http_are_not_found() {
    let host = Host::start().await;
    let (by_gateway, stopped) =
        (host.add("first", Transport::Gateway).await, host.add("second", Transport::Http).await);
    host.want(&[&by_gateway]);
    let address = serve(&host).await;
    for account in [by_gateway.account.to_string(), stopped.account.to_string(), "x".to_owned()] {
        let answer = Client::new().post(url(address, &account)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{account}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_gave_up_takes_nothing() {
    let host = Host::start().await;
    let bot = host.add("first", Transport::Http).await;
    let mut wanted = bot.wanted();
    wanted.token = "wrong".into();
    host.fleet.reconcile(vec![wanted]);
    host.until(&bot, |status| matches!(status, Status::Failed { .. })).await;
    let address = serve(&host).await;
    let answer = Client::new().post(url(address, bot.account)).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_follows_the_response_that_can_carry_none() {
    let (host, bot, _) = started().await;
    let answer = bot.sim.run(&host.parrot("items:a file:cat.png")).unwrap();
    assert_eq!(answer.initial().await.unwrap().kind, CallbackKind::DeferredMessage);
    assert_cat(&answer.message().await.unwrap());
}
