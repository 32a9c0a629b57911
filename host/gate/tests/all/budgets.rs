//! How much one call and one provider may ask for, each bound from both sides.

use std::future::pending;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use autocontent_gate::Resolve;
use autocontent_runtime::contract::http::Error;
use futures_util::future::join_all;
use tokio::sync::{Semaphore, mpsc};

use crate::upstream::{Upstream, answer};
use crate::world::{LOOPBACK, World, access, get};

#[tokio::test]
async fn a_call_has_its_budget_of_requests_and_the_next_call_its_own() {
    let upstream = Upstream::http(|_| answer(200, &[], "")).await;
    let world = World::new().with("a.example.com", &upstream);
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = format!("http://a.example.com:{}/", upstream.port);
    let call = provider.call();
    let answers = join_all((0..20).map(|_| get(&call, &url))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 16);
    assert_eq!(answers.iter().filter(|answer| **answer == Err(Error::Exhausted)).count(), 4);
    assert_eq!((call.usage().requests, upstream.seen().len()), (16, 16));
    assert!(get(&provider.call(), &url).await.is_ok());
}

#[tokio::test]
async fn redirects_and_refusals_cost_of_the_budget_as_well() {
    let upstream = Upstream::http(|_| answer(302, &[("location", "/end")], "")).await;
    let mut world = World::new().with("a.example.com", &upstream);
    world.config.limits.requests_per_call = 3;
    let call = world.call(&["a.example.com"]);
    let denied = get(&call, "https://evil.test/").await;
    assert!(matches!(denied, Err(Error::Denied(_))));
    let url = format!("http://a.example.com:{}/", upstream.port);
    assert_eq!(get(&call, &url).await, Err(Error::Exhausted), "the third is the redirect, which redirects again");
    assert_eq!((call.usage().requests, upstream.seen().len()), (2, 2));
}

/// A server that answers only when it is allowed to, and tells of each request.
struct Gated {
    upstream: Upstream,
    arrived: mpsc::UnboundedReceiver<()>,
    allowed: Arc<Semaphore>,
    most: Arc<AtomicUsize>,
}

async fn gated() -> Gated {
    let (sender, arrived) = mpsc::unbounded_channel();
    let allowed = Arc::new(Semaphore::new(0));
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (permits, peak) = (Arc::clone(&allowed), Arc::clone(&most));
    let upstream = Upstream::waiting(move |_| {
        let (permits, now, peak, sender) = (Arc::clone(&permits), Arc::clone(&now), Arc::clone(&peak), sender.clone());
        Box::pin(async move {
            peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            sender.send(()).unwrap();
            permits.acquire().await.unwrap().forget();
            now.fetch_sub(1, Ordering::SeqCst);
            answer(200, &[], "")
        })
    })
    .await;
    Gated { upstream, arrived, allowed, most }
}

#[tokio::test]
async fn so_many_requests_of_a_call_are_under_way_at_once_and_no_more() {
    let mut gated = gated().await;
    let mut world = World::new().with("a.example.com", &gated.upstream);
    world.config.limits.concurrent_per_call = 4;
    let call = world.call(&["a.example.com"]);
    let url = format!("http://a.example.com:{}/", gated.upstream.port);
    let work = tokio::spawn(async move { join_all((0..12).map(|_| get(&call, &url))).await });
    for _ in 0..4 {
        gated.arrived.recv().await.unwrap();
    }
    gated.allowed.add_permits(12);
    assert!(work.await.unwrap().iter().all(Result::is_ok));
    assert_eq!(gated.most.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn so_many_requests_of_a_provider_are_under_way_at_once_whatever_its_calls() {
    let mut gated = gated().await;
    let mut world = World::new().with("a.example.com", &gated.upstream);
    world.config.limits.concurrent_per_provider = 5;
    let gate = world.gate();
    let url = format!("http://a.example.com:{}/", gated.upstream.port);
    let ask = |provider: &str| {
        let mut granted = access(&["a.example.com"]);
        granted.provider = provider.parse().unwrap();
        let (call, url) = (gate.provider(granted).call(), url.clone());
        tokio::spawn(async move { get(&call, &url).await })
    };
    let work: Vec<_> = (0..12).map(|_| ask("one")).collect();
    for _ in 0..5 {
        gated.arrived.recv().await.unwrap();
    }
    // The first provider has used up what it may have, and a second one is not held up by it.
    let other = ask("two");
    gated.arrived.recv().await.unwrap();
    gated.allowed.add_permits(13);
    assert!(other.await.unwrap().is_ok());
    for answer in work {
        assert!(answer.await.unwrap().is_ok());
    }
    assert_eq!(gated.most.load(Ordering::SeqCst), 6);
}

#[tokio::test]
async fn a_fetch_that_nobody_waits_for_gives_its_place_back() {
    let mut gated = gated().await;
    let mut world = World::new().with("a.example.com", &gated.upstream);
    world.config.limits.concurrent_per_provider = 1;
    let provider = world.gate().provider(access(&["a.example.com"]));
    let url = format!("http://a.example.com:{}/", gated.upstream.port);
    let (call, asked) = (provider.call(), url.clone());
    let first = tokio::spawn(async move { get(&call, &asked).await });
    gated.arrived.recv().await.unwrap();
    first.abort();
    gated.allowed.add_permits(2);
    assert!(get(&provider.call(), &url).await.is_ok());
}

/// A name server that never answers for some names, and tells what it was asked.
struct Silent(mpsc::UnboundedSender<String>);

#[async_trait]
impl Resolve for Silent {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        self.0.send(host.to_owned()).unwrap();
        if host.starts_with("silent") { pending().await } else { Ok(vec![LOOPBACK]) }
    }
}

#[tokio::test]
async fn name_servers_that_never_answer_hold_up_nobody_else() {
    let upstream = Upstream::http(|_| answer(200, &[], "")).await;
    let (sender, mut asked) = mpsc::unbounded_channel();
    let mut world = World::new().with("a.example.com", &upstream);
    world.config.resolver = Arc::new(Silent(sender));
    world.config.limits.concurrent_per_call = 12;
    let gate = world.gate();
    let hostile = gate.provider(access(&["*.example.com"])).call();
    let work: Vec<_> = (0..12)
        .map(|n| {
            let call = Arc::clone(&hostile);
            tokio::spawn(async move { get(&call, &format!("https://silent-{n}.example.com/")).await })
        })
        .collect();
    for _ in 0..8 {
        assert!(asked.recv().await.unwrap().starts_with("silent"));
    }
    // Nobody waits for them any more, but a thread that looks a name up can't be stopped: their places stay taken.
    for work in work {
        work.abort();
    }
    let mut other = access(&["a.example.com"]);
    other.provider = "other".parse().unwrap();
    let url = format!("http://a.example.com:{}/", upstream.port);
    assert!(get(&gate.provider(other).call(), &url).await.is_ok());
    assert_eq!(asked.recv().await.as_deref(), Some("a.example.com"), "and no ninth was asked before");
}
