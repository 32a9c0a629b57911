//! What is remembered, for how long, and for whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use autocontent_runtime::Http as _;
use autocontent_runtime::contract::http::Method;

use crate::upstream::{Answer, Seen, Upstream, answer};
use crate::world::{World, access, get, get_with, header_secret, line, request};

/// Answers with a number that counts up, and these headers.
async fn counting(headers: &'static [(&'static str, &'static str)]) -> Upstream {
    counted(move |_, count| answer(200, headers, count.to_string())).await
}

async fn counted(handler: impl Fn(Seen, usize) -> Answer + Send + Sync + 'static) -> Upstream {
    let count = Arc::new(AtomicUsize::new(0));
    Upstream::http(move |seen| handler(seen, count.fetch_add(1, Ordering::SeqCst) + 1)).await
}

#[tokio::test]
async fn what_is_fresh_is_given_again_to_the_next_call() {
    let upstream = counting(&[("cache-control", "max-age=60"), ("link", "one"), ("link", "two")]).await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = format!("http://a.example.com:{}/", upstream.port);
    let first = get(&provider.call(), &url).await.unwrap();
    world.clock.advance(59);
    let call = provider.call();
    assert_eq!(get(&call, &url).await.unwrap(), first, "all of it, headers that come twice included");
    let usage = call.usage();
    assert_eq!((usage.requests, usage.cache_hits, usage.bytes_received), (0, 1, 0));
    world.clock.advance(1);
    assert_eq!(get(&call, &url).await.unwrap().body, b"2");
    assert_eq!(upstream.seen().len(), 2);
}

#[tokio::test]
async fn what_is_stale_is_asked_about() {
    let upstream = counted(|seen, count| match seen.header("if-none-match") {
        Some("\"v1\"") if count < 4 => answer(304, &[("etag", "\"v1\"")], ""),
        _ => answer(
            200,
            &[("etag", "\"v1\""), ("cache-control", "max-age=10"), ("last-modified", "Mon, 01 Jan 2001 00:00:00 GMT")],
            count.to_string(),
        ),
    })
    .await;
    let world = World::new().with("a.example.com", &upstream);
    let call = world.call(&["a.example.com"]);
    let url = format!("http://a.example.com:{}/", upstream.port);
    assert_eq!(get(&call, &url).await.unwrap().body, b"1");
    world.clock.advance(10);
    let response = get(&call, &url).await.unwrap();
    assert_eq!((response.status, response.body.as_slice()), (200, b"1".as_slice()), "the guest sees no 304");
    assert_eq!(upstream.seen()[1].header("if-modified-since"), Some("Mon, 01 Jan 2001 00:00:00 GMT"));
    world.clock.advance(9);
    assert_eq!(get(&call, &url).await.unwrap().body, b"1");
    assert_eq!(upstream.seen().len(), 2, "it was fresh again");
    world.clock.advance(1);
    assert_eq!(get(&call, &url).await.unwrap().body, b"1");
    world.clock.advance(10);
    assert_eq!(get(&call, &url).await.unwrap().body, b"4", "and then it changed");
    let usage = call.usage();
    assert_eq!((usage.requests, usage.cache_hits), (4, 3));
}

#[tokio::test]
async fn what_its_server_or_the_guest_does_not_want_kept_is_not_kept() {
    let never: [&'static [(&'static str, &'static str)]; 7] = [
        &[],
        &[("cache-control", "no-store, max-age=60"), ("etag", "\"a\"")],
        &[("cache-control", "private, max-age=60")],
        &[("cache-control", "max-age=60"), ("set-cookie", "a=b")],
        &[("cache-control", "max-age=60"), ("vary", "*")],
        &[("cache-control", "max-age=0")],
        &[("cache-control", "no-cache")],
    ];
    for headers in never {
        let upstream = counting(headers).await;
        let world = World::new().with("a.example.com", &upstream);
        let call = world.call(&["a.example.com"]);
        let url = format!("http://a.example.com:{}/", upstream.port);
        for count in ["1", "2"] {
            assert_eq!(get(&call, &url).await.unwrap().body, count.as_bytes(), "{headers:?}");
        }
        assert_eq!(upstream.seen()[1].header("if-none-match"), None, "{headers:?}");
    }
    let upstream = counting(&[("cache-control", "max-age=60")]).await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = format!("http://a.example.com:{}/", upstream.port);
    for header in ["authorization", "cookie", "cache-control", "pragma", "range", "if-none-match", "if-modified-since"]
    {
        let before = upstream.seen().len();
        for _ in 0..2 {
            get_with(&provider.call(), &url, &[(header, "x")]).await.unwrap();
        }
        assert_eq!(upstream.seen().len(), before + 2, "{header}");
    }
    for method in [Method::Post, Method::Head] {
        let before = upstream.seen().len();
        for _ in 0..2 {
            provider.call().fetch(request(method, &url)).await.unwrap();
        }
        assert_eq!(upstream.seen().len(), before + 2, "{method:?}");
    }
}

