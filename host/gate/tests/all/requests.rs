//! What a guest may not send.

use autocontent_runtime::Http as _;
use autocontent_runtime::contract::http::{Error, Header, Method, Request};

use crate::upstream::{Upstream, answer};
use crate::world::{World, access, get_with, header, request};

fn invalid(text: &str) -> Error {
    Error::InvalidRequest(text.to_owned())
}

#[tokio::test]
async fn headers_that_are_the_hosts_own_or_no_headers_are_refused() {
    let upstream = Upstream::http(|_| answer(200, &[], "")).await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = format!("http://a.example.com:{}/", upstream.port);
    for name in [
        "Host",
        "connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Content-Length",
        "Expect",
        "HTTP2-Settings",
        "Accept-Encoding",
        "User-Agent",
        "Proxy-Authorization",
        "proxy-anything",
    ] {
        let name = name.to_ascii_lowercase();
        let fault = get_with(&provider.call(), &url, &[(&name, "x")]).await;
        assert_eq!(fault, Err(invalid(&format!("the header {name} is the host's own; leave it out"))));
    }
    for name in ["", "a b", "a:b", "a\r\nb", "é", ":authority"] {
        let fault = get_with(&provider.call(), &url, &[(name, "x")]).await;
        assert_eq!(fault, Err(invalid(&format!("{name:?} is no header's name"))));
    }
    for value in ["a\r\nx-smuggled: 1", "a\nb", "a\0b", "\x7f"] {
        let fault = get_with(&provider.call(), &url, &[("x-mine", value)]).await;
        let text = "the value of the header x-mine has characters that no header can hold";
        assert_eq!(fault, Err(invalid(text)), "{value:?}");
    }
    assert_eq!(upstream.connections(), 0);
    for (name, value) in [("cookie", "mine=1"), ("authorization", "Basic mine"), ("x", "a\tb"), ("x", "é"), ("x", "")]
    {
        assert_eq!(get_with(&provider.call(), &url, &[(name, value)]).await.unwrap().status, 200, "{name}");
    }
}

#[tokio::test]
async fn headers_may_be_as_many_and_as_long_as_their_bounds() {
    let upstream = Upstream::http(|_| answer(200, &[], "")).await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = format!("http://a.example.com:{}/", upstream.port);
    let send = async |headers: Vec<Header>| {
        let asked = Request { headers, ..request(Method::Get, &url) };
        provider.call().fetch(asked).await.map(|response| response.status)
    };
    let many = |count| (0..count).map(|n| header(&format!("x-{n}"), "1")).collect::<Vec<_>>();
    assert_eq!(send(many(64)).await, Ok(200));
    let text = "65 headers of 315 bytes; at most 64 of 16384 bytes are sent";
    assert_eq!(send(many(65)).await, Err(invalid(text)));
    let long = |length: usize| vec![header("x", &"v".repeat(length - 1))];
    assert_eq!(send(long(16_384)).await, Ok(200));
    let text = "1 headers of 16385 bytes; at most 64 of 16384 bytes are sent";
    assert_eq!(send(long(16_385)).await, Err(invalid(text)));
}

#[tokio::test]
async fn a_body_may_be_as_long_as_its_bound_and_goes_with_no_get() {
    let upstream = Upstream::http(|seen| answer(200, &[], seen.body.len().to_string())).await;
    let mut world = World::new().with("a.example.com", &upstream);
    world.config.limits.request_body = 1000;
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = format!("http://a.example.com:{}/", upstream.port);
    let send = async |method, length| {
        let asked = Request { body: Some(vec![b'x'; length]), ..request(method, &url) };
        provider.call().fetch(asked).await.map(|response| response.body)
    };
    assert_eq!(send(Method::Post, 1000).await, Ok(b"1000".to_vec()));
    assert_eq!(send(Method::Post, 1001).await, Err(invalid("a body of 1001 bytes; at most 1000 are sent")));
    assert_eq!(send(Method::Delete, 1).await, Ok(b"1".to_vec()));
    assert_eq!(send(Method::Get, 0).await, Ok(b"0".to_vec()));
    for (method, name) in [(Method::Get, "GET"), (Method::Head, "HEAD")] {
        let text = format!("a body is not sent with {name}; use post");
        assert_eq!(send(method, 1).await, Err(Error::InvalidRequest(text)));
    }
}

#[tokio::test]
async fn a_url_with_odd_characters_is_sent_escaped_or_refused_but_never_split() {
    let upstream = Upstream::http(|seen| answer(200, &[], seen.uri.to_string())).await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let base = format!("http://a.example.com:{}", upstream.port);
    for (path, sent) in [
        ("/a b\"<>", "/a%20b%22%3C%3E"),
        ("/a\r\nHost: evil.test", "/aHost:%20evil.test"),
        ("/é?é", "/%C3%A9?%C3%A9"),
        ("/../../x/./y", "/x/y"),
        ("\\x", "/x"),
        ("/%0d%0aX: 1", "/%0d%0aX:%201"),
    ] {
        let response = get_with(&provider.call(), &format!("{base}{path}"), &[]).await.unwrap();
        assert_eq!(String::from_utf8(response.body).unwrap(), sent, "{path:?}");
    }
}
