use std::sync::{Mutex, atomic::AtomicU32};

use autocontent_content::SystemRandom;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
};

use super::*;

/// A Discord that answers everything with this status, and how often it was asked.
async fn discord(status: StatusCode) -> (Arc<Wire>, Arc<AtomicU32>) {
    let asked = Arc::new(AtomicU32::new(0));
    let answer = move |State(asked): State<Arc<AtomicU32>>| async move {
        asked.fetch_add(1, Ordering::Relaxed);
        status
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let router = Router::new().fallback(answer).with_state(asked.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (Arc::new(Wire::new(Some(&base), Arc::new(SystemRandom)).unwrap()), asked)
}

async fn call_back(rest: &Rest, id: u64) -> Result<Option<u64>, RestError> {
    let of = InteractionRef { id, application: 1, token: "secret-token", received: Instant::now() };
    rest.callback(of, &Payload::default(), false).await
}

fn rest(wire: &Arc<Wire>) -> Rest {
    Rest::new(wire.clone(), &SecretString::from("bot-token")).unwrap()
}

#[tokio::test]
async fn a_token_stops_long_before_its_errors_would_ban_the_address_and_others_go_on() {
    let (wire, asked) = discord(StatusCode::FORBIDDEN).await;
    let (bad, good) = (rest(&wire), rest(&wire));
    for id in 1..=guard::TOKEN_LIMIT.into() {
        assert!(matches!(call_back(&bad, id).await, Err(RestError::Refused { status: 403, .. })));
    }
    for id in 1..=50 {
        assert!(matches!(call_back(&bad, id).await, Err(RestError::Guarded { .. })));
    }
    assert_eq!(asked.load(Ordering::Relaxed), guard::TOKEN_LIMIT);
    assert!(matches!(call_back(&good, 1).await, Err(RestError::Refused { .. })));
}

#[tokio::test]
async fn many_bad_tokens_together_stop_the_process() {
    let (wire, asked) = discord(StatusCode::FORBIDDEN).await;
    for _ in 0..guard::PROCESS_LIMIT {
        wire.guard.count(Instant::now());
    }
    assert!(matches!(call_back(&rest(&wire), 1).await, Err(RestError::Guarded { .. })));
    assert_eq!(asked.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_401_ends_the_bots_calls_but_says_nothing_where_an_interactions_token_is_asked() {
    let (wire, asked) = discord(StatusCode::UNAUTHORIZED).await;
    let rest = rest(&wire);
    assert!(matches!(call_back(&rest, 1).await, Err(RestError::Refused { status: 401, .. })));
    assert!(matches!(rest.application().await, Err(RestError::Unauthorized)));
    assert!(matches!(rest.application().await, Err(RestError::Unauthorized)));
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn no_error_shows_a_token() {
    let nowhere = Url::parse("http://127.0.0.1:9").unwrap();
    let rest = rest(&Arc::new(Wire::new(Some(&nowhere), Arc::new(SystemRandom)).unwrap()));
    let error = call_back(&rest, 1).await.unwrap_err();
    for text in [error.chain(), format!("{error:?}")] {
        assert!(!text.contains("secret-token") && !text.contains("bot-token"), "{text}");
    }
}

#[test]
fn a_token_that_no_header_can_carry_is_refused() {
    let wire = Arc::new(Wire::new(None, Arc::new(SystemRandom)).unwrap());
    assert!(matches!(Rest::new(wire, &SecretString::from("a\nb")), Err(RestError::Unauthorized)));
}

#[tokio::test]
async fn files_go_beside_the_json_each_time_it_is_sent() {
    let bodies = Arc::new(Mutex::new(Vec::new()));
    let take = |State(bodies): State<Arc<Mutex<Vec<String>>>>, headers: HeaderMap, body: String| async move {
        assert!(headers["content-type"].to_str().unwrap().starts_with("multipart/form-data"));
        bodies.lock().unwrap().push(body);
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let router = Router::new().fallback(take).with_state(bodies.clone());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let wire = Arc::new(Wire::new(Some(&base), Arc::new(SystemRandom)).unwrap());
    let file = File { name: "cat.png".into(), mime: "image/png".into(), data: "meow".into() };
    let payload = Payload { json: r#"{"type":4}"#.into(), files: vec![file] };
    let of = InteractionRef { id: 1, application: 1, token: "t", received: Instant::now() };
    assert!(rest(&wire).callback(of, &payload, false).await.is_err());
    let bodies = bodies.lock().unwrap();
    assert!(bodies.len() > 1);
    for body in bodies.iter() {
        assert!(body.contains(r#"name="payload_json""#) && body.contains(r#"{"type":4}"#), "{body}");
        assert!(body.contains(r#"name="files[0]"; filename="cat.png""#), "{body}");
        assert!(body.contains("Content-Type: image/png") && body.contains("meow"), "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_once_its_time_is_over() {
    let nowhere = Url::parse("http://127.0.0.1:9").unwrap();
    let rest = rest(&Arc::new(Wire::new(Some(&nowhere), Arc::new(SystemRandom)).unwrap()));
    let of = InteractionRef { id: 1, application: 1, token: "t", received: Instant::now() };
    tokio::time::advance(CALLBACK_TIME).await;
    let late = rest.callback(of, &Payload::default(), false).await;
    assert!(matches!(late, Err(RestError::TooLate { endpoint: Endpoint::Callback })), "{late:?}");
    tokio::time::advance(TOKEN_TIME).await;
    for late in [rest.edit_original(of, &Payload::default()).await, rest.follow_up(of, &Payload::default()).await] {
        assert!(matches!(late, Err(RestError::TooLate { .. })), "{late:?}");
    }
}
