//! The limits of messages, each through the API.

use serde_json::{Value, json};

use crate::client::{Expect, scene};

/// Sends each message and expects a problem at its path.
async fn refused(cases: &[(Value, &str)]) {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (_, interaction) = scene.run_quote(&mut socket).await;
    for (data, place) in cases {
        let answer = scene.rest.answer(&interaction, &json!({ "type": 4, "data": data })).await;
        let body = answer.expect_code(400, 50_035).await;
        let errors = body.pointer(&format!("/errors/data/{place}/_errors"));
        assert!(errors.is_some_and(Value::is_array), "{place}: {body}");
    }
}

fn embed(fields: &Value) -> Value {
    json!({ "embeds": [fields] })
}

fn row(components: &Value) -> Value {
    json!({ "content": "x", "components": [{ "type": 1, "components": components }] })
}

#[tokio::test]
async fn texts_and_embeds_over_their_limits_are_refused() {
    let long = |length: usize| "x".repeat(length);
    let field = |name: usize, value: usize| json!({ "fields": [{ "name": long(name), "value": long(value) }] });
    let many_fields: Vec<Value> = (0..26).map(|_| json!({ "name": "n", "value": "v" })).collect();
    refused(&[
        (json!({ "content": long(2_001) }), "content"),
        (json!({ "content": 5 }), "content"),
        (json!({ "embeds": vec![json!({ "title": "t" }); 11] }), "embeds"),
        (json!({ "embeds": vec![json!({ "description": long(3_001) }); 2] }), "embeds"),
        (embed(&json!({ "title": long(257) })), "embeds/0/title"),
        (embed(&json!({ "description": long(4_097) })), "embeds/0/description"),
        (embed(&json!({ "title": "t", "url": "ftp://example.com" })), "embeds/0/url"),
        (embed(&json!({ "title": "t", "url": "no address" })), "embeds/0/url"),
        (embed(&json!({ "title": "t", "color": 0x0100_0000 })), "embeds/0/color"),
        (embed(&json!({ "title": "t", "timestamp": "yesterday" })), "embeds/0/timestamp"),
        (embed(&json!({ "image": { "url": "javascript:alert(1)" } })), "embeds/0/image/url"),
        (embed(&json!({ "footer": { "text": long(2_049) } })), "embeds/0/footer/text"),
        (embed(&json!({ "author": { "name": long(257) } })), "embeds/0/author/name"),
        (embed(&json!({ "author": { "url": "https://example.com" } })), "embeds/0/author/name"),
        (embed(&json!({ "fields": many_fields })), "embeds/0/fields"),
        (embed(&field(257, 1)), "embeds/0/fields/0/name"),
        (embed(&field(1, 1_025)), "embeds/0/fields/0/value"),
        (embed(&field(0, 1)), "embeds/0/fields/0/name"),
        (json!({ "content": "x", "allowed_mentions": { "parse": ["all"] } }), "allowed_mentions/parse/0"),
    ])
    .await;
}

#[tokio::test]
async fn components_over_their_limits_are_refused() {
    let button = |id: &str| json!({ "type": 2, "style": 1, "label": "a", "custom_id": id });
    let rows: Vec<Value> = (0..6).map(|n| json!({ "type": 1, "components": [button(&n.to_string())] })).collect();
    let six: Vec<Value> = (0..6).map(|n| button(&n.to_string())).collect();
    let first = "components/0/components/0";
    refused(&[
        (json!({ "content": "x", "components": rows }), "components"),
        (row(&json!(six)), "components/0/components"),
        (row(&json!([])), "components/0/components"),
        (row(&json!([button("a"), button("a")])), "components/0/components/1/custom_id"),
        (row(&json!([button(&"x".repeat(101))])), &format!("{first}/custom_id")),
        (row(&json!([button("")])), &format!("{first}/custom_id")),
        (
            row(&json!([{ "type": 2, "style": 1, "custom_id": "a", "label": "x".repeat(81) }])),
            &format!("{first}/label"),
        ),
        (row(&json!([{ "type": 2, "style": 1, "custom_id": "a" }])), &format!("{first}/label")),
        (row(&json!([{ "type": 2, "style": 9, "custom_id": "a", "label": "a" }])), &format!("{first}/style")),
        (row(&json!([{ "type": 2, "style": 5, "label": "a" }])), &format!("{first}/url")),
        (
            row(&json!([{ "type": 2, "style": 1, "custom_id": "a", "emoji": { "name": "a" } }])),
            &format!("{first}/emoji/name"),
        ),
    ])
    .await;
}

#[tokio::test]
async fn empty_messages_are_50006() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (_, interaction) = scene.run_quote(&mut socket).await;
    for data in [json!({}), Value::Null, json!({ "content": "  " }), json!({ "embeds": [] }), json!({ "embeds": [{}] })]
    {
        let answer = scene.rest.answer(&interaction, &json!({ "type": 4, "data": data })).await;
        answer.expect_code(400, 50_006).await;
    }
    scene.rest.answer(&interaction, &json!({ "type": 4, "data": { "content": "x" } })).await.expect_status(204).await;
    let edit = json!({ "content": "" });
    let emptied = scene.rest.webhook(reqwest::Method::PATCH, &interaction, "/messages/@original", &edit).await;
    emptied.expect_code(400, 50_006).await;
}
