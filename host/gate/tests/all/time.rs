//! Servers that take their time, and guests that don't wait.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use autocontent_runtime::Http as _;
use autocontent_runtime::contract::http::{Error, Method, Request};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;

use crate::upstream::{Upstream, answer};
use crate::world::{World, get, request};

/// Sends the head and then one byte after another, for ever.
async fn trickling(head: &'static str) -> Upstream {
    Upstream::raw(move |mut stream| {
        Box::pin(async move {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(head.as_bytes()).await;
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    })
    .await
}

fn hasty(upstream: &Upstream) -> World {
    let mut world = World::new().with("a.example.com", upstream);
    world.config.limits.time = Duration::from_millis(200);
    world
}

#[tokio::test]
async fn a_server_that_trickles_runs_into_the_bound() {
    for head in [
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nx: ",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n",
        "HTTP/1.1 302 Found\r\nlocation: /x\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n\x1f",
    ] {
        let upstream = trickling(head).await;
        let call = hasty(&upstream).call(&["a.example.com"]);
        let found = get(&call, &format!("http://a.example.com:{}/", upstream.port)).await;
        if head.is_empty() || head.ends_with('\x1f') {
            // What comes is no HTTP, or not packed as it says, which may be seen before.
            assert!(matches!(found, Err(Error::Unreachable(_) | Error::Timeout)), "{found:?}");
        } else {
            assert_eq!(found, Err(Error::Timeout), "{head:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_runs_into_the_bound() {
    let upstream = Upstream::waiting(|_| Box::pin(pending())).await;
    let call = hasty(&upstream).call(&["a.example.com"]);
    assert_eq!(get(&call, &format!("http://a.example.com:{}/", upstream.port)).await, Err(Error::Timeout));
}

#[tokio::test]
async fn a_server_that_announces_an_answer_for_ever_is_left() {
    let (sender, mut left) = mpsc::unbounded_channel();
    let upstream = Upstream::raw(move |mut stream| {
        let sender = sender.clone();
        Box::pin(async move {
            while stream.write_all(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n").await.is_ok() {}
            sender.send(()).unwrap();
        })
    })
    .await;
    let call = hasty(&upstream).call(&["a.example.com"]);
    let found = get(&call, &format!("http://a.example.com:{}/", upstream.port)).await;
    assert!(matches!(found, Err(Error::Timeout | Error::Unreachable(_))), "{found:?}");
    left.recv().await.unwrap();
}

#[tokio::test]
async fn redirects_share_the_time_of_one_request() {
    let upstream = Upstream::waiting(|_| {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(70)).await;
            answer(302, &[("location", "/again")], "")
        })
    })
    .await;
    let call = hasty(&upstream).call(&["a.example.com"]);
    // Five hops of 70 ms each would be followed, but for the time.
    assert_eq!(get(&call, &format!("http://a.example.com:{}/", upstream.port)).await, Err(Error::Timeout));
}

#[tokio::test]
async fn a_connection_that_is_not_finished_runs_into_its_own_bound() {
    // Accepts, and never answers TLS.
    let upstream = Upstream::raw(|stream| {
        Box::pin(async move {
            let _open = stream;
            pending::<()>().await;
        })
    })
    .await;
    let mut world = World::new().with("a.example.com", &upstream);
    world.config.limits.connect = Duration::from_millis(100);
    let found = get(&world.call(&["a.example.com"]), &format!("https://a.example.com:{}/", upstream.port)).await;
    assert_eq!(found, Err(Error::Unreachable("connecting to a.example.com took too long".into())));
}

#[tokio::test]
async fn a_guest_may_want_less_time_but_not_more() {
    let upstream = Upstream::waiting(|_| Box::pin(pending())).await;
    let url = format!("http://a.example.com:{}/", upstream.port);
    let patient = World::new().with("a.example.com", &upstream);
    for (world, timeout) in [(&patient, 0), (&patient, 50), (&hasty(&upstream), u32::MAX)] {
        let asked = Request { timeout_ms: Some(timeout), ..request(Method::Get, &url) };
        assert_eq!(world.call(&["a.example.com"]).fetch(asked).await, Err(Error::Timeout), "{timeout}");
    }
}

#[tokio::test]
async fn a_request_that_nobody_waits_for_is_given_up() {
    let (sender, mut closed) = mpsc::unbounded_channel();
    let upstream = Upstream::raw(move |mut stream| {
        let sender = sender.clone();
        Box::pin(async move {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            sender.send("asked").unwrap();
            while stream.read(&mut request).await.is_ok_and(|length| length > 0) {}
            sender.send("closed").unwrap();
        })
    })
    .await;
    let world = World::new().with("a.example.com", &upstream);
    let call = world.call(&["a.example.com"]);
    let url = format!("http://a.example.com:{}/", upstream.port);
    let asking = Arc::clone(&call);
    let waiting = tokio::spawn(async move { get(&asking, &url).await });
    assert_eq!(closed.recv().await, Some("asked"));
    waiting.abort();
    assert_eq!(closed.recv().await, Some("closed"));
    assert!(waiting.await.unwrap_err().is_cancelled());
    assert_eq!(call.usage().requests, 1);
    assert!(!call.usage().waited.is_zero(), "what is given up counts");
}
