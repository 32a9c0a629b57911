//! The gateway's protocol and its close codes.

use std::time::Duration;

use autocontent_simulator::Invocation;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::client::{Scene, Socket, identify, resume, scene, scene_with};

async fn closed_after(scene: &Scene, payload: &Value) -> u16 {
    let mut socket = Socket::connect(scene.sim.gateway_url().as_str()).await;
    socket.send(payload).await;
    socket.close_code().await
}

#[tokio::test]
async fn a_bot_identifies_and_is_ready() {
    let scene = scene().await;
    let mut socket = Socket::connect(scene.sim.gateway_url().as_str()).await;
    let ready = socket.identify(&scene.bot).await;
    assert_eq!((&ready["v"], &ready["resume_gateway_url"]), (&json!(10), &json!(scene.bot.gateway_url())));
    assert_eq!(ready["application"]["id"], scene.bot.application_id().to_string());
    assert_eq!(ready["guilds"], json!([{ "id": scene.channel.guild().unwrap().id, "unavailable": true }]));
    scene.bot.until_ready().await.unwrap();
    assert_eq!((scene.bot.connections(), scene.bot.identifies()), (1, 1));
}

#[tokio::test]
async fn heartbeats_are_acknowledged_and_their_absence_ends_the_connection() {
    let scene = scene_with(|config| config.heartbeat_interval = Duration::from_secs(10)).await;
    let mut socket = scene.connected().await;
    scene.hand.advance(Duration::from_secs(14));
    socket.send(&json!({ "op": 1, "d": 1 })).await;
    assert_eq!(socket.next().await["op"], 11);
    scene.hand.advance(Duration::from_secs(14));
    socket.send(&json!({ "op": 1, "d": null })).await;
    assert_eq!(socket.next().await["op"], 11);
    scene.hand.advance(Duration::from_secs(15));
    assert_eq!(socket.close_code().await, 4009);
    assert_eq!(scene.bot.counts().heartbeats, 2);
}

#[tokio::test]
async fn bad_payloads_and_bad_identifies_have_their_close_codes() {
    let scene = scene().await;
    let token = scene.bot.token();
    assert_eq!(closed_after(&scene, &identify("wrong", 0)).await, 4004);
    assert_eq!(closed_after(&scene, &identify(&token, 1 << 30)).await, 4013);
    assert_eq!(closed_after(&scene, &identify(&token, 1 << 8)).await, 4014);
    let mut shard = identify(&token, 0);
    shard["d"]["shard"] = json!([2, 2]);
    assert_eq!(closed_after(&scene, &shard).await, 4010);
    assert_eq!(closed_after(&scene, &json!({ "op": 3, "d": {} })).await, 4003);
    assert_eq!(closed_after(&scene, &json!({ "op": 99 })).await, 4001);
    assert_eq!(closed_after(&scene, &json!({ "op": 2, "d": { "token": token } })).await, 4002);
    assert_eq!(closed_after(&scene, &json!({ "op": 1, "d": "x".repeat(4_096) })).await, 4002);
    let mut socket = Socket::connect(scene.sim.gateway_url().as_str()).await;
    socket.send_raw(Message::text("{")).await;
    assert_eq!(socket.close_code().await, 4002);
}

#[tokio::test]
async fn an_unknown_version_is_4012() {
    let scene = scene().await;
    let url = format!("{}?v=5&encoding=json", scene.sim.gateway_url());
    let (mut socket, _) = tokio_tungstenite::connect_async(url).await.unwrap();
    let closed = futures_util::StreamExt::next(&mut socket).await.unwrap().unwrap();
    let Message::Close(Some(frame)) = closed else { panic!("not closed but {closed:?}") };
    assert_eq!(u16::from(frame.code), 4012);
}

#[tokio::test]
async fn allowed_privileged_intents_are_taken_and_identifying_twice_is_4005() {
    let scene = scene().await;
    scene.bot.allow_intents(1 << 8);
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    socket.send(&identify(&scene.bot.token(), 1 << 8)).await;
    socket.event("READY").await;
    socket.send(&json!({ "op": 3, "d": {} })).await;
    socket.send(&identify(&scene.bot.token(), 0)).await;
    assert_eq!(socket.close_code().await, 4005);
}

#[tokio::test]
async fn more_than_120_payloads_in_a_minute_are_4008() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    for _ in 0..119 {
        socket.send(&json!({ "op": 3, "d": {} })).await;
    }
    socket.send(&json!({ "op": 1, "d": null })).await;
    assert_eq!(socket.close_code().await, 4008);
}

#[tokio::test]
async fn identifying_too_fast_is_an_invalid_session() {
    let scene = scene().await;
    let _first = scene.connected().await;
    let mut second = Socket::connect(&scene.bot.gateway_url()).await;
    second.send(&identify(&scene.bot.token(), 0)).await;
    assert_eq!(second.next().await, json!({ "t": null, "s": null, "op": 9, "d": false }));
    scene.hand.advance(Duration::from_secs(5));
    second.identify(&scene.bot).await;
    assert_eq!(scene.bot.connections(), 2);
}

