use autocontent_content::contract::Value;
use serde_json::{Value as JsonValue, json};

use super::*;

fn account() -> AccountId {
    AccountId::from_bytes([7; 16])
}

fn read_json(json: &JsonValue) -> Result<(Interaction, Deed), Unreadable> {
    read(&json.to_string(), account())
}

/// A slash command in a guild, with the fields that Discord sends and that don't matter here too.
fn command() -> JsonValue {
    json!({
        "version": 1, "type": 2, "id": "1000000000000000001", "application_id": "42", "token": "secret",
        "guild_id": "5", "channel_id": "6", "channel": {"id": "6", "type": 0, "nsfw": true, "name": "x"},
        "member": {"user": {"id": "9", "username": "ana"}, "permissions": "8192", "roles": []},
        "locale": "pt-BR", "guild_locale": "en-US", "context": 0, "app_permissions": "0", "entitlements": [],
        "attachment_size_limit": 26_214_400, "authorizing_integration_owners": {"0": "5"},
        "data": {"id": "3", "name": "quote", "type": 1, "options": [{"name": "topic", "type": 3, "value": "courage"}]}
    })
}

fn ask(json: &JsonValue) -> Ask {
    match read_json(json).unwrap().1 {
        Deed::Command(ask) => ask,
        other => panic!("no command: {other:?}"),
    }
}

fn with(change: impl FnOnce(&mut JsonValue)) -> JsonValue {
    let mut json = command();
    change(&mut json);
    json
}

#[test]
fn a_command_in_a_guild_is_read_whole() {
    let (interaction, _) = read_json(&command()).unwrap();
    assert_eq!((interaction.id, interaction.application), (1_000_000_000_000_000_001, 42));
    assert_eq!((interaction.token.as_str(), interaction.attachment_limit), ("secret", 26_214_400));
    let ask = ask(&command());
    assert_eq!(ask.command, "quote");
    assert_eq!(ask.arguments, [Argument { name: "topic".into(), value: Value::Text("courage".into()) }]);
    let asker = ask.asker;
    assert_eq!(asker.account, Some(account()));
    assert_eq!((asker.member, asker.guild), (Some(9.into()), Some(5.into())));
    assert_eq!((asker.channel, asker.place), (Some(6.into()), Place::Guild));
    assert!(asker.age_restricted && asker.moderator);
    assert_eq!(asker.locale, "pt-BR");
}

#[test]
fn every_type_of_option_keeps_its_type() {
    let json = with(|json| {
        json["data"]["options"] = json!([
            {"name": "a", "type": 3, "value": "t"}, {"name": "b", "type": 4, "value": -3},
            {"name": "c", "type": 5, "value": true}, {"name": "d", "type": 6, "value": "11"},
            {"name": "e", "type": 7, "value": "12"}, {"name": "f", "type": 8, "value": "13"},
            {"name": "g", "type": 10, "value": 2}, {"name": "h", "type": 11, "value": "14"},
            {"name": "i", "type": 99, "value": "unknown"}, {"name": "j", "type": 4, "value": "mistyped"}
        ]);
        json["data"]["resolved"] = json!({"attachments": {"14": {"id": "14", "url": "https://cdn.example/f.png"}}});
    });
    let values: Vec<Value> = ask(&json).arguments.into_iter().map(|argument| argument.value).collect();
    assert_eq!(
        values,
        [
            Value::Text("t".into()),
            Value::Integer(-3),
            Value::Boolean(true),
            Value::User("11".into()),
            Value::Channel("12".into()),
            Value::Role("13".into()),
            Value::Number(2.0),
            Value::Attachment("https://cdn.example/f.png".into()),
        ]
    );
}

#[test]
fn a_subcommand_has_its_full_name_and_its_own_options() {
    let json = with(|json| {
        json["data"]["options"] =
            json!([{"name": "top", "type": 1, "options": [{"name": "count", "type": 4, "value": 2}]}]);
    });
    let ask = ask(&json);
    assert_eq!(ask.command, "quote top");
    assert_eq!(ask.arguments, [Argument { name: "count".into(), value: Value::Integer(2) }]);
}

#[test]
fn only_a_guild_channel_known_to_be_age_restricted_counts_as_one() {
    let restricted = |json: &JsonValue| ask(json).asker.age_restricted;
    assert!(restricted(&command()));
    assert!(!restricted(&with(|json| json["channel"]["nsfw"] = json!(false))));
    assert!(!restricted(&with(|json| json["channel"] = json!({"id": "6"}))));
    assert!(!restricted(&with(|json| json["channel"] = JsonValue::Null)));
    assert!(!restricted(&with(|json| json["context"] = json!(1))));
    assert!(!restricted(&with(|json| json["context"] = json!(2))));
}

