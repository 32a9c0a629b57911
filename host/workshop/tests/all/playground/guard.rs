//! Who is let in.

use std::net::SocketAddr;
use std::sync::Arc;

use autocontent_runtime::SeededRandom;
use autocontent_workshop::Project;
use autocontent_workshop::playground::{Playground, PlaygroundConfig, PlaygroundError};
use reqwest::Method;

use super::fixture::{Ground, builder, stage};

/// The status of a request with these headers.
async fn status(ground: &Ground, method: Method, path: &str, headers: &[(&str, &str)]) -> u16 {
    let mut request = reqwest::Client::new().request(method, ground.url(path));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body("{}").send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn only_the_page_itself_may_ask_for_anything() {
    let ground = Ground::built().await;
    let port = ground.address.port();
    let own = format!("http://127.0.0.1:{port}");
    let local = format!("http://localhost:{port}");
    let json = ("content-type", "application/json");
    for good in [
        &[json][..],
        &[json, ("origin", &own)],
        &[json, ("origin", &local), ("host", local.trim_start_matches("http://"))],
        &[("content-type", "Application/JSON; charset=utf-8"), ("sec-fetch-site", "same-origin")],
        &[json, ("sec-fetch-site", "none")],
    ] {
        assert_eq!(status(&ground, Method::POST, "/api/storage", good).await, 200, "{good:?}");
    }
    for bad in [
        // A name that was made to lead here.
        &[json, ("host", "evil.example")][..],
        &[json, ("host", &format!("evil.example:{port}"))],
        &[json, ("host", "127.0.0.1")],
        &[json, ("host", "")],
        &[json, ("host", &format!("127.0.0.1:{port}.evil.example"))],
        &[json, ("host", "127.0.0.1:1")],
        &[json, ("host", &format!("127.0.0.2:{port}"))],
        // Another page in the same browser.
        &[json, ("origin", "https://evil.example")],
        &[json, ("origin", "null")],
        &[json, ("origin", "")],
        &[json, ("origin", &format!("https://127.0.0.1:{port}"))],
        &[json, ("origin", "http://127.0.0.1:1")],
        &[json, ("origin", &own), ("sec-fetch-site", "cross-site")],
        &[json, ("sec-fetch-site", "same-site")],
        // Another page may open this one, not use it.
        &[json, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")],
        // What a form can send.
        &[("content-type", "text/plain")],
        &[("content-type", "application/x-www-form-urlencoded")],
        &[],
    ] {
        assert_eq!(status(&ground, Method::POST, "/api/storage", bad).await, 403, "{bad:?}");
    }
    let rebound = [("host", "evil.example")];
    let embedded = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "script")];
    let framed = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")];
    let followed = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
    // Another user of this machine, who knows the port.
    for path in ["/", "/playground.js", "/api/events", "/api/run", "/0123456789abcdef0123456789abcdef/"] {
        let answer = reqwest::get(format!("{own}{path}")).await.unwrap();
        assert_eq!(answer.status(), 403, "{path}");
        assert!(answer.text().await.unwrap().contains("open the one that `autocontent provider dev` printed"));
        let posted = reqwest::Client::new().post(format!("{own}{path}")).json(&serde_json::json!({})).send().await;
        assert_eq!(posted.unwrap().status(), 403, "{path}");
    }
    for path in ["/", "/playground.js", "/api/events", "/nothing"] {
        for refused in [&rebound[..], &embedded, &framed] {
            assert_eq!(status(&ground, Method::GET, path, refused).await, 403, "{path} {refused:?}");
        }
    }
    assert_eq!(status(&ground, Method::GET, "/", &followed).await, 200);
}

#[tokio::test]
async fn every_answer_says_what_a_page_may_do_with_it() {
    let ground = Ground::open().await;
    for path in ["/", "/playground.css", "/playground.js", "/markdown.js", "/api/events", "/nothing"] {
        let answer = reqwest::get(ground.url(path)).await.unwrap();
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        for part in ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{path}");
        assert!(answer.headers().get("access-control-allow-origin").is_none(), "{path}");
    }
}

#[tokio::test]
async fn it_listens_on_this_machine_alone() {
    let ground = Ground::open().await;
    let open = |listen: SocketAddr| {
        let project = Project::open(ground.folder.path()).unwrap();
        Playground::open(PlaygroundConfig {
            project,
            listen,
            builder: builder(),
            stage: stage(),
            random: Arc::new(SeededRandom::new(2)),
            tell: Box::new(|_| {}),
        })
    };
    for everybody in ["0.0.0.0:0", "[::]:0", "192.0.2.1:7070", "[::ffff:192.0.2.1]:7070"] {
        let refused = open(everybody.parse().unwrap()).await;
        assert!(matches!(refused, Err(PlaygroundError::NotLoopback { .. })), "{everybody}");
    }
    let taken = open(ground.address).await.err().unwrap().to_string();
    assert!(taken.contains("choose another address with --listen"), "{taken}");
}
