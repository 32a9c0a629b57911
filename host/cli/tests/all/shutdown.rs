//! Told to stop, the host finishes what it has taken.

use std::collections::HashSet;

use autocontent_simulator::LoadReport;
use autocontent_store::testing::TestDatabase;
use autocontent_store::{DeliveryId, DeliveryState, HistoryFilter};
use tokio::join;

use crate::crowd::{Crowd, delivery_of, is_outcome};
use crate::host::{Host, generous_discord};

#[tokio::test]
async fn sigterm_under_load_answers_what_was_taken_with_sqlite() {
    stop_under_load(Host::new()).await;
}

#[tokio::test]
async fn sigterm_under_load_answers_what_was_taken_with_postgresql() {
    let database = TestDatabase::postgres().await;
    stop_under_load(Host::new().with("AUTOCONTENT_DATABASE", database.url_text())).await;
}

async fn stop_under_load(host: Host) {
    let discord = generous_discord().await;
    let host = host.with("AUTOCONTENT_DISCORD_API", discord.rest_url().as_str());
    let bot = discord.add_bot("main");
    host.succeed_with_input(&["account", "add", "main"], &bot.token()).await;
    host.provide("main", &["parrot"]).await;
    let serving = host.serve().await;
    bot.until_ready().await.unwrap();
    bot.until_command("parrot").await.unwrap();
    let crowd = Crowd::new(&discord, bot);

    let (before, during) = (crowd.commands(100, 8), crowd.commands(20_000, 32));
    let counted = async {
        let report = crowd.bot.flood(&before).await.unwrap();
        serving.terminate();
        report
    };
    let (before, during) = join!(counted, crowd.bot.flood(&during));
    let (status, log) = serving.ended().await;
    assert!(status.success(), "{status}: {log:#?}");
    assert!(log.iter().all(|entry| entry["level"] == "INFO"), "{log:#?}");
    assert_eq!(log.last().unwrap()["message"], "stopped");

    let during = during.unwrap();
    assert!(during.sent < 20_000, "the load was over before the host was told to stop");
    let mut shown: HashSet<DeliveryId> = HashSet::new();
    for LoadReport { answered, refused, .. } in [&before, &during] {
        assert!(refused.is_empty(), "{refused:?}");
        for answered in answered {
            assert!(is_outcome(answered), "{answered:?}");
            shown.insert(delivery_of(answered.custom_id.as_ref().unwrap()));
        }
    }
    // What was taken is recorded, and nothing else; what the host did not take any more, nobody has seen.
    let store = host.store().await;
    let history = store.history(&HistoryFilter { limit: u32::MAX, ..HistoryFilter::default() }).await.unwrap();
    store.close().await;
    assert!(history.iter().all(|delivery| delivery.state == DeliveryState::Delivered));
    assert_eq!(history.iter().map(|delivery| delivery.id).collect::<HashSet<_>>(), shown);
    assert_eq!(during.sent - during.answered.len(), during.unanswered.len());
}
