//! The first answer to an interaction and what may follow it.

use std::time::Duration;

use autocontent_simulator::{CallbackKind, Invocation, Mentions, Unanswered};
use reqwest::{Method, multipart};
use serde_json::{Value, json};

use crate::client::{Expect, callback_path, scene, text};

fn message(content: &str) -> Value {
    json!({ "type": 4, "data": { "content": content, "allowed_mentions": { "parse": [] } } })
}

#[tokio::test]
async fn a_message_is_seen_by_the_member() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (sent, _) = scene.answered(&mut socket, &message("hello")).await;
    let first = sent.initial().await.unwrap();
    assert_eq!((first.kind, first.is_ephemeral()), (CallbackKind::Message, false));
    let shown = sent.message().await.unwrap();
    assert_eq!((shown.content(), shown.channel, shown.author), ("hello", scene.channel.id, scene.bot.application_id()));
}

#[tokio::test]
async fn with_response_gives_the_callback_object() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (sent, interaction) = scene.run_quote(&mut socket).await;
    let path = format!("{}?with_response=true", callback_path(&interaction));
    let private = json!({ "type": 4, "data": { "content": "x", "flags": 64 } });
    let body = scene.rest.bare(Method::POST, &path).json(&private).send().await.unwrap().expect_status(200).await;
    let shown = sent.message().await.unwrap();
    assert_eq!(body["interaction"]["id"], interaction["id"]);
    assert_eq!(body["interaction"]["response_message_id"], shown.id.to_string());
    assert_eq!(body["interaction"]["response_message_ephemeral"], true);
    assert_eq!(body["resource"]["type"], 4);
    assert_eq!(body["resource"]["message"], shown.json);
    assert!(shown.is_ephemeral());
}

#[tokio::test]
async fn a_second_answer_is_40060() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (_, interaction) = scene.answered(&mut socket, &message("one")).await;
    scene.rest.answer(&interaction, &message("two")).await.expect_code(400, 40_060).await;
}

#[tokio::test]
async fn an_answer_is_taken_up_to_three_seconds_and_then_the_interaction_is_unknown() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (_, in_time) = scene.run_quote(&mut socket).await;
    scene.hand.advance(Duration::from_secs(3));
    scene.rest.answer(&in_time, &message("in time")).await.expect_status(204).await;
    let (sent, late) = scene.run_quote(&mut socket).await;
    scene.hand.advance(Duration::from_millis(3_001));
    scene.rest.answer(&late, &message("late")).await.expect_code(404, 10_062).await;
    assert_eq!(sent.initial().await, Err(Unanswered::TimedOut));
}

#[tokio::test]
async fn a_wrong_id_or_token_is_an_unknown_interaction() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (_, interaction) = scene.run_quote(&mut socket).await;
    let token = text(&interaction["token"]);
    for path in
        [format!("/interactions/1/{token}/callback"), format!("/interactions/{}/x/callback", text(&interaction["id"]))]
    {
        let answer = scene.rest.bare(Method::POST, &path).json(&message("x")).send().await.unwrap();
        answer.expect_code(404, 10_062).await;
    }
}

#[tokio::test]
async fn kinds_of_answers_that_do_not_fit_the_interaction_are_refused() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (_, interaction) = scene.run_quote(&mut socket).await;
    for kind in [json!(6), json!(7), json!(8), json!(99), Value::Null] {
        let body = scene.rest.answer(&interaction, &json!({ "type": kind })).await.expect_code(400, 50_035).await;
        assert!(body["errors"]["type"]["_errors"].is_array(), "{body}");
    }
    scene.rest.answer(&interaction, &message("still open")).await.expect_status(204).await;
}

#[tokio::test]
async fn a_deferred_answer_loads_until_it_is_edited() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let deferred = json!({ "type": 5, "data": { "flags": 64 } });
    let (sent, interaction) = scene.answered(&mut socket, &deferred).await;
    assert_eq!(sent.initial().await.unwrap().kind, CallbackKind::DeferredMessage);
    let original = "/messages/@original";
    let loading = scene.rest.webhook(Method::GET, &interaction, original, &Value::Null).await.expect_status(200).await;
    assert_eq!(loading["flags"], 64 | 128);
    let edit = json!({ "content": "done", "flags": 0 });
    let edited = scene.rest.webhook(Method::PATCH, &interaction, original, &edit).await.expect_status(200).await;
    assert_eq!((&edited["content"], &edited["flags"]), (&json!("done"), &json!(64)));
    assert_eq!(sent.message().await.unwrap().json, edited);
}

