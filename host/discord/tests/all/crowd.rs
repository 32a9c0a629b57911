//! Ten healthy bots under load, and one that suffers: it must not be felt.

use std::time::Duration;

use autocontent_discord::{Status, Transport};
use autocontent_simulator::{Act, Break, Fault, Load, Moment, RestFault, Times};
use futures_util::future::join_all;

use crate::host::{Host, TestBot};

const EACH: usize = 30;

/// How the eleventh ends, by what strikes it.
#[derive(Clone, Copy, Debug)]
enum End {
    Failed,
    Waiting,
    Serving,
    /// Struck while it served, it comes back.
    Back,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bots_fault_costs_the_others_nothing() {
    let host = Host::start().await;
    let mut healthy = Vec::new();
    for i in 0..10 {
        healthy.push(host.add(&format!("healthy-{i}"), Transport::Gateway).await);
    }
    let at_connect = |how| Fault::At(Moment::Connect, how, Times::Always);
    let at_identify = |code| Fault::At(Moment::Identify, Break::Close(code), Times::Always);
    let limited = RestFault::TooManyRequests { retry_after: Duration::from_secs(300), global: true };
    let faults = [
        (at_connect(Break::Close(4003)), End::Failed),
        (at_identify(4004), End::Failed),
        (at_identify(4010), End::Failed),
        (at_identify(4011), End::Failed),
        (at_identify(4013), End::Failed),
        (at_identify(4014), End::Failed),
        (at_connect(Break::Cut), End::Waiting),
        (at_connect(Break::Refuse), End::Waiting),
        (Fault::Rest(RestFault::Status(500), None, Times::Always), End::Waiting),
        (Fault::Rest(limited, None, Times::Always), End::Waiting),
        (Fault::Rest(RestFault::Slow(Duration::from_secs(2)), None, Times::Always), End::Serving),
        (Fault::InvalidateToken, End::Failed),
        (Fault::Reconnect, End::Back),
        (Fault::InvalidSession { resumable: true }, End::Back),
        (Fault::InvalidSession { resumable: false }, End::Back),
        (Fault::Cut, End::Back),
        (Fault::Reset, End::Back),
    ];
    let mut bots = healthy.clone();
    for (i, (fault, end)) in faults.into_iter().enumerate() {
        let ill = host.add(&format!("ill-{i}"), Transport::Gateway).await;
        let wrong_token = fault == Fault::InvalidateToken;
        let before = ill.wanted();
        bots.push(ill.clone());
        if !matches!(end, End::Back) {
            ill.sim.fault(fault);
        }
        let mut wanted: Vec<_> = bots.iter().map(TestBot::wanted).collect();
        if wrong_token {
            wanted.pop();
            wanted.push(before);
        }
        host.fleet.reconcile(wanted);
        for bot in &healthy {
            host.until_serving(bot).await;
        }
        if matches!(end, End::Back) {
            host.until_serving(&ill).await;
            ill.sim.fault(fault);
        }
        let (reports, ()) =
            tokio::join!(join_all(healthy.iter().map(|bot| flood(&host, bot))), becomes(&host, &ill, end));
        for report in reports {
            assert_eq!(report, (EACH, 0, 0), "beside {fault:?}");
        }
        bots.pop();
    }
    for bot in &healthy {
        assert_eq!((bot.sim.identifies(), bot.sim.resumes()), (1, 0));
    }
}

/// How many were answered, not answered and refused.
async fn flood(host: &Host, bot: &TestBot) -> (usize, usize, usize) {
    let load =
        Load { act: Act::Run(host.parrot("items:a")), total: EACH, in_flight: 3, members: 5, stop_on_disconnect: true };
    let report = bot.sim.flood(&load).await.unwrap();
    (report.answered.len(), report.unanswered.len(), report.refused.len())
}

async fn becomes(host: &Host, ill: &TestBot, end: End) {
    if matches!(end, End::Back) {
        ill.sim.until(|counts| counts.identifies + counts.resumes > 1).await.unwrap();
    }
    host.until(ill, |status| match end {
        End::Failed => matches!(status, Status::Failed { .. }),
        End::Waiting => matches!(status, Status::Waiting { .. }),
        End::Serving | End::Back => *status == Status::Ready,
    })
    .await;
}
