//! Answers that are too large, in every way that one can be, each from both sides.

use async_compression::Level;
use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use async_compression::zstd::CParameter;
use autocontent_runtime::Http as _;
use autocontent_runtime::contract::http::{Error, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::upstream::{Upstream, answer};
use crate::world::{World, access, get, request};

/// A body of so many bytes that the path says.
async fn sized() -> Upstream {
    Upstream::http(|seen| answer(200, &[], vec![b'x'; seen.uri.path()[1..].parse().unwrap()])).await
}

/// Sends one response as written, then keeps the connection open.
async fn verbatim(response: impl Into<Vec<u8>>) -> Upstream {
    let response: Vec<u8> = response.into();
    Upstream::raw(move |mut stream| {
        let response = response.clone();
        Box::pin(async move {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(&response).await;
            let _ = stream.read(&mut request).await;
        })
    })
    .await
}

fn small(upstream: &Upstream) -> World {
    let mut world = World::new().with("a.example.com", upstream);
    world.config.limits.response_body = 100_000;
    world
}

async fn outcome(world: &World, url: &str) -> Result<usize, Error> {
    get(&world.call(&["a.example.com"]), url).await.map(|response| response.body.len())
}

#[tokio::test]
async fn a_body_may_be_as_long_as_its_bound() {
    let upstream = sized().await;
    let world = small(&upstream);
    let url = |length: usize| format!("http://a.example.com:{}/{length}", upstream.port);
    assert_eq!(outcome(&world, &url(100_000)).await, Ok(100_000));
    assert_eq!(outcome(&world, &url(100_001)).await, Err(Error::TooLarge));
}

#[tokio::test]
async fn the_default_bound_is_eight_mebibytes() {
    let upstream = sized().await;
    let world = World::new().with("a.example.com", &upstream);
    let url = |length: usize| format!("http://a.example.com:{}/{length}", upstream.port);
    assert_eq!(outcome(&world, &url(8 << 20)).await, Ok(8 << 20));
    assert_eq!(outcome(&world, &url((8 << 20) + 1)).await, Err(Error::TooLarge));
}

#[tokio::test]
async fn a_length_that_is_announced_is_believed_if_it_is_too_large() {
    let upstream = verbatim("HTTP/1.1 200 OK\r\ncontent-length: 100001\r\n\r\n").await;
    // Nothing follows, so only the header can have told.
    let url = format!("http://a.example.com:{}/", upstream.port);
    assert_eq!(outcome(&small(&upstream), &url).await, Err(Error::TooLarge));
}

#[tokio::test]
async fn an_answer_to_head_may_announce_any_length() {
    let upstream = verbatim("HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n").await;
    let call = small(&upstream).call(&["a.example.com"]);
    let response = call.fetch(request(Method::Head, &format!("http://a.example.com:{}/", upstream.port))).await;
    assert_eq!(response.unwrap().body, b"");
}

#[tokio::test]
async fn a_body_in_pieces_ends_at_the_bound_even_if_it_never_ends() {
    let upstream = Upstream::raw(|mut stream| {
        Box::pin(async move {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let mut bytes = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
            while stream.write_all(&bytes).await.is_ok() {
                bytes = [b"1000\r\n".as_slice(), &[b'x'; 4096], b"\r\n"].concat();
            }
        })
    })
    .await;
    let url = format!("http://a.example.com:{}/", upstream.port);
    assert_eq!(outcome(&small(&upstream), &url).await, Err(Error::TooLarge));
}

/// So many zeros, packed three ways.
async fn packed(length: usize) -> [(&'static str, Vec<u8>); 3] {
    let text = vec![0; length];
    let (mut gzip, mut brotli, mut zstd) = (Vec::new(), Vec::new(), Vec::new());
    GzipEncoder::with_quality(text.as_slice(), Level::Fastest).read_to_end(&mut gzip).await.unwrap();
    BrotliEncoder::with_quality(text.as_slice(), Level::Fastest).read_to_end(&mut brotli).await.unwrap();
    ZstdEncoder::with_quality(text.as_slice(), Level::Fastest).read_to_end(&mut zstd).await.unwrap();
    [("gzip", gzip), ("br", brotli), ("zstd", zstd)]
}

#[tokio::test]
async fn what_unpacks_to_more_than_the_bound_is_stopped_there() {
    for (length, expected) in
        [(100_000, Ok(100_000)), (100_001, Err(Error::TooLarge)), (16 << 20, Err(Error::TooLarge))]
    {
        for (coding, body) in packed(length).await {
            let upstream = Upstream::http(move |_| answer(200, &[("content-encoding", coding)], body.clone())).await;
            let mut world = small(&upstream);
            if length > 1 << 20 {
                // So that it is the unpacked size that is refused.
                world.config.limits.response_body = 4 << 20;
            }
            let url = format!("http://a.example.com:{}/", upstream.port);
            assert_eq!(outcome(&world, &url).await, expected, "{coding} {length}");
        }
    }
}

#[tokio::test]
async fn what_is_large_and_unpacks_to_nothing_is_stopped_too() {
    let mut nothing = Vec::new();
    GzipEncoder::new(b"".as_slice()).read_to_end(&mut nothing).await.unwrap();
    // A frame that a decoder of Zstandard must skip: a magic number, its length, and the bytes.
    let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 0, 4, 0, 0][..], &[0; 1024]].concat();
    for (coding, piece) in [("gzip", nothing), ("zstd", skipped)] {
        let upstream = Upstream::raw(move |mut stream| {
            let piece = piece.repeat(100);
            Box::pin(async move {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                let head = format!("HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\n\r\n");
                let _ = stream.write_all(head.as_bytes()).await;
                while stream.write_all(&piece).await.is_ok() {}
            })
        })
        .await;
        let url = format!("http://a.example.com:{}/", upstream.port);
        assert_eq!(outcome(&small(&upstream), &url).await, Err(Error::TooLarge), "{coding}");
    }
}

