//! Whatever moment the process is killed at, what a member was shown is in the database, and the database is whole.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use autocontent_simulator::{Bot, LoadReport, Snowflake};
use autocontent_store::testing::TestDatabase;
use autocontent_store::{Delivery, DeliveryId, DeliveryState, HistoryFilter, Store};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use secrecy::ExposeSecret as _;
use sqlx::{ConnectOptions as _, sqlite::SqliteConnectOptions};
use tokio::join;

use crate::crowd::{Crowd, delivery_in, delivery_of, is_outcome};
use crate::host::{Host, generous_discord};

/// Kills on each database.
const ROUNDS: usize = 26;
/// Commands that are answered before a kill, at most.
const BEFORE: usize = 150;
/// More than a host answers until it is killed.
const MANY: usize = 5_000;
/// Set to the seed of a failed run, to have the same moments again.
const SEED: &str = "AUTOCONTENT_TEST_SEED";

#[tokio::test]
async fn sigkill_under_load_loses_nothing_that_was_shown_with_sqlite() {
    let host = Host::new();
    let host = Trial::new(host).await.run().await;
    let file = host.path("data/autocontent.db");
    let mut database = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let damage: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut database).await.unwrap();
    assert_eq!(damage, ["ok"]);
    let orphans = sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut database).await.unwrap();
    assert!(orphans.is_empty());
}

#[tokio::test]
async fn sigkill_under_load_loses_nothing_that_was_shown_with_postgresql() {
    let database = TestDatabase::postgres().await;
    let host = Host::new().with("AUTOCONTENT_DATABASE", database.url_text());
    Trial::new(host).await.run().await;
}

/// One host that is killed again and again, and all that members were shown by it.
struct Trial {
    host: Host,
    crowd: Crowd,
    chance: StdRng,
    seed: u64,
    /// Deliveries that were shown, each with its message.
    shown: HashMap<DeliveryId, Snowflake>,
    polls: Vec<Poll>,
}

/// A delivery that members voted on.
struct Poll {
    delivery: DeliveryId,
    /// Votes whose answer was shown.
    shown: usize,
    /// Votes that were sent.
    sent: usize,
}

impl Trial {
    async fn new(host: Host) -> Trial {
        let discord = generous_discord().await;
        let host = host.with("AUTOCONTENT_DISCORD_API", discord.rest_url().as_str());
        let bot = discord.add_bot("main");
        host.succeed_with_input(&["account", "add", "main"], &bot.token()).await;
        host.provide("main", &["parrot"]).await;
        let seed = std::env::var(SEED).ok().and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(()));
        let chance = StdRng::seed_from_u64(seed);
        Trial { host, crowd: Crowd::new(discord, bot), chance, seed, shown: HashMap::new(), polls: Vec::new() }
    }

    async fn run(mut self) -> Host {
        for round in 1..=ROUNDS {
            println!("round {round} of {SEED}={}", self.seed);
            self.kill_under_load().await;
            let store = self.host.store().await;
            self.check(&store).await;
            store.close().await;
        }
        let votes: usize = self.polls.iter().map(|poll| poll.shown).sum();
        println!("{ROUNDS} kills; {} deliveries and {votes} votes were shown, and all are there", self.shown.len());
        assert!(self.shown.len() > 10 * ROUNDS && votes > ROUNDS, "hardly anything was under way");

        // It goes on as if nothing had been.
        let serving = self.host.serve().await;
        self.crowd.bot.until_ready().await.unwrap();
        self.crowd.bot.run(&self.crowd.command).unwrap().message().await.unwrap();
        serving.stop().await;
        self.host
    }

    /// Starts the host, has members ask and vote, and kills it once a chosen number of commands is answered.
    async fn kill_under_load(&mut self) {
        let Trial { host, crowd, chance, .. } = self;
        let bot: &Bot = &crowd.bot;
        let serving = host.serve().await;
        bot.until_ready().await.unwrap();
        bot.until_command("parrot").await.unwrap();
        let message = bot.run(&crowd.command).unwrap().message().await.unwrap();
        let before = crowd.commands(chance.random_range(1..=BEFORE), chance.random_range(1..=8));
        let commands = crowd.commands(MANY, chance.random_range(1..=32));
        let votes = crowd.votes(&message, MANY, chance.random_range(1..=32));
        let counted = async {
            let report = bot.flood(&before).await.unwrap();
            serving.kill().await;
            report
        };
        let (before, commands, votes) = join!(counted, bot.flood(&commands), bot.flood(&votes));
        bot.until(|counts| counts.connections == 0).await.unwrap();

        let (commands, votes) = (commands.unwrap(), votes.unwrap());
        self.shown.insert(delivery_in(&message), message.id);
        for LoadReport { answered, refused, .. } in [&before, &commands] {
            assert!(refused.is_empty(), "{refused:?}");
            let shown = answered.iter().filter(|answered| is_outcome(answered));
            self.shown.extend(shown.map(|one| (delivery_of(one.custom_id.as_ref().unwrap()), one.message.unwrap())));
        }
        assert!(votes.refused.is_empty(), "{:?}", votes.refused);
        let shown = votes.answered.iter().filter(|answered| is_outcome(answered)).count();
        self.polls.push(Poll { delivery: delivery_in(&message), shown, sent: votes.sent });
    }

    /// Reads everything that is there and compares it with what members were shown, in this round and in all before.
    async fn check(&self, store: &Store) {
        let history = store.history(&HistoryFilter { limit: u32::MAX, ..HistoryFilter::default() }).await.unwrap();
        let history: HashMap<DeliveryId, Delivery> = history.into_iter().map(|one| (one.id, one)).collect();
        for (id, message) in &self.shown {
            let delivery = history.get(id).unwrap_or_else(|| panic!("the delivery {id} was shown and is lost"));
            match delivery.state {
                DeliveryState::Pending => assert_eq!(delivery.message, None),
                DeliveryState::Delivered => assert_eq!(delivery.message.unwrap().get(), message.get()),
                other => panic!("the delivery {id} was shown and is {other:?}"),
            }
        }
        for delivery in history.values() {
            assert_eq!(delivery.items.len(), 1, "{delivery:?}");
        }
        for Poll { delivery, shown, sent } in &self.polls {
            let counted = usize::try_from(store.tally(*delivery).await.unwrap().up).unwrap();
            assert!((*shown..=*sent).contains(&counted), "{shown} votes were shown, {sent} cast, {counted} counted");
        }
        let (accounts, installed) = (store.accounts().await.unwrap(), store.installed().await.unwrap());
        assert_eq!(store.token(accounts[0].id).await.unwrap().expose_secret(), self.crowd.bot.token());
        assert!(!store.component(&installed[0].digest).await.unwrap().is_empty());
        assert_eq!(store.enabled().await.unwrap(), [(accounts[0].id, installed[0].id.clone())]);
    }
}