#[test]
fn a_moderator_is_who_may_manage_messages() {
    for (permissions, moderator) in [("8192", true), ("8", true), ("2048", false), ("x", false), ("0", false)] {
        let json = with(|json| json["member"]["permissions"] = json!(permissions));
        assert_eq!(ask(&json).asker.moderator, moderator, "{permissions}");
    }
}

#[test]
fn in_a_direct_message_there_is_a_user_instead_of_a_member() {
    let mut json = command();
    let fields = json.as_object_mut().unwrap();
    for field in ["guild_id", "member", "channel", "context", "attachment_size_limit", "locale"] {
        fields.remove(field);
    }
    fields.insert("user".into(), json!({"id": "9"}));
    let (interaction, _) = read_json(&json).unwrap();
    assert_eq!(interaction.attachment_limit, DEFAULT_ATTACHMENT_LIMIT);
    let asker = ask(&json).asker;
    assert_eq!((asker.member, asker.guild, asker.place), (Some(9.into()), None, Place::BotDm));
    assert!(!asker.moderator && !asker.age_restricted);
    assert_eq!(asker.locale, "en-US");
}

#[test]
fn typing_names_the_focused_option_and_leaves_it_out_of_the_arguments() {
    let json = with(|json| {
        json["type"] = json!(4);
        json["data"]["options"] = json!([
            {"name": "topic", "type": 3, "value": "courage"},
            {"name": "count", "type": 4, "value": "1", "focused": true}
        ]);
    });
    let Deed::Typing(typing) = read_json(&json).unwrap().1 else { panic!("no typing") };
    assert_eq!((typing.option.as_str(), typing.typed.as_str()), ("count", "1"));
    assert_eq!(typing.arguments, [Argument { name: "topic".into(), value: Value::Text("courage".into()) }]);
}

#[test]
fn a_pressed_button_gives_its_id() {
    let json = with(|json| {
        json["type"] = json!(3);
        json["data"] = json!({"custom_id": "v1:another", "component_type": 2, "id": 4});
        json["message"] = json!({"id": "77", "components": [{"type": 17, "components": [{"type": 99}]}]});
    });
    let Deed::Press(press) = read_json(&json).unwrap().1 else { panic!("no press") };
    assert_eq!(press.button, "v1:another");
}

#[test]
fn what_this_host_never_offers_is_told_apart() {
    let modal = with(|json| {
        json["type"] = json!(5);
        json["data"] = json!({"custom_id": "m", "components": [{"type": 18, "component": {"type": 4, "value": "x"}}]});
    });
    assert!(matches!(read_json(&modal).unwrap().1, Deed::Other(5)));
    assert!(matches!(read_json(&with(|json| json["type"] = json!(200))).unwrap().1, Deed::Other(200)));
    assert!(matches!(read_json(&with(|json| json["data"]["type"] = json!(3))).unwrap().1, Deed::Other(2)));
    let ping = json!({"type": 1, "id": "1", "application_id": "42", "token": "t", "version": 1});
    assert!(matches!(read_json(&ping).unwrap().1, Deed::Ping));
}

#[test]
fn what_nobody_can_be_answered_for_is_an_error() {
    for broken in [
        with(|json| json["member"] = JsonValue::Null),
        with(|json| json["data"] = JsonValue::Null),
        with(|json| json["type"] = json!(4)),
        with(|json| json["id"] = json!("x")),
        json!({"type": 3, "id": "1", "token": "t", "data": {}, "user": {"id": "1"}}),
        json!([]),
    ] {
        assert!(read_json(&broken).is_err(), "{broken}");
    }
}

#[test]
fn no_other_field_has_to_be_there() {
    for field in command().as_object().unwrap().keys() {
        let needed = ["type", "id", "token", "data", "member"].contains(&field.as_str());
        let missing = with(|json| drop(json.as_object_mut().unwrap().remove(field)));
        assert_eq!(read_json(&missing).is_err(), needed, "{field} is missing");
        if !needed {
            assert!(read_json(&with(|json| json[field] = JsonValue::Null)).is_ok(), "{field} is null");
        }
    }
}

proptest::proptest! {
    #[test]
    fn whatever_arrives_is_read_or_refused(text in "\\PC{0,200}") {
        proptest::prop_assert!(read(&text, account()).is_err() || text.contains("token"));
    }
}
