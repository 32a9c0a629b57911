//! The peers: bots that answer every interaction with the same words, on the same transports and libraries. The message
//! is as long as the host's, so that reading it costs the simulated Discord the same.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde_json::value::RawValue;
use serenity::interactions_endpoint::Verifier;
use twilight_gateway::{ConfigBuilder, Intents, Message, Shard, ShardId};

const ANSWER: &str = concat!(
    r#"{"type":4,"data":{"embeds":[{"description":"> Once more unto the breach, dear friends, once more;\n> Or close the"#,
    r#" wall up with our English dead.","author":{"name":"William Shakespeare"},"footer":{"text":"Echo · Henry V, Act 3,"#,
    r#" Scene 1 (1600)"}}],"components":[{"type":1,"components":["#,
    r#"{"type":2,"style":1,"custom_id":"AQEBm9zR0nB0JIzUzrY6t0cAD5a0p3nDDdvkZpm3wHkYbQ1","label":"Another","emoji":{"name":"🔁"}},"#,
    r#"{"type":2,"style":2,"custom_id":"AQIBm9zR0nB0JIzUzrY6t0cAD5a0p3nDDdvkZpm3wHkYbQ2","emoji":{"name":"👍"}},"#,
    r#"{"type":2,"style":2,"custom_id":"AQMBm9zR0nB0JIzUzrY6t0cAD5a0p3nDDdvkZpm3wHkYbQ3","emoji":{"name":"👎"}},"#,
    r#"{"type":2,"style":2,"custom_id":"AQQBm9zR0nB0JIzUzrY6t0cAD5a0p3nDDdvkZpm3wHkYbQ4","emoji":{"name":"⭐"}},"#,
    r#"{"type":2,"style":2,"custom_id":"AQUBm9zR0nB0JIzUzrY6t0cAD5a0p3nDDdvkZpm3wHkYbQ5","emoji":{"name":"⋯"}}"#,
    r#"]}],"allowed_mentions":{"parse":[]}}}"#,
);

#[derive(Deserialize)]
struct Frame<'a> {
    t: Option<&'a str>,
    #[serde(borrow)]
    d: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Interaction<'a> {
    id: &'a str,
    token: &'a str,
}

/// Holds a socket and answers each interaction by a callback.
pub(crate) async fn gateway(discord: &str, token: String) -> Result<()> {
    let client = reqwest::Client::builder().tcp_nodelay(true).build()?;
    let found: serde_json::Value = client
        .get(format!("{discord}api/v10/gateway/bot"))
        .header("Authorization", format!("Bot {token}"))
        .send()
        .await?
        .json()
        .await?;
    let url = found.get("url").and_then(serde_json::Value::as_str).context("no gateway")?.to_owned();
    let config = ConfigBuilder::new(token, Intents::empty()).proxy_url(url).build();
    let mut shard = Shard::with_config(ShardId::ONE, config);
    while let Some(message) = shard.next().await {
        let Ok(Message::Text(text)) = message else { continue };
        let frame: Frame<'_> = serde_json::from_str(&text)?;
        let (Some("INTERACTION_CREATE"), Some(data)) = (frame.t, frame.d) else { continue };
        let Interaction { id, token } = serde_json::from_str(data.get())?;
        let url = format!("{discord}api/v10/interactions/{id}/{token}/callback");
        let callback = client.post(url).header(header::CONTENT_TYPE, "application/json").body(ANSWER);
        tokio::spawn(callback.send());
    }
    Ok(())
}

/// Answers each interaction in the response of Discord's request.
pub(crate) async fn http(public_key: &str) -> Result<()> {
    let verifier = Arc::new(Verifier::new(public_key));
    let router = Router::new().route("/", post(answer)).with_state(verifier);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}/", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}

async fn answer(State(verifier): State<Arc<Verifier>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if verifier.verify(header("X-Signature-Ed25519"), header("X-Signature-Timestamp"), &body).is_err() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    #[derive(Deserialize)]
    struct Kind {
        r#type: u8,
    }
    let ping = serde_json::from_slice(&body).is_ok_and(|Kind { r#type }| r#type == 1);
    let answer = if ping { r#"{"type":1}"# } else { ANSWER };
    ([(header::CONTENT_TYPE, "application/json")], answer).into_response()
}