#[tokio::test]
async fn using_up_the_days_identifies_resets_the_token() {
    let scene = scene_with(|config| config.identifies_per_day = 1).await;
    let old = scene.bot.token();
    let mut first = scene.connected().await;
    scene.hand.advance(Duration::from_secs(5));
    assert_eq!(closed_after(&scene, &identify(&old, 0)).await, 4004);
    assert_eq!(first.close_code().await, 4004);
    assert_eq!(scene.bot.token_resets(), 1);
    assert_ne!(scene.bot.token(), old);
    assert_eq!(closed_after(&scene, &identify(&old, 0)).await, 4004);
    let mut again = Socket::connect(&scene.bot.gateway_url()).await;
    again.identify(&scene.bot).await;
}

#[tokio::test]
async fn a_resumed_session_gets_what_it_missed_in_order() {
    let scene = scene().await;
    scene.register(&crate::client::quote_command()).await;
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    let session = socket.identify(&scene.bot).await["session_id"].clone();
    socket.close(4000).await;
    scene.bot.until(|counts| counts.connections == 0).await.unwrap();
    let quote = Invocation::new("quote", &scene.member, &scene.channel);
    let missed = [scene.bot.run(&quote).unwrap(), scene.bot.run(&quote).unwrap()];
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    socket.send(&resume(&scene.bot.token(), &session, 1)).await;
    for (sequence, sent) in (2..).zip(&missed) {
        let payload = socket.next().await;
        assert_eq!((&payload["s"], &payload["d"]["id"]), (&json!(sequence), &json!(sent.id())));
    }
    socket.event("RESUMED").await;
    assert_eq!((scene.bot.connections(), scene.bot.resumes(), scene.bot.identifies()), (1, 1, 1));
}

#[tokio::test]
async fn what_cannot_be_resumed_is_an_invalid_session() {
    let scene = scene().await;
    let token = scene.bot.token();
    let refused = json!({ "t": null, "s": null, "op": 9, "d": false });
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    socket.send(&resume(&token, &json!("unknown"), 1)).await;
    assert_eq!(socket.next().await, refused);
    let session = socket.identify(&scene.bot).await["session_id"].clone();
    socket.close(1000).await;
    scene.bot.until(|counts| counts.connections == 0).await.unwrap();
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    socket.send(&resume(&token, &session, 1)).await;
    assert_eq!(socket.next().await, refused);
    assert_eq!(closed_after(&scene, &resume("wrong", &session, 1)).await, 4004);
}

#[tokio::test]
async fn a_sequence_that_was_never_sent_is_4007_and_an_old_session_is_gone() {
    let scene = scene().await;
    let token = scene.bot.token();
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    let session = socket.identify(&scene.bot).await["session_id"].clone();
    assert_eq!(closed_after(&scene, &resume(&token, &session, 9)).await, 4007);
    scene.hand.advance(Duration::from_secs(5));
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    let session = socket.identify(&scene.bot).await["session_id"].clone();
    socket.close(4000).await;
    scene.bot.until(|counts| counts.connections == 0).await.unwrap();
    scene.hand.advance(Duration::from_secs(180));
    let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
    socket.send(&resume(&token, &session, 1)).await;
    assert_eq!(socket.next().await["op"], 9);
}

#[tokio::test]
async fn a_guilds_interactions_go_to_its_shard() {
    let scene = scene_with(|config| config.max_concurrency = 2).await;
    scene.register(&crate::client::quote_command()).await;
    let mut sockets = Vec::new();
    for number in 0..2 {
        let mut socket = Socket::connect(&scene.bot.gateway_url()).await;
        let mut payload = identify(&scene.bot.token(), 0);
        payload["d"]["shard"] = json!([number, 2]);
        socket.send(&payload).await;
        assert_eq!(socket.event("READY").await["shard"], json!([number, 2]));
        sockets.push(socket);
    }
    let own = usize::try_from((scene.channel.guild().unwrap().id.get() >> 22) % 2).unwrap();
    scene.run_quote(&mut sockets[own]).await;
    let dm = scene.sim.dm(&scene.member);
    let sent = scene.bot.run(&Invocation::new("quote", &scene.member, &dm)).unwrap();
    assert_eq!(sockets[0].event("INTERACTION_CREATE").await["id"], sent.id().to_string());
}

#[tokio::test]
async fn a_bot_that_is_not_connected_cannot_be_given_interactions() {
    let scene = scene().await;
    scene.register(&crate::client::quote_command()).await;
    assert!(scene.bot.run(&Invocation::new("quote", &scene.member, &scene.channel)).is_err());
}
