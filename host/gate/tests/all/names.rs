//! Names and the addresses behind them: what was checked is what is connected to.

use std::net::IpAddr;

use autocontent_gate::{DevelopmentHost, Gate, GateError};
use autocontent_runtime::contract::http::Error;

use crate::upstream::{Upstream, answer};
use crate::world::{LOOPBACK, World, get};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn not_public(host: &str) -> Error {
    Error::Denied(format!("{host} leads to an address that is not public"))
}

#[tokio::test]
async fn one_address_that_is_not_public_spoils_the_name() {
    for (addresses, fault) in [
        (vec![ip("1.1.1.1"), ip("10.0.0.1")], not_public("a.example.com")),
        (vec![ip("2606:4700::1111"), ip("::1")], not_public("a.example.com")),
        (vec![LOOPBACK], not_public("a.example.com")),
        (vec![], Error::Unreachable("no address of a.example.com is known".into())),
    ] {
        let world = World::with_names(move |_, _| addresses.clone());
        assert_eq!(get(&world.call(&["a.example.com"]), "https://a.example.com/").await, Err(fault));
    }
}

#[tokio::test]
async fn a_name_is_looked_up_once_for_each_connection_and_not_again_in_between() {
    let upstream = Upstream::https(|_| answer(200, &[], "yes")).await;
    // The second lookup leads elsewhere, as a rebinding name server would have it.
    let world = World::with_names(|_, count| vec![if count == 1 { LOOPBACK } else { ip("10.0.0.1") }]);
    let world = world.with("a.example.com", &upstream);
    let call = world.call(&["a.example.com"]);
    let url = format!("https://a.example.com:{}/", upstream.port);
    assert_eq!(get(&call, &url).await.unwrap().body, b"yes");
    assert_eq!((world.lookups().len(), upstream.connections()), (1, 1), "one lookup, one connection");
    // While the connection is open, it is used and no name server asked.
    assert_eq!(get(&call, &url).await.unwrap().body, b"yes");
    assert_eq!((world.lookups().len(), upstream.connections()), (1, 1));
}

#[tokio::test]
async fn the_next_address_is_tried_where_one_does_not_answer_but_not_any_number() {
    let upstream = Upstream::http(|_| answer(200, &[], "yes")).await;
    // The server listens at 127.0.0.1 only.
    for (others, reached) in [(3, true), (4, false)] {
        let world = World::with_names(move |_, _| {
            let others = (2..2 + others).map(|last| ip(&format!("127.0.0.{last}")));
            others.chain([LOOPBACK]).collect()
        });
        let world = world.with("a.example.com", &upstream);
        let found = get(&world.call(&["a.example.com"]), &format!("http://a.example.com:{}/", upstream.port)).await;
        assert_eq!(found.is_ok(), reached, "{others}: {found:?}");
    }
}

#[tokio::test]
async fn an_address_of_ipv6_can_be_a_development_host() {
    let closed = Upstream::http(|_| answer(200, &[], "")).await;
    let world = World::new().with("[::1]", &closed);
    let found = get(&world.call(&["[::1]"]), &format!("http://[0:0::1]:{}/", closed.port)).await;
    // Nothing listens there, which only who was let through is told.
    assert!(
        matches!(&found, Err(Error::Unreachable(text)) if text.starts_with("[::1] can't be connected to")),
        "{found:?}"
    );
    assert!(world.lookups().is_empty());
}

#[tokio::test]
async fn a_name_that_leads_elsewhere_later_is_checked_again() {
    let upstream = Upstream::http(|_| answer(200, &[("connection", "close")], "yes")).await;
    let world = World::with_names(|_, count| vec![if count == 1 { LOOPBACK } else { ip("10.0.0.1") }]);
    let world = world.with("a.example.com", &upstream);
    let call = world.call(&["a.example.com"]);
    let url = format!("http://a.example.com:{}/", upstream.port);
    assert_eq!(get(&call, &url).await.unwrap().body, b"yes");
    let fault = Error::Denied("a.example.com is a development host and must lead to a loopback address".into());
    assert_eq!(get(&call, &url).await, Err(fault));
    assert_eq!((world.lookups().len(), upstream.connections()), (2, 1));
}

#[tokio::test]
async fn a_development_host_is_allowed_at_its_port_alone() {
    let upstream = Upstream::http(|_| answer(200, &[], "yes")).await;
    let world = World::new().with("127.0.0.1", &upstream).with("localhost", &upstream);
    let call = world.call(&["127.0.0.1", "localhost"]);
    let port = upstream.port;
    assert_eq!(get(&call, &format!("http://127.0.0.1:{port}/")).await.unwrap().status, 200);
    assert_eq!(get(&call, &format!("http://0x7f.1:{port}/")).await.unwrap().status, 200, "the same address");
    assert_eq!(get(&call, &format!("http://LOCALHOST:{port}/")).await.unwrap().status, 200);
    let other = port ^ 1;
    for (url, fault) in [
        (format!("http://127.0.0.1:{other}/"), "127.0.0.1 is granted over https only".to_owned()),
        (
            format!("https://127.0.0.1:{other}/"),
            format!("port {other} of 127.0.0.1 is not granted, only the scheme's own port"),
        ),
        ("https://localhost/".to_owned(), "localhost leads to an address that is not public".to_owned()),
        (format!("http://127.0.0.2:{port}/"), "127.0.0.2 is not among the granted hosts".to_owned()),
    ] {
        assert_eq!(get(&call, &url).await, Err(Error::Denied(fault)), "{url}");
    }
}

