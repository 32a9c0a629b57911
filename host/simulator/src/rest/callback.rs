//! The first answer to an interaction.

use std::time::Duration;

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::{
    Reply,
    body::Payload,
    compose::{self, Setting},
    error::ApiError,
};
use crate::{
    Acknowledgement, CallbackKind, Message, Snowflake,
    app::App,
    live::{InteractionKind, Live},
    message::EPHEMERAL,
    validate::{Path, Problems, message::check_choices},
    world::{World, lock},
};

/// Takes an answer and says what Discord says: 204, or with `with_response` the callback object.
pub(crate) fn create(
    world: &World,
    app: &App,
    live: &Live,
    payload: &Payload,
    with_response: bool,
) -> Result<Reply, ApiError> {
    let result = apply(world, app, live, payload);
    if let (Err(error), Some(ticket)) = (&result, &live.ticket) {
        ticket.refused(live.id, error.body.to_string());
    }
    let (kind, message) = result?;
    if !with_response {
        return Ok(Reply::Empty);
    }
    let mut interaction = json!({ "id": live.id, "type": live.kind as u8 });
    let mut resource = json!({ "type": kind as u8 });
    if let Some(message) = &message {
        interaction["response_message_id"] = json!(message.id);
        interaction["response_message_loading"] = json!(message.is_loading());
        interaction["response_message_ephemeral"] = json!(message.is_ephemeral());
        if kind != CallbackKind::DeferredUpdate {
            resource["message"] = message.json.clone();
        }
    }
    Ok(Reply::Json(StatusCode::OK, json!({ "interaction": interaction, "resource": resource })))
}

/// Takes the answer of an interactions endpoint; the reason where it is none.
pub(crate) fn from_endpoint(world: &World, app: &App, live: &Live, body: &str) -> Result<(), String> {
    let json = serde_json::from_str(body).map_err(|error| format!("{error} in {body:?}"))?;
    let payload = Payload { json, files: Vec::new() };
    apply(world, app, live, &payload).map(|_| ()).map_err(|error| error.body.to_string())
}

fn apply(
    world: &World,
    app: &App,
    live: &Live,
    payload: &Payload,
) -> Result<(CallbackKind, Option<Message>), ApiError> {
    let now = world.clock.millis();
    still_open(live, now)?;
    let kind = kind(live, &payload.json)?;
    let data = Payload { json: payload.json["data"].clone(), files: payload.files.clone() };
    let path = Path::ROOT.key("data");
    match kind {
        CallbackKind::Message => compose::check_new(&data.json, data.files.len(), &path)?,
        CallbackKind::Update | CallbackKind::DeferredMessage => compose::check_fields(&data.json, &path)?,
        CallbackKind::Choices => {
            let mut problems = Problems::default();
            check_choices(&data.json, &path, &mut problems);
            if !problems.is_empty() {
                return Err(ApiError::invalid_form(problems));
            }
        }
        CallbackKind::Pong | CallbackKind::DeferredUpdate | CallbackKind::Modal => {}
    }
    let setting = Setting {
        channel: live.scene.channel.id,
        live: Some(live),
        ephemeral: data.json["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0,
        loading: kind == CallbackKind::DeferredMessage,
    };
    let message = match kind {
        CallbackKind::Message | CallbackKind::DeferredMessage => Some(compose::message(world, app, &setting, &data)),
        CallbackKind::Update => match live.source.and_then(|source| world.message(source)) {
            Some(source) => Some(compose::edited(world, &source, &data)?),
            None => return Err(ApiError::unknown_message()),
        },
        CallbackKind::DeferredUpdate => live.source.and_then(|source| world.message(source)),
        CallbackKind::Pong | CallbackKind::Choices | CallbackKind::Modal => None,
    };
    acknowledge(world, live, kind, &data, message.as_ref(), now)?;
    Ok((kind, message))
}

fn acknowledge(
    world: &World,
    live: &Live,
    kind: CallbackKind,
    data: &Payload,
    message: Option<&Message>,
    now: u64,
) -> Result<(), ApiError> {
    let mut progress = lock(&live.progress);
    if progress.acknowledgement.is_some() {
        return Err(ApiError::already_acknowledged());
    }
    let id = message.map(|message| message.id);
    progress.original = id;
    progress.awaiting = matches!(kind, CallbackKind::DeferredMessage | CallbackKind::DeferredUpdate);
    progress.permit = None;
    let kept = if live.ticket.is_none() { data.json.clone() } else { Value::Null };
    let after = Duration::from_millis(now - live.created);
    progress.acknowledgement = Some(Acknowledgement { kind, data: kept, after });
    match &live.ticket {
        Some(ticket) => {
            let custom_id = compose::first_custom_id(&data.json);
            progress.slot = Some(ticket.answered(live.id, kind, id, custom_id));
        }
        None => keep(world, message),
    }
    drop(progress);
    live.changed.notify_waiters();
    Ok(())
}

fn keep(world: &World, message: Option<&Message>) {
    let Some(message) = message else { return };
    let mut messages = lock(&world.messages);
    match messages.get_mut(message.id) {
        Some(old) => old.clone_from(message),
        None => messages.insert(message.clone()),
    }
}

fn still_open(live: &Live, now: u64) -> Result<(), ApiError> {
    if lock(&live.progress).acknowledgement.is_some() {
        Err(ApiError::already_acknowledged())
    } else if now > live.deadline() {
        Err(ApiError::unknown_interaction())
    } else {
        Ok(())
    }
}

/// The kind of answer, if this kind of interaction takes it.
fn kind(live: &Live, body: &Value) -> Result<CallbackKind, ApiError> {
    let allowed: &[u64] = match live.kind {
        InteractionKind::Command => &[4, 5, 9],
        InteractionKind::Component => &[4, 5, 6, 7, 9],
        InteractionKind::Autocomplete => &[8],
    };
    let number = body["type"].as_u64();
    let kind = number.filter(|number| allowed.contains(number)).and_then(CallbackKind::from_number);
    kind.ok_or_else(|| {
        let mut problems = Problems::default();
        let path = Path::ROOT.key("type");
        if body["type"].is_null() {
            problems.required(&path);
        } else {
            problems.add(&path, "BASE_TYPE_CHOICES", format!("Value must be one of {allowed:?}."));
        }
        ApiError::invalid_form(problems)
    })
}

/// The interaction that a callback's path names.
pub(crate) fn find(world: &World, id: Snowflake, token: &str) -> Option<(std::sync::Arc<App>, std::sync::Arc<Live>)> {
    let application = token.split('-').next()?.parse().ok()?;
    let app = world.app(application)?;
    let live = lock(&app.interactions).get(&id).filter(|live| *live.token == *token).map(std::sync::Arc::clone)?;
    Some((app, live))
}
