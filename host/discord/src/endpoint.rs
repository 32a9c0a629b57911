//! Interactions by HTTP: Discord posts each, signed with the application's key, and takes the response's body as the
//! first answer. Discord also sends wrong signatures on purpose and drops an endpoint that takes them.

use std::time::Duration;

use autocontent_content::AccountId;
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Path, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use tokio::time::timeout;

use crate::fleet::Fleet;

/// Far more than any interaction has.
const LARGEST: usize = 512 << 10;
/// Discord waits three seconds.
const PATIENCE: Duration = Duration::from_millis(2_900);

pub(crate) fn router(fleet: Fleet) -> Router {
    Router::new()
        .route("/interactions/{account}", post(interaction))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(fleet)
}

async fn interaction(
    State(fleet): State<Fleet>,
    Path(account): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(bot) = account.parse::<AccountId>().ok().and_then(|account| fleet.http_bot(account)) else {
        return (StatusCode::NOT_FOUND, "no bot takes interactions here").into_response();
    };
    let Some(verifier) = bot.verifier() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "this bot is not running").into_response();
    };
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = header("x-signature-ed25519").zip(header("x-signature-timestamp"));
    if signed.is_none_or(|(signature, timestamp)| verifier.verify(signature, timestamp, &body).is_err()) {
        return (StatusCode::UNAUTHORIZED, "invalid request signature").into_response();
    }
    match timeout(PATIENCE, bot.take_http(body)).await {
        Ok(Ok(answer)) => ([(CONTENT_TYPE, "application/json")], answer).into_response(),
        // Not readable, or nothing that this host ever offers.
        Ok(Err(_)) => (StatusCode::BAD_REQUEST, "nothing to answer").into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not answered in time").into_response(),
    }
}