#[tokio::test]
async fn an_entry_belongs_to_the_very_request() {
    let upstream = counting(&[("cache-control", "max-age=60"), ("vary", "accept-language")]).await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = format!("http://a.example.com:{}/", upstream.port);
    let ask = async |path: &str, headers: &[(&str, &str)]| {
        String::from_utf8(get_with(&provider.call(), &format!("{url}{path}"), headers).await.unwrap().body).unwrap()
    };
    assert_eq!(ask("", &[("accept-language", "en")]).await, "1");
    assert_eq!(ask("", &[("accept-language", "pt")]).await, "2");
    assert_eq!(ask("", &[]).await, "3");
    assert_eq!(ask("?q", &[]).await, "4");
    assert_eq!(ask("", &[("Accept-Language", "en")]).await, "1");
    assert_eq!(ask("#fragment", &[]).await, "3");
}

#[tokio::test]
async fn nothing_is_shared_between_providers_or_between_secrets() {
    let upstream = counting(&[("cache-control", "public, max-age=60")]).await;
    let world = World::new().with("a.example.com", &upstream);
    let gate = world.gate();
    let url = format!("http://a.example.com:{}/", upstream.port);
    let ask = async |provider: &str, secret: Option<&str>| {
        let mut granted = access(&["a.example.com"]);
        granted.provider = provider.parse().unwrap();
        granted.secrets.extend(secret.map(|value| header_secret("a.example.com", "x-key", value)));
        String::from_utf8(get(&gate.provider(granted).call(), &url).await.unwrap().body).unwrap()
    };
    assert_eq!(ask("one", None).await, "1");
    assert_eq!(ask("two", None).await, "2");
    assert_eq!(ask("one", Some("key-of-an-account")).await, "3");
    assert_eq!(ask("one", Some("key-of-another")).await, "4");
    assert_eq!(ask("one", Some("key-of-an-account")).await, "3");
    assert_eq!(ask("one", None).await, "1");
}

#[tokio::test]
async fn what_is_kept_has_no_secret_in_it() {
    let upstream = Upstream::http(|seen| {
        let key = seen.header("x-key").unwrap().to_owned();
        answer(200, &[("cache-control", "max-age=60"), ("x-echo", &key)], key.clone())
    })
    .await;
    let world = World::new().with("a.example.com", &upstream);
    let mut granted = access(&["a.example.com"]);
    granted.secrets = vec![header_secret("a.example.com", "x-key", "cAnAry-s3cr3t")];
    let provider = world.gate().provider(granted);
    for _ in 0..2 {
        let response = get(&provider.call(), &format!("http://a.example.com:{}/", upstream.port)).await.unwrap();
        assert_eq!((response.body.as_slice(), line(&response, "x-echo")), (b"[secret]".as_slice(), Some("[secret]")));
    }
    assert_eq!(upstream.seen().len(), 1);
}

#[tokio::test]
async fn a_lasting_redirect_is_remembered_and_a_fault_of_the_server_is_not() {
    let upstream = counted(|seen, count| match seen.uri.path() {
        "/moved" => answer(301, &[("location", "/end"), ("cache-control", "max-age=60")], ""),
        "/fault" => answer(500, &[("cache-control", "max-age=60")], count.to_string()),
        _ => answer(200, &[], "end"),
    })
    .await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = |path: &str| format!("http://a.example.com:{}/{path}", upstream.port);
    for asked in [2, 3] {
        assert_eq!(get(&provider.call(), &url("moved")).await.unwrap().body, b"end");
        assert_eq!(upstream.seen().len(), asked);
    }
    for count in ["4", "5"] {
        assert_eq!(get(&provider.call(), &url("fault")).await.unwrap().body, count.as_bytes());
    }
}

#[tokio::test]
async fn a_provider_that_nobody_asked_for_long_is_forgotten() {
    let upstream = counting(&[("cache-control", "max-age=86400")]).await;
    let world = World::new().with("a.example.com", &upstream);
    let gate = world.gate();
    let url = format!("http://a.example.com:{}/", upstream.port);
    let ask = async |provider: &str| {
        let mut granted = access(&["a.example.com"]);
        granted.provider = provider.parse().unwrap();
        String::from_utf8(get(&gate.provider(granted).call(), &url).await.unwrap().body).unwrap()
    };
    assert_eq!(ask("one").await, "1");
    world.clock.advance(3600);
    assert_eq!(ask("two").await, "2");
    assert_eq!(ask("one").await, "1");
    world.clock.advance(3601);
    assert_eq!(ask("two").await, "3");
}

#[tokio::test]
async fn the_memory_of_a_provider_is_bounded() {
    let upstream = Upstream::http(|_| answer(200, &[("cache-control", "max-age=60")], vec![0; 10_000])).await;
    let mut world = World::new().with("a.example.com", &upstream);
    world.config.limits.cache_per_provider = 55_000;
    world.config.limits.provider_pace.burst = 1000;
    world.config.limits.host_pace.burst = 1000;
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = |n: usize| format!("http://a.example.com:{}/{n}", upstream.port);
    for n in 0..50 {
        get(&provider.call(), &url(n)).await.unwrap();
    }
    let hits = async |range: std::ops::Range<usize>| {
        let mut hits = 0;
        for n in range {
            let call = provider.call();
            get(&call, &url(n)).await.unwrap();
            hits += call.usage().cache_hits;
        }
        hits
    };
    assert_eq!(hits(49..50).await, 1, "the last is still there");
    assert_eq!(hits(0..40).await, 0, "and what was asked long ago is not");
}
