//! Application commands: what may be registered, what is kept, what members then can do.

use autocontent_simulator::{Invocation, InvokeError};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Expect, Scene, quote_command, scene_with, text};

async fn unlimited() -> Scene {
    scene_with(|config| {
        config.route_limits = false;
        config.global_limit = None;
    })
    .await
}

impl Scene {
    async fn commands(&self, method: Method, rest: &str, body: &Value) -> reqwest::Response {
        let path = format!("/applications/{}/commands{rest}", self.bot.application_id());
        self.rest.call(method, &path).json(body).send().await.unwrap()
    }
}

fn named(name: &str) -> Value {
    json!({ "name": name, "description": "d" })
}

#[tokio::test]
async fn a_created_command_can_be_read_edited_and_deleted() {
    let scene = unlimited().await;
    let mut localized = quote_command();
    localized["name_localizations"] = json!({ "pt-BR": "citação" });
    let created = scene.commands(Method::POST, "", &localized).await.expect_status(201).await;
    let id = format!("/{}", text(&created["id"]));
    let again = scene.commands(Method::POST, "", &localized).await.expect_status(200).await;
    assert_eq!(again["id"], created["id"]);
    let list = scene.commands(Method::GET, "", &Value::Null).await.expect_status(200).await;
    assert_eq!(list[0]["name"], "quote");
    assert!(list[0].get("name_localizations").is_none());
    let list = scene.commands(Method::GET, "?with_localizations=true", &Value::Null).await.expect_status(200).await;
    assert_eq!(list[0]["name_localizations"], json!({ "pt-BR": "citação" }));
    let changes = json!({ "description": "Another" });
    let edited = scene.commands(Method::PATCH, &id, &changes).await.expect_status(200).await;
    assert_eq!((&edited["description"], &edited["options"]), (&json!("Another"), &created["options"]));
    assert_ne!(edited["version"], created["version"]);
    scene.commands(Method::DELETE, &id, &Value::Null).await.expect_status(204).await;
    scene.commands(Method::GET, &id, &Value::Null).await.expect_code(404, 10_063).await;
    assert!(scene.bot.commands().is_empty());
}

#[tokio::test]
async fn overwriting_replaces_everything_and_keeps_the_ids_of_what_stays() {
    let scene = unlimited().await;
    let first = scene.commands(Method::PUT, "", &json!([named("a"), named("b")])).await.expect_status(200).await;
    let second = scene.commands(Method::PUT, "", &json!([named("b"), named("c")])).await.expect_status(200).await;
    assert_eq!(first[1]["id"], second[0]["id"]);
    let names: Vec<Value> = scene.bot.commands().iter().map(|command| command["name"].clone()).collect();
    assert_eq!(names, ["b", "c"]);
}

#[tokio::test]
async fn bad_commands_are_refused_with_the_place_of_each_problem() {
    let scene = unlimited().await;
    let bad = json!([
        named("Upper"),
        { "name": "a", "description": "" },
        { "name": "b", "description": "d", "options": [
            { "type": 3, "name": "o", "description": "x".repeat(101) },
            { "type": 3, "name": "p", "description": "d", "required": true },
        ] },
        named("twice"),
        named("twice"),
    ]);
    let errors = scene.commands(Method::PUT, "", &bad).await.expect_code(400, 50_035).await["errors"].clone();
    assert_eq!(errors["0"]["name"]["_errors"][0]["code"], "APPLICATION_COMMAND_INVALID_NAME");
    assert_eq!(errors["1"]["description"]["_errors"][0]["code"], "BASE_TYPE_BAD_LENGTH");
    assert_eq!(errors["2"]["options"]["0"]["description"]["_errors"][0]["code"], "BASE_TYPE_BAD_LENGTH");
    assert_eq!(errors["2"]["options"]["1"]["_errors"][0]["code"], "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID");
    assert_eq!(errors["4"]["_errors"][0]["code"], "APPLICATION_COMMANDS_DUPLICATE_NAME");
    assert!(scene.bot.commands().is_empty());
}

