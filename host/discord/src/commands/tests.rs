use autocontent_manifest::Manifest;
use serde_json::{Value, json};

use super::*;

const MANIFEST: &str = r#"
[provider]
id = "news"
name = "News"
version = "1.0.0"
description = "Headlines from any feed"
license = "MIT"
contract = "1.0"
kinds = ["news"]

[[command]]
name = "news"
description = "Headlines on a topic"
contexts = ["guild", "bot-dm"]
sensitive = true
[command.names]
pt-BR = "noticias"
[[command.option]]
name = "topic"
kind = "text"
description = "What about"
autocomplete = true
max-length = 60
required = true
[[command.option]]
name = "count"
kind = "integer"
description = "How many"
min = 1
max = 5
[[command.option]]
name = "mood"
kind = "text"
description = "How it should be"
choices = ["good", { label = "Bad", value = "bad" }]

[[command]]
name = "weather"
description = "Today or later"
[[command.subcommand]]
name = "today"
description = "Today"
[[command.subcommand.option]]
name = "warmth"
kind = "number"
description = "At least"
min = 0.5
"#;

fn wanted() -> Vec<Spec> {
    Manifest::parse(MANIFEST).unwrap().commands.iter().map(Spec::of).collect()
}

fn json_of(specs: &[Spec]) -> Vec<Value> {
    specs.iter().map(|spec| serde_json::to_value(spec).unwrap()).collect()
}

/// As Discord sends it back: with its own fields, and without or with null for what is a default.
fn as_discord_sends(mut commands: Vec<Value>) -> Vec<Box<RawValue>> {
    for command in &mut commands {
        let fields = command.as_object_mut().unwrap();
        fields.insert("id".into(), json!("1"));
        fields.insert("application_id".into(), json!("42"));
        fields.insert("version".into(), json!("9"));
        fields.insert("dm_permission".into(), json!(true));
        fields.insert("default_permission".into(), json!(true));
        for name in ["name_localizations", "description_localizations"] {
            if fields.get(name) == Some(&json!({})) {
                fields.insert(name.into(), Value::Null);
            }
        }
        if fields.get("options") == Some(&json!([])) {
            fields.remove("options");
        }
    }
    commands.reverse();
    commands.iter().map(|command| serde_json::value::to_raw_value(command).unwrap()).collect()
}

#[test]
fn a_command_becomes_what_discord_documents() {
    let [news, weather] = json_of(&wanted()).try_into().unwrap();
    assert_eq!(
        news,
        json!({
            "type": 1, "name": "news", "name_localizations": {"en-US": "news", "pt-BR": "noticias"},
            "description": "Headlines on a topic", "description_localizations": {},
            "default_member_permissions": null, "nsfw": true, "contexts": [0, 1], "integration_types": [0],
            "options": [
                {"type": 3, "name": "topic", "name_localizations": {}, "description": "What about",
                 "description_localizations": {}, "required": true, "autocomplete": true, "max_length": 60},
                {"type": 4, "name": "count", "name_localizations": {}, "description": "How many",
                 "description_localizations": {}, "min_value": 1, "max_value": 5},
                {"type": 3, "name": "mood", "name_localizations": {}, "description": "How it should be",
                 "description_localizations": {}, "choices": [
                    {"name": "good", "name_localizations": {}, "value": "good"},
                    {"name": "Bad", "name_localizations": {}, "value": "bad"}]}
            ]
        })
    );
    assert_eq!(weather["contexts"], json!([0, 1, 2]));
    assert_eq!(weather["integration_types"], json!([0, 1]));
    assert_eq!(weather["options"][0]["type"], 1);
    assert_eq!(weather["options"][0]["options"][0]["min_value"], 0.5);
}

#[test]
fn what_discord_sends_back_is_no_difference() {
    let wanted = wanted();
    assert!(difference(&wanted, &as_discord_sends(json_of(&wanted))).is_none());
    let mut floats = json_of(&wanted);
    floats[0]["options"][1]["min_value"] = json!(1.0);
    assert!(difference(&wanted, &as_discord_sends(floats)).is_none());
}

#[test]
fn every_change_is_a_difference() {
    let wanted = wanted();
    type Change = fn(&mut Vec<Value>);
    let changes: [Change; 9] = [
        |json| json[0]["description"] = json!("other"),
        |json| json[0]["name_localizations"] = json!({"pt-BR": "outras"}),
        |json| json[0]["options"][1]["max_value"] = json!(6),
        |json| json[0]["options"][2]["choices"][0]["value"] = json!("better"),
        |json| json[0]["nsfw"] = json!(false),
        |json| json[0]["contexts"] = json!([0]),
        |json| json[0]["default_member_permissions"] = json!("8"),
        |json| drop(json.pop()),
        |json| json.push(json!({"type": 2, "name": "Report"})),
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let mut present = json_of(&wanted);
        change(&mut present);
        assert!(difference(&wanted, &as_discord_sends(present)).is_some(), "change {i}");
    }
}

#[test]
fn the_entry_point_of_an_activity_is_no_difference_and_is_kept() {
    let mut present = json_of(&wanted());
    present.push(json!({"type": 4, "name": "launch", "description": "", "handler": 2}));
    assert!(difference(&wanted(), &as_discord_sends(present.clone())).is_none());
    let kept_for = as_discord_sends(present);
    let kept = difference(&[], &kept_for).unwrap();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].get().contains("launch"));
}

#[test]
fn an_unreadable_command_of_discords_is_a_difference() {
    let mut present = as_discord_sends(json_of(&wanted()));
    present.push(serde_json::value::to_raw_value(&json!({"name": 5})).unwrap());
    assert!(difference(&wanted(), &present).is_some());
}
