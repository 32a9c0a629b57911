//! What the REST API does to a bot, and what becomes of it.

use std::time::Duration;

use autocontent_discord::{Status, Transport};
use autocontent_simulator::{Endpoint, Fault, RestFault, Times};
use autocontent_store::DeliveryState;

use crate::host::{Host, eventually};

const CALLBACK: Option<Endpoint> = Some(Endpoint::CreateInteractionResponse);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_discord_drops_is_sent_again() {
    let (host, bot) = Host::with_bot().await;
    let faults = [
        RestFault::Status(500),
        RestFault::Status(503),
        RestFault::Reset,
        RestFault::TooManyRequests { retry_after: Duration::from_millis(200), global: false },
        RestFault::TooManyRequests { retry_after: Duration::from_millis(200), global: true },
    ];
    for fault in faults {
        bot.sim.fault(Fault::Rest(fault, CALLBACK, Times::Next(1)));
        let answer = bot.sim.run(&host.parrot("items:a")).unwrap();
        assert!(!answer.initial().await.unwrap().is_ephemeral(), "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_taken_but_not_confirmed_counts_as_delivered() {
    let (host, bot) = Host::with_bot().await;
    bot.sim.fault(Fault::Rest(RestFault::Slow(Duration::from_secs(20)), CALLBACK, Times::Next(1)));
    let answer = bot.sim.run(&host.parrot("items:a")).unwrap();
    assert!(!answer.initial().await.unwrap().is_ephemeral());
    let delivery = host.settled().await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!(delivery.message.unwrap().get(), answer.message().await.unwrap().id.get());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_never_arrives_is_a_failed_delivery() {
    let (host, bot) = Host::with_bot().await;
    bot.sim.fault(Fault::Rest(RestFault::Status(500), CALLBACK, Times::Always));
    let answer = bot.sim.run(&host.parrot("items:a")).unwrap();
    assert!(answer.initial().await.is_err());
    assert_eq!(host.settled().await.state, DeliveryState::Failed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deferred_answer_survives_errors_and_limits() {
    let (host, bot) = Host::with_bot().await;
    for fault in [
        RestFault::Status(502),
        RestFault::Reset,
        RestFault::TooManyRequests { retry_after: Duration::from_millis(500), global: false },
    ] {
        bot.sim.fault(Fault::Rest(fault, Some(Endpoint::EditOriginal), Times::Next(2)));
        let answer = bot.sim.run(&host.parrot("fetch items:a")).unwrap();
        answer.initial().await.unwrap();
        host.gate.open(1);
        assert_eq!(answer.message().await.unwrap().embeds()[0]["title"], "a", "{fault:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_token_is_tried_once_and_never_again() {
    let host = Host::start().await;
    let bot = host.add("first", Transport::Gateway).await;
    let mut wanted = bot.wanted();
    wanted.token = "not.a.token".into();
    host.fleet.reconcile(vec![wanted]);
    assert!(host.until_failed(&bot).await.contains("developer portal"));
    host.fleet.commands_changed();
    assert_eq!(host.sim.requests().len(), 1);
    assert_eq!(host.sim.invalid_requests(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_that_is_taken_back_stops_all_calls() {
    let (host, bot) = Host::with_bot().await;
    bot.sim.fault(Fault::InvalidateToken);
    host.fleet.commands_changed();
    assert!(host.until_failed(&bot).await.contains("401"));
    assert_eq!(host.sim.invalid_requests(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_waits_for_an_api_that_fails() {
    let host = Host::start().await;
    let bot = host.add("first", Transport::Gateway).await;
    bot.sim.fault(Fault::Rest(RestFault::Garbage, Some(Endpoint::GetCurrentApplication), Times::Next(1)));
    bot.sim.fault(Fault::Rest(RestFault::Status(500), Some(Endpoint::GetGatewayBot), Times::Next(2)));
    host.want(&[&bot]);
    assert!(host.until_waiting(&bot).await.contains("GET /applications/@me"));
    host.until_serving(&bot).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_commands_are_not_sent_again_and_changed_ones_are() {
    let (host, bot) = Host::with_bot().await;
    assert_eq!(bot.sim.counts().command_writes, 1);
    let reads = || {
        let listed = |request: &autocontent_simulator::RequestRecord| request.endpoint == Some(Endpoint::ListCommands);
        host.sim.requests().iter().filter(|request| listed(request)).count()
    };
    host.want(&[]);
    bot.sim.until(|counts| counts.connections == 0).await.unwrap();
    host.want(&[&bot]);
    host.until(&bot, |status| *status == Status::Ready).await;
    eventually(|| reads() == 2).await;
    assert_eq!(bot.sim.counts().command_writes, 1);

    host.content.disable(bot.account, &"parrot".parse().unwrap(), &autocontent_content::Actor::host()).await.unwrap();
    host.content.reload().await.unwrap();
    host.fleet.commands_changed();
    bot.sim.until(|counts| counts.command_writes == 2).await.unwrap();
    assert_eq!(bot.sim.commands().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_global_limit_does_not_hold_back_answers() {
    let (host, bot) = Host::with_bot().await;
    let limited = RestFault::TooManyRequests { retry_after: Duration::from_secs(600), global: true };
    bot.sim.fault(Fault::Rest(limited, Some(Endpoint::ListCommands), Times::Always));
    host.fleet.commands_changed();
    eventually(|| host.sim.invalid_requests() == 1).await;
    let answer = bot.sim.run(&host.parrot("items:a")).unwrap();
    assert!(!answer.initial().await.unwrap().is_ephemeral());
    assert_eq!(host.sim.invalid_requests(), 1);
}
