//! Messages outside interactions.

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Expect, Rest, scene, text};

#[tokio::test]
async fn a_message_can_be_sent_listed_edited_and_deleted() {
    let scene = scene().await;
    let path = format!("/channels/{}/messages", scene.channel.id);
    let body = json!({ "content": "hello" });
    let sent = scene.rest.call(Method::POST, &path).json(&body).send().await.unwrap().expect_status(200).await;
    let one = format!("{path}/{}", text(&sent["id"]));
    let list = scene.rest.call(Method::GET, &format!("{path}?limit=1")).send().await.unwrap();
    assert_eq!(list.expect_status(200).await, json!([sent]));
    let edit = json!({ "content": "bye" });
    scene.rest.call(Method::PATCH, &one).json(&edit).send().await.unwrap().expect_status(200).await;
    assert_eq!(scene.sim.messages(&scene.channel)[0].content(), "bye");
    let other = Rest::new(&scene.sim, &scene.sim.add_bot("second"));
    other.call(Method::PATCH, &one).json(&edit).send().await.unwrap().expect_code(403, 50_005).await;
    scene.rest.call(Method::DELETE, &one).send().await.unwrap().expect_status(204).await;
    scene.rest.call(Method::GET, &one).send().await.unwrap().expect_code(404, 10_008).await;
    scene.rest.call(Method::GET, &format!("{path}?limit=101")).send().await.unwrap().expect_code(400, 50_035).await;
}

#[tokio::test]
async fn direct_messages_go_to_members_who_take_them() {
    let scene = scene().await;
    let open = async |rest: &Rest| {
        let body = json!({ "recipient_id": scene.member.id });
        rest.call(Method::POST, "/users/@me/channels").json(&body).send().await.unwrap().expect_status(200).await
    };
    let channel = open(&scene.rest).await;
    assert_eq!((&channel["type"], &channel["id"]), (&json!(1), &open(&scene.rest).await["id"]));
    let path = format!("/channels/{}/messages", text(&channel["id"]));
    let body = json!({ "content": "hello" });
    scene.rest.call(Method::POST, &path).json(&body).send().await.unwrap().expect_status(200).await;
    assert_eq!(scene.sim.messages(&scene.sim.dm(&scene.member)).len(), 1);
    scene.sim.close_dms(&scene.member);
    scene.rest.call(Method::POST, &path).json(&body).send().await.unwrap().expect_code(403, 50_007).await;
}

#[tokio::test]
async fn unknown_channels_and_foreign_ones_are_refused() {
    let scene = scene().await;
    let body = json!({ "content": "hello" });
    scene
        .rest
        .call(Method::POST, "/channels/1/messages")
        .json(&body)
        .send()
        .await
        .unwrap()
        .expect_code(404, 10_003)
        .await;
    let path = format!("/channels/{}/messages", scene.sim.private_channel().id);
    scene.rest.call(Method::POST, &path).json(&body).send().await.unwrap().expect_code(403, 50_001).await;
}

#[tokio::test]
async fn an_ephemeral_message_is_not_in_the_channel() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let private = json!({ "type": 4, "data": { "content": "x", "flags": 64 } });
    let (sent, _) = scene.answered(&mut socket, &private).await;
    let id = sent.message().await.unwrap().id;
    let path = format!("/channels/{}/messages", scene.channel.id);
    scene.rest.call(Method::DELETE, &format!("{path}/{id}")).send().await.unwrap().expect_code(404, 10_008).await;
    let list: Value = scene.rest.call(Method::GET, &path).send().await.unwrap().expect_status(200).await;
    assert_eq!(list, json!([]));
}
