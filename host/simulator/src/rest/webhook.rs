//! What follows the first answer: its edits, its end, and further messages.

use axum::http::StatusCode;

use super::{
    Reply,
    body::Payload,
    compose::{self, Setting},
    error::ApiError,
};
use crate::{
    CallbackKind, Endpoint, Message, Snowflake,
    app::App,
    live::Live,
    message::EPHEMERAL,
    validate::Path,
    world::{World, lock},
};

/// The interaction behind a webhook token, if it may be used yet and still.
pub(crate) fn check(world: &World, live: &Live) -> Result<(), ApiError> {
    if world.clock.millis() > live.expires() {
        return Err(ApiError::invalid_webhook_token());
    }
    match lock(&live.progress).acknowledgement.as_ref().map(|acknowledgement| acknowledgement.kind) {
        None | Some(CallbackKind::Choices | CallbackKind::Pong) => Err(ApiError::unknown_webhook()),
        Some(_) => Ok(()),
    }
}

/// Serves one of the webhook routes; `object` is the message, none for `@original`.
pub(crate) fn serve(
    world: &World,
    app: &App,
    live: &Live,
    endpoint: Endpoint,
    object: Option<Snowflake>,
    payload: &Payload,
) -> Result<Reply, ApiError> {
    check(world, live)?;
    match endpoint {
        Endpoint::CreateFollowup => follow_up(world, app, live, payload),
        Endpoint::EditOriginal | Endpoint::EditFollowup => {
            compose::check_fields(&payload.json, &Path::ROOT)?;
            edit(world, app, live, target(live, object)?, payload)
        }
        Endpoint::DeleteOriginal | Endpoint::DeleteFollowup => delete(world, live, target(live, object)?),
        _ => {
            let message = world.message(target(live, object)?).ok_or_else(ApiError::unknown_message)?;
            Ok(Reply::Json(StatusCode::OK, message.json))
        }
    }
}

fn target(live: &Live, object: Option<Snowflake>) -> Result<Snowflake, ApiError> {
    let progress = lock(&live.progress);
    let known = |id: &Snowflake| progress.original == Some(*id) || progress.followups.contains(id);
    match object {
        None => progress.original.ok_or_else(ApiError::unknown_message),
        Some(id) => Some(id).filter(known).ok_or_else(ApiError::unknown_message),
    }
}

/// A further message. Straight after a deferred answer it fills that in, as Discord has it for old apps.
fn follow_up(world: &World, app: &App, live: &Live, payload: &Payload) -> Result<Reply, ApiError> {
    compose::check_new(&payload.json, payload.files.len(), &Path::ROOT)?;
    let deferred = {
        let progress = lock(&live.progress);
        let deferred = progress.acknowledgement.as_ref().map(|acknowledgement| acknowledgement.kind)
            == Some(CallbackKind::DeferredMessage);
        progress.original.filter(|_| progress.awaiting && deferred)
    };
    if let Some(original) = deferred {
        return edit(world, app, live, original, payload);
    }
    let setting = Setting {
        channel: live.scene.channel.id,
        live: Some(live),
        ephemeral: payload.json["flags"].as_u64().unwrap_or_default() & EPHEMERAL != 0,
        loading: false,
    };
    let message = compose::message(world, app, &setting, payload);
    if live.ticket.is_none() {
        lock(&world.messages).insert(message.clone());
    }
    live.change(|progress| progress.followups.push(message.id));
    Ok(Reply::Json(StatusCode::OK, message.json))
}

fn edit(world: &World, app: &App, live: &Live, id: Snowflake, payload: &Payload) -> Result<Reply, ApiError> {
    let message = if live.ticket.is_some() {
        // Messages of a load are not kept: the edit is answered as if it were the whole message.
        let setting = Setting { channel: live.scene.channel.id, live: Some(live), ephemeral: false, loading: true };
        let message = Message { id, ..compose::message(world, app, &setting, &Payload::default()) };
        compose::edited(world, &message, payload)?
    } else {
        let mut messages = lock(&world.messages);
        let message = messages.get_mut(id).ok_or_else(ApiError::unknown_message)?;
        *message = compose::edited(world, message, payload)?;
        message.clone()
    };
    live.change(|progress| {
        if progress.original == Some(id) {
            progress.awaiting = false;
        }
        if let (Some(ticket), Some(slot)) = (&live.ticket, progress.slot) {
            ticket.filled_in(slot, id, compose::first_custom_id(&payload.json));
        }
    });
    Ok(Reply::Json(StatusCode::OK, message.json))
}

fn delete(world: &World, live: &Live, id: Snowflake) -> Result<Reply, ApiError> {
    if lock(&world.messages).remove(id).is_none() && live.ticket.is_none() {
        return Err(ApiError::unknown_message());
    }
    live.change(|progress| {
        if progress.original == Some(id) {
            progress.original = None;
            progress.awaiting = false;
        }
        progress.followups.retain(|other| *other != id);
    });
    Ok(Reply::Empty)
}