#[tokio::test]
async fn a_window_of_zstandard_may_be_as_large_as_http_allows() {
    let text = vec![7; 50_000];
    for (log, good) in [(23, true), (24, false)] {
        let mut body = Vec::new();
        let params = [CParameter::window_log(log)];
        ZstdEncoder::with_quality_and_params(text.as_slice(), Level::Default, &params)
            .read_to_end(&mut body)
            .await
            .unwrap();
        let upstream = Upstream::http(move |_| answer(200, &[("content-encoding", "zstd")], body.clone())).await;
        let found = outcome(&small(&upstream), &format!("http://a.example.com:{}/", upstream.port)).await;
        assert_eq!(found.is_ok(), good, "{log}: {found:?}");
    }
}

#[tokio::test]
async fn what_is_packed_wrongly_or_breaks_off_is_no_answer() {
    let broken = Error::Unreachable("the response broke off, or its packing is broken".into());
    let unknown = Error::Unreachable("the response is packed in a way that was not asked for".into());
    let mut whole = Vec::new();
    GzipEncoder::new(vec![b'x'; 5000].as_slice()).read_to_end(&mut whole).await.unwrap();
    let half = whole[..whole.len() / 2].to_vec();
    for (headers, body, fault) in [
        (vec![("content-encoding", "gzip")], b"plain".to_vec(), &broken),
        (vec![("content-encoding", "gzip")], half, &broken),
        (vec![("content-encoding", "br")], b"\xff\xff\xff\xff".to_vec(), &broken),
        (vec![("content-encoding", "zstd")], b"plain".to_vec(), &broken),
        (vec![("content-encoding", "deflate")], whole.clone(), &unknown),
        (vec![("content-encoding", "gzip, gzip")], whole.clone(), &unknown),
        (vec![("content-encoding", "gzip"), ("content-encoding", "br")], whole, &unknown),
    ] {
        let said = headers.clone();
        let upstream = Upstream::http(move |_| answer(200, &said, body.clone())).await;
        let found = outcome(&small(&upstream), &format!("http://a.example.com:{}/", upstream.port)).await;
        assert_eq!(found.as_ref(), Err(fault), "{headers:?}");
    }
    let cut = Upstream::raw(|mut stream| {
        Box::pin(async move {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
        })
    })
    .await;
    let found = outcome(&small(&cut), &format!("http://a.example.com:{}/", cut.port)).await;
    assert_eq!(found, Err(broken));
}

