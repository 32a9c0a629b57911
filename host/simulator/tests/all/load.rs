//! Loads, answered by a bot that echoes.

use std::time::Duration;

use autocontent_simulator::{Act, CallbackKind, Invocation, Load, LoadReport};
use serde_json::{Value, json};

use crate::client::{Expect, Rest, Scene, Socket, scene_with, text};

async fn unlimited() -> Scene {
    scene_with(|config| config.global_limit = None).await
}

fn run(scene: &Scene, total: usize) -> Load {
    Load {
        act: Act::Run(Invocation::new("quote", &scene.member, &scene.channel).with("topic", "%")),
        total,
        in_flight: 8,
        members: 3,
        stop_on_disconnect: true,
    }
}

/// Answers so many interactions, then ends the connection.
async fn echo(rest: Rest, mut socket: Socket, answers: usize) {
    for _ in 0..answers {
        let interaction = socket.event("INTERACTION_CREATE").await;
        let button = json!({ "type": 2, "style": 1, "label": "a", "custom_id": text(&interaction["id"]) });
        let components = json!([{ "type": 1, "components": [button] }]);
        let answer = json!({ "type": 4, "data": { "content": "x", "components": components } });
        rest.answer(&interaction, &answer).await.expect_status(204).await;
    }
    socket.close(4000).await;
}

#[tokio::test]
async fn every_interaction_is_accounted_for() {
    let scene = unlimited().await;
    let socket = scene.connected().await;
    let load = run(&scene, 100);
    let (report, ()) = tokio::join!(scene.bot.flood(&load), echo(scene.rest.clone(), socket, 100));
    let LoadReport { sent, answered, unanswered, refused, .. } = report.unwrap();
    assert_eq!((sent, answered.len(), unanswered.len(), refused.len()), (100, 100, 0, 0));
    let mut members: Vec<_> = answered.iter().map(|answered| answered.member).collect();
    members.sort_unstable();
    members.dedup();
    assert_eq!(members.len(), 3);
    for answered in &answered {
        assert_eq!(answered.kind, CallbackKind::Message);
        assert_eq!(answered.custom_id, Some(answered.interaction.to_string()));
        assert!(answered.message.is_some());
    }
}

#[tokio::test]
async fn a_load_ends_when_the_bot_is_gone_and_says_what_was_left() {
    let scene = unlimited().await;
    let socket = scene.connected().await;
    let load = run(&scene, 1_000);
    let (report, ()) = tokio::join!(scene.bot.flood(&load), echo(scene.rest.clone(), socket, 20));
    let report = report.unwrap();
    assert_eq!(report.answered.len(), 20);
    assert!(report.sent < 1_000);
    assert_eq!(report.unanswered.len(), report.sent - 20);
}

#[tokio::test]
async fn refused_answers_and_late_ones_are_told_apart() {
    let scene = unlimited().await;
    let mut socket = scene.connected().await;
    let bot = async {
        let first = socket.event("INTERACTION_CREATE").await;
        scene.rest.answer(&first, &json!({ "type": 4, "data": {} })).await.expect_code(400, 50_006).await;
        let second = socket.event("INTERACTION_CREATE").await;
        scene.rest.answer(&second, &json!({ "type": 5 })).await.expect_status(204).await;
        let fill = json!({ "content": "x" });
        let edit = scene.rest.webhook(reqwest::Method::PATCH, &second, "/messages/@original", &fill);
        edit.await.expect_status(200).await;
        scene.hand.advance(Duration::from_millis(3_001));
        first["id"].clone()
    };
    let load = Load { in_flight: 2, ..run(&scene, 2) };
    let (report, first): (_, Value) = tokio::join!(scene.bot.flood(&load), bot);
    let report = report.unwrap();
    assert_eq!(report.refused[0].0.to_string(), text(&first));
    assert_eq!(report.unanswered, [report.refused[0].0]);
    assert_eq!(report.answered[0].kind, CallbackKind::DeferredMessage);
    assert!(report.answered[0].filled_in.is_some());
}

#[tokio::test]
async fn many_members_can_press_one_button() {
    let scene = unlimited().await;
    let mut socket = scene.connected().await;
    let button = json!({ "type": 2, "style": 1, "label": "a", "custom_id": "vote" });
    let answer =
        json!({ "type": 4, "data": { "content": "x", "components": [{ "type": 1, "components": [button] }] } });
    let (sent, _) = scene.answered(&mut socket, &answer).await;
    let message = sent.message().await.unwrap();
    let act =
        Act::Press { message, button: "vote".to_owned(), member: scene.member.clone(), channel: scene.channel.clone() };
    let load = Load { act, ..run(&scene, 5) };
    let bot = async {
        for _ in 0..5 {
            let pressed = socket.event("INTERACTION_CREATE").await;
            assert_eq!(pressed["data"]["custom_id"], "vote");
            scene.rest.answer(&pressed, &json!({ "type": 6 })).await.expect_status(204).await;
        }
    };
    let (report, ()) = tokio::join!(scene.bot.flood(&load), bot);
    assert_eq!(report.unwrap().answered.len(), 5);
}
