//! Redirects: each hop passes the same gate as the first.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use autocontent_runtime::Http as _;
use autocontent_runtime::contract::http::{Error, Method, Request};

use crate::upstream::{Upstream, answer};
use crate::world::{World, access, get, get_with, header, request};

/// Redirects `/to?LOCATION` there, and answers everything else.
async fn redirecting() -> Upstream {
    Upstream::http(|seen| match (seen.uri.path(), seen.uri.query()) {
        ("/to", Some(location)) => answer(302, &[("location", &location.replace("%20", " "))], "moved"),
        (path, _) => answer(200, &[], path.to_owned()),
    })
    .await
}

fn denied(text: &str) -> Error {
    Error::Denied(text.to_owned())
}

#[tokio::test]
async fn a_redirect_is_followed_and_its_end_is_told() {
    let upstream = redirecting().await;
    let world = World::new().with("a.example.com", &upstream).with("b.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com", "b.example.com"]));
    let port = upstream.port;
    let base = format!("http://a.example.com:{port}");
    for (location, end) in [
        (format!("http://b.example.com:{port}/there"), format!("http://b.example.com:{port}/there")),
        ("/there".to_owned(), format!("{base}/there")),
        ("there#part".to_owned(), format!("{base}/there")),
        (format!("//b.example.com:{port}/there"), format!("http://b.example.com:{port}/there")),
        ("/to?/there".to_owned(), format!("{base}/there")),
    ] {
        let call = provider.call();
        let response = get(&call, &format!("{base}/to?{location}")).await.unwrap();
        assert_eq!((response.status, response.body.as_slice()), (200, b"/there".as_slice()), "{location}");
        assert_eq!(response.url, end);
    }
}

#[tokio::test]
async fn a_redirect_that_leads_through_no_gate_is_refused() {
    let upstream = redirecting().await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com", "example.com", "127.0.0.1", "localhost"]));
    let port = upstream.port;
    for (location, why) in [
        (format!("http://b.example.com:{port}/"), "b.example.com is not among the granted hosts".to_owned()),
        ("https://127.0.0.1/".into(), "127.0.0.1 is not a public address".into()),
        ("https://0x7f.1/".into(), "127.0.0.1 is not a public address".into()),
        (format!("http://127.0.0.1:{port}/"), "127.0.0.1 is granted over https only".into()),
        ("http://169.254.169.254/".into(), "169.254.169.254 is not among the granted hosts".into()),
        ("http://[::ffff:7f00:1]/".into(), "[::ffff:7f00:1] is not among the granted hosts".into()),
        ("https://example.com:22/".into(), "port 22 of example.com is not granted, only the scheme's own port".into()),
        ("http://example.com/".into(), "example.com is granted over https only".into()),
        ("https://me:pass@example.com/".into(), "a URL with a user or password is not sent; use a header".into()),
        ("https://example.com@evil.test/".into(), "a URL with a user or password is not sent; use a header".into()),
        ("https://example.com./".into(), "example.com. is not among the granted hosts".into()),
        ("file:///etc/passwd".into(), "file: is no scheme for HTTP; use https".into()),
        ("gopher://example.com/".into(), "gopher: is no scheme for HTTP; use https".into()),
        ("//evil.test/".into(), "evil.test is not among the granted hosts".into()),
        ("\\\\evil.test/".into(), "evil.test is not among the granted hosts".into()),
    ] {
        let fault = get(&provider.call(), &format!("http://a.example.com:{port}/to?{location}")).await;
        assert_eq!(fault, Err(denied(&format!("a.example.com redirects: {why}"))), "{location}");
    }
    let fault = get(&provider.call(), &format!("http://a.example.com:{port}/to?https://localhost/")).await;
    assert_eq!(fault, Err(denied("localhost leads to an address that is not public")));
    let fault = get(&provider.call(), &format!("http://a.example.com:{port}/to?https://[/")).await;
    assert!(
        matches!(fault, Err(Error::Unreachable(text)) if text.starts_with("a.example.com redirects to what is no URL"))
    );
}

#[tokio::test]
async fn nothing_leads_from_https_to_http() {
    let plain = Upstream::http(|_| answer(200, &[], "")).await;
    let location = format!("http://b.example.com:{}/", plain.port);
    let secure = Upstream::https(move |_| answer(307, &[("location", &location)], "")).await;
    let world = World::new().with("a.example.com", &secure).with("b.example.com", &plain);
    let mut granted = access(&["*.example.com"]);
    granted.plain_http = vec!["*.example.com".parse().unwrap()];
    let call = world.gate().provider(granted).call();
    let fault = get(&call, &format!("https://a.example.com:{}/", secure.port)).await;
    assert_eq!(fault, Err(denied("a.example.com redirects from https to http")));
    assert_eq!(plain.connections(), 0);
}

