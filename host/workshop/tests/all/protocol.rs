//! The harness as programs in other languages meet it.

use autocontent_workshop::protocol::{Tools, serve};
use serde_json::{Value, json};

use crate::trying::{cache, compiler, guest};

/// What is answered to these lines.
async fn answers(lines: &[String]) -> Vec<Value> {
    let (input, mut output) = (lines.join("\n"), Vec::new());
    let tools = Tools { compiler: compiler(), cache: cache() };
    serve(std::io::Cursor::new(input), &mut output, tools).await.unwrap();
    let text = String::from_utf8(output).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn opened(id: &str) -> String {
    json!({ "open": { "component": guest(id) } }).to_string()
}

#[tokio::test]
async fn requests_are_answered_line_by_line() {
    let lines = [
        opened("probe"),
        json!({ "run": { "line": "/keep", "member": 3, "locale": "pt-BR" } }).to_string(),
        String::new(),
        json!({ "storage": { "scope": "member", "member": 3 } }).to_string(),
        json!({ "suggest": { "line": "/echo text:ab", "option": "text" } }).to_string(),
        json!({ "run": { "line": "/echo text:a", "sensitive": true, "place": "dm" } }).to_string(),
        json!({ "press": { "button": "Again", "place": "dm", "sensitive": true } }).to_string(),
        json!({ "advance": { "seconds": 90 } }).to_string(),
        json!({ "unasked": {} }).to_string(),
    ];
    let answers = answers(&lines).await;
    assert_eq!(answers[0]["ok"]["id"], "probe");
    assert_eq!(answers[0]["ok"]["commands"][0], json!({ "name": "echo" }));
    assert_eq!(answers[1]["ok"]["reply"]["kind"], "post");
    assert_eq!(answers[2]["ok"]["entries"], json!([{ "key": "a/1", "text": "\t" }]));
    assert_eq!(answers[3]["ok"]["choices"], json!([{ "label": "ab None", "value": "ab" }]));
    assert_eq!(answers[4]["ok"]["reply"]["files"], json!([{ "name": "dot.gif", "mime": "image/gif", "bytes": 4 }]));
    assert_eq!(answers[5]["ok"]["reply"]["private"], true);
    assert_eq!(answers[6]["ok"]["now"], "2026-01-01T00:01:30Z");
    assert_eq!(answers[7]["ok"]["requests"], json!([]));
    assert_eq!(answers.len(), 8);
}

#[tokio::test]
async fn a_request_that_is_not_recorded_is_an_error_whatever_the_provider_makes_of_it() {
    let answers = answers(&[opened("probe"), json!({ "run": { "line": "/fetch" } }).to_string()]).await;
    let error = answers[1]["error"].as_str().unwrap();
    assert!(error.starts_with("no recording answers POST https://example.com/a: nothing is recorded yet"), "{error}");
}

#[tokio::test]
async fn what_is_no_request_is_refused_in_a_sentence_that_says_what_is() {
    const CANARY: &str = "canary-2f8a6b1c";
    let component = guest("parrot");
    let open = |more: Value| {
        let mut open = json!({ "component": component });
        open.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "open": open }).to_string()
    };
    let lines = [
        "{".to_owned(),
        format!("\"{CANARY}\""),
        json!({}).to_string(),
        json!({ "run": {}, "press": {} }).to_string(),
        json!({ "walk": {} }).to_string(),
        json!({ "run": { "line": "/parrot script:a" } }).to_string(),
        json!({ "open": {} }).to_string(),
        json!({ "open": { "component": "nowhere.wasm" } }).to_string(),
        open(json!({ "secrets": CANARY })),
        open(json!({ "secrets": { "key": [CANARY] } })),
        open(json!({ "secrets": { "key": CANARY } })),
        open(json!({ "secret": {} })),
        open(json!({ "record": true })),
        open(json!({ "recordings": [], "live": true })),
        open(json!({ "recordings": ["nowhere.json"] })),
        open(json!({ "now": "yesterday" })),
        open(json!({})),
        json!({ "run": { "line": "/parrot", "sensitve": true } }).to_string(),
        json!({ "run": { "line": "parrot" } }).to_string(),
        json!({ "run": { "line": "/parrot script:a", "place": "moon" } }).to_string(),
        json!({ "press": { "button": "" } }).to_string(),
        json!({ "storage": { "scope": "world" } }).to_string(),
        json!({ "advance": { "seconds": -1 } }).to_string(),
        open(json!({ "settings": { "feeds": ["https://a.example/?q=a,b"] } })),
        open(json!({ "settings": { "feeds": [""] } })),
        open(json!({ "grants": ["http:a.example"] })),
        open(json!({ "grants": ["everything"] })),
    ];
    let answers = answers(&lines).await;
    assert_eq!(answers.len(), lines.len());
    let told: Vec<_> = answers.iter().map(|answer| answer["error"].as_str().unwrap_or("ok")).collect();
    let told = told.join("\n");
    assert!(!told.contains(CANARY), "{told}");
    insta::assert_snapshot!(told);
}
