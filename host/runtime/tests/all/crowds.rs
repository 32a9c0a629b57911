//! Many calls at the same time.

use std::sync::Arc;
use std::time::Duration;

use autocontent_runtime::contract::http;
use autocontent_runtime::{Capabilities, Http};
use futures_util::future::join_all;

use crate::guest::Guest;
use crate::sandbox::{Sandbox, denied, echo, find, request};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_in_64_places_all_answer() {
    let sandbox = Sandbox::of(64);
    let provider = sandbox.provider(&Guest { limits: "time = \"20s\"", ..Guest::default() }).await;
    let calls = (0..1000).map(|number| {
        let provider = provider.clone();
        tokio::spawn(async move {
            let command = format!("command {number}");
            assert_eq!(find(&provider, &command).await.outcome, Ok(Ok(echo(&command))));
        })
    });
    for call in join_all(calls).await {
        call.unwrap();
    }
}

/// Answers each request after several ticks of the sandbox.
struct Slow;

#[async_trait::async_trait]
impl Http for Slow {
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error> {
        tokio::time::sleep(Duration::from_millis(40)).await;
        Ok(http::Response { status: 200, headers: Vec::new(), body: Vec::new(), url: request.url })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_calls_that_wait_again_and_again_keep_their_cpu_time() {
    let sandbox = Sandbox::of(1000);
    // Waits some 80 ticks in 20 fetches, and may compute for 10.
    let find = "
        (local $left i32)
        (local.set $left (i32.const 20))
        (loop $again
            (call $get-something)
            (local.set $left (i32.sub (local.get $left) (i32.const 1)))
            (br_if $again (local.get $left)))
        (i32.const 1024)";
    let provider = sandbox.provider(&Guest { limits: "time = \"20s\"", ..Guest::finding(find) }).await;
    let host = Capabilities { http: Arc::new(Slow), ..denied() };
    let calls = (0..1000).map(|_| {
        let (provider, host) = (provider.clone(), host.clone());
        tokio::spawn(async move { provider.find(&request("guest"), &host).await })
    });
    for call in join_all(calls).await {
        let call = call.unwrap();
        assert!(matches!(call.outcome, Ok(Ok(_))), "{call:?}");
        assert_eq!(call.usage.host_calls, 20);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spinning_guests_in_every_place_end_and_leave_the_pool_whole() {
    let sandbox = Sandbox::of(4);
    let spin =
        Guest { limits: "cpu = \"10ms\"\ntime = \"20s\"", ..Guest::finding("(loop $spin (br $spin)) (unreachable)") };
    let (hostile, healthy) = (sandbox.provider(&spin).await, sandbox.provider(&Guest::default()).await);
    let calls = (0..32).map(|_| {
        let hostile = hostile.clone();
        tokio::spawn(async move { find(&hostile, "guest").await.outcome.unwrap_err() })
    });
    for end in join_all(calls).await {
        assert_eq!(end.unwrap(), autocontent_runtime::Fault::Cpu);
    }
    for command in ["one", "two", "three", "four", "five"] {
        assert_eq!(find(&healthy, command).await.outcome, Ok(Ok(echo(command))));
    }
}
