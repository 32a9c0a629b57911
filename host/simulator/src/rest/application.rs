//! The application itself: who it is, where its gateway is, its interactions endpoint and its commands.

use axum::http::StatusCode;
use serde_json::{Value, json};
use url::Url;

use super::{Reply, error::ApiError};
use crate::{
    Endpoint, Snowflake,
    app::App,
    commands::without_localizations,
    endpoint,
    validate::{Path, Problems, commands},
    world::{World, lock, write},
};

/// Where to connect, and how often that is still allowed.
pub(crate) fn gateway_bot(world: &World, app: &App) -> Reply {
    let now = world.clock.millis();
    let refuses = lock(&app.faults).refuses();
    let url = if refuses { world.nowhere_url.to_string() } else { world.gateway_url_of(app) };
    let mut gateway = lock(&app.gateway);
    let total = world.config.identifies_per_day;
    let used = u32::try_from(gateway.identifies_today(now)).unwrap_or(u32::MAX);
    let limit = json!({
        "total": total,
        "remaining": total.saturating_sub(used),
        "reset_after": gateway.identifies_reset_after(now),
        "max_concurrency": world.config.max_concurrency,
    });
    Reply::Json(StatusCode::OK, json!({ "url": url, "shards": 1, "session_start_limit": limit }))
}

/// Changes the interactions endpoint, if the new one passes the test.
pub(crate) async fn edit(world: &World, app: &App, body: &Value) -> Result<Reply, ApiError> {
    let refuse = |code: &str, message: &str| {
        let mut problems = Problems::default();
        problems.add(&Path::ROOT.key("interactions_endpoint_url"), code, message);
        ApiError::invalid_form(problems)
    };
    if let Some(wanted) = body.get("interactions_endpoint_url") {
        let url = match wanted {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            wanted => {
                let url = wanted.as_str().and_then(|text| Url::parse(text).ok());
                let url = url.ok_or_else(|| refuse("URL_TYPE_INVALID_URL", "Not a well formed URL."))?;
                endpoint::check(world, app, &url).await.map_err(|_| {
                    let message = "The specified interactions endpoint url could not be verified.";
                    refuse("APPLICATION_INTERACTIONS_ENDPOINT_INVALID", message)
                })?;
                Some(url)
            }
        };
        *write(&app.endpoint) = url;
        app.counts.send_modify(|_| ());
    }
    Ok(Reply::Json(StatusCode::OK, app.application_json()))
}

/// Serves one of the command routes; `object` is the command.
pub(crate) fn commands(
    world: &World,
    app: &App,
    endpoint: Endpoint,
    object: Option<Snowflake>,
    body: &Value,
    with_localizations: bool,
) -> Result<Reply, ApiError> {
    let now = world.clock.millis();
    let next_id = || world.next_id();
    let mut commands = lock(&app.commands);
    let shown = |command: &Value| if with_localizations { command.clone() } else { without_localizations(command) };
    let find = || object.ok_or_else(ApiError::unknown_command);
    let reply = match endpoint {
        Endpoint::ListCommands => {
            return Ok(Reply::Json(StatusCode::OK, commands.list.iter().map(shown).collect()));
        }
        Endpoint::GetCommand => {
            let command = commands.get(find()?).ok_or_else(ApiError::unknown_command)?;
            return Ok(Reply::Json(StatusCode::OK, command.clone()));
        }
        Endpoint::CreateCommand => {
            check(body, false)?;
            let (command, new) = commands.put(app.id, body, now, next_id)?;
            Reply::Json(if new { StatusCode::CREATED } else { StatusCode::OK }, command)
        }
        Endpoint::OverwriteCommands => {
            check_all(body)?;
            let list = body.as_array().map_or(&[][..], Vec::as_slice);
            Reply::Json(StatusCode::OK, Value::Array(commands.overwrite(app.id, list, now, next_id)?))
        }
        Endpoint::EditCommand => {
            check(body, true)?;
            let command = commands.edit(find()?, body, world.next_id()).ok_or_else(ApiError::unknown_command)?;
            Reply::Json(StatusCode::OK, command)
        }
        _ => {
            if !commands.delete(find()?) {
                return Err(ApiError::unknown_command());
            }
            Reply::Empty
        }
    };
    drop(commands);
    app.counts.send_modify(|counts| counts.command_writes += 1);
    Ok(reply)
}

fn check(command: &Value, partial: bool) -> Result<(), ApiError> {
    let mut problems = Problems::default();
    commands::check(command, &Path::ROOT, partial, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(ApiError::invalid_form(problems)) }
}

fn check_all(list: &Value) -> Result<(), ApiError> {
    let mut problems = Problems::default();
    if !list.is_array() {
        problems.add(&Path::ROOT, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType");
    }
    let list = list.as_array().map_or(&[][..], Vec::as_slice);
    for (index, command) in list.iter().enumerate() {
        commands::check(command, &Path::ROOT.index(index), false, &mut problems);
    }
    commands::check_unique(list, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(ApiError::invalid_form(problems)) }
}
