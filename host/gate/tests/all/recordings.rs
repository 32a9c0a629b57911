//! Recordings in place of the network, and recordings that are made of it.

use std::future::pending;
use std::sync::{Arc, Mutex};

use autocontent_gate::{Fetched, Network};
use autocontent_recordings::{Player, Recorder, Recording};
use autocontent_runtime::Http as _;
use autocontent_runtime::contract::http::{Error, Method, Request, Response};
use tokio::sync::mpsc;

use crate::upstream::{Upstream, answer};
use crate::world::{World, access, get, get_with, header_secret, line, query_secret, request};

const CANARY: &str = "canary-7b3f0d5c";

/// A world without network that plays this.
fn playing(exchanges: &str) -> (World, Arc<Player>) {
    let text = format!("{{ \"exchanges\": [{exchanges}] }}");
    let recording = Recording::read(&text, "x.json".as_ref()).unwrap();
    let player = Arc::new(Player::new([("x.json".to_owned(), recording)]));
    let mut world = World::with_names(|name, _| panic!("{name} was looked up"));
    world.config.network = Network::Played(Arc::clone(&player));
    (world, player)
}

fn text(response: &Response) -> &str {
    str::from_utf8(&response.body).unwrap()
}

#[tokio::test]
async fn a_recording_answers_instead_of_the_network() {
    let (world, _) = playing(
        r#"{ "request": { "method": "GET", "url": "https://a.example.com/?q=1" },
             "response": { "status": 404, "headers": { "content-type": "application/json", "content-encoding": "gzip", "x-next": "2" }, "json": {"a":1} } }"#,
    );
    let call = world.call(&["a.example.com"]);
    let answer = get(&call, "https://a.example.com/?q=1").await.unwrap();
    assert_eq!((answer.status, text(&answer), answer.url.as_str()), (404, "{\"a\":1}", "https://a.example.com/?q=1"));
    assert_eq!(line(&answer, "x-next"), Some("2"));
    assert_eq!(line(&answer, "content-encoding"), None);
    let usage = call.usage();
    assert_eq!((usage.requests, usage.bytes_received), (1, 7));
    assert_eq!(world.lookups(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_recorded_is_unreachable_and_the_nearest_is_named() {
    let (world, player) = playing(
        r#"{ "request": { "method": "GET", "url": "https://a.example.com/?q=1&page=1" }, "response": { "status": 200 } }"#,
    );
    let call = world.call(&["*.example.com"]);
    let Err(Error::Unreachable(why)) = get(&call, "https://a.example.com/?q=1&page=2").await else { panic!() };
    assert_eq!(
        why,
        "no recording answers GET https://a.example.com/?q=1&page=2: the nearest is exchange 1 of x.json, where `page` \
         is \"1\" and not \"2\""
    );
    assert_eq!(player.take_missing().len(), 1);
}

#[tokio::test]
async fn grants_bounds_and_budgets_hold_as_with_the_network() {
    let (mut world, player) = playing(
        r#"{ "request": { "method": "GET", "url": "https://a.example.com/" }, "response": { "status": 200, "text": "12345" } },
           { "request": { "method": "GET", "url": "https://a.example.com/out" }, "response": { "status": 302, "headers": { "location": "https://evil.test/" } } },
           { "request": { "method": "GET", "url": "https://a.example.com/in" }, "response": { "status": 302, "headers": { "location": "/" } } },
           { "request": { "method": "GET", "url": "https://evil.test/" }, "response": { "status": 200 } },
           { "request": { "method": "GET", "url": "http://a.example.com/" }, "response": { "status": 200 } }"#,
    );
    world.config.limits.response_body = 5;
    world.config.limits.received_per_call = 9;
    let provider = world.gate().provider(access(&["a.example.com"]));
    let denied = |text: &str| Err(Error::Denied(text.to_owned()));
    let call = provider.call();
    assert_eq!(get(&call, "https://evil.test/").await, denied("evil.test is not among the granted hosts"));
    assert_eq!(get(&call, "http://a.example.com/").await, denied("a.example.com is granted over https only"));
    let redirected = "a.example.com redirects: evil.test is not among the granted hosts";
    assert_eq!(get(&call, "https://a.example.com/out").await, denied(redirected));
    assert_eq!(text(&get(&call, "https://a.example.com/in").await.unwrap()), "12345", "just fits");
    assert_eq!(get(&call, "https://a.example.com/").await, Err(Error::TooLarge), "four bytes are left");
    let call = provider.call();
    let range = get_with(&call, "https://a.example.com/", &[("host", "evil.test")]).await;
    assert!(matches!(range, Err(Error::InvalidRequest(_))), "{range:?}");
    for _ in 0..15 {
        let _ = get(&call, "https://a.example.com/out").await;
    }
    assert_eq!(get(&call, "https://a.example.com/").await, Err(Error::Exhausted));
    assert_eq!(player.take_missing(), [], "nothing was asked that isn't recorded");
}

#[tokio::test]
async fn what_went_wrong_goes_wrong_again() {
    let (world, _) = playing(
        r#"{ "request": { "method": "GET", "url": "https://a.example.com/slow" }, "error": "timeout" },
           { "request": { "method": "GET", "url": "https://a.example.com/huge" }, "error": "too-large" },
           { "request": { "method": "GET", "url": "https://a.example.com/gone" }, "error": "unreachable" }"#,
    );
    let call = world.call(&["a.example.com"]);
    assert_eq!(get(&call, "https://a.example.com/slow").await, Err(Error::Timeout));
    assert_eq!(get(&call, "https://a.example.com/huge").await, Err(Error::TooLarge));
    assert!(matches!(get(&call, "https://a.example.com/gone").await, Err(Error::Unreachable(_))));
}

#[tokio::test]
async fn a_server_that_asked_to_wait_is_left_alone_until_the_clock_says_so() {
    let (world, _) = playing(
        r#"{ "request": { "method": "GET", "url": "https://a.example.com/" }, "response": { "status": 429, "headers": { "retry-after": "60" } } },
           { "request": { "method": "GET", "url": "https://a.example.com/" }, "response": { "status": 200 } }"#,
    );
    let provider = world.gate().provider(access(&["a.example.com"]));
    let ask = async || get(&provider.call(), "https://a.example.com/").await.map(|response| response.status);
    assert_eq!(ask().await, Ok(429));
    assert!(matches!(ask().await, Err(Error::Unreachable(_))));
    world.clock.advance(61);
    assert_eq!(ask().await, Ok(200));
}

#[tokio::test]
async fn a_standing_clock_does_not_slow_recordings_down() {
    let (world, _) = playing(
        r#"{ "request": { "method": "GET", "url": "https://a.example.com/" }, "response": { "status": 200 } }"#,
    );
    let provider = world.gate().provider(access(&["a.example.com"]));
    for _ in 0..100 {
        assert_eq!(get(&provider.call(), "https://a.example.com/").await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn what_a_provider_fetched_is_recorded_without_secrets_and_can_be_played() {
    let upstream = Upstream::https(|seen| {
        let key = seen.header("x-api-key").unwrap_or_default();
        let query = seen.uri.query().unwrap_or_default();
        let headers = [("x-echo", key), ("set-cookie", "who=me"), ("etag", "\"1\""), ("cache-control", "max-age=60")];
        answer(200, &headers, format!("{{\"key\":\"{key}\",\"query\":\"{query}\"}}"))
    })
    .await;
    let mut world = World::new().with("a.example.com", &upstream);
    let recorder = Arc::new(Recorder::new(None));
    world.config.network = Network::Recorded(Arc::clone(&recorder));
    let mut granted = access(&["a.example.com"]);
    granted.secrets =
        vec![header_secret("a.example.com", "X-Api-Key", CANARY), query_secret("a.example.com", "key", CANARY)];
    let provider = world.gate().provider(granted);
    let url = format!("https://a.example.com:{}/?q=1", upstream.port);
    let first = get(&provider.call(), &url).await.unwrap();
    get(&provider.call(), &url).await.unwrap();
    let post = Request { body: Some(b"ask".to_vec()), ..request(Method::Post, &url) };
    provider.call().fetch(post).await.unwrap();
    assert!(get(&provider.call(), "https://evil.test/").await.is_err());
    assert_eq!(upstream.seen().len(), 3, "nothing comes from memory while it is recorded");

    let recording = recorder.recording();
    let written = recording.text();
    assert!(!written.contains(CANARY) && !written.contains("who=me"), "{written}");
    assert_eq!(recording.exchanges.len(), 3, "what was refused is none of an upstream's doing");
    assert_eq!(recording.exchanges[2].request.body, b"ask");
    let read = Recording::read(&written, "x.json".as_ref()).unwrap();
    world.config.network = Network::Played(Arc::new(Player::new([("x.json".to_owned(), read)])));
    let played = get(&world.call(&["a.example.com"]), &url).await.unwrap();
    assert_eq!(line(&played, "x-echo"), Some("[secret]"));
    let json = |response: &Response| serde_json::from_slice::<serde_json::Value>(&response.body).unwrap();
    assert_eq!((played.status, json(&played)), (first.status, json(&first)));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_recorded_as_that() {
    let upstream = Upstream::raw(|stream| Box::pin(async move { drop(stream) })).await;
    let mut world = World::new().with("a.example.com", &upstream);
    let recorder = Arc::new(Recorder::new(None));
    world.config.network = Network::Recorded(Arc::clone(&recorder));
    let url = format!("http://a.example.com:{}/", upstream.port);
    assert!(get(&world.call(&["a.example.com"]), &url).await.is_err());
    assert!(recorder.recording().text().contains("\"error\": \"unreachable\""));
}

#[tokio::test]
async fn whoever_wants_to_know_is_told_of_each_request_without_secrets() {
    let (mut world, _) = playing(
        r#"{ "request": { "method": "GET", "url": "https://a.example.com/" }, "response": { "status": 200, "text": "123" } }"#,
    );
    let told: Arc<Mutex<Vec<Fetched>>> = Arc::default();
    let ear = Arc::clone(&told);
    world.config.on_fetch = Some(Arc::new(move |fetched| ear.lock().unwrap().push(fetched.clone())));
    let mut granted = access(&["a.example.com"]);
    granted.secrets = vec![query_secret("a.example.com", "key", CANARY)];
    let call = world.gate().provider(granted).call();
    get(&call, "https://a.example.com/").await.unwrap();
    let _ = get(&call, &format!("https://evil.test/?guess={CANARY}")).await;
    let told: Vec<_> = told
        .lock()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {} {:?} {}", one.provider, one.method, one.url, one.outcome, one.bytes))
        .collect();
    let denied = "Err(Error::Denied(\"evil.test is not among the granted hosts\"))";
    assert_eq!(
        told,
        [
            "test GET https://a.example.com/ Ok(200) 3".to_owned(),
            format!("test GET https://evil.test/?guess=[secret] {denied} 0"),
        ]
    );
}

#[tokio::test]
async fn a_server_that_takes_too_long_is_recorded_as_that_and_played_so() {
    let upstream = Upstream::waiting(|_| Box::pin(pending())).await;
    let mut world = World::new().with("a.example.com", &upstream);
    let recorder = Arc::new(Recorder::new(None));
    world.config.network = Network::Recorded(Arc::clone(&recorder));
    let url = format!("http://a.example.com:{}/", upstream.port);
    let hasty = || Request { timeout_ms: Some(50), ..request(Method::Get, &url) };
    assert_eq!(world.call(&["a.example.com"]).fetch(hasty()).await, Err(Error::Timeout));
    let recording = recorder.recording();
    assert!(recording.text().contains("\"error\": \"timeout\""), "{}", recording.text());
    world.config.network = Network::Played(Arc::new(Player::new([("x.json".to_owned(), recording)])));
    assert_eq!(world.call(&["a.example.com"]).fetch(hasty()).await, Err(Error::Timeout));
}

#[tokio::test]
async fn a_request_that_the_call_did_not_wait_for_is_told_as_well() {
    let (sender, mut arrived) = mpsc::unbounded_channel();
    let upstream = Upstream::waiting(move |_| {
        sender.send(()).unwrap();
        Box::pin(pending())
    })
    .await;
    let mut world = World::new().with("a.example.com", &upstream);
    let told: Arc<Mutex<Vec<Fetched>>> = Arc::default();
    let ear = Arc::clone(&told);
    world.config.on_fetch = Some(Arc::new(move |fetched| ear.lock().unwrap().push(fetched.clone())));
    let call = world.call(&["a.example.com"]);
    let url = format!("http://a.example.com:{}/", upstream.port);
    tokio::select! {
        _ = get(&call, &url) => panic!("it is never answered"),
        _ = arrived.recv() => {}
    }
    let told = told.lock().unwrap();
    let unanswered = Err(Error::Unreachable("the call ended before there was an answer".to_owned()));
    assert_eq!((told.len(), &told[0].url, &told[0].outcome), (1, &url, &unanswered));
}
