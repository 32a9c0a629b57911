//! Frames of the gateway, and interactions as they are posted.

use arbitrary::Unstructured;
use autocontent_content::{AccountId, Asker};
use autocontent_discord::testing::{self, Read};
use serde_json::{Map, Value, json};

/// Levels of JSON that are put into a frame.
const DEPTH: u32 = 4;

/// Whatever arrives is read or refused: the bytes themselves, and a real interaction with changes that they describe.
pub fn interaction(data: &[u8]) {
    if let Ok(text) = str::from_utf8(data) {
        arrives(text);
        if let Some(interaction) = testing::frame(text) {
            arrives(interaction);
        }
    }
    if let Ok(frame) = changed(&mut Unstructured::new(data)) {
        let text = frame.to_string();
        let found = testing::frame(&text);
        assert_eq!(found.is_some(), frame["t"] == "INTERACTION_CREATE" && frame.get("d").is_some_and(|d| !d.is_null()));
        if let Some(interaction) = found {
            arrives(interaction);
        }
    }
}

fn arrives(text: &str) {
    let account = AccountId::from_bytes([7; 16]);
    let asker = match testing::interaction(text, account) {
        Err(reason) => return assert!(!reason.is_empty(), "refused without a reason"),
        Ok(Read::Other) => return,
        Ok(Read::Command(ask)) => ask.asker,
        Ok(Read::Typing(typing)) => typing.asker,
        Ok(Read::Press(press)) => press.asker,
    };
    let Asker { account: of, member, age_restricted, guild, .. } = asker;
    assert_eq!(of, Some(account), "another account's bot would answer");
    assert!(member.is_some(), "nobody to answer");
    let guild_known = guild.is_some() || text.contains("\"context\"");
    assert!(!age_restricted || guild_known, "age-restricted outside of a guild");
}

/// A frame with a command, a press or a typed option, in which some values are others.
fn changed(input: &mut Unstructured<'_>) -> arbitrary::Result<Value> {
    let mut frame = json!({
        "op": 0, "s": 42, "t": "INTERACTION_CREATE",
        "d": {
            "version": 1, "type": input.int_in_range(0..=6)?, "id": "1000000000000000001", "application_id": "42",
            "token": "secret", "guild_id": "5", "channel_id": "6",
            "channel": { "id": "6", "type": 0, "nsfw": true, "name": "x" },
            "member": { "user": { "id": "9", "username": "ana" }, "permissions": "8192", "roles": [] },
            "user": { "id": "9" }, "locale": "pt-BR", "context": 0, "attachment_size_limit": 26_214_400,
            "message": { "id": "77", "components": [{ "type": 17, "components": [{ "type": 99 }] }] },
            "data": {
                "id": "3", "name": "quote", "type": 1, "custom_id": "AQ", "component_type": 2,
                "resolved": { "attachments": { "14": { "id": "14", "url": "https://cdn.example/f.png" } } },
                "options": [
                    { "name": "top", "type": 1, "options": [{ "name": "count", "type": 4, "value": 2 }] },
                    { "name": "topic", "type": 3, "value": "courage", "focused": true },
                    { "name": "file", "type": 11, "value": "14" }
                ]
            }
        }
    });
    for _ in 0..input.int_in_range(1..=6)? {
        let with = value(input, DEPTH)?;
        change(&mut frame, input, with)?;
    }
    Ok(frame)
}

/// Walks down from a value and puts another somewhere, or takes something away.
fn change(at: &mut Value, input: &mut Unstructured<'_>, with: Value) -> arbitrary::Result<()> {
    if input.ratio(1, 8)? {
        *at = with;
        return Ok(());
    }
    match at {
        Value::Object(fields) if !fields.is_empty() => {
            let key = fields.keys().nth(input.choose_index(fields.len())?).cloned().unwrap_or_default();
            if input.ratio(1, 8)? {
                fields.remove(&key);
                return Ok(());
            }
            fields.get_mut(&key).map_or(Ok(()), |inner| change(inner, input, with))
        }
        Value::Array(list) if !list.is_empty() => {
            if input.ratio(1, 8)? {
                let twice = list.clone();
                list.extend(twice);
                return Ok(());
            }
            let index = input.choose_index(list.len())?;
            list.get_mut(index).map_or(Ok(()), |inner| change(inner, input, with))
        }
        _ => {
            *at = with;
            Ok(())
        }
    }
}

fn value(input: &mut Unstructured<'_>, depth: u32) -> arbitrary::Result<Value> {
    let containers = if depth == 0 { 0 } else { 2 };
    Ok(match input.int_in_range(0..=6 + containers)? {
        0 => Value::Null,
        1 => json!(input.arbitrary::<bool>()?),
        2 => json!(input.arbitrary::<i64>()?),
        3 => json!(input.arbitrary::<u64>()?),
        4 => json!(input.arbitrary::<f64>()?),
        5 => json!(input.arbitrary::<u64>()?.to_string()),
        6 => json!(input.arbitrary::<&str>()?),
        7 => (0..input.int_in_range(0..=4)?).map(|_| value(input, depth - 1)).collect::<Result<_, _>>()?,
        _ => {
            let field = |input: &mut Unstructured<'_>| {
                let known = ["id", "type", "name", "value", "options", "focused", "user", "url", "nsfw"];
                Ok(((*input.choose(&known)?).to_owned(), value(input, depth - 1)?))
            };
            let fields = (0..input.int_in_range(0..=4)?).map(|_| field(input));
            Value::Object(fields.collect::<arbitrary::Result<Map<_, _>>>()?)
        }
    })
}
