//! Faults on demand, as the bot meets them.

use std::time::Duration;

use autocontent_simulator::{Break, Endpoint, Fault, Moment, RestFault, Times};
use reqwest::Method;
use serde_json::json;
use tokio_tungstenite::tungstenite::{Error, error::ProtocolError};

use crate::client::{Expect, Rest, Scene, Socket, identify, resume, scene};

#[tokio::test]
async fn open_sockets_are_closed_with_the_code_asked_for() {
    for code in [4000, 4003, 4004, 4010, 4011, 4013, 4014, 1001] {
        let scene = scene().await;
        let mut socket = scene.connected().await;
        scene.bot.fault(Fault::Close(code));
        assert_eq!(socket.close_code().await, code);
        assert_eq!(scene.bot.connections(), 0);
    }
}

#[tokio::test]
async fn the_bot_is_asked_to_reconnect_to_beat_or_to_start_anew() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    scene.bot.fault(Fault::Reconnect);
    assert_eq!(socket.next().await["op"], 7);
    scene.bot.fault(Fault::AskHeartbeat);
    assert_eq!(socket.next().await["op"], 1);
    for resumable in [true, false] {
        scene.bot.fault(Fault::InvalidSession { resumable });
        let payload = socket.next().await;
        assert_eq!((&payload["op"], &payload["d"]), (&json!(9), &json!(resumable)));
    }
    assert_eq!(scene.bot.connections(), 0);
}

#[tokio::test]
async fn connections_end_without_a_close_frame() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    scene.bot.fault(Fault::Cut);
    let ended = socket.broken().await;
    assert!(matches!(ended, None | Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))), "{ended:?}");
    scene.hand.advance(Duration::from_secs(5));
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    socket.identify(&scene.bot).await;
    scene.bot.fault(Fault::Reset);
    let ended = socket.broken().await;
    let Some(Error::Io(error)) = ended else { panic!("no reset but {ended:?}") };
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test]
async fn a_deaf_connection_acknowledges_nothing_until_it_is_closed() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    scene.bot.fault(Fault::Deaf);
    socket.send(&json!({ "op": 1, "d": null })).await;
    scene.bot.until(|counts| counts.heartbeats == 1).await.unwrap();
    scene.bot.fault(Fault::Close(4000));
    // Nothing but the close frame comes, or `broken` would have passed it over.
    assert_eq!(socket.close_code().await, 4000);
}

#[tokio::test]
async fn a_refusing_gateway_strikes_one_bot_alone() {
    let scene = scene().await;
    let other = scene.sim.add_bot("second");
    let url = async || {
        scene.rest.call(Method::GET, "/gateway/bot").send().await.unwrap().expect_status(200).await["url"].clone()
    };
    scene.bot.fault(Fault::At(Moment::Connect, Break::Refuse, Times::Next(1)));
    let Err(Error::Io(error)) = Socket::try_connect(url().await.as_str().unwrap()).await else { panic!("connected") };
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionRefused);
    Socket::connect(&other.gateway_url()).await.identify(&other).await;
    assert!(Socket::try_connect(&scene.bot.gateway_url()).await.is_err());
    assert_eq!(url().await, scene.bot.gateway_url());
    Socket::connect(&scene.bot.gateway_url()).await.identify(&scene.bot).await;
}

#[tokio::test]
async fn the_gateways_port_can_be_closed_and_opened() {
    let scene = scene().await;
    scene.sim.close_gateway();
    // The listener is dropped a moment after it was asked to be; until then connections are made or reset.
    let is_refused = |result: &Result<Socket, Error>| matches!(result, Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::ConnectionRefused);
    while !is_refused(&Socket::try_connect(scene.sim.gateway_url().as_str()).await) {
        tokio::task::yield_now().await;
    }
    scene.sim.heal();
    let mut connected = Socket::try_connect(scene.sim.gateway_url().as_str()).await;
    while connected.is_err() {
        tokio::task::yield_now().await;
        connected = Socket::try_connect(scene.sim.gateway_url().as_str()).await;
    }
}

#[tokio::test]
async fn a_socket_is_dropped_or_closed_before_hello() {
    let scene = scene().await;
    scene.bot.fault(Fault::At(Moment::Connect, Break::Cut, Times::Next(1)));
    scene.bot.fault(Fault::At(Moment::Connect, Break::Close(4000), Times::Always));
    Socket::try_connect(&scene.bot.gateway_url()).await.unwrap().broken().await;
    for _ in 0..2 {
        assert_eq!(Socket::try_connect(&scene.bot.gateway_url()).await.unwrap().close_code().await, 4000);
    }
    assert_eq!(scene.bot.counts().sockets, 3);
    scene.bot.heal();
    Socket::connect(&scene.bot.gateway_url()).await.identify(&scene.bot).await;
}

