//! What the page asks for, by requests.

use reqwest::Method;
use serde_json::{Value, json};

use super::fixture::Ground;

#[tokio::test]
async fn a_command_is_answered_with_the_message_and_what_is_behind_it() {
    let ground = Ground::built().await;
    let (status, ran) =
        ground.post("/api/run", &json!({ "line": "/parrot script:\"items:a log:hello file:cat.png\"" })).await;
    assert_eq!(status, 200, "{ran}");
    let embed = &ran["reply"]["message"]["embeds"][0];
    assert_eq!((&embed["title"], &embed["image"]["url"]), (&json!("a"), &json!("attachment://cat.png")));
    let file = &ran["reply"]["files"][0];
    assert_eq!((&file["name"], &file["mime"]), (&json!("cat.png"), &json!("image/png")));
    assert!(file["data"].as_str().unwrap().starts_with("iVBORw0KGgo"), "{file}");
    assert_eq!(ran["logs"][0]["level"], "warn");
    assert_eq!((&ran["usage"]["calls"], &ran["network"]), (&json!(1), &json!("recordings")));
    // A member waits between two uses on Discord, not here.
    for _ in 0..2 {
        let (_, ran) = ground.post("/api/run", &json!({ "line": "/patient-parrot script:items:a" })).await;
        assert_eq!(ran["reply"]["kind"], "post", "{ran}");
    }
}

#[tokio::test]
async fn who_asks_and_where_decides_what_is_answered() {
    let ground = Ground::built().await;
    let run = async |line: &str, who: Value| {
        let mut body = json!({ "line": line });
        body.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
        ground.post("/api/run", &body).await.1
    };
    let rude = "/rude-parrot script:items:a";
    assert_eq!(run(rude, json!({ "sensitive": false })).await["reply"]["kind"], "notice");
    assert_eq!(run(rude, json!({ "sensitive": true })).await["reply"]["kind"], "post");
    let guilds = "/patient-parrot script:items:a";
    assert_eq!(run(guilds, json!({ "place": "dm" })).await["reply"]["private"], true);
    assert_eq!(run(guilds, json!({ "place": "guild" })).await["reply"]["private"], false);
    let user =
        async |who: Value| run("/parrot script:items:a", who).await["reply"]["item"]["fields"][0]["value"].clone();
    assert_ne!(user(json!({ "member": 1 })).await, user(json!({ "member": 2 })).await);
    let none = "/parrot script:x";
    let english = run(none, json!({ "locale": "en-US" })).await["reply"]["notice"].clone();
    assert_ne!(english, run(none, json!({ "locale": "pt-BR" })).await["reply"]["notice"]);
}

#[tokio::test]
async fn buttons_are_pressed_and_options_suggested() {
    let ground = Ground::built().await;
    let (_, ran) = ground.post("/api/run", &json!({ "line": "/parrot script:items:a action:again" })).await;
    let buttons = ran["reply"]["buttons"].as_array().unwrap();
    let again = buttons.iter().find(|button| button["label"] == "again").unwrap();
    let (status, pressed) =
        ground.post("/api/press", &json!({ "button": again["id"], "harness": ran["harness"], "member": 2 })).await;
    assert_eq!(status, 200, "{pressed}");
    assert_eq!(pressed["reply"]["item"]["text"], "again on a with a");
    let up = buttons.iter().find(|button| button["emoji"] == "👍").unwrap();
    let (_, voted) = ground.post("/api/press", &json!({ "button": up["id"], "harness": ran["harness"] })).await;
    assert_eq!(voted["reply"]["kind"], "buttons", "{voted}");
    let (status, suggested) =
        ground.post("/api/suggest", &json!({ "line": "/parrot script:it", "option": "script" })).await;
    assert_eq!((status, &suggested["choices"][0]), (200, &json!({ "label": "it", "value": "it" })), "{suggested}");
    assert!(suggested["choices"].as_array().unwrap().len() <= 25);
}

#[tokio::test]
async fn a_button_of_a_harness_that_is_no_more_presses_nothing() {
    let ground = Ground::built().await;
    let run = json!({ "line": "/parrot script:items:a action:1.1" });
    let (_, before) = ground.post("/api/run", &run).await;
    assert_eq!(ground.post("/api/storage/clear", &json!({})).await.0, 200);
    let (_, now) = ground.post("/api/run", &run).await;
    let id = |ran: &Value, emoji: &str| {
        let buttons = ran["reply"]["buttons"].as_array().unwrap();
        buttons.iter().find(|button| button["emoji"] == emoji).unwrap()["id"].clone()
    };
    assert_eq!(id(&before, "👍"), id(&now, "👍"), "each counts its messages anew");
    let press = async |ran: &Value, button: &Value| {
        ground.post("/api/press", &json!({ "button": button, "harness": ran["harness"] })).await
    };
    let (status, refused) = press(&before, &id(&before, "👍")).await;
    assert_eq!(status, 422);
    assert!(refused["error"].as_str().unwrap().contains("run its command again"), "{refused}");
    assert_eq!(press(&now, &id(&now, "👍")).await.1["reply"]["kind"], "buttons");
    // A label is no id, whatever the provider calls its button.
    let (_, second) = ground.post("/api/run", &run).await;
    let (_, acted) = press(&second, &json!("1.1")).await;
    assert_eq!(acted["reply"]["item"]["text"], "1.1 on a with a", "{acted}");
    let (_, another) = press(&second, &json!("1.2")).await;
    assert_ne!(another["reply"]["kind"], "buttons");
}

