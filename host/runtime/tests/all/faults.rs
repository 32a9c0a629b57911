//! Every way in which a guest can misbehave, the fault it ends in, and a healthy provider that answers meanwhile.

use std::sync::Arc;

use autocontent_runtime::contract::log::Level;
use autocontent_runtime::contract::{Failure, Page, http};
use autocontent_runtime::{Call, Capabilities, Fault, Http, Provider};
use futures_util::future::{FutureExt as _, join_all};

use crate::guest::Guest;
use crate::sandbox::{KeptLog, Sandbox, denied, echo, find, partial, request};

/// Asks the hostile guest while a healthy one is asked twenty times beside it, and returns the hostile one's end.
async fn beside_a_healthy_one(guest: Guest) -> Call<Result<Page, Failure>> {
    let sandbox = Sandbox::new();
    let (hostile, healthy) = (sandbox.provider(&guest).await, sandbox.provider(&Guest::default()).await);
    let hostile = tokio::spawn(async move { find(&hostile, "guest").await });
    let commands: Vec<String> = (0..20).map(|number| format!("command {number}")).collect();
    for call in join_all(commands.iter().map(|command| find(&healthy, command))).await.iter().zip(&commands) {
        assert_eq!(call.0.outcome, Ok(Ok(echo(call.1))));
    }
    let end = hostile.await.unwrap();
    assert_eq!(find(&healthy, "after").await.outcome, Ok(Ok(echo("after"))));
    end
}

async fn fault(guest: Guest) -> Fault {
    beside_a_healthy_one(guest).await.outcome.unwrap_err()
}

const SPIN: &str = "(loop $spin (br $spin)) (unreachable)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spinning_in_find_uses_up_the_cpu_time() {
    let call = beside_a_healthy_one(Guest::finding(SPIN)).await;
    assert_eq!(call.outcome, Err(Fault::Cpu));
    assert_eq!(call.usage.cpu_ticks, 11, "100 ms are ten ticks; the eleventh ends the call");
}