#[tokio::test]
async fn a_redirect_without_a_place_and_other_statuses_are_answers() {
    let status = Arc::new(AtomicU16::new(0));
    let current = Arc::clone(&status);
    let upstream = Upstream::http(move |_| {
        let status = current.load(Ordering::Relaxed);
        let headers: &[(&str, &str)] = if status == 302 { &[] } else { &[("location", "/elsewhere")] };
        answer(status, headers, "")
    })
    .await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    for code in [201, 300, 302, 304, 305, 306, 399, 404] {
        status.store(code, Ordering::Relaxed);
        let response = get(&provider.call(), &format!("http://a.example.com:{}/", upstream.port)).await.unwrap();
        assert_eq!(response.status, code);
    }
}

#[tokio::test]
async fn as_many_redirects_are_followed_as_the_bound_says() {
    let upstream = Upstream::http(|seen| {
        let left: u32 = seen.uri.path()[1..].parse().unwrap();
        let location = format!("/{}", left.saturating_sub(1));
        if left == 0 { answer(200, &[], "end") } else { answer(302, &[("location", &location)], "") }
    })
    .await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = |hops: u32| format!("http://a.example.com:{}/{hops}", upstream.port);
    let call = provider.call();
    assert_eq!(get(&call, &url(5)).await.unwrap().body, b"end");
    assert_eq!(call.usage().requests, 6);
    let fault = get(&provider.call(), &url(6)).await;
    assert_eq!(fault, Err(Error::Unreachable("a.example.com redirects more than 5 times".into())));
}

#[tokio::test]
async fn each_status_keeps_or_changes_the_method_as_the_fetch_standard_says() {
    use Method::{Delete, Get, Head, Patch, Post, Put};
    let status = Arc::new(AtomicU16::new(0));
    let current = Arc::clone(&status);
    let upstream = Upstream::http(move |seen| match seen.uri.path() {
        "/" => answer(current.load(Ordering::Relaxed), &[("location", "/end")], ""),
        _ => answer(200, &[], ""),
    })
    .await;
    let world = World::new().with("a.example.com", &upstream);
    let mut config = world;
    config.config.limits.provider_pace.burst = 1000;
    config.config.limits.host_pace.burst = 1000;
    let provider = config.gate().provider(access(&["a.example.com"]));
    for (code, method, after) in [
        (301, Get, "GET"),
        (301, Head, "HEAD"),
        (301, Post, "GET"),
        (301, Put, "PUT"),
        (302, Get, "GET"),
        (302, Head, "HEAD"),
        (302, Post, "GET"),
        (302, Delete, "DELETE"),
        (303, Get, "GET"),
        (303, Head, "HEAD"),
        (303, Post, "GET"),
        (303, Put, "GET"),
        (303, Patch, "GET"),
        (303, Delete, "GET"),
        (307, Get, "GET"),
        (307, Post, "POST"),
        (307, Put, "PUT"),
        (308, Head, "HEAD"),
        (308, Post, "POST"),
        (308, Patch, "PATCH"),
    ] {
        status.store(code, Ordering::Relaxed);
        let before = upstream.seen().len();
        let url = format!("http://a.example.com:{}/", upstream.port);
        let body = (!matches!(method, Get | Head)).then(|| b"body".to_vec());
        let sent = body.clone().unwrap_or_default();
        let headers = vec![header("content-type", "text/plain"), header("x-mine", "1")];
        provider.call().fetch(Request { headers, body, ..request(method, &url) }).await.unwrap();
        let last = upstream.seen()[before + 1].clone();
        let kept = last.method == upstream.seen()[before].method;
        assert_eq!(last.method.as_str(), after, "{code} {method:?}");
        assert_eq!(last.body, if kept { sent } else { Vec::new() }, "{code} {method:?}");
        assert_eq!(last.header("content-type").is_some(), kept, "{code} {method:?}");
        assert_eq!(last.header("x-mine"), Some("1"));
    }
}

#[tokio::test]
async fn nothing_that_could_be_a_credential_goes_along_to_another_origin() {
    let upstream = redirecting().await;
    let other = redirecting().await;
    let world =
        World::new().with("a.example.com", &upstream).with("b.example.com", &upstream).with("a.example.com", &other);
    let provider = world.gate().provider(access(&["*.example.com"]));
    let headers = [("authorization", "Bearer mine"), ("cookie", "a=b"), ("x-key", "mine"), ("accept", "text/plain")];
    let same = format!("http://a.example.com:{}/end", upstream.port);
    let (host, port) =
        (format!("http://b.example.com:{}/end", upstream.port), format!("http://a.example.com:{}/end", other.port));
    for (location, kept) in [(same, true), (host, false), (port, false)] {
        let url = format!("http://a.example.com:{}/to?{location}", upstream.port);
        get_with(&provider.call(), &url, &headers).await.unwrap();
        let end =
            upstream.seen().into_iter().chain(other.seen()).filter(|seen| seen.uri.path() == "/end").last().unwrap();
        for name in ["authorization", "cookie", "x-key"] {
            assert_eq!(end.header(name).is_some(), kept, "{name} to {location}");
        }
        assert_eq!(end.header("accept"), Some("text/plain"));
    }
}
