//! HTTP interactions: signed posts to the app's own address.

use std::sync::Arc;

use ed25519_dalek::Signer;
use reqwest::StatusCode;
use serde_json::{Value, json};
use url::Url;

use crate::{
    Unanswered,
    app::App,
    live::Live,
    rest,
    world::{World, read, write},
};

/// Why an interactions endpoint was not taken, or was dropped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EndpointRefused {
    /// There is none.
    #[error("the app has no interactions endpoint")]
    Missing,
    /// Nobody answered.
    #[error("{url} could not be reached: {reason}")]
    Unreachable {
        /// The address.
        url: Url,
        /// What happened.
        reason: String,
    },
    /// A signed ping must be answered with status 200 and `{"type": 1}`.
    #[error("{url} answered a signed ping with status {status} and {body:?}, not with 200 and a pong")]
    NoPong {
        /// The address.
        url: Url,
        /// The status of the answer.
        status: u16,
        /// Its body.
        body: String,
    },
    /// A badly signed ping must be answered with status 401.
    #[error("{url} answered a badly signed ping with status {status}, not with 401")]
    TookBadSignature {
        /// The address.
        url: Url,
        /// The status of the answer.
        status: u16,
    },
}

/// Whether an address may become the app's endpoint: it answers a signed ping and refuses a badly signed one.
pub(crate) async fn check(world: &World, app: &App, url: &Url) -> Result<(), EndpointRefused> {
    let (status, body) = post(world, app, url, ping(world, app), true).await?;
    let pong = serde_json::from_str::<Value>(&body).is_ok_and(|body| body["type"] == 1);
    if status != StatusCode::OK || !pong {
        return Err(EndpointRefused::NoPong { url: url.clone(), status: status.as_u16(), body });
    }
    refuses_bad_signature(world, app, url).await
}

/// A badly signed ping to the endpoint that is set; if it is taken, the endpoint is dropped.
pub(crate) async fn probe(world: &World, app: &App) -> Result<(), EndpointRefused> {
    let url = read(&app.endpoint).clone().ok_or(EndpointRefused::Missing)?;
    let refused = refuses_bad_signature(world, app, &url).await;
    if let Err(EndpointRefused::TookBadSignature { .. }) = &refused {
        *write(&app.endpoint) = None;
    }
    refused
}

/// Posts an interaction and takes the answer for its callback.
pub(crate) async fn deliver(world: Arc<World>, app: Arc<App>, live: Arc<Live>, url: Url, json: String) {
    let answer = tokio::select! {
        answer = post(&world, &app, &url, json, true) => answer,
        () = world.clock.until(live.deadline() + 1) => return live.fail(Unanswered::TimedOut),
    };
    let reason = match answer {
        Err(error) => error.to_string(),
        // The app answers, or has answered, over REST.
        Ok((StatusCode::ACCEPTED | StatusCode::NO_CONTENT, _)) => return,
        Ok((StatusCode::OK, body)) => match rest::callback_from_endpoint(&world, &app, &live, &body) {
            Ok(()) => return,
            Err(refusal) => refusal,
        },
        Ok((status, body)) => format!("status {status} with {body:?}"),
    };
    if let Some(ticket) = &live.ticket {
        ticket.refused(live.id, reason.clone());
    }
    live.fail(Unanswered::BadAnswer { reason });
}

async fn refuses_bad_signature(world: &World, app: &App, url: &Url) -> Result<(), EndpointRefused> {
    let (status, _) = post(world, app, url, ping(world, app), false).await?;
    if status == StatusCode::UNAUTHORIZED {
        Ok(())
    } else {
        Err(EndpointRefused::TookBadSignature { url: url.clone(), status: status.as_u16() })
    }
}

fn ping(world: &World, app: &App) -> String {
    json!({
        "id": world.next_id(),
        "application_id": app.id,
        "type": 1,
        "token": world.letters(32),
        "version": 1,
        "user": app.user_json(),
        "entitlements": [],
    })
    .to_string()
}

async fn post(
    world: &World,
    app: &App,
    url: &Url,
    body: String,
    well_signed: bool,
) -> Result<(StatusCode, String), EndpointRefused> {
    let timestamp = (world.clock.millis() / 1_000).to_string();
    let mut signature = app.key.sign(&[timestamp.as_bytes(), body.as_bytes()].concat()).to_bytes();
    if !well_signed && let Some(byte) = signature.first_mut() {
        *byte ^= 1;
    }
    let signature: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    let unreachable =
        |error: reqwest::Error| EndpointRefused::Unreachable { url: url.clone(), reason: error.to_string() };
    let request = world
        .http
        .post(url.clone())
        .header("Content-Type", "application/json")
        .header("User-Agent", "Discord-Interactions/1.0 (+https://discord.com)")
        .header("X-Signature-Ed25519", signature)
        .header("X-Signature-Timestamp", timestamp)
        .body(body);
    let answer = request.send().await.map_err(unreachable)?;
    let status = answer.status();
    Ok((status, answer.text().await.map_err(unreachable)?))
}
