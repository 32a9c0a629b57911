//! Told to stop, the host finishes what it has taken.

use std::collections::HashSet;

use autocontent_simulator::{Interaction, Unanswered};
use autocontent_store::testing::TestDatabase;
use autocontent_store::{DeliveryId, DeliveryState, HistoryFilter};
use futures_util::future::join_all;

use crate::crowd::{Crowd, delivery_in};
use crate::host::{Host, generous_discord};

/// What members ask at once: less than what a bot takes at once.
const ASKED: usize = 200;
/// After so many answers the host is told to stop.
const ANSWERED: usize = 20;

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
    let crowd = Crowd::new(discord, bot);

    let asked: Vec<_> = (0..ASKED).map(|_| crowd.bot.run(&crowd.command).unwrap()).collect();
    for interaction in asked.iter().take(ANSWERED) {
        interaction.initial().await.unwrap();
    }
    serving.terminate();
    let (status, log) = serving.ended().await;
    assert!(status.success(), "{status}: {log:#?}");
    assert!(log.iter().all(|entry| entry["level"] == "INFO"), "{log:#?}");
    assert_eq!(log.last().unwrap()["message"], "stopped");

    let mut shown: HashSet<DeliveryId> = HashSet::new();
    for outcome in join_all(asked.iter().map(Interaction::message)).await {
        match outcome {
            Ok(message) => assert!(shown.insert(delivery_in(&message))),
            // It was on its way when the host closed the connection.
            Err(Unanswered::TimedOut) => {}
            Err(error) => panic!("{error}"),
        }
    }
    // What was taken is answered, recorded and settled; of what was not taken any more there is no trace.
    let store = host.store().await;
    let history = store.history(&HistoryFilter { limit: u32::MAX, ..HistoryFilter::default() }).await.unwrap();
    store.close().await;
    let unsettled: Vec<_> = history.iter().filter(|delivery| delivery.state != DeliveryState::Delivered).collect();
    assert!(unsettled.is_empty(), "{unsettled:#?}");
    assert_eq!(history.iter().map(|delivery| delivery.id).collect::<HashSet<_>>(), shown);
    println!("{} of {ASKED} were answered", shown.len());
}
