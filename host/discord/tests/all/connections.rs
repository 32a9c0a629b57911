//! What the gateway does to a bot, and what becomes of it.

use std::{sync::atomic::Ordering, time::Duration};

use autocontent_discord::{FleetConfig, Status, Transport};
use autocontent_simulator::{Break, Fault, Moment, SimulatorConfig, Times};

use crate::host::{Host, TestBot};

async fn answers(host: &Host, bot: &TestBot) {
    let answer = bot.sim.run(&host.parrot("items:a")).unwrap();
    assert!(!answer.initial().await.unwrap().is_ephemeral());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn close_codes_that_cannot_heal_end_the_bot_with_what_to_do() {
    let host = Host::start().await;
    for (code, advice) in [
        (4004, "developer portal"),
        (4010, "2,500 servers"),
        (4011, "2,500 servers"),
        (4012, "newer autocontent"),
        (4013, "privileged intents"),
        (4014, "privileged intents"),
    ] {
        let bot = host.add(&format!("bot-{code}"), Transport::Gateway).await;
        bot.sim.fault(Fault::At(Moment::Identify, Break::Close(code), Times::Always));
        host.want(&[&bot]);
        let reason = host.until_failed(&bot).await;
        assert!(reason.contains(&code.to_string()) && reason.contains(advice), "{code}: {reason}");
        assert_eq!(bot.sim.identifies(), 1, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_authenticated_again_and_again_ends_the_bot() {
    let host = Host::start().await;
    let bot = host.add("first", Transport::Gateway).await;
    bot.sim.fault(Fault::At(Moment::Connect, Break::Close(4003), Times::Always));
    host.want(&[&bot]);
    assert!(host.until_failed(&bot).await.contains("4003"));
    assert_eq!(bot.sim.counts().sockets, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_connection_is_resumed() {
    let (host, bot) = Host::with_bot().await;
    // Those that come soon after another wait for some seconds.
    let faults =
        [Fault::Reconnect, Fault::InvalidSession { resumable: true }, Fault::Cut, Fault::Reset, Fault::Close(4000)];
    for (fault, resumes) in faults.into_iter().zip(1..) {
        bot.sim.fault(fault);
        bot.sim.until(|counts| counts.resumes == resumes && counts.connections == 1).await.unwrap();
        host.until(&bot, |status| *status == Status::Ready).await;
        answers(&host, &bot).await;
    }
    assert_eq!(bot.sim.identifies(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_is_no_more_is_begun_anew_and_not_too_soon() {
    let (host, bot) = Host::with_bot().await;
    bot.sim.fault(Fault::InvalidSession { resumable: false });
    bot.sim.until(|counts| counts.identifies == 2 && counts.connections == 1).await.unwrap();
    answers(&host, &bot).await;
    assert_eq!((bot.sim.resumes(), bot.sim.token_resets()), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_whose_resume_fails_is_given_up() {
    let (host, bot) = Host::with_bot().await;
    bot.sim.fault(Fault::At(Moment::Resume, Break::Close(4000), Times::Always));
    bot.sim.fault(Fault::Cut);
    bot.sim.until(|counts| counts.identifies == 2 && counts.connections == 1).await.unwrap();
    host.until(&bot, |status| *status == Status::Ready).await;
    answers(&host, &bot).await;
    assert!((1..=3).contains(&bot.sim.resumes()), "{}", bot.sim.resumes());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_went_deaf_is_left() {
    let config = SimulatorConfig { heartbeat_interval: Duration::from_millis(400), ..SimulatorConfig::default() };
    let host = Host::start_with(config, FleetConfig::default()).await;
    let bot = host.add("first", Transport::Gateway).await;
    host.want(&[&bot]);
    host.until_serving(&bot).await;
    bot.sim.fault(Fault::Deaf);
    bot.sim.until(|counts| counts.resumes == 1 && counts.connections == 1).await.unwrap();
    answers(&host, &bot).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_peer_that_drops_before_hello_is_not_hammered() {
    let host = Host::start().await;
    let bot = host.add("first", Transport::Gateway).await;
    bot.sim.fault(Fault::At(Moment::Connect, Break::Cut, Times::Always));
    host.want(&[&bot]);
    assert!(host.until_waiting(&bot).await.contains("gateway"));
    // The pauses from here on are of a second and more.
    let before = bot.sim.counts().sockets;
    // Each takes a poll at least, and 64 polls in a row without success end in a pause; one more may be on its way.
    assert!(before <= 65, "{before} connections");
    bot.sim.heal();
    host.until_serving(&bot).await;
    let after = bot.sim.counts().sockets;
    assert!(after <= before + 3, "{before} connections, then {after}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unreachable_gateway_is_waited_for() {
    let host = Host::start().await;
    let bot = host.add("first", Transport::Gateway).await;
    host.sim.close_gateway();
    host.want(&[&bot]);
    assert!(host.until_waiting(&bot).await.contains("can't be reached"));
    host.sim.open_gateway();
    host.until_serving(&bot).await;
    answers(&host, &bot).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_days_last_identifies_are_left_and_the_token_keeps() {
    let config = SimulatorConfig { identifies_per_day: 1, ..SimulatorConfig::default() };
    let host = Host::start_with(config, FleetConfig::default()).await;
    let bot = host.add("first", Transport::Gateway).await;
    host.want(&[&bot]);
    host.until_serving(&bot).await;
    bot.sim.fault(Fault::InvalidSession { resumable: false });
    assert!(host.until_waiting(&bot).await.contains("used up"));
    assert_eq!((bot.sim.identifies(), bot.sim.token_resets()), (1, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_a_bots_task_ends_only_that_attempt() {
    let (host, bot) = Host::with_bot().await;
    host.random.0.store(true, Ordering::Relaxed);
    bot.sim.fault(Fault::Reconnect);
    assert!(host.until_waiting(&bot).await.contains("started again"));
    host.until_serving(&bot).await;
    bot.sim.until(|counts| counts.identifies == 2 && counts.connections == 1).await.unwrap();
    answers(&host, &bot).await;
}
