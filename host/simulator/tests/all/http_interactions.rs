//! Interactions by HTTP, with an endpoint that checks signatures or doesn't.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use autocontent_simulator::{CallbackKind, EndpointRefused, Invocation, Unanswered};
use axum::{Router, body::Bytes, extract::State, http::HeaderMap, response::IntoResponse};
use ed25519_dalek::{Signature, Verifier, VerifyingKey};
use reqwest::{Method, StatusCode, Url};
use serde_json::{Value, json};

use crate::client::{Expect, Scene, quote_command, scene};

/// An app behind an address.
pub(crate) struct Endpoint {
    pub(crate) url: Url,
    /// Whether it looks at signatures.
    careful: Arc<AtomicBool>,
}

#[derive(Clone)]
struct App {
    key: VerifyingKey,
    careful: Arc<AtomicBool>,
    answer: Option<Value>,
}

/// Listens and answers commands with this; with none it answers garbage.
async fn endpoint(scene: &Scene, answer: Option<Value>) -> Endpoint {
    listen(&scene.bot.verify_key(), answer).await
}

/// The same for the bot of this key.
pub(crate) async fn listen(key: &str, answer: Option<Value>) -> Endpoint {
    let key = bytes(key);
    let key = VerifyingKey::from_bytes(key.as_slice().try_into().unwrap()).unwrap();
    let careful = Arc::new(AtomicBool::new(true));
    let app = App { key, careful: Arc::clone(&careful), answer };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}/interactions", listener.local_addr().unwrap())).unwrap();
    let router = Router::new().fallback(serve).with_state(app);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Endpoint { url, careful }
}

async fn serve(State(app): State<App>, headers: HeaderMap, body: Bytes) -> axum::response::Response {
    let header = |name: &str| headers[name].to_str().unwrap();
    let signed = [header("x-signature-timestamp").as_bytes(), &body].concat();
    let signature = Signature::from_slice(&bytes(header("x-signature-ed25519"))).unwrap();
    if app.careful.load(Ordering::Relaxed) && app.key.verify(&signed, &signature).is_err() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let interaction: Value = serde_json::from_slice(&body).unwrap();
    if interaction["type"] == 1 {
        return axum::Json(json!({ "type": 1 })).into_response();
    }
    app.answer.map_or_else(|| "garbage".into_response(), |answer| axum::Json(answer).into_response())
}

pub(crate) fn bytes(hexadecimal: &str) -> Vec<u8> {
    let pairs = hexadecimal.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
    pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
}

#[tokio::test]
async fn interactions_are_posted_signed_and_the_body_is_the_answer() {
    let scene = scene().await;
    scene.register(&quote_command()).await;
    let answer = json!({ "type": 4, "data": { "content": "by http" } });
    let endpoint = endpoint(&scene, Some(answer)).await;
    let body = json!({ "interactions_endpoint_url": endpoint.url.as_str() });
    let set = scene.rest.call(Method::PATCH, "/applications/@me").json(&body).send().await.unwrap();
    let application = set.expect_status(200).await;
    assert_eq!(application["interactions_endpoint_url"], endpoint.url.as_str());
    assert_eq!(application["verify_key"], scene.bot.verify_key());
    scene.bot.until_ready().await.unwrap();
    let sent = scene.bot.run(&Invocation::new("quote", &scene.member, &scene.channel)).unwrap();
    assert_eq!(sent.initial().await.unwrap().kind, CallbackKind::Message);
    assert_eq!(sent.message().await.unwrap().content(), "by http");
    scene.bot.probe_interactions_endpoint().await.unwrap();
}

#[tokio::test]
async fn an_endpoint_that_takes_bad_signatures_is_refused_and_dropped() {
    let scene = scene().await;
    let endpoint = endpoint(&scene, None).await;
    endpoint.careful.store(false, Ordering::Relaxed);
    let body = json!({ "interactions_endpoint_url": endpoint.url.as_str() });
    let set = scene.rest.call(Method::PATCH, "/applications/@me").json(&body).send().await.unwrap();
    let errors = set.expect_code(400, 50_035).await["errors"].clone();
    assert!(errors["interactions_endpoint_url"]["_errors"].is_array());
    endpoint.careful.store(true, Ordering::Relaxed);
    scene.bot.set_interactions_endpoint(Some(endpoint.url.clone())).await.unwrap();
    endpoint.careful.store(false, Ordering::Relaxed);
    let refused = EndpointRefused::TookBadSignature { url: endpoint.url, status: 200 };
    assert_eq!(scene.bot.probe_interactions_endpoint().await, Err(refused));
    assert_eq!(scene.bot.probe_interactions_endpoint().await, Err(EndpointRefused::Missing));
}

#[tokio::test]
async fn an_endpoint_that_cannot_be_reached_or_gives_no_pong_is_refused() {
    let scene = scene().await;
    let nobody = Url::parse("http://127.0.0.1:1/").unwrap();
    let refused = scene.bot.set_interactions_endpoint(Some(nobody)).await;
    assert!(matches!(refused, Err(EndpointRefused::Unreachable { .. })), "{refused:?}");
    let refused = scene.bot.set_interactions_endpoint(Some(scene.sim.rest_url())).await;
    assert!(matches!(refused, Err(EndpointRefused::NoPong { status: 404, .. })), "{refused:?}");
}

#[tokio::test]
async fn an_answer_that_is_none_fails_the_interaction() {
    let scene = scene().await;
    scene.register(&quote_command()).await;
    for answer in [None, Some(json!({ "type": 4, "data": {} })), Some(json!({ "type": 7 }))] {
        let endpoint = endpoint(&scene, answer).await;
        scene.bot.set_interactions_endpoint(Some(endpoint.url)).await.unwrap();
        let sent = scene.bot.run(&Invocation::new("quote", &scene.member, &scene.channel)).unwrap();
        assert!(matches!(sent.initial().await, Err(Unanswered::BadAnswer { .. })));
    }
}
