//! Starting, stopping and exchanging bots.

use std::time::Duration;

use autocontent_discord::{FleetConfig, Status, Transport};
use autocontent_simulator::{CallbackKind, Fault, SimulatorConfig};

use crate::host::Host;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_runs_becomes_what_is_wanted() {
    let host = Host::start().await;
    let (first, second) = (host.add("first", Transport::Gateway).await, host.add("second", Transport::Gateway).await);
    host.want(&[&first]);
    host.until_serving(&first).await;
    host.want(&[&first, &second]);
    host.until_serving(&second).await;
    let mut events = host.fleet.events();
    host.want(&[&second]);
    first.sim.until(|counts| counts.connections == 0).await.unwrap();
    loop {
        let event = events.recv().await.unwrap();
        if event.account == first.account && event.status == Status::Stopped {
            break;
        }
    }
    assert_eq!((second.sim.identifies(), second.sim.connections()), (1, 1));
    assert_eq!(host.fleet.statuses().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_says_who_it_is() {
    let (host, bot) = Host::with_bot().await;
    let event = host.fleet.statuses().remove(0);
    let identity = event.identity.unwrap();
    assert_eq!(identity.application.get(), bot.sim.application_id().get());
    assert_eq!(identity.public_key, bot.sim.verify_key());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_token_starts_a_failed_bot_anew() {
    let (host, bot) = Host::with_bot().await;
    let old = bot.wanted();
    bot.sim.fault(Fault::InvalidateToken);
    host.fleet.commands_changed();
    host.until_failed(&bot).await;
    let same = autocontent_discord::Wanted { token: old.token.clone(), ..old };
    host.fleet.reconcile(vec![same]);
    assert!(matches!(host.fleet.statuses()[0].status, Status::Failed { .. }));
    host.want(&[&bot]);
    host.until(&bot, |status| *status == Status::Ready).await;
    assert_eq!(bot.sim.connections(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_gave_up_tries_again_when_it_is_told_to() {
    let (host, bot) = Host::with_bot().await;
    bot.sim.fault(Fault::Close(4014));
    host.until_failed(&bot).await;
    host.want(&[&bot]);
    assert!(matches!(host.fleet.statuses()[0].status, Status::Failed { .. }));
    host.fleet.reconcile(vec![autocontent_discord::Wanted { again: true, ..bot.wanted() }]);
    host.until(&bot, |status| *status == Status::Ready).await;
    // One that runs is left alone.
    let identifies = bot.sim.identifies();
    host.fleet.reconcile(vec![autocontent_discord::Wanted { again: true, ..bot.wanted() }]);
    assert_eq!((host.fleet.statuses()[0].status.clone(), bot.sim.identifies()), (Status::Ready, identifies));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_finishes_what_is_in_flight() {
    let (host, bot) = Host::with_bot().await;
    let answer = bot.sim.run(&host.parrot("fetch items:a")).unwrap();
    assert_eq!(answer.initial().await.unwrap().kind, CallbackKind::DeferredMessage);
    let stopping = tokio::spawn({
        let fleet = host.fleet.clone();
        async move { fleet.stop().await }
    });
    // Nothing is taken any more, though the answer is still to come.
    bot.sim.until(|counts| counts.connections == 0).await.unwrap();
    host.gate.open(1);
    assert_eq!(answer.message().await.unwrap().embeds()[0]["title"], "a");
    stopping.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_does_not_wait_for_ever() {
    let config = FleetConfig { grace: Duration::from_millis(100), ..FleetConfig::default() };
    let host = Host::start_with(SimulatorConfig::default(), config).await;
    let bot = host.add("first", Transport::Gateway).await;
    host.want(&[&bot]);
    host.until_serving(&bot).await;
    let answer = bot.sim.run(&host.parrot("fetch items:a")).unwrap();
    answer.initial().await.unwrap();
    host.fleet.stop().await;
    assert_eq!(bot.sim.connections(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_whose_gateway_went_deaf_stops_all_the_same() {
    let (host, bot) = Host::with_bot().await;
    bot.sim.fault(Fault::Deaf);
    host.fleet.stop().await;
    assert!(host.fleet.statuses().is_empty());
}
