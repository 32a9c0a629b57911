//! What goes over the wire, and over how many wires.

use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use autocontent_runtime::Http as _;
use autocontent_runtime::contract::http::{Method, Request};
use futures_util::future::join_all;
use http::Version;
use tokio::io::AsyncReadExt as _;

use crate::upstream::{Upstream, answer};
use crate::world::{World, access, get, get_with, header, line, request};

#[tokio::test]
async fn all_of_a_request_arrives_and_all_of_the_answer_comes_back() {
    let upstream = Upstream::https(|_| answer(201, &[("x-one", "1"), ("x-two", "a"), ("x-two", "b")], "made")).await;
    let world = World::new().with("a.example.com", &upstream);
    let call = world.call(&["a.example.com"]);
    let url = format!("https://a.example.com:{}/path%20x?q=1&q=%C3%A9#fragment", upstream.port);
    let headers = vec![header("X-Mine", "yes"), header("accept", "text/plain"), header("x-mine", "again")];
    let asked = Request { headers, body: Some(b"body".to_vec()), ..request(Method::Put, &url) };
    let response = call.fetch(asked).await.unwrap();

    let seen = &upstream.seen()[0];
    assert_eq!(seen.method, http::Method::PUT);
    assert_eq!(seen.uri.path_and_query().unwrap().as_str(), "/path%20x?q=1&q=%C3%A9");
    assert_eq!(seen.headers.get_all("x-mine").iter().collect::<Vec<_>>(), ["yes", "again"]);
    assert_eq!(seen.header("accept"), Some("text/plain"));
    assert_eq!(seen.header("user-agent"), Some(concat!("autocontent/", env!("CARGO_PKG_VERSION"), " (test)")));
    assert_eq!(seen.header("accept-encoding"), Some("zstd, br, gzip"));
    assert_eq!(seen.body, "body");

    assert_eq!((response.status, response.body.as_slice()), (201, b"made".as_slice()));
    let twice = response.headers.iter().filter(|header| header.name == "x-two").map(|header| header.value.as_str());
    assert_eq!(twice.collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(response.url, url.split('#').next().unwrap(), "without the fragment");
    let usage = call.usage();
    assert_eq!((usage.requests, usage.bytes_sent, usage.bytes_received, usage.cache_hits), (1, 4, 4, 0));
    assert!(!usage.waited.is_zero());
}

#[tokio::test]
async fn every_method_is_sent_as_itself() {
    let upstream = Upstream::http(|seen| answer(200, &[("x-method", seen.method.as_str())], "body")).await;
    let world = World::new().with("a.example.com", &upstream);
    let call = world.call(&["a.example.com"]);
    let url = format!("http://a.example.com:{}/", upstream.port);
    use Method::{Delete, Get, Head, Patch, Post, Put};
    for (method, name) in
        [(Get, "GET"), (Head, "HEAD"), (Post, "POST"), (Put, "PUT"), (Patch, "PATCH"), (Delete, "DELETE")]
    {
        let response = call.fetch(request(method, &url)).await.unwrap();
        assert_eq!(line(&response, "x-method"), Some(name));
        assert_eq!(response.body.is_empty(), method == Head);
    }
}

#[tokio::test]
async fn requests_to_one_host_share_a_connection_over_http_2() {
    let upstream = Upstream::https(|_| answer(200, &[], "yes")).await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = format!("https://a.example.com:{}/", upstream.port);
    get(&provider.call(), &url).await.unwrap();
    let call = provider.call();
    for response in join_all((0..5).map(|_| get(&call, &url))).await {
        assert_eq!(response.unwrap().status, 200);
    }
    assert_eq!((upstream.seen().len(), upstream.connections()), (6, 1));
    assert!(upstream.seen().iter().all(|seen| seen.version == Version::HTTP_2));
}

#[tokio::test]
async fn a_connection_of_http_1_is_used_again_by_the_next_call() {
    let upstream = Upstream::http(|_| answer(200, &[], "yes")).await;
    let world = World::new().with("a.example.com", &upstream);
    let gate = world.gate();
    let url = format!("http://a.example.com:{}/", upstream.port);
    for _ in 0..3 {
        // Even one that was given its access anew.
        get(&gate.provider(access(&["a.example.com"])).call(), &url).await.unwrap();
    }
    assert_eq!((upstream.seen().len(), upstream.connections()), (3, 1));
    let mut other = access(&["a.example.com"]);
    other.provider = "other".parse().unwrap();
    get(&gate.provider(other).call(), &url).await.unwrap();
    assert_eq!(upstream.connections(), 2, "another provider has connections of its own");
}

#[tokio::test]
async fn each_packing_is_undone_and_not_mentioned() {
    let text = "a text that is worth packing ".repeat(50);
    let (mut gzip, mut brotli, mut zstd) = (Vec::new(), Vec::new(), Vec::new());
    GzipEncoder::new(text.as_bytes()).read_to_end(&mut gzip).await.unwrap();
    BrotliEncoder::new(text.as_bytes()).read_to_end(&mut brotli).await.unwrap();
    ZstdEncoder::new(text.as_bytes()).read_to_end(&mut zstd).await.unwrap();
    let packed =
        [("gzip", gzip.clone()), ("X-GZIP", gzip), ("br", brotli), ("zstd", zstd), ("identity", text.clone().into())];
    for (coding, body) in packed {
        let length = body.len();
        let upstream = Upstream::http(move |_| answer(200, &[("content-encoding", coding)], body.clone())).await;
        let world = World::new().with("a.example.com", &upstream);
        let call = world.call(&["a.example.com"]);
        let response = get(&call, &format!("http://a.example.com:{}/", upstream.port)).await.unwrap();
        assert_eq!(response.body, text.as_bytes(), "{coding}");
        assert_eq!((line(&response, "content-encoding"), line(&response, "content-length")), (None, None));
        assert_eq!(call.usage().bytes_received, length as u64, "{coding}");
    }
}

#[tokio::test]
async fn an_empty_body_that_claims_to_be_packed_is_empty() {
    let upstream = Upstream::http(|_| answer(204, &[("content-encoding", "gzip")], "")).await;
    let world = World::new().with("a.example.com", &upstream);
    let response = get(&world.call(&["a.example.com"]), &format!("http://a.example.com:{}/", upstream.port)).await;
    assert_eq!(response.unwrap().body, b"");
}

#[tokio::test]
async fn what_belongs_to_the_connection_stays_there() {
    let upstream = Upstream::http(|_| {
        answer(200, &[("keep-alive", "timeout=5"), ("proxy-authenticate", "Basic"), ("x-kept", "1")], "")
    })
    .await;
    let world = World::new().with("a.example.com", &upstream);
    let url = format!("http://a.example.com:{}/", upstream.port);
    let response = get_with(&world.call(&["a.example.com"]), &url, &[("x", "y")]).await.unwrap();
    let names: Vec<&str> = response.headers.iter().map(|header| header.name.as_str()).collect();
    assert_eq!(names, ["x-kept", "date"]);
}