#[tokio::test]
async fn a_development_host_needs_a_grant_like_any_other() {
    let upstream = Upstream::http(|_| answer(200, &[], "yes")).await;
    let world = World::new().with("127.0.0.1", &upstream);
    let call = world.call(&["a.example.com"]);
    let fault = Err(Error::Denied("127.0.0.1 is not among the granted hosts".into()));
    assert_eq!(get(&call, &format!("http://127.0.0.1:{}/", upstream.port)).await, fault);
    assert_eq!(upstream.connections(), 0);
}

#[test]
fn a_development_host_is_written_as_host_and_port() {
    for good in ["localhost:8080", "127.0.0.1:1", "[::1]:65535", "feeds.test:80"] {
        assert_eq!(good.parse::<DevelopmentHost>().unwrap().to_string(), good);
    }
    for bad in [
        "",
        "localhost",
        ":80",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "10.0.0.1:80",
        "1.1.1.1:80",
        "[fe80::1]:80",
        "[::ffff:7f00:1]:80",
        "0x7f.1:80",
        "LOCALHOST:80",
        "http://localhost:80",
        "a@localhost:80",
        "localhost:80/x",
        "::1:80",
        "*.test:80",
    ] {
        assert!(bad.parse::<DevelopmentHost>().is_err(), "{bad}");
    }
    assert_eq!(
        "10.0.0.1:80".parse::<DevelopmentHost>().unwrap_err().to_string(),
        "\"10.0.0.1:80\" is not a development host; write a loopback host with its port, such as \"localhost:8080\""
    );
}

#[tokio::test]
async fn a_certificate_must_be_by_a_trusted_authority_and_for_the_name() {
    let upstream = Upstream::https(|_| answer(200, &[], "yes")).await;
    let mut world = World::new().with("a.example.com", &upstream).with("example.net", &upstream);
    let url = |host: &str| format!("https://{host}:{}/", upstream.port);
    let hosts = ["a.example.com", "example.net"];
    assert_eq!(get(&world.call(&hosts), &url("a.example.com")).await.unwrap().status, 200);
    let Err(Error::Unreachable(text)) = get(&world.call(&hosts), &url("example.net")).await else { panic!() };
    assert!(text.starts_with("example.net can't be trusted: invalid peer certificate"), "{text}");
    world.config.extra_roots.clear();
    let Err(Error::Unreachable(text)) = get(&world.call(&hosts), &url("a.example.com")).await else { panic!() };
    assert_eq!(text, "a.example.com can't be trusted: invalid peer certificate: UnknownIssuer");
    assert_eq!(upstream.seen().len(), 1);
}

#[tokio::test]
async fn what_does_not_answer_or_speaks_another_language_is_unreachable() {
    let closed = Upstream::http(|_| answer(200, &[], "")).await;
    let gibberish = Upstream::raw(|mut stream| {
        Box::pin(async move {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"220 smtp.example.com ESMTP\r\n").await;
        })
    })
    .await;
    let world = World::new().with("a.example.com", &closed).with("b.example.com", &gibberish);
    let (port, other) = (closed.port, gibberish.port);
    drop(closed);
    let call = world.call(&["*.example.com"]);
    let fault = get(&call, &format!("http://a.example.com:{port}/")).await;
    assert_eq!(fault, Err(Error::Unreachable("a.example.com can't be connected to: connection refused".into())));
    let fault = get(&call, &format!("http://b.example.com:{other}/")).await;
    assert_eq!(fault, Err(Error::Unreachable("b.example.com broke the exchange off, or doesn't speak HTTP".into())));
}

#[test]
fn a_wrong_set_up_is_refused_with_what_is_wrong() {
    let mut world = World::new();
    world.config.user_agent = "a\r\nb".into();
    let clock = std::sync::Arc::clone(&world.clock);
    let fault = Gate::new(world.config, clock).err().unwrap();
    assert!(matches!(fault, GateError::UserAgent(_)), "{fault}");
    let mut world = World::new();
    world.config.extra_roots = vec![vec![1, 2, 3].into()];
    let fault = Gate::new(world.config.clone(), world.clock).err().unwrap();
    assert!(matches!(fault, GateError::Root(_)), "{fault}");
}
