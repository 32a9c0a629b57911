//! Hosts whose requests go to this machine instead.

use autocontent_gate::DevelopmentUpstream;
use autocontent_runtime::contract::http::Error;

use crate::upstream::{Upstream, answer};
use crate::world::{World, access, get, header_secret};

/// A world in which no name is looked up.
fn redirected(to: &[String]) -> World {
    let mut world = World::with_names(|name, _| panic!("{name} was looked up"));
    world.config.upstreams = to.iter().map(|text| text.parse().unwrap()).collect();
    world
}

#[tokio::test]
async fn requests_for_a_host_go_to_this_machine_as_they_would_have_gone_to_it() {
    let upstream = Upstream::http(|seen| answer(200, &[], seen.uri.to_string())).await;
    let world = redirected(&[format!("a.example.com=127.0.0.1:{}", upstream.port)]);
    let mut granted = access(&["a.example.com"]);
    granted.secrets = vec![header_secret("a.example.com", "X-Api-Key", "a-long-secret")];
    let call = world.gate().provider(granted).call();
    let got = get(&call, "https://a.example.com/path?q=1").await.unwrap();
    assert_eq!((got.url.as_str(), got.body.as_slice()), ("https://a.example.com/path?q=1", &b"/path?q=1"[..]));
    let seen = upstream.seen();
    assert_eq!(seen[0].header("host"), Some("a.example.com"));
    assert_eq!(seen[0].header("x-api-key"), Some("a-long-secret"));
}

#[tokio::test]
async fn nothing_else_of_the_gate_changes() {
    let upstream = Upstream::http(|seen| match seen.uri.path() {
        "/out" => answer(302, &[("location", "https://evil.test/")], ""),
        "/plain" => answer(302, &[("location", "http://a.example.com/")], ""),
        "/here" => answer(302, &[("location", "http://127.0.0.1/")], ""),
        _ => answer(200, &[], "12345"),
    })
    .await;
    let mut world = redirected(&[format!("*=127.0.0.1:{}", upstream.port)]);
    world.config.limits.response_body = 4;
    let provider = world.gate().provider(access(&["a.example.com"]));
    let denied = |text: &str| Err(Error::Denied(text.to_owned()));
    let call = provider.call();
    assert_eq!(get(&call, "https://evil.test/").await, denied("evil.test is not among the granted hosts"));
    assert_eq!(get(&call, "http://a.example.com/").await, denied("a.example.com is granted over https only"));
    let port = "port 8443 of a.example.com is not granted, only the scheme's own port";
    assert_eq!(get(&call, "https://a.example.com:8443/").await, denied(port));
    let out = "a.example.com redirects: evil.test is not among the granted hosts";
    assert_eq!(get(&call, "https://a.example.com/out").await, denied(out));
    let plain = "a.example.com redirects: a.example.com is granted over https only";
    assert_eq!(get(&call, "https://a.example.com/plain").await, denied(plain));
    let here = "a.example.com redirects: 127.0.0.1 is not among the granted hosts";
    assert_eq!(get(&call, "https://a.example.com/here").await, denied(here));
    assert_eq!(get(&call, "https://a.example.com/").await, Err(Error::TooLarge));
}

#[tokio::test]
async fn other_hosts_go_their_own_way_and_one_that_does_not_listen_is_unreachable() {
    let mut world = World::with_names(|_, _| vec!["10.0.0.1".parse().unwrap()]);
    world.config.upstreams = vec!["a.example.com=127.0.0.1:1".parse().unwrap()];
    let call = world.call(&["*.example.com"]);
    let gone = get(&call, "https://a.example.com/").await;
    assert!(matches!(&gone, Err(Error::Unreachable(why)) if why.contains("connection refused")), "{gone:?}");
    let other = "b.example.com leads to an address that is not public";
    assert_eq!(get(&call, "https://b.example.com/").await, Err(Error::Denied(other.to_owned())));
}

#[test]
fn only_hosts_and_loopback_addresses_with_a_port_are_upstreams() {
    let read = |text: &str| text.parse::<DevelopmentUpstream>();
    for good in ["a.example.com=127.0.0.1:80", "*.example.com=[::1]:8090", "*=127.9.9.9:1"] {
        assert_eq!(read(good).unwrap().to_string(), good);
    }
    for bad in [
        "",
        "a.example.com",
        "=127.0.0.1:80",
        "a.example.com=",
        "a.example.com=127.0.0.1",
        "a.example.com=127.0.0.1:0",
        "a.example.com=10.0.0.1:80",
        "a.example.com=0.0.0.0:80",
        "a.example.com=[::]:80",
        "a.example.com=localhost:80",
        "a.example.com=http://127.0.0.1:80",
        "https://a.example.com=127.0.0.1:80",
        "a b=127.0.0.1:80",
    ] {
        let error = read(bad).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{bad:?} is not a development upstream; ")), "{error}");
    }
}
