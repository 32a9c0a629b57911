//! Rate limits, tokens and the ban.

use std::time::Duration;

use autocontent_simulator::{Endpoint, Limit};
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::client::{Expect, scene, scene_with};

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

#[tokio::test]
async fn the_headers_tell_the_bucket_and_over_it_is_429_until_it_resets() {
    let scene = scene().await;
    scene.sim.limit(Endpoint::GetCurrentUser, Limit { calls: 2, per: Duration::from_millis(1_500) });
    let me = async || scene.rest.call(Method::GET, "/users/@me").send().await.unwrap();
    let first = me().await;
    assert_eq!((header(&first, "x-ratelimit-limit"), header(&first, "x-ratelimit-remaining")), ("2", "1"));
    assert_eq!(header(&first, "x-ratelimit-reset-after"), "1.500");
    assert_eq!(header(&first, "x-ratelimit-reset"), "1767225601.500");
    let bucket = header(&first, "x-ratelimit-bucket").to_owned();
    me().await;
    scene.hand.advance(Duration::from_millis(250));
    let refused = me().await;
    assert_eq!((header(&refused, "retry-after"), header(&refused, "x-ratelimit-scope")), ("2", "user"));
    assert_eq!(header(&refused, "x-ratelimit-bucket"), bucket);
    let body = refused.expect_status(429).await;
    assert_eq!((&body["retry_after"], &body["global"]), (&json!(1.25), &json!(false)));
    scene.hand.advance(Duration::from_millis(1_250));
    me().await.expect_status(200).await;
}

#[tokio::test]
async fn the_global_limit_counts_all_routes_but_callbacks() {
    let scene = scene_with(|config| {
        config.global_limit = Some(3);
        config.route_limits = false;
    })
    .await;
    let mut socket = scene.connected().await;
    for _ in 0..2 {
        scene.rest.call(Method::GET, "/users/@me").send().await.unwrap().expect_status(200).await;
    }
    let refused = scene.rest.call(Method::GET, "/gateway/bot").send().await.unwrap();
    assert_eq!((header(&refused, "x-ratelimit-global"), header(&refused, "x-ratelimit-scope")), ("true", "global"));
    assert_eq!(refused.expect_status(429).await["global"], true);
    scene.answered(&mut socket, &json!({ "type": 4, "data": { "content": "x" } })).await;
    scene.hand.advance(Duration::from_secs(1));
    scene.rest.call(Method::GET, "/gateway/bot").send().await.unwrap().expect_status(200).await;
}

#[tokio::test]
async fn each_interactions_webhook_has_a_bucket_of_its_own() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let answer = json!({ "type": 4, "data": { "content": "x" } });
    let (_, one) = scene.answered(&mut socket, &answer).await;
    let (_, two) = scene.answered(&mut socket, &answer).await;
    let original = "/messages/@original";
    for _ in 0..5 {
        scene.rest.webhook(Method::GET, &one, original, &Value::Null).await.expect_status(200).await;
    }
    scene.rest.webhook(Method::GET, &one, original, &Value::Null).await.expect_status(429).await;
    scene.rest.webhook(Method::GET, &two, original, &Value::Null).await.expect_status(200).await;
}

#[tokio::test]
async fn a_wrong_token_is_401_with_code_0() {
    let scene = scene().await;
    let bare = scene.rest.bare(Method::GET, "/users/@me").send().await.unwrap();
    assert_eq!(bare.expect_code(401, 0).await["message"], "401: Unauthorized");
    let user_token = scene.rest.bare(Method::GET, "/users/@me").header("Authorization", scene.bot.token());
    user_token.send().await.unwrap().expect_code(401, 0).await;
    scene.rest.bare(Method::GET, "/gateway").send().await.unwrap().expect_status(200).await;
    assert_eq!(scene.sim.invalid_requests(), 2);
}

#[tokio::test]
async fn too_many_invalid_requests_ban_the_address_without_json() {
    let scene = scene_with(|config| config.invalid_request_limit = Some(3)).await;
    for _ in 0..3 {
        scene.rest.bare(Method::GET, "/users/@me").send().await.unwrap().expect_status(401).await;
    }
    let banned = scene.rest.call(Method::GET, "/users/@me").send().await.unwrap();
    assert_eq!((banned.status().as_u16(), header(&banned, "server")), (429, "cloudflare"));
    assert!(banned.headers().get("x-ratelimit-scope").is_none());
    assert_eq!(banned.text().await.unwrap(), "error code: 1015");
    scene.hand.advance(Duration::from_secs(600));
    scene.rest.call(Method::GET, "/users/@me").send().await.unwrap().expect_status(200).await;
}

#[tokio::test]
async fn what_is_no_route_is_404_and_the_log_remembers_every_call() {
    let scene = scene_with(|config| config.keep_requests = 2).await;
    scene.rest.call(Method::GET, "/nothing").send().await.unwrap().expect_status(404).await;
    scene.rest.call(Method::PUT, "/users/@me").send().await.unwrap().expect_status(405).await;
    scene.rest.call(Method::GET, "/users/@me").send().await.unwrap().expect_status(200).await;
    let log = scene.sim.requests();
    let seen: Vec<_> = log.iter().map(|record| (record.endpoint, record.status)).collect();
    assert_eq!(seen, [(None, 405), (Some(Endpoint::GetCurrentUser), 200)]);
    assert_eq!(log[1].bot, Some(scene.bot.application_id()));
    assert_eq!((log[1].method.as_str(), log[1].path.as_str()), ("GET", "/api/v10/users/@me"));
}

#[tokio::test]
async fn gateway_bot_tells_what_is_left_of_the_identifies() {
    let scene = scene_with(|config| config.identifies_per_day = 7).await;
    let _socket = scene.connected().await;
    scene.hand.advance(Duration::from_secs(60));
    let body = scene.rest.call(Method::GET, "/gateway/bot").send().await.unwrap().expect_status(200).await;
    assert_eq!((&body["shards"], &body["url"]), (&json!(1), &json!(scene.bot.gateway_url())));
    let day = 24 * 60 * 60 * 1_000;
    let limit = json!({ "total": 7, "remaining": 6, "reset_after": day - 60_000, "max_concurrency": 1 });
    assert_eq!(body["session_start_limit"], limit);
}
