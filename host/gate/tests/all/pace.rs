//! How often a host is asked, and hosts that want to be left alone.

use autocontent_gate::Pace;
use autocontent_runtime::contract::http::Error;
use futures_util::future::join_all;

use crate::upstream::{Upstream, answer};
use crate::world::{World, access, get, header_secret};

fn unreachable(text: &str) -> Error {
    Error::Unreachable(text.to_owned())
}

#[tokio::test]
async fn a_host_that_asks_to_wait_is_not_asked_until_then() {
    for status in [429, 503] {
        let upstream = Upstream::http(move |seen| match seen.uri.path() {
            "/busy" => answer(status, &[("retry-after", "30")], "busy"),
            "/cached" => answer(200, &[("cache-control", "max-age=600")], "cached"),
            _ => answer(200, &[], "yes"),
        })
        .await;
        let world = World::new().with("a.example.com", &upstream).with("b.example.com", &upstream);
        let provider = world.gate().provider(access(&["*.example.com"]));
        let url = |host: &str, path: &str| format!("http://{host}.example.com:{}/{path}", upstream.port);
        get(&provider.call(), &url("a", "cached")).await.unwrap();
        assert_eq!(get(&provider.call(), &url("a", "busy")).await.unwrap().status, status, "the guest is told");
        world.clock.advance(29);
        let fault = get(&provider.call(), &url("a", "")).await;
        assert_eq!(fault, Err(unreachable("a.example.com asked to be left alone for 2 s more")));
        assert_eq!(upstream.seen().len(), 2);
        assert_eq!(get(&provider.call(), &url("b", "")).await.unwrap().status, 200, "another host");
        assert_eq!(get(&provider.call(), &url("a", "cached")).await.unwrap().body, b"cached", "from memory");
        world.clock.advance(1);
        assert_eq!(get(&provider.call(), &url("a", "")).await.unwrap().status, 200);
    }
}

#[tokio::test]
async fn what_one_key_is_told_does_not_bind_another_or_another_provider() {
    let upstream = Upstream::http(|_| answer(429, &[("retry-after", "30")], "")).await;
    let world = World::new().with("a.example.com", &upstream);
    let gate = world.gate();
    let ask = async |provider: &str, key: &str| {
        let mut granted = access(&["a.example.com"]);
        granted.provider = provider.parse().unwrap();
        granted.secrets = vec![header_secret("a.example.com", "x-key", key)];
        get(&gate.provider(granted).call(), &format!("http://a.example.com:{}/", upstream.port)).await.is_ok()
    };
    assert!(ask("one", "key-of-one").await);
    assert!(!ask("one", "key-of-one").await);
    assert!(ask("one", "key-of-two").await);
    assert!(ask("two", "key-of-one").await);
    assert_eq!(upstream.seen().len(), 3);
}

#[tokio::test]
async fn who_asks_a_host_too_often_is_refused_and_others_are_not() {
    let upstream = Upstream::http(|_| answer(200, &[], "")).await;
    let mut world = World::new().with("a.example.com", &upstream).with("b.example.com", &upstream);
    // The clock stands still, and a wait of a second or more is not waited for below.
    world.config.limits.provider_pace = Pace { per_second: 1, burst: 3 };
    world.config.limits.host_pace = Pace { per_second: 1, burst: 5 };
    let gate = world.gate();
    let provider = gate.provider(access(&["*.example.com"]));
    let url = |host: &str| format!("http://{host}.example.com:{}/", upstream.port);
    let (call, busy) = (provider.call(), url("a"));
    for answer in join_all((0..3).map(|_| get(&call, &busy))).await {
        assert_eq!(answer.unwrap().status, 200);
    }
    // Two of these wait their turn of 1 and 2 s; the third would wait too long, and is told so while they wait.
    let crowd = (0..3).map(|_| Box::pin(get(&call, &busy)));
    let (first, _, waiting) = futures_util::future::select_all(crowd).await;
    assert_eq!(first, Err(unreachable("a.example.com is asked too often; try again later")));
    drop(waiting);
    assert_eq!(get(&call, &url("b")).await.unwrap().status, 200, "another host");
    assert_eq!(upstream.seen().len(), 4);
    world.clock.advance(5);
    assert_eq!(get(&call, &busy).await.unwrap().status, 200, "after a while it is its turn again");
}
