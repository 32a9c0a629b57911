//! Makes message objects from what apps send.

use serde_json::{Value, json};

use super::{
    body::{Payload, Upload},
    error::ApiError,
};
use crate::{
    Message, Snowflake,
    app::App,
    live::{InteractionKind, Live},
    message::{EPHEMERAL, LOADING},
    validate::{
        Path, Problems,
        message::{self, COMPONENTS_V2},
    },
    world::World,
};

/// Flags that an app may set on a new message: suppress embeds and notifications, Components V2.
const SETTABLE: u64 = 1 << 2 | 1 << 12 | COMPONENTS_V2;
/// Flags that an edit may change: suppress embeds, Components V2.
const EDITABLE: u64 = 1 << 2 | COMPONENTS_V2;

/// Where a new message stands, and what it answers.
pub(crate) struct Setting<'a> {
    pub(crate) channel: Snowflake,
    /// The interaction that it belongs to.
    pub(crate) live: Option<&'a Live>,
    /// Whether only the member sees it.
    pub(crate) ephemeral: bool,
    pub(crate) loading: bool,
}

/// Refuses what is over a limit, and what shows nothing.
pub(crate) fn check_new(body: &Value, files: usize, path: &Path<'_>) -> Result<(), ApiError> {
    check_fields(body, path)?;
    if message::is_empty(body, files) { Err(ApiError::empty_message()) } else { Ok(()) }
}

/// Refuses what is over a limit.
pub(crate) fn check_fields(body: &Value, path: &Path<'_>) -> Result<(), ApiError> {
    let mut problems = Problems::default();
    if !body.is_null() && !body.is_object() {
        problems.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType");
    }
    message::check(body, path, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(ApiError::invalid_form(problems)) }
}

/// A new message; it is not kept yet.
pub(crate) fn message(world: &World, app: &App, setting: &Setting<'_>, payload: &Payload) -> Message {
    let id = world.next_id();
    let Payload { json: body, files } = payload;
    let mut flags = body["flags"].as_u64().unwrap_or_default() & SETTABLE;
    flags |= if setting.ephemeral { EPHEMERAL } else { 0 };
    flags |= if setting.loading { LOADING } else { 0 };
    let text = |field: &str| body[field].as_str().unwrap_or_default().to_owned();
    let mut json = json!({
        "id": id,
        "type": setting.live.map_or(0, |live| if live.kind == InteractionKind::Component { 19 } else { 20 }),
        "channel_id": setting.channel,
        "author": app.user_json(),
        "content": text("content"),
        "embeds": embeds(&body["embeds"]),
        "components": list(&body["components"]),
        "attachments": attachments(world, body, files),
        "mentions": [],
        "mention_roles": [],
        "mention_everyone": false,
        "pinned": false,
        "tts": body["tts"].as_bool().unwrap_or_default(),
        "timestamp": world.clock.now().to_string(),
        "edited_timestamp": null,
        "flags": flags,
    });
    if let Some(live) = setting.live {
        json["application_id"] = json!(app.id);
        json["webhook_id"] = json!(app.id);
        json["interaction_metadata"] = json!({
            "id": live.id,
            "type": live.kind as u8,
            "user": live.scene.member.user_json(),
            "authorizing_integration_owners": crate::payload::owners(&live.scene),
        });
        if let Some(source) = live.source {
            json["message_reference"] = json!({ "type": 0, "channel_id": setting.channel, "message_id": source });
        }
    }
    Message { id, channel: setting.channel, author: app.id, json }
}

/// The message after an edit; refuses what then shows nothing.
pub(crate) fn edited(world: &World, message: &Message, payload: &Payload) -> Result<Message, ApiError> {
    let Payload { json: body, files } = payload;
    let mut json = message.json.clone();
    let was_loading = message.is_loading();
    if body.get("content").is_some() {
        json["content"] = json!(body["content"].as_str().unwrap_or_default());
    }
    if body.get("embeds").is_some() {
        json["embeds"] = embeds(&body["embeds"]);
    }
    if body.get("components").is_some() {
        json["components"] = list(&body["components"]);
    }
    if body.get("attachments").is_some() || !files.is_empty() {
        let kept = kept_attachments(&json["attachments"], &body["attachments"]);
        let new = attachments(world, body, files);
        json["attachments"] = kept.into_iter().chain(new.as_array().cloned().unwrap_or_default()).collect();
    }
    let old = message.flags();
    let mut flags = body["flags"].as_u64().map_or(old, |new| old & !EDITABLE | new & EDITABLE);
    // Components V2 cannot be taken back.
    flags |= old & COMPONENTS_V2;
    json["flags"] = json!(flags & !LOADING);
    if !was_loading {
        json["edited_timestamp"] = json!(world.clock.now().to_string());
    }
    if message::is_empty(&json, 0) {
        return Err(ApiError::empty_message());
    }
    Ok(Message { json, ..message.clone() })
}

/// The first custom id of a message's components.
pub(crate) fn first_custom_id(body: &Value) -> Option<String> {
    let rows = body["components"].as_array()?;
    let mut components = rows.iter().filter_map(|row| row["components"].as_array()).flatten();
    components.find_map(|component| component["custom_id"].as_str()).map(str::to_owned)
}

fn list(given: &Value) -> Value {
    if given.is_array() { given.clone() } else { json!([]) }
}

fn embeds(given: &Value) -> Value {
    let mut embeds = list(given);
    for embed in embeds.as_array_mut().into_iter().flatten() {
        embed["type"] = json!("rich");
    }
    embeds
}

fn attachments(world: &World, body: &Value, files: &[Upload]) -> Value {
    let described = |file: &Upload| {
        let given = body["attachments"].as_array().into_iter().flatten();
        let number = |entry: &&Value| match &entry["id"] {
            Value::String(id) => *id == file.number,
            id => id.as_u64() == file.number.parse().ok(),
        };
        given.into_iter().find(number).cloned().unwrap_or_default()
    };
    let attachment = |file: &Upload| {
        let described = described(file);
        let name = described["filename"].as_str().unwrap_or(&file.file_name);
        let id = world.next_id();
        json!({
            "id": id,
            "filename": name,
            "description": described["description"],
            "content_type": file.content_type,
            "size": file.size,
            "url": format!("{}attachments/{id}/{name}", world.rest_url),
            "proxy_url": format!("{}attachments/{id}/{name}", world.rest_url),
        })
    };
    files.iter().map(attachment).collect()
}

/// Of the attachments that are there, those that the edit names; all where it names none.
fn kept_attachments(there: &Value, named: &Value) -> Vec<Value> {
    let there = there.as_array().cloned().unwrap_or_default();
    match named.as_array() {
        Some(named) => there.into_iter().filter(|old| named.iter().any(|entry| entry["id"] == old["id"])).collect(),
        None => there,
    }
}