#[tokio::test]
async fn who_failed_or_waits_is_asked_again_and_the_clock_stands() {
    let ground = Ground::probing("").await;
    // What is kept by `keep` lasts for 60 s; each run of a command is as if its cooldown of seconds had passed.
    ground.post("/api/run", &json!({ "line": "/keep" })).await;
    for _ in 0..20 {
        let (_, ran) = ground.post("/api/run", &json!({ "line": "/panic" })).await;
        assert_eq!(ran["reply"]["code"], "provider_failed", "{ran}");
    }
    let (_, kept) = ground.post("/api/storage", &json!({})).await;
    assert_eq!(kept["entries"][0]["key"], "a/1", "{kept}");
}

#[tokio::test]
async fn the_network_is_chosen_and_storage_told_and_forgotten() {
    let ground = Ground::probing("").await;
    let mut states = ground.states().await;
    assert_eq!(states.next().await["network"], "recordings");
    let (status, _) = ground.post("/api/network", &json!({ "network": "live" })).await;
    assert_eq!(status, 200);
    assert_eq!(states.until(|state| state["network"] == "live").await["provider"]["id"], "probe");
    ground.post("/api/run", &json!({ "line": "/keep" })).await;
    let (status, kept) = ground.post("/api/storage", &json!({})).await;
    let entries = json!([
        { "scope": "provider", "key": "a/1", "base64": "AQID", "bytes": 3, "cut": false },
        { "scope": "place", "key": "count", "text": "-7", "bytes": 2, "cut": false },
        { "scope": "member", "key": "a/1", "text": "\t", "bytes": 1, "cut": false },
    ]);
    assert_eq!((status, &kept["entries"], &kept["count"]), (200, &entries, &json!(3)), "{kept}");
    assert_eq!(kept["quota_bytes"], 65_536);
    let (_, other) = ground.post("/api/storage", &json!({ "member": 2, "place": "dm" })).await;
    assert_eq!(other["count"], 1, "the provider's own is everybody's");
    assert_eq!(ground.post("/api/storage/clear", &json!({})).await.0, 200);
    let (_, kept) = ground.post("/api/storage", &json!({})).await;
    assert_eq!((&kept["entries"], &kept["count"], &kept["used_bytes"]), (&json!([]), &json!(0), &json!(0)));
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_refused_with_a_sentence() {
    let ground = Ground::built().await;
    let long = "x".repeat(70_000);
    for (path, body, status, sentence) in [
        ("/api/run", json!({ "line": "/nothing" }), 422, "parrot"),
        ("/api/run", json!({ "line": "hello" }), 422, "begin with /"),
        ("/api/run", json!({ "line": "" }), 422, "begin with /"),
        ("/api/run", json!({ "line": "/parrot scrpt:x" }), 422, "script"),
        ("/api/run", json!({ "line": format!("/parrot script:{}", "x".repeat(9_000)) }), 422, "8000"),
        ("/api/run", json!({ "line": "/parrot script:x", "member": "one" }), 422, "one"),
        ("/api/run", json!({ "line": "/parrot script:x", "place": "moon" }), 422, "moon"),
        ("/api/run", json!({}), 422, "line"),
        ("/api/run", json!([]), 422, ""),
        ("/api/run", json!({ "line": long }), 413, ""),
        ("/api/press", json!({ "button": "nothing", "harness": 1 }), 422, "no button"),
        ("/api/press", json!({ "button": "", "harness": 1 }), 422, "no button"),
        ("/api/press", json!({ "button": "../../etc/passwd\u{0}", "harness": 1 }), 422, "no button"),
        ("/api/press", json!({ "button": "1.1" }), 422, "harness"),
        ("/api/settings", json!({ "name": "nothing", "value": "1" }), 422, "nothing"),
        ("/api/settings", json!({ "name": "not a name", "value": "1" }), 422, "not a name"),
        ("/api/suggest", json!({ "line": "/parrot script:x", "option": "nothing" }), 422, "nothing"),
        ("/api/suggest", json!({ "line": "/parrot friend:\"x", "option": "script" }), 422, "quote"),
        ("/api/network", json!({ "network": "moon" }), 422, "recordings"),
        ("/api/nothing", json!({}), 404, "nothing at this address"),
        ("/api/events", json!({}), 405, "another method"),
        ("/..%2fCargo.toml", json!({}), 404, "nothing at this address"),
    ] {
        let (got, answer) = ground.post(path, &body).await;
        let shown: String = body.to_string().chars().take(80).collect();
        assert_eq!(got, status, "{path} {shown}: {answer}");
        assert!(answer["error"].as_str().unwrap().contains(sentence), "{path} {shown}: {answer}");
    }
    for path in ["/", "/playground.css", "/playground.js"] {
        let response = reqwest::Client::new().request(Method::HEAD, ground.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
    }
    let cut = reqwest::Client::new().post(ground.url("/api/run")).header("content-type", "application/json");
    let response = cut.body("{\"line\": \"/par").send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert!(response.json::<Value>().await.unwrap()["error"].is_string());
    // After all that it goes on answering.
    assert_eq!(ground.post("/api/run", &json!({ "line": "/parrot script:items:a" })).await.0, 200);
}

#[tokio::test]
async fn what_went_wrong_in_the_provider_is_told_in_its_own_words() {
    let ground = Ground::built().await;
    let answer = async |script: &str| {
        let (status, ran) = ground.post("/api/run", &json!({ "line": format!("/parrot script:{script}") })).await;
        assert_eq!((status, &ran["reply"]["private"]), (200, &json!(true)), "{ran}");
        ran["calls"][0]["answer"].clone()
    };
    assert_eq!(answer("fail:upstream").await["failure"]["upstream"], "the upstream's own words");
    assert!(answer("panic").await["fault"].as_str().unwrap().contains("told to"));
}

#[tokio::test]
async fn before_the_first_version_there_is_a_sentence() {
    let ground = Ground::closed().await;
    ground.states().await.build("failed").await;
    for (path, body) in [
        ("/api/run", json!({ "line": "/parrot" })),
        ("/api/press", json!({ "button": "x", "harness": 1 })),
        ("/api/settings", json!({ "name": "x", "value": "y" })),
        ("/api/storage", json!({})),
    ] {
        let (status, answer) = ground.post(path, &body).await;
        assert_eq!((status, &answer["error"]), (422, &json!("no version could be built yet that could answer")));
    }
    assert_eq!(ground.post("/api/network", &json!({ "network": "live" })).await.0, 422);
}

pub(super) const SETTINGS: &str = r#"
[[setting]]
name = "word"
description = "What to say"
kind = "text"
default = "hello"

[[setting]]
name = "count"
description = "How often"
kind = "integer"
choices = [1, 2]

[[secret]]
name = "key"
description = "Opens it"
host = "example.com"
header = "x-key"
"#;

#[tokio::test]
async fn settings_are_set_and_stay_for_as_long_as_they_fit() {
    let ground = Ground::probing(SETTINGS).await;
    let said = async || {
        let (_, ran) = ground.post("/api/run", &json!({ "line": "/setting name:word" })).await;
        ran["reply"]["item"]["text"].as_str().unwrap().to_owned()
    };
    let mut states = ground.states().await;
    let shown = states.next().await["provider"]["settings"].clone();
    let word = json!({ "name": "word", "description": "What to say", "kind": "text", "choices": [], "value": "hello" });
    assert_eq!((&shown[0], &shown[1]["choices"], &shown[1]["value"]), (&word, &json!(["1", "2"]), &Value::Null));
    for (name, value, sentence) in
        [("count", "3", "1 or 2"), ("count", "many", "whole number"), ("nothing", "1", "word")]
    {
        let (status, refused) = ground.post("/api/settings", &json!({ "name": name, "value": value })).await;
        assert_eq!(status, 422, "{refused}");
        assert!(refused["error"].as_str().unwrap().contains(sentence), "{refused}");
    }
    assert_eq!(ground.post("/api/settings", &json!({ "name": "word", "value": "bye" })).await.0, 200);
    states.until(|state| state["provider"]["settings"][0]["value"] == "bye").await;
    assert!(said().await.contains("bye"));
    ground.post("/api/storage/clear", &json!({})).await;
    assert!(said().await.contains("bye"), "another harness has it as well");
    // Another version no longer takes it.
    let manifest = ground.read("provider.toml").replace("kind = \"text\"\ndefault = \"hello\"", "kind = \"boolean\"");
    ground.save_manifest(&manifest);
    states.build("building").await;
    let built = states.build("built").await;
    assert_eq!(built["provider"]["settings"][0]["value"], Value::Null, "{built:#}");
}

#[tokio::test]
async fn secrets_are_read_whenever_they_are_saved() {
    let ground = Ground::probing(SETTINGS).await;
    let mut states = ground.states().await;
    assert_eq!(states.next().await["provider"]["secrets"][0]["set"], false);
    ground.write(".autocontent/secrets.toml", "key = \"canary-0123456789abcdef\"");
    let filled = states.until(|state| state["provider"]["secrets"][0]["set"] == true).await;
    assert_eq!((&filled["build"]["number"], &filled["provider"]["harness"]), (&json!(1), &json!(1)));
    assert!(!filled.to_string().contains("canary"));
    ground.remove(".autocontent/secrets.toml");
    states.until(|state| state["provider"]["secrets"][0]["set"] == false).await;
    // A version that takes another one has it from the first.
    ground.write(".autocontent/secrets.toml", "other = \"canary-0123456789abcdef\"");
    ground.save_manifest(&ground.read("provider.toml").replace("name = \"key\"", "name = \"other\""));
    let built = states.until(|state| state["provider"]["secrets"][0]["name"] == "other").await;
    assert_eq!(built["provider"]["secrets"][0]["set"], true);
}