#[tokio::test]
async fn the_first_follow_up_of_a_deferred_answer_fills_it_in_and_the_second_is_new() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (sent, interaction) = scene.answered(&mut socket, &json!({ "type": 5 })).await;
    let first =
        scene.rest.webhook(Method::POST, &interaction, "", &json!({ "content": "a" })).await.expect_status(200).await;
    assert_eq!(sent.message().await.unwrap().id.to_string(), text(&first["id"]));
    assert!(sent.followups().is_empty());
    let second = json!({ "content": "b", "flags": 64 });
    let second = scene.rest.webhook(Method::POST, &interaction, "", &second).await.expect_status(200).await;
    let followups = sent.followups_when(1).await.unwrap();
    assert_eq!(followups[0].json, second);
    assert!(followups[0].is_ephemeral());
    let path = format!("/messages/{}", followups[0].id);
    let edit = json!({ "content": "c" });
    scene.rest.webhook(Method::PATCH, &interaction, &path, &edit).await.expect_status(200).await;
    assert_eq!(sent.followups()[0].content(), "c");
    scene.rest.webhook(Method::DELETE, &interaction, &path, &Value::Null).await.expect_status(204).await;
    scene.hand.advance(Duration::from_secs(5));
    scene.rest.webhook(Method::GET, &interaction, &path, &Value::Null).await.expect_code(404, 10_008).await;
}

#[tokio::test]
async fn the_webhook_is_unknown_before_an_answer_and_its_token_invalid_after_fifteen_minutes() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (_, interaction) = scene.run_quote(&mut socket).await;
    let body = json!({ "content": "x" });
    for (method, rest) in
        [(Method::POST, ""), (Method::PATCH, "/messages/@original"), (Method::GET, "/messages/@original")]
    {
        scene.rest.webhook(method, &interaction, rest, &body).await.expect_code(404, 10_015).await;
    }
    scene.rest.answer(&interaction, &message("x")).await.expect_status(204).await;
    scene.hand.advance(Duration::from_secs(15 * 60));
    scene.rest.webhook(Method::POST, &interaction, "", &body).await.expect_status(200).await;
    scene.hand.advance(Duration::from_millis(1));
    scene.rest.webhook(Method::POST, &interaction, "", &body).await.expect_code(401, 50_027).await;
    let mut wrong = interaction.clone();
    wrong["token"] = json!("nonsense");
    scene.rest.webhook(Method::POST, &wrong, "", &body).await.expect_code(401, 50_027).await;
    wrong["application_id"] = json!("1");
    scene.rest.webhook(Method::POST, &wrong, "", &body).await.expect_code(404, 10_015).await;
}

#[tokio::test]
async fn a_deleted_original_is_an_unknown_message() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (sent, interaction) = scene.answered(&mut socket, &message("x")).await;
    let original = "/messages/@original";
    scene.rest.webhook(Method::DELETE, &interaction, original, &Value::Null).await.expect_status(204).await;
    scene.rest.webhook(Method::GET, &interaction, original, &Value::Null).await.expect_code(404, 10_008).await;
    assert_eq!(sent.message().await, Err(Unanswered::Deleted));
}

#[tokio::test]
async fn a_button_can_change_the_message_that_carries_it() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let buttons = |label: &str| json!([{ "type": 1, "components": [{ "type": 2, "style": 2, "label": label, "custom_id": "vote" }] }]);
    let answer = json!({ "type": 4, "data": { "content": "x", "components": buttons("👍") } });
    let (sent, _) = scene.answered(&mut socket, &answer).await;
    let shown = sent.message().await.unwrap();
    assert!(scene.bot.press(&shown, "absent", &scene.member).is_err());

    let pressed = scene.bot.press(&shown, "👍", &scene.member).unwrap();
    let interaction = socket.event("INTERACTION_CREATE").await;
    assert_eq!(interaction["type"], 3);
    assert_eq!(interaction["data"]["custom_id"], "vote");
    assert_eq!(interaction["message"], shown.json);
    let update = json!({ "type": 7, "data": { "components": buttons("👍 1") } });
    scene.rest.answer(&interaction, &update).await.expect_status(204).await;
    let changed = pressed.message().await.unwrap();
    assert_eq!((changed.id, changed.content()), (shown.id, "x"));
    assert_eq!(changed.buttons()[0].label, "👍 1");

    let again = scene.bot.press(&changed, "vote", &scene.member).unwrap();
    let interaction = socket.event("INTERACTION_CREATE").await;
    scene.rest.answer(&interaction, &json!({ "type": 6 })).await.expect_status(204).await;
    let edit = json!({ "content": "y" });
    scene.rest.webhook(Method::PATCH, &interaction, "/messages/@original", &edit).await.expect_status(200).await;
    let edited = again.message().await.unwrap();
    assert_eq!((edited.id, edited.content()), (shown.id, "y"));
}