#[tokio::test]
async fn a_healthy_provider_answers_beside_a_spinning_one_on_a_single_thread() {
    assert_eq!(fault(Guest::finding(SPIN)).await, Fault::Cpu);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_smaller_budget_ends_sooner() {
    let call = beside_a_healthy_one(Guest { limits: "cpu = \"20ms\"", ..Guest::finding(SPIN) }).await;
    assert_eq!((call.outcome, call.usage.cpu_ticks), (Err(Fault::Cpu), 3));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spinning_in_a_start_function_uses_up_the_cpu_time() {
    let more = "(func $start (loop $spin (br $spin))) (start $start)";
    assert_eq!(fault(Guest { more, ..Guest::default() }).await, Fault::Cpu);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spinning_on_the_clock_uses_up_the_cpu_time() {
    let guest = Guest::finding("(loop $spin (drop (call $now)) (br $spin)) (unreachable)");
    let call = beside_a_healthy_one(guest).await;
    assert_eq!(call.outcome, Err(Fault::Cpu));
    assert!(call.usage.host_calls > 100, "{} host calls", call.usage.host_calls);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spinning_on_denied_imports_that_may_wait_uses_up_the_cpu_time() {
    let guest = Guest::finding(
        "(loop $spin
            (call $get (i32.const 0) (i32.const 16) (i32.const 8) (i32.const 2048))
            (global.set $free (i32.const 4096))
            (br $spin))
        (unreachable)",
    );
    assert_eq!(fault(guest).await, Fault::Cpu);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_log_lines_is_cut_and_uses_up_the_cpu_time() {
    let sandbox = Sandbox::new();
    let guest =
        Guest::finding("(loop $spin (call $log (i32.const 2) (i32.const 16) (i32.const 8)) (br $spin)) (unreachable)");
    let provider = sandbox.provider(&guest).await;
    let log = Arc::new(KeptLog::default());
    let call = provider.find(&request("guest"), &Capabilities::denied(log.clone())).await;
    assert_eq!(call.outcome, Err(Fault::Cpu));
    let lines = log.lines();
    assert_eq!(lines.len(), 101);
    assert_eq!(lines[0], (Level::Info, "panicked".to_owned()));
    let dropped = call.usage.host_calls - 100;
    assert_eq!(lines[100], (Level::Warn, format!("{dropped} more lines were dropped: a call may log 100")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn taking_all_memory_ends_at_the_limit() {
    let find = "
        (loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1))))
        (unreachable)";
    let call = beside_a_healthy_one(Guest { limits: "memory = \"4 MiB\"", ..Guest::finding(find) }).await;
    assert_eq!((call.outcome, call.usage.peak_memory), (Err(Fault::Memory), 4 << 20));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_starts_too_large_is_out_of_memory() {
    assert_eq!(fault(Guest { limits: "memory = \"1 MiB\"", pages: 17, ..Guest::default() }).await, Fault::Memory);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guest_that_lives_with_a_refusal_of_memory_is_fine() {
    let find = "(drop (memory.grow (i32.const 2000))) (i32.const 1024)";
    let call = beside_a_healthy_one(Guest::finding(find)).await;
    assert!(matches!(call.outcome, Ok(Ok(_))), "{:?}", call.outcome);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deep_recursion_ends_on_the_stack() {
    let more = "(func $deep (param i32) (result i32)
        (i32.add (call $deep (i32.add (local.get 0) (i32.const 1))) (local.get 0)))";
    assert_eq!(fault(Guest { more, ..Guest::finding("(call $deep (i32.const 0))") }).await, Fault::Stack);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deep_recursion_on_a_stack_in_memory_ends_on_the_stack() {
    let more = "(global $stack (mut i32) (i32.const 1048576))
        (func $deep (result i32)
            (global.set $stack (i32.sub (global.get $stack) (i32.const 8192)))
            (i32.store (global.get $stack) (i32.const 1))
            (i32.add (call $deep) (i32.const 1)))";
    assert_eq!(fault(Guest { more, ..Guest::finding("(call $deep)") }).await, Fault::Stack);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stray_pointer_is_a_crash_and_not_the_stack() {
    let end = fault(Guest::finding("(i32.load (i32.const -8))")).await;
    assert_eq!(end, Fault::Trap { message: "out of bounds memory access".into() });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_of_8_mib_is_too_large() {
    let find = "
        (i32.store8 (i32.const 1036) (i32.const 1))
        (i32.store (i32.const 1040) (i32.const 65536))
        (i32.store (i32.const 1044) (i32.const 8388608))
        (i32.const 1024)";
    assert_eq!(fault(Guest { pages: 256, ..Guest::finding(find) }).await, Fault::ResultTooLarge);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_million_empty_records_are_too_many() {
    let suggest = "
        (i32.store (i32.const 1024) (i32.const 65536))
        (i32.store (i32.const 1028) (i32.const 500000))
        (i32.const 1024)";
    let sandbox = Sandbox::new();
    let guest = Guest { pages: 256, suggest: Some(suggest), ..Guest::default() };
    let provider = sandbox.provider(&guest).await;
    let (partial, host) = (partial(), denied());
    let (suggested, found) = tokio::join!(provider.suggest(&partial, &host), find(&provider, "beside"));
    assert_eq!(suggested.outcome, Err(Fault::ResultTooLarge));
    assert_eq!(found.outcome, Ok(Ok(echo("beside"))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_line_of_8_mib_is_too_large() {
    let find = "(call $log (i32.const 2) (i32.const 65536) (i32.const 8388608)) (i32.const 1024)";
    assert_eq!(fault(Guest { pages: 256, ..Guest::finding(find) }).await, Fault::ResultTooLarge);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreachable_is_told_as_a_crash() {
    let end = fault(Guest::finding("(unreachable)")).await;
    assert_eq!(end, Fault::Trap { message: "wasm `unreachable` instruction executed".into() });
    assert_eq!(end.to_string(), "the provider crashed: wasm `unreachable` instruction executed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_is_told_with_its_message_and_place() {
    let find = "(call $log (i32.const 4) (i32.const 16) (i32.const 43)) (unreachable)";
    let end = fault(Guest::finding(find)).await;
    assert_eq!(end, Fault::Trap { message: "panicked at src/lib.rs:7:13: no more quotes".into() });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_division_by_zero_is_told_as_a_crash() {
    let end = fault(Guest::finding("(i32.div_u (i32.const 1) (i32.const 0))")).await;
    assert_eq!(end, Fault::Trap { message: "integer divide by zero".into() });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_break_the_types_are_told_as_such() {
    let outside = "(i32.const -4)";
    let not_utf8 = "
        (i32.store8 (i32.const 1036) (i32.const 1))
        (i32.store (i32.const 1040) (i32.const 59))
        (i32.store (i32.const 1044) (i32.const 3))
        (i32.const 1024)";
    let no_such_case = "(i32.store8 (i32.const 1024) (i32.const 9)) (i32.const 1024)";
    let list_outside = "
        (i32.store (i32.const 1028) (i32.const 65536))
        (i32.store (i32.const 1032) (i32.const 10000))
        (i32.const 1024)";
    for find in [outside, not_utf8, no_such_case, list_outside] {
        let end = fault(Guest::finding(find)).await;
        assert!(matches!(&end, Fault::Invalid { what } if !what.is_empty()), "{find}: {end:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_random_bytes_are_denied() {
    let end = fault(Guest::finding("(call $random (i32.const 4097) (i32.const 2048)) (i32.const 1024)")).await;
    assert_eq!(end, Fault::Denied { import: "`system.random` of 4097 bytes; at most 4096 are given at once".into() });
}

#[tokio::test]
async fn what_a_provider_does_not_export_is_missing() {
    let sandbox = Sandbox::new();
    let provider = sandbox.provider(&Guest::default()).await;
    let call = provider.suggest(&partial(), &denied()).await;
    assert_eq!(call.outcome, Err(Fault::Missing { export: "suggestions" }));
}

/// Never answers.
struct Silent;

#[async_trait::async_trait]
impl Http for Silent {
    async fn fetch(&self, _: http::Request) -> Result<http::Response, http::Error> {
        std::future::pending().await
    }
}

fn silent() -> Capabilities {
    Capabilities { http: Arc::new(Silent), ..denied() }
}

const FETCH: &str = "(call $get-something) (i32.const 1024)";

#[tokio::test]
async fn waiting_for_the_host_ends_with_the_time() {
    let sandbox = Sandbox::new();
    let waiting = sandbox.provider(&Guest::finding(FETCH)).await;
    let healthy = sandbox.provider(&Guest::default()).await;
    tokio::time::pause();
    let (request, host) = (request("guest"), silent());
    let (call, beside) = tokio::join!(waiting.find(&request, &host), find(&healthy, "beside"));
    assert_eq!(call.outcome, Err(Fault::Time));
    assert_eq!((call.usage.host_calls, call.usage.cpu_ticks), (1, 0));
    assert_eq!(beside.outcome, Ok(Ok(echo("beside"))));
}

#[tokio::test]
async fn a_full_pool_is_waited_for_and_then_busy() {
    let sandbox = Sandbox::of(1);
    let waiting = sandbox.provider(&Guest { limits: "time = \"10s\"", ..Guest::finding(FETCH) }).await;
    let impatient = sandbox.provider(&Guest { limits: "time = \"1s\"", ..Guest::default() }).await;
    let patient = sandbox.provider(&Guest { limits: "time = \"20s\"", ..Guest::default() }).await;
    tokio::time::pause();
    let (request, host) = (request("guest"), silent());
    let (first, busy, served) =
        tokio::join!(waiting.find(&request, &host), find(&impatient, "soon"), find(&patient, "late"));
    assert_eq!(first.outcome, Err(Fault::Time));
    assert_eq!(busy.outcome, Err(Fault::Busy));
    assert_eq!(served.outcome, Ok(Ok(echo("late"))));
}

#[tokio::test]
async fn an_abandoned_call_gives_its_place_back() {
    let sandbox = Sandbox::of(1);
    let waiting: Provider = sandbox.provider(&Guest::finding(FETCH)).await;
    let healthy = sandbox.provider(&Guest::default()).await;
    let (request, host) = (request("guest"), silent());
    assert_eq!(waiting.find(&request, &host).now_or_never(), None, "it answered without an answer from the host");
    assert_eq!(find(&healthy, "after").await.outcome, Ok(Ok(echo("after"))));
}
