//! Messages of channels, beside interactions: what a bot sends to members who asked for it, and what it deletes.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Reply,
    body::Payload,
    compose::{self, Setting},
    error::ApiError,
};
use crate::{
    Channel, ChannelKind, Endpoint, Message, Snowflake,
    app::App,
    validate::{Path, Problems},
    world::{World, lock, read, write},
};

/// Opens the direct messages with a member.
pub(crate) fn create_dm(world: &World, body: &Value) -> Result<Reply, ApiError> {
    let recipient = body["recipient_id"].as_str().and_then(|id| id.parse::<Snowflake>().ok());
    let with = recipient.ok_or_else(|| {
        let mut problems = Problems::default();
        problems.required(&Path::ROOT.key("recipient_id"));
        ApiError::invalid_form(problems)
    })?;
    let kind = ChannelKind::BotDm { with };
    let mut places = write(&world.places);
    let known = places.channels.values().find(|channel| channel.kind == kind).cloned();
    let channel = known.unwrap_or_else(|| Channel { id: world.next_id(), name: String::new(), nsfw: false, kind });
    places.channels.insert(channel.id, channel.clone());
    let mut json = channel.json(0);
    json["recipients"] = json!([{ "id": with, "username": "member", "discriminator": "0", "avatar": null }]);
    Ok(Reply::Json(StatusCode::OK, json))
}

/// Serves one of the message routes of a channel.
pub(crate) fn serve(
    world: &World,
    app: &App,
    endpoint: Endpoint,
    channel: Snowflake,
    object: Option<Snowflake>,
    payload: &Payload,
    query: &str,
) -> Result<Reply, ApiError> {
    let channel = read(&world.places).channels.get(&channel).cloned().ok_or_else(ApiError::unknown_channel)?;
    if channel.kind == ChannelKind::Private {
        return Err(ApiError::coded(StatusCode::FORBIDDEN, 50_001, "Missing Access"));
    }
    match endpoint {
        Endpoint::ListMessages => list(world, &channel, query),
        Endpoint::CreateMessage => create(world, app, &channel, payload),
        _ => {
            let id = object.ok_or_else(ApiError::unknown_message)?;
            let found = world.message(id).filter(|message| message.channel == channel.id && !message.is_ephemeral());
            let message = found.ok_or_else(ApiError::unknown_message)?;
            match endpoint {
                Endpoint::EditMessage => edit(world, app, &message, payload),
                Endpoint::DeleteMessage => delete(world, app, &channel, &message),
                _ => Ok(Reply::Json(StatusCode::OK, message.json)),
            }
        }
    }
}

fn list(world: &World, channel: &Channel, query: &str) -> Result<Reply, ApiError> {
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let mut problems = Problems::default();
    let limit =
        parameter("limit").map_or(Value::from(50), |limit| limit.parse::<i64>().map_or(json!(limit), Value::from));
    let limit =
        problems.integer(&limit, &Path::ROOT.key("limit"), 1, 100).and_then(|limit| usize::try_from(limit).ok());
    if !problems.is_empty() {
        return Err(ApiError::invalid_form(problems));
    }
    let before = parameter("before").and_then(|id| id.parse::<Snowflake>().ok());
    let messages = lock(&world.messages).of_channel(channel.id);
    let shown = messages.into_iter().filter(|message| !message.is_ephemeral());
    let shown = shown.filter(|message| before.is_none_or(|before| message.id < before));
    let shown = shown.take(limit.unwrap_or(50)).map(|message| message.json).collect();
    Ok(Reply::Json(StatusCode::OK, shown))
}

fn create(world: &World, app: &App, channel: &Channel, payload: &Payload) -> Result<Reply, ApiError> {
    if let ChannelKind::BotDm { with } = channel.kind
        && read(&world.places).closed_dms.contains(&with)
    {
        return Err(ApiError::coded(StatusCode::FORBIDDEN, 50_007, "Cannot send messages to this user"));
    }
    compose::check_new(&payload.json, payload.files.len(), &Path::ROOT)?;
    let setting = Setting { channel: channel.id, live: None, ephemeral: false, loading: false };
    let message = compose::message(world, app, &setting, payload);
    lock(&world.messages).insert(message.clone());
    Ok(Reply::Json(StatusCode::OK, message.json))
}

fn edit(world: &World, app: &App, message: &Message, payload: &Payload) -> Result<Reply, ApiError> {
    if message.author != app.id {
        let text = "Cannot edit a message authored by another user";
        return Err(ApiError::coded(StatusCode::FORBIDDEN, 50_005, text));
    }
    compose::check_fields(&payload.json, &Path::ROOT)?;
    let edited = compose::edited(world, message, payload)?;
    let json = edited.json.clone();
    if let Some(message) = lock(&world.messages).get_mut(message.id) {
        *message = edited;
    }
    Ok(Reply::Json(StatusCode::OK, json))
}

fn delete(world: &World, app: &App, channel: &Channel, message: &Message) -> Result<Reply, ApiError> {
    // In guilds every bot may manage messages; in direct messages nobody may delete another's.
    if message.author != app.id && channel.guild().is_none() {
        let text = "Cannot execute action on a DM channel";
        return Err(ApiError::coded(StatusCode::FORBIDDEN, 50_003, text));
    }
    lock(&world.messages).remove(message.id);
    Ok(Reply::Empty)
}