#[tokio::test]
async fn suggestions_reach_the_member_and_are_limited_to_25() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let typing = Invocation::new("quote", &scene.member, &scene.channel).with("topic", "cou");
    let choices = |count: usize| -> Value {
        let list: Vec<Value> =
            (0..count).map(|n| json!({ "name": format!("n{n}"), "value": format!("v{n}") })).collect();
        json!({ "type": 8, "data": { "choices": list } })
    };
    let bot = async {
        let interaction = socket.event("INTERACTION_CREATE").await;
        assert_eq!(interaction["type"], 4);
        let option = json!({ "name": "topic", "type": 3, "value": "cou", "focused": true });
        assert_eq!(interaction["data"]["options"], json!([option]));
        scene.rest.answer(&interaction, &choices(26)).await.expect_code(400, 50_035).await;
        let nameless = json!({ "type": 8, "data": { "choices": [{ "name": "", "value": "v" }] } });
        scene.rest.answer(&interaction, &nameless).await.expect_code(400, 50_035).await;
        scene.rest.answer(&interaction, &message("no")).await.expect_code(400, 50_035).await;
        scene.rest.answer(&interaction, &choices(25)).await.expect_status(204).await;
    };
    let (suggested, ()) = tokio::join!(scene.bot.autocomplete(&typing, "topic"), bot);
    let suggested = suggested.unwrap();
    assert_eq!(suggested.len(), 25);
    assert_eq!((suggested[3].name.as_str(), &suggested[3].value), ("n3", &json!("v3")));
}

#[tokio::test]
async fn files_come_as_a_form_and_stand_in_the_message() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (sent, interaction) = scene.run_quote(&mut socket).await;
    let payload = json!({ "type": 4, "data": { "attachments": [{ "id": 0, "description": "a cat" }] } });
    let file = multipart::Part::bytes(vec![7; 1_000]).file_name("cat.png").mime_str("image/png").unwrap();
    let form = multipart::Form::new().text("payload_json", payload.to_string()).part("files[0]", file);
    let answer = scene.rest.bare(Method::POST, &callback_path(&interaction)).multipart(form).send().await.unwrap();
    answer.expect_status(204).await;
    let shown = sent.message().await.unwrap();
    let file = &shown.json["attachments"][0];
    assert_eq!((&file["filename"], &file["size"]), (&json!("cat.png"), &json!(1_000)));
    assert_eq!((&file["description"], &file["content_type"]), (&json!("a cat"), &json!("image/png")));
}

#[tokio::test]
async fn bodies_over_the_limit_are_refused() {
    let scene = crate::client::scene_with(|config| config.upload_limit = 1_000).await;
    let mut socket = scene.connected().await;
    let (_, interaction) = scene.run_quote(&mut socket).await;
    scene.rest.answer(&interaction, &message(&"x".repeat(1_000))).await.expect_code(413, 40_005).await;
    let garbage = scene.rest.bare(Method::POST, &callback_path(&interaction)).body("{").send().await.unwrap();
    garbage.expect_code(400, 50_109).await;
}

#[tokio::test]
async fn what_was_said_about_mentions_is_recorded() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    scene.answered(&mut socket, &message("silent")).await;
    scene.answered(&mut socket, &json!({ "type": 4, "data": { "content": "@everyone" } })).await;
    let everyone = json!({ "parse": ["everyone"] });
    let loud = json!({ "type": 4, "data": { "content": "@everyone", "allowed_mentions": everyone } });
    scene.answered(&mut socket, &loud).await;
    scene.answered(&mut socket, &json!({ "type": 5 })).await;
    let said: Vec<Mentions> = scene.sim.requests().into_iter().skip(1).map(|record| record.mentions).collect();
    assert_eq!(said, [Mentions::Nobody, Mentions::Unsaid, Mentions::Said(everyone), Mentions::NoMessage]);
}
