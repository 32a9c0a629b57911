//! What a guest gets from each import.

use std::sync::Arc;

use autocontent_runtime::contract::log::Level;
use autocontent_runtime::contract::{Page, http};
use autocontent_runtime::{Capabilities, Http};

use crate::guest::Guest;
use crate::sandbox::{KeptLog, NOW, Sandbox, denied, find, request};

/// The page of a guest that was asked with nothing granted.
async fn page(guest: Guest) -> Page {
    let sandbox = Sandbox::new();
    let provider = sandbox.provider(&guest).await;
    find(&provider, "guest").await.outcome.unwrap().unwrap()
}

/// Ends a body with a page whose `cache-for` is the number on the stack.
macro_rules! tell {
    ($body:literal) => {
        concat!("(i32.store (i32.const 1052) ", $body, ") (i32.store8 (i32.const 1048) (i32.const 1)) (i32.const 1024)")
    };
}

#[tokio::test]
async fn the_clock_is_the_hosts() {
    let page = page(Guest::finding(tell!("(i32.wrap_i64 (i64.div_u (call $now) (i64.const 1000)))"))).await;
    assert_eq!(page.cache_for, Some(u32::try_from(NOW / 1000).unwrap()));
}

#[tokio::test]
async fn randomness_comes_in_the_length_that_was_asked_for() {
    let find = tell!("(call $random (i32.const 4096) (i32.const 2048)) (i32.load (i32.const 2052))");
    assert_eq!(page(Guest::finding(find)).await.cache_for, Some(4096));
}

#[tokio::test]
async fn storage_that_is_not_granted_is_unavailable() {
    // The result's case, 1 for an error, and the error's, 2 for `unavailable`.
    let cases = [
        tell!(
            "(call $get (i32.const 0) (i32.const 16) (i32.const 8) (i32.const 2048))
            (i32.add (i32.mul (i32.load8_u (i32.const 2048)) (i32.const 10)) (i32.load8_u (i32.const 2052)))"
        ),
        tell!(
            "(call $set (i32.const 1) (i32.const 16) (i32.const 8) (i32.const 16) (i32.const 8) (i32.const 0)
                (i32.const 0) (i32.const 2048))
            (i32.add (i32.mul (i32.load8_u (i32.const 2048)) (i32.const 10)) (i32.load8_u (i32.const 2049)))"
        ),
        tell!(
            "(call $delete (i32.const 2) (i32.const 16) (i32.const 8) (i32.const 2048))
            (i32.add (i32.mul (i32.load8_u (i32.const 2048)) (i32.const 10)) (i32.load8_u (i32.const 2049)))"
        ),
        tell!(
            "(call $increment (i32.const 2) (i32.const 16) (i32.const 8) (i64.const 1) (i32.const 2048))
            (i32.add (i32.mul (i32.load8_u (i32.const 2048)) (i32.const 10)) (i32.load8_u (i32.const 2056)))"
        ),
        tell!(
            "(call $keys (i32.const 0) (i32.const 16) (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 0)
                (i32.const 9) (i32.const 2048))
            (i32.add (i32.mul (i32.load8_u (i32.const 2048)) (i32.const 10)) (i32.load8_u (i32.const 2052)))"
        ),
    ];
    for find in cases {
        assert_eq!(page(Guest::finding(find)).await.cache_for, Some(12), "{find}");
    }
}

#[tokio::test]
async fn http_that_is_not_granted_is_denied() {
    // The result's case, 1 for an error, and the error's, 0 for `denied`.
    let find = tell!(
        "(call $get-something)
        (i32.add (i32.mul (i32.load8_u (i32.const 2048)) (i32.const 10)) (i32.load8_u (i32.const 2052)))"
    );
    assert_eq!(page(Guest::finding(find)).await.cache_for, Some(10));
}

#[tokio::test]
async fn a_setting_that_nobody_set_is_none() {
    let find = tell!("(call $setting (i32.const 16) (i32.const 8) (i32.const 2048)) (i32.load8_u (i32.const 2048))");
    assert_eq!(page(Guest::finding(find)).await.cache_for, Some(0));
}

/// Answers the last request first, and each with a status of its own.
struct Backwards(tokio::sync::Semaphore);

#[async_trait::async_trait]
impl Http for Backwards {
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error> {
        if request.method == http::Method::Get {
            // Waits until the other request has come, so both must be under way at the same time.
            self.0.acquire().await.unwrap().forget();
            return Ok(http::Response { status: 201, headers: Vec::new(), body: Vec::new(), url: request.url });
        }
        self.0.add_permits(1);
        Ok(http::Response { status: 202, headers: Vec::new(), body: Vec::new(), url: request.url })
    }
}

#[tokio::test]
async fn fetch_all_asks_at_the_same_time_and_answers_in_order() {
    // Two requests of 40 bytes from address 3072, a GET and a HEAD; each answer has 32 bytes, its status 4 within.
    let find = tell!(
        "(i32.store8 (i32.const 3112) (i32.const 1))
        (call $fetch-all (i32.const 3072) (i32.const 2) (i32.const 2048))
        (i32.add
            (i32.mul (i32.load16_u offset=4 (i32.load (i32.const 2048))) (i32.const 1000))
            (i32.load16_u offset=36 (i32.load (i32.const 2048))))"
    );
    let sandbox = Sandbox::new();
    let provider = sandbox.provider(&Guest::finding(find)).await;
    let host = Capabilities { http: Arc::new(Backwards(tokio::sync::Semaphore::new(0))), ..denied() };
    let call = provider.find(&request("guest"), &host).await;
    assert_eq!(call.outcome.unwrap().unwrap().cache_for, Some(201_202));
    assert_eq!(call.usage.host_calls, 1);
}

#[tokio::test]
async fn log_lines_arrive_with_their_level_and_escaped() {
    let sandbox = Sandbox::new();
    let find = "
        (i32.store8 (i32.const 18) (i32.const 10))
        (call $log (i32.const 1) (i32.const 16) (i32.const 4))
        (call $log (i32.const 3) (i32.const 16) (i32.const 2))
        (i32.const 1024)";
    let provider = sandbox.provider(&Guest::finding(find)).await;
    let log = Arc::new(KeptLog::default());
    provider.find(&request("guest"), &Capabilities::denied(log.clone())).await.outcome.unwrap().unwrap();
    assert_eq!(log.lines(), [(Level::Debug, "pa\\ni".to_owned()), (Level::Warn, "pa".to_owned())]);
}

#[tokio::test]
async fn nothing_is_left_of_one_call_in_the_next() {
    // Counts in a global and in memory, both of which begin anew with each call.
    let guest = Guest {
        more: "(global $calls (mut i32) (i32.const 0))",
        ..Guest::finding(tell!(
            "(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
            (i32.store (i32.const 3072) (i32.add (i32.load (i32.const 3072)) (i32.const 1)))
            (i32.add (global.get $calls) (i32.load (i32.const 3072)))"
        ))
    };
    let sandbox = Sandbox::of(1);
    let provider = sandbox.provider(&guest).await;
    for _ in 0..3 {
        assert_eq!(find(&provider, "guest").await.outcome.unwrap().unwrap().cache_for, Some(2));
    }
}