#[tokio::test]
async fn a_hundred_commands_and_two_hundred_creates_a_day_are_the_most() {
    let scene = unlimited().await;
    let list = |prefix: &str, count: usize| Value::Array((0..count).map(|n| named(&format!("{prefix}{n}"))).collect());
    scene.commands(Method::PUT, "", &list("a", 101)).await.expect_code(400, 30_032).await;
    scene.commands(Method::PUT, "", &list("a", 100)).await.expect_status(200).await;
    scene.commands(Method::POST, "", &named("one-more")).await.expect_code(400, 30_032).await;
    scene.commands(Method::PUT, "", &list("b", 100)).await.expect_status(200).await;
    scene.commands(Method::PUT, "", &list("b", 100)).await.expect_status(200).await;
    scene.commands(Method::PUT, "", &list("c", 1)).await.expect_code(400, 30_034).await;
    scene.hand.advance(std::time::Duration::from_secs(24 * 60 * 60));
    scene.commands(Method::PUT, "", &list("c", 1)).await.expect_status(200).await;
}

#[tokio::test]
async fn members_run_only_what_is_registered_and_as_it_is_registered() {
    let scene = unlimited().await;
    let mut socket = scene.connected().await;
    let command = json!({ "name": "roll", "description": "d", "contexts": [0], "nsfw": true, "options": [
        { "type": 4, "name": "sides", "description": "d", "required": true, "min_value": 2, "max_value": 20 },
        { "type": 3, "name": "colour", "description": "d", "choices": [{ "name": "Red", "value": "red" }] },
    ] });
    scene.register(&command).await;
    let adult = scene.sim.age_restricted_channel(scene.channel.guild().unwrap(), "adult");
    let roll = Invocation::new("roll", &scene.member, &adult);
    let refusals = [
        Invocation::new("absent", &scene.member, &adult),
        Invocation::new("roll", &scene.member, &scene.channel).with("sides", 6),
        Invocation::new("roll", &scene.member, &scene.sim.dm(&scene.member)).with("sides", 6),
        roll.clone(),
        roll.clone().with("sides", 21),
        roll.clone().with("sides", "six"),
        roll.clone().with("sides", 6).with("colour", "blue"),
        roll.clone().with("sides", 6).with("shape", "round"),
    ];
    for refused in &refusals {
        assert!(scene.bot.run(refused).is_err(), "{refused:?}");
    }
    scene.bot.run(&roll.clone().with("sides", 6).with("colour", "red")).unwrap();
    let interaction = socket.event("INTERACTION_CREATE").await;
    assert_eq!(interaction["data"]["id"], scene.bot.commands()[1]["id"]);
    assert_eq!(interaction["data"]["options"][0], json!({ "name": "sides", "type": 4, "value": 6 }));
    scene.bot.run_unchecked(&roll.with("sides", "six")).unwrap();
    assert_eq!(socket.event("INTERACTION_CREATE").await["data"]["options"][0]["value"], "six");
}

#[tokio::test]
async fn subcommands_are_named_in_full() {
    let scene = unlimited().await;
    let mut socket = scene.connected().await;
    let command = json!({ "name": "news", "description": "d", "options": [
        { "type": 1, "name": "top", "description": "d", "options": [{ "type": 5, "name": "long", "description": "d" }] }
    ] });
    scene.register(&command).await;
    let bare = scene.bot.run(&Invocation::new("news", &scene.member, &scene.channel));
    let expected = InvokeError::UnknownCommand { name: "news".to_owned(), registered: vec!["news top".to_owned()] };
    assert_eq!(bare.err(), Some(expected));
    scene.bot.run(&Invocation::new("news top", &scene.member, &scene.channel).with("long", true)).unwrap();
    let options = socket.event("INTERACTION_CREATE").await["data"]["options"].clone();
    let inner = json!([{ "name": "long", "type": 5, "value": true }]);
    assert_eq!(options, json!([{ "name": "top", "type": 1, "options": inner }]));
}

#[tokio::test]
async fn another_apps_commands_are_out_of_reach() {
    let scene = unlimited().await;
    let other = scene.sim.add_bot("second");
    let path = format!("/applications/{}/commands", other.application_id());
    scene.rest.call(Method::GET, &path).send().await.unwrap().expect_code(403, 20_012).await;
    scene.rest.call(Method::GET, "/applications/1/commands").send().await.unwrap().expect_code(404, 10_002).await;
    scene.rest.bare(Method::GET, &path).send().await.unwrap().expect_code(401, 0).await;
}