#[tokio::test]
async fn headers_may_be_as_many_and_as_long_as_their_bounds() {
    let lines = |count: usize| {
        let lines: String = (0..count).map(|n| format!("x-{n}: 1\r\n")).collect();
        format!("HTTP/1.1 200 OK\r\n{lines}\r\n")
    };
    // 32 KiB of names and values together.
    let long = |length: usize| format!("HTTP/1.1 200 OK\r\nx: {}\r\n\r\n", "v".repeat(length - 1));
    let endless = format!("HTTP/1.1 200 OK\r\nx: {}", "v".repeat(1 << 20));
    for (name, response, expected) in [
        ("99 lines", lines(99).replace("\r\n\r\n", "\r\ncontent-length: 0\r\n\r\n"), Ok(0)),
        ("101 lines", lines(101), Err(Error::TooLarge)),
        ("32 KiB", long(32_768 - 15).replace("\r\n\r\n", "\r\ncontent-length: 0\r\n\r\n"), Ok(0)),
        ("a byte more", long(32_769), Err(Error::TooLarge)),
        ("endless", endless, Err(Error::TooLarge)),
    ] {
        let upstream = verbatim(response).await;
        let found = outcome(&small(&upstream), &format!("http://a.example.com:{}/", upstream.port)).await;
        assert_eq!(found, expected, "{name}");
    }
}

#[tokio::test]
async fn headers_of_http_2_have_the_same_bounds() {
    let upstream = Upstream::https(|seen| {
        let length = seen.uri.path()[1..].parse().unwrap();
        answer(200, &[("x", &"v".repeat(length))], "")
    })
    .await;
    let world = small(&upstream);
    let url = |length: usize| format!("https://a.example.com:{}/{length}", upstream.port);
    assert_eq!(outcome(&world, &url(32_000)).await, Ok(0));
    assert_eq!(outcome(&world, &url(32_768)).await, Err(Error::TooLarge));
    assert!(outcome(&world, &url(200_000)).await.is_err());
}

#[tokio::test]
async fn all_bodies_of_a_call_have_a_bound_together() {
    let upstream = sized().await;
    let mut world = small(&upstream);
    world.config.limits.received_per_call = 150_000;
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = |length: usize| format!("http://a.example.com:{}/{length}", upstream.port);
    let call = provider.call();
    assert!(get(&call, &url(100_000)).await.is_ok());
    assert_eq!(get(&call, &url(50_001)).await, Err(Error::TooLarge));
    assert!(get(&call, &url(50_000)).await.is_ok());
    assert_eq!(get(&call, &url(1)).await, Err(Error::TooLarge));
    assert!(get(&provider.call(), &url(100_000)).await.is_ok(), "the next call has a bound of its own");
}

#[tokio::test]
async fn all_bodies_that_a_provider_reads_at_once_have_a_bound_together() {
    let upstream = sized().await;
    let mut world = small(&upstream);
    world.config.limits.held_per_provider = 64 << 10;
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = |length: usize| format!("http://a.example.com:{}/{length}", upstream.port);
    for _ in 0..3 {
        assert!(get(&provider.call(), &url(40_000)).await.is_ok(), "what was read is given back");
    }
    let fault = "this provider has too many bytes under way; try again";
    assert_eq!(get(&provider.call(), &url(70_000)).await, Err(Error::Unreachable(fault.into())));
    assert!(get(&provider.call(), &url(40_000)).await.is_ok(), "and so is what was refused");
}
