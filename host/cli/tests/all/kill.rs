//! Whatever moment the process is killed at, what a member was shown is in the database, and the database is whole.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use autocontent_simulator::{Answered, Bot, InvokeError, LoadReport, Snowflake};
use autocontent_store::testing::TestDatabase;
use autocontent_store::{Delivery, DeliveryId, DeliveryState, HistoryFilter, MemberId, Store};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use secrecy::ExposeSecret as _;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::join;

use crate::crowd::{Crowd, delivery_in, delivery_of, is_outcome};
use crate::host::{Host, generous_discord};

/// Kills on each database.
const ROUNDS: usize = 50;
/// Commands that are answered before a kill, at most.
const BEFORE: usize = 150;
/// What a host logs at least until it serves.
const STARTING: usize = 3;
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
    /// Members who were told that a favourite of theirs is saved.
    savers: Vec<MemberId>,
    /// Members who were thanked for a report, each with what they reported.
    reporters: Vec<(DeliveryId, MemberId)>,
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
        Trial {
            host,
            crowd: Crowd::new(discord, bot),
            chance,
            seed,
            shown: HashMap::new(),
            polls: Vec::new(),
            savers: Vec::new(),
            reporters: Vec::new(),
        }
    }

    async fn run(mut self) -> Host {
        for round in 1..=ROUNDS {
            println!("round {round} of {SEED}={}", self.seed);
            let (savers, reporters) = (self.savers.len(), self.reporters.len());
            self.kill_while_starting().await;
            self.kill_under_load().await;
            let store = self.host.store().await;
            self.check(&store).await;
            // One query for each: those of earlier rounds wait until the end.
            check_favourites(&store, &self.savers[savers..]).await;
            check_reports(&store, &self.reporters[reporters..]).await;
            store.close().await;
        }
        let votes: usize = self.polls.iter().map(|poll| poll.shown).sum();
        let (deliveries, savers, reporters) = (self.shown.len(), self.savers.len(), self.reporters.len());
        println!(
            "{ROUNDS} kills; {deliveries} deliveries, {votes} votes, {savers} favourites and {reporters} reports were shown and are there"
        );
        assert!(deliveries.min(votes).min(savers).min(reporters) > ROUNDS, "hardly anything was under way");

        let store = self.host.store().await;
        check_favourites(&store, &self.savers).await;
        check_reports(&store, &self.reporters).await;
        let recorded = everything(&store).await.len();
        store.close().await;
        println!("{} more deliveries were recorded, and killed before their answer", recorded - self.shown.len());
        assert!(recorded > self.shown.len(), "no kill came between recording and answering");

        // It goes on as if nothing had been.
        let serving = self.host.serve().await;
        self.crowd.bot.until_ready().await.unwrap();
        self.crowd.bot.run(&self.crowd.command).unwrap().message().await.unwrap();
        serving.stop().await;
        self.host
    }

    /// Kills the host somewhere between its first step and serving.
    async fn kill_while_starting(&mut self) {
        let serving = self.host.begin_to_serve();
        serving.logged_so_much(self.chance.random_range(0..=STARTING)).await;
        serving.kill().await;
    }

    /// Starts the host, has members ask, vote, save and report, and kills it once a chosen number of commands is answered.
    async fn kill_under_load(&mut self) {
        let Trial { host, crowd, chance, .. } = self;
        let bot: &Bot = &crowd.bot;
        let serving = host.serve().await;
        bot.until_ready().await.unwrap();
        bot.until_command("parrot").await.unwrap();
        let message = bot.run(&crowd.command).unwrap().message().await.unwrap();
        let counted = crowd.commands(chance.random_range(1..=BEFORE), chance.random_range(1..=8));
        let commands = crowd.commands(MANY, chance.random_range(1..=32));
        let votes = crowd.presses(&message, "👍", MANY, chance.random_range(1..=16));
        let favourites = crowd.presses(&message, "⭐", MANY, chance.random_range(1..=16));
        let counted = async {
            let report = bot.flood(&counted).await;
            serving.kill().await;
            report
        };
        let menu = bot.press(&message, "⋯", &crowd.member).unwrap().message().await.unwrap();
        let reports = crowd.presses(&menu, "Report", MANY, chance.random_range(1..=16));
        let reports =
            join!(counted, bot.flood(&commands), bot.flood(&votes), bot.flood(&favourites), bot.flood(&reports));
        bot.until(|counts| counts.connections == 0).await.unwrap();

        let [counted, commands, votes, favourites, reports] =
            [reports.0, reports.1, reports.2, reports.3, reports.4].map(shown);
        let poll = delivery_in(&message);
        self.shown.insert(poll, message.id);
        let deliveries = counted.1.iter().chain(&commands.1);
        self.shown.extend(deliveries.map(|one| (delivery_of(one.custom_id.as_ref().unwrap()), one.message.unwrap())));
        self.polls.push(Poll { delivery: poll, shown: votes.1.len(), sent: votes.0 });
        let members = |shown: Vec<Answered>| shown.into_iter().map(|one| MemberId::new(one.member.get()));
        self.savers.extend(members(favourites.1));
        self.reporters.extend(members(reports.1).map(|member| (poll, member)));
    }

    /// Reads everything that is there and compares it with what members were shown, in this round and in all before.
    async fn check(&self, store: &Store) {
        let history = everything(store).await;
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

/// The whole history.
async fn everything(store: &Store) -> HashMap<DeliveryId, Delivery> {
    let history = store.history(&HistoryFilter { limit: u32::MAX, ..HistoryFilter::default() }).await.unwrap();
    history.into_iter().map(|delivery| (delivery.id, delivery)).collect()
}

async fn check_favourites(store: &Store, savers: &[MemberId]) {
    for member in savers {
        let saved = store.favourites(*member, 10, 0).await.unwrap();
        assert_eq!(saved.len(), 1, "the favourite of the member {member} was saved and is lost");
    }
}

async fn check_reports(store: &Store, reporters: &[(DeliveryId, MemberId)]) {
    for (delivery, member) in reporters {
        let newly = store.report(*delivery, *member, jiff::Timestamp::UNIX_EPOCH).await.unwrap();
        assert!(!newly, "the report of {delivery} by the member {member} was shown and is lost");
    }
}

/// How many interactions were sent, and those of which members saw the outcome. No answer was refused, but for one that a
/// busy machine made too late (10062).
fn shown(report: Result<LoadReport, InvokeError>) -> (usize, Vec<Answered>) {
    let LoadReport { sent, answered, refused, .. } = report.unwrap();
    assert!(refused.iter().all(|(_, error)| error.contains("10062")), "{refused:?}");
    (sent, answered.into_iter().filter(is_outcome).collect())
}