#[tokio::test]
async fn identifies_and_resumes_break_as_asked() {
    let scene = scene().await;
    for code in [4003, 4004, 4010, 4011, 4013, 4014] {
        scene.bot.fault(Fault::At(Moment::Identify, Break::Close(code), Times::Next(1)));
        let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
        socket.send(&identify(&scene.bot.token(), 0)).await;
        assert_eq!(socket.close_code().await, code);
    }
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    let session = socket.identify(&scene.bot).await["session_id"].clone();
    socket.close(4000).await;
    scene.bot.fault(Fault::At(Moment::Resume, Break::Close(4000), Times::Next(2)));
    scene.bot.fault(Fault::At(Moment::Resume, Break::InvalidSession { resumable: true }, Times::Next(1)));
    for _ in 0..2 {
        let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
        socket.send(&resume(&scene.bot.token(), &session, 1)).await;
        assert_eq!(socket.close_code().await, 4000);
    }
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    socket.send(&resume(&scene.bot.token(), &session, 1)).await;
    let payload = socket.next().await;
    assert_eq!((&payload["op"], &payload["d"]), (&json!(9), &json!(true)));
    socket.send(&resume(&scene.bot.token(), &session, 1)).await;
    socket.event("RESUMED").await;
    assert_eq!(scene.bot.counts().resumes, 4);
}

#[tokio::test]
async fn an_invalidated_token_is_wrong_everywhere() {
    let scene = scene().await;
    let old = scene.bot.token();
    scene.bot.fault(Fault::InvalidateToken);
    scene.rest.call(Method::GET, "/users/@me").send().await.unwrap().expect_code(401, 0).await;
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    socket.send(&identify(&old, 0)).await;
    assert_eq!(socket.close_code().await, 4004);
    let healed = Rest::new(&scene.sim, &scene.bot);
    healed.call(Method::GET, "/users/@me").send().await.unwrap().expect_status(200).await;
}

impl Scene {
    async fn me(&self) -> reqwest::Result<reqwest::Response> {
        self.rest.call(Method::GET, "/users/@me").send().await
    }
}

#[tokio::test]
async fn rest_calls_fail_as_often_and_where_asked() {
    let scene = scene().await;
    let other = Rest::new(&scene.sim, &scene.sim.add_bot("second"));
    for status in [500, 502, 503] {
        scene.bot.fault(Fault::Rest(RestFault::Status(status), Some(Endpoint::GetCurrentUser), Times::Next(1)));
        scene.rest.bare(Method::GET, "/gateway").send().await.unwrap().expect_status(200).await;
        other.call(Method::GET, "/users/@me").send().await.unwrap().expect_status(200).await;
        scene.me().await.unwrap().expect_status(status).await;
        scene.me().await.unwrap().expect_status(200).await;
    }
    scene.bot.fault(Fault::Rest(RestFault::Garbage, None, Times::Next(1)));
    assert!(scene.me().await.unwrap().json::<serde_json::Value>().await.is_err());
    scene.bot.fault(Fault::Rest(RestFault::Reset, None, Times::Next(1)));
    assert!(scene.me().await.unwrap_err().is_request());
    scene.me().await.unwrap().expect_status(200).await;
}

#[tokio::test]
async fn a_429_is_told_as_discord_tells_it_and_counts_as_invalid() {
    let scene = scene().await;
    let fault = RestFault::TooManyRequests { retry_after: Duration::from_millis(2_500), global: true };
    scene.bot.fault(Fault::Rest(fault, None, Times::Next(1)));
    let refused = scene.me().await.unwrap();
    assert_eq!(refused.headers()["retry-after"], "3");
    let body = refused.expect_status(429).await;
    assert_eq!((&body["retry_after"], &body["global"]), (&json!(2.5), &json!(true)));
    assert_eq!(scene.sim.invalid_requests(), 1);
}

#[tokio::test]
async fn a_slow_answer_waits_for_the_simulators_clock() {
    let scene = scene().await;
    scene.sim.fault(RestFault::Slow(Duration::from_secs(2)), Some(Endpoint::GetCurrentUser), Times::Next(1));
    let call = tokio::spawn(scene.rest.call(Method::GET, "/users/@me").send());
    // Another call that comes back shows that the slow one holds up nobody.
    scene.rest.bare(Method::GET, "/gateway").send().await.unwrap().expect_status(200).await;
    assert!(!call.is_finished());
    while !call.is_finished() {
        scene.hand.advance(Duration::from_millis(500));
        tokio::task::yield_now().await;
    }
    call.await.unwrap().unwrap().expect_status(200).await;
}
