use autocontent_manifest::{ByteSize, ProviderId};
use autocontent_store::testing::TestDatabase;
use autocontent_store::{
    ChannelId, DataOwner, GuildId, MemberId, NewProvider, Origin, StorageAddress, StorageKey, Store, StoreError, Vote,
};
use jiff::Timestamp;
use tokio::task::JoinSet;

use crate::writer::admin;
use crate::{at, by, digest, on_both, recorded};

on_both!(
    a_value_is_kept_replaced_and_forgotten,
    nobody_sees_anothers_values,
    a_key_has_1_to_256_bytes_of_any_text,
    keys_come_in_the_order_of_their_bytes,
    a_time_to_live_ends_to_the_millisecond,
    what_is_over_is_swept_in_batches,
    the_quota_is_exact,
    what_is_over_gives_way_where_room_is_needed,
    a_lowered_quota_lets_less_be_kept_and_not_more,
    increments_count_from_0_and_keep_the_time_to_live,
    what_is_no_number_is_not_counted,
    a_number_stays_within_64_bits,
    ten_thousand_increments_at_once_sum_exactly,
    a_quota_holds_against_many_at_once,
    changes_of_one_group_are_made_in_their_order,
    a_refused_change_harms_no_neighbour,
    a_removed_provider_leaves_nothing,
    what_a_late_call_kept_is_swept,
);

const PLENTY: ByteSize = ByteSize::mib(1);

fn provider(id: &str) -> ProviderId {
    id.parse().unwrap()
}

fn address(owner: DataOwner, key: &str) -> StorageAddress {
    StorageAddress { provider: provider("quote"), owner, key: StorageKey::new(key).unwrap() }
}

/// An address of the whole provider's data.
fn of_all(key: &str) -> StorageAddress {
    address(DataOwner::Provider, key)
}

async fn set(store: &Store, key: &str, value: &str, end: Option<Timestamp>) {
    store.set_value(of_all(key), value.into(), end, PLENTY, at(0)).await.unwrap();
}

async fn get(store: &Store, key: &str, millis: i64) -> Option<String> {
    store.value(&of_all(key), at(millis)).await.unwrap().map(|value| String::from_utf8(value).unwrap())
}

async fn keys(store: &Store, prefix: &str, after: Option<&str>, limit: u32) -> Vec<String> {
    store.keys(&provider("quote"), &DataOwner::Provider, prefix, after, limit, at(0)).await.unwrap()
}

async fn used(store: &Store) -> u64 {
    store.storage_use(&provider("quote")).await.unwrap()
}

async fn a_value_is_kept_replaced_and_forgotten(database: TestDatabase) {
    let store = database.open().await;
    assert_eq!(get(&store, "a", 0).await, None);
    assert_eq!(used(&store).await, 0);
    set(&store, "a", "one", None).await;
    set(&store, "b", "", None).await;
    assert_eq!((get(&store, "a", 0).await, get(&store, "b", 0).await), (Some("one".into()), Some(String::new())));
    assert_eq!(used(&store).await, 5);
    set(&store, "a", "another", None).await;
    assert_eq!(get(&store, "a", 0).await, Some("another".into()));
    assert_eq!(used(&store).await, 9);
    for _ in 0..2 {
        store.forget_value(of_all("a"), at(0)).await.unwrap();
        assert_eq!((get(&store, "a", 0).await, used(&store).await), (None, 1));
    }
    store.close().await;
    assert_eq!(get(&database.open().await, "b", 0).await, Some(String::new()));
}

async fn nobody_sees_anothers_values(database: TestDatabase) {
    let store = database.open().await;
    let (nina, channel) = (MemberId::new(7), ChannelId::new(7));
    let owners = [
        DataOwner::Provider,
        DataOwner::Guild(GuildId::new(7)),
        DataOwner::Channel(channel),
        DataOwner::Direct { member: nina, channel: Some(channel) },
        DataOwner::Direct { member: nina, channel: None },
        DataOwner::Member(nina),
        DataOwner::PreviewPlace,
        DataOwner::PreviewMember,
    ];
    for owner in &owners {
        let value = owner.to_string().into_bytes();
        store.set_value(address(owner.clone(), "key"), value, None, PLENTY, at(0)).await.unwrap();
    }
    let other = StorageAddress { provider: provider("trivia"), ..of_all("key") };
    store.set_value(other.clone(), "trivia".into(), None, PLENTY, at(0)).await.unwrap();
    for owner in &owners {
        let value = store.value(&address(owner.clone(), "key"), at(0)).await.unwrap();
        assert_eq!(value, Some(owner.to_string().into_bytes()));
        assert_eq!(store.keys(&provider("quote"), owner, "", None, 10, at(0)).await.unwrap(), ["key"]);
    }
    assert_eq!(store.value(&other, at(0)).await.unwrap(), Some("trivia".into()));
}

async fn a_key_has_1_to_256_bytes_of_any_text(database: TestDatabase) {
    let store = database.open().await;
    assert_eq!(StorageKey::new(""), None);
    assert_eq!(StorageKey::new(&"k".repeat(257)), None);
    assert_eq!(StorageKey::new(&"é".repeat(129)), None);
    for key in ["k", "\0", "a\0b", "'; DROP TABLE storage; --", "💡 %_\\", &"é".repeat(128)] {
        set(&store, key, key, None).await;
        assert_eq!(get(&store, key, 0).await.as_deref(), Some(key));
    }
    assert_eq!(keys(&store, "", None, 10).await.len(), 6);
}

async fn keys_come_in_the_order_of_their_bytes(database: TestDatabase) {
    let store = database.open().await;
    let ordered = ["\0", "B", "a", "a\0", "a/1", "a/10", "a/2", "aé", "b", "é", "\u{10ffff}", "\u{10ffff}z"];
    for key in ordered.iter().rev() {
        set(&store, key, "", None).await;
    }
    assert_eq!(keys(&store, "", None, 100).await, ordered);
    assert_eq!(keys(&store, "", None, 2).await, ["\0", "B"]);
    assert_eq!(keys(&store, "", Some("a/10"), 2).await, ["a/2", "aé"]);
    assert_eq!(keys(&store, "a/", None, 100).await, ["a/1", "a/10", "a/2"]);
    assert_eq!(keys(&store, "a/", Some("a/1"), 1).await, ["a/10"]);
    assert_eq!(keys(&store, "a/", Some("A"), 1).await, ["a/1"]);
    assert_eq!(keys(&store, "\u{10ffff}", None, 100).await, ["\u{10ffff}", "\u{10ffff}z"]);
    assert!(keys(&store, "a/", Some("b"), 100).await.is_empty());
    assert!(keys(&store, "", None, 0).await.is_empty());
}

async fn a_time_to_live_ends_to_the_millisecond(database: TestDatabase) {
    let store = database.open().await;
    set(&store, "a", "short", Some(at(1000))).await;
    set(&store, "b", "at once", Some(at(0))).await;
    assert_eq!(get(&store, "a", 999).await, Some("short".into()));
    assert_eq!((get(&store, "a", 1000).await, get(&store, "b", 0).await), (None, None));
    let listed = store.keys(&provider("quote"), &DataOwner::Provider, "", None, 10, at(1000)).await.unwrap();
    assert!(listed.is_empty());
    assert_eq!(keys(&store, "", None, 10).await, ["a"]);
    // Set again without an end, it stays.
    set(&store, "a", "for good", None).await;
    assert_eq!(get(&store, "a", i64::from(u32::MAX)).await, Some("for good".into()));
}

async fn what_is_over_is_swept_in_batches(database: TestDatabase) {
    let store = database.open().await;
    for number in 0..5 {
        set(&store, &format!("over-{number}"), "x", Some(at(number))).await;
    }
    set(&store, "later", "x", Some(at(100))).await;
    set(&store, "never", "x", None).await;
    let other = StorageAddress { provider: provider("trivia"), ..of_all("over") };
    store.set_value(other, "x".into(), Some(at(2)), PLENTY, at(0)).await.unwrap();
    let mut swept = Vec::new();
    loop {
        match store.sweep_storage(at(4), 2).await.unwrap() {
            0 => break,
            some => swept.push(some),
        }
    }
    assert!(swept.iter().all(|batch| *batch <= 2), "{swept:?}");
    assert_eq!(swept.iter().sum::<u64>(), 6);
    assert_eq!(keys(&store, "", None, 10).await, ["later", "never"]);
    assert_eq!((used(&store).await, store.storage_use(&provider("trivia")).await.unwrap()), (12, 0));
}

async fn the_quota_is_exact(database: TestDatabase) {
    let store = database.open().await;
    let quota = ByteSize(20);
    let set =
        async |key: &str, length: usize| store.set_value(of_all(key), vec![b'x'; length], None, quota, at(0)).await;
    set("aa", 8).await.unwrap();
    let error = set("bb", 9).await.unwrap_err();
    assert!(matches!(error, StoreError::StorageFull { quota: ByteSize(20), .. }), "{error}");
    set("bb", 8).await.unwrap();
    assert_eq!(used(&store).await, 20);
    assert!(set("aa", 9).await.is_err());
    assert!(store.increment_value(of_all("c"), 1, quota, at(0)).await.is_err());
    assert_eq!(get(&store, "aa", 0).await, Some("x".repeat(8)), "what was there stays");
    set("aa", 6).await.unwrap();
    assert_eq!(store.increment_value(of_all("c"), 9, quota, at(0)).await.unwrap(), 9);
    // One digit more has no room.
    assert!(store.increment_value(of_all("c"), 1, quota, at(0)).await.is_err());
    assert_eq!(store.increment_value(of_all("c"), -1, quota, at(0)).await.unwrap(), 8);
    store.forget_value(of_all("bb"), at(0)).await.unwrap();
    assert_eq!(used(&store).await, 10);
    set("dd", 8).await.unwrap();
    assert!(set("e", 0).await.is_err());
}

async fn what_is_over_gives_way_where_room_is_needed(database: TestDatabase) {
    let store = database.open().await;
    let quota = ByteSize(20);
    store.set_value(of_all("a"), vec![0; 9], Some(at(10)), quota, at(0)).await.unwrap();
    store.set_value(of_all("b"), vec![0; 9], Some(at(20)), quota, at(0)).await.unwrap();
    assert!(store.set_value(of_all("c"), vec![0; 1], None, quota, at(9)).await.is_err());
    store.set_value(of_all("c"), vec![0; 9], None, quota, at(10)).await.unwrap();
    assert_eq!(used(&store).await, 20);
    // What replaces an entry that is over needs no more room than it had.
    store.set_value(of_all("b"), vec![1; 9], None, quota, at(20)).await.unwrap();
    assert!(store.set_value(of_all("a"), vec![], None, quota, at(30)).await.is_err());
}

async fn a_lowered_quota_lets_less_be_kept_and_not_more(database: TestDatabase) {
    let store = database.open().await;
    set(&store, "a", &"x".repeat(100), None).await;
    let lower = ByteSize(50);
    assert!(store.set_value(of_all("a"), vec![0; 101], None, lower, at(0)).await.is_err());
    store.set_value(of_all("a"), vec![0; 80], None, lower, at(0)).await.unwrap();
    assert!(store.set_value(of_all("b"), vec![], None, lower, at(0)).await.is_err());
    store.forget_value(of_all("a"), at(0)).await.unwrap();
    store.set_value(of_all("b"), vec![0; 49], None, lower, at(0)).await.unwrap();
}

async fn increments_count_from_0_and_keep_the_time_to_live(database: TestDatabase) {
    let store = database.open().await;
    let add = async |key: &str, by, millis| store.increment_value(of_all(key), by, PLENTY, at(millis)).await.unwrap();
    assert_eq!(add("a", 5, 0).await, 5);
    assert_eq!(add("a", -12, 0).await, -7);
    assert_eq!(get(&store, "a", 0).await, Some("-7".into()));
    assert_eq!(add("b", 0, 0).await, 0);
    set(&store, "c", "41", Some(at(1000))).await;
    assert_eq!(add("c", 1, 999).await, 42);
    assert_eq!(get(&store, "c", 1000).await, None);
    // What is over is missing, and what is missing is kept for good.
    assert_eq!(add("c", 1, 1000).await, 1);
    assert_eq!(get(&store, "c", 1_000_000).await, Some("1".into()));
}

async fn what_is_no_number_is_not_counted(database: TestDatabase) {
    let store = database.open().await;
    for value in ["", " 1", "1.5", "one", "٣", &"1".repeat(40), "9223372036854775808"] {
        set(&store, "a", value, None).await;
        let error = store.increment_value(of_all("a"), 1, PLENTY, at(0)).await.unwrap_err();
        assert!(matches!(error, StoreError::NotCountable { .. }), "{value}: {error}");
        assert_eq!(get(&store, "a", 0).await.as_deref(), Some(value));
    }
}

async fn a_number_stays_within_64_bits(database: TestDatabase) {
    let store = database.open().await;
    for (limit, beyond) in [(i64::MAX, 1), (i64::MIN, -1)] {
        let key = limit.to_string();
        let add = async |by| store.increment_value(of_all(&key), by, PLENTY, at(0)).await;
        assert_eq!(add(limit).await.unwrap(), limit);
        assert!(matches!(add(beyond).await.unwrap_err(), StoreError::NotCountable { .. }));
        assert_eq!(get(&store, &key, 0).await, Some(key.clone()));
        assert_eq!(add(-beyond).await.unwrap(), limit - beyond);
    }
}

async fn ten_thousand_increments_at_once_sum_exactly(database: TestDatabase) {
    // Two hosts on one database; SQLite has one, which is what it is for.
    let one = database.open().await;
    let other = if database.url_text().starts_with("sqlite:") { one.clone() } else { database.open().await };
    let mut callers = JoinSet::new();
    for caller in 0..100 {
        let store = if caller % 2 == 0 { one.clone() } else { other.clone() };
        callers.spawn(async move {
            let mut seen = Vec::with_capacity(100);
            for _ in 0..100 {
                seen.push(store.increment_value(of_all("sum"), 1, PLENTY, at(0)).await.unwrap());
            }
            seen
        });
    }
    let mut seen = callers.join_all().await.concat();
    seen.sort_unstable();
    assert_eq!(seen, (1..=10_000).collect::<Vec<_>>(), "each sum is told once");
    assert_eq!(get(&one, "sum", 0).await, Some("10000".into()));
    assert_eq!(used(&one).await, 8);
}

async fn a_quota_holds_against_many_at_once(database: TestDatabase) {
    let stores = [database.open().await, database.open().await];
    let mut callers = JoinSet::new();
    for caller in 0..60 {
        let store = stores[caller % 2].clone();
        callers.spawn(async move {
            let key = format!("{caller:02}");
            store.set_value(of_all(&key), vec![0; 8], None, ByteSize(205), at(0)).await.is_ok()
        });
    }
    let kept = callers.join_all().await.into_iter().filter(|kept| *kept).count();
    assert_eq!((kept, used(&stores[0]).await), (20, 200));
    assert_eq!(keys(&stores[1], "", None, 100).await.len(), 20);
}

async fn changes_of_one_group_are_made_in_their_order(database: TestDatabase) {
    let store = database.open().await;
    let (set, add, forget, again) = tokio::join!(
        store.set_value(of_all("a"), "5".into(), None, PLENTY, at(0)),
        store.increment_value(of_all("a"), 2, PLENTY, at(0)),
        store.forget_value(of_all("a"), at(0)),
        store.increment_value(of_all("a"), 1, PLENTY, at(0)),
    );
    set.unwrap();
    forget.unwrap();
    assert_eq!((add.unwrap(), again.unwrap()), (7, 1));
    assert_eq!((get(&store, "a", 0).await, used(&store).await), (Some("1".into()), 2));
}

async fn a_refused_change_harms_no_neighbour(database: TestDatabase) {
    let store = database.open().await;
    let known = recorded(&store, 1).await;
    set(&store, "text", "no number", None).await;
    let mut writes = JoinSet::new();
    for number in 0..120_u64 {
        let store = store.clone();
        writes.spawn(async move {
            let refused = match number % 4 {
                0 => store.increment_value(of_all("sum"), 1, PLENTY, at(0)).await.err(),
                1 => store.increment_value(of_all("text"), 1, PLENTY, at(0)).await.err(),
                2 => store.set_value(of_all("big"), vec![0; 50], None, ByteSize(40), at(0)).await.err(),
                // Unknown to the history, it breaks the group's statement.
                _ => {
                    let id = if number % 8 == 3 { known } else { crate::delivery(500).id };
                    store.vote(id, MemberId::new(number), Vote::Up, at(0)).await.err()
                }
            };
            (number, refused)
        });
    }
    for (number, refused) in writes.join_all().await {
        match (number % 8, refused) {
            (0 | 3 | 4, None)
            | (1 | 5, Some(StoreError::NotCountable { .. }))
            | (2 | 6, Some(StoreError::StorageFull { .. }))
            | (7, Some(StoreError::NoSuchDelivery { .. })) => {}
            (kind, refused) => panic!("{number}, kind {kind}: {refused:?}"),
        }
    }
    assert_eq!(get(&store, "sum", 0).await, Some("30".into()));
    assert_eq!(store.tally(known).await.unwrap().up, 15);
}

async fn a_removed_provider_leaves_nothing(database: TestDatabase) {
    let store = database.open().await;
    for (id, digit) in [("quote", 'a'), ("trivia", 'b')] {
        let new = NewProvider {
            id: provider(id),
            version: "1.0.0".parse().unwrap(),
            digest: digest(digit),
            manifest: String::new(),
            component: vec![],
            origin: Origin { source: String::new(), signer: None },
        };
        store.install(new, &by(1)).await.unwrap();
        let kept = StorageAddress { provider: provider(id), ..address(DataOwner::Guild(GuildId::new(1)), "key") };
        store.set_value(kept, vec![1], None, PLENTY, at(1)).await.unwrap();
    }
    store.remove_provider(&provider("quote"), &by(2)).await.unwrap();
    assert_eq!(store.value(&address(DataOwner::Guild(GuildId::new(1)), "key"), at(1)).await.unwrap(), None);
    assert_eq!((used(&store).await, store.storage_use(&provider("trivia")).await.unwrap()), (0, 4));
}

async fn what_a_late_call_kept_is_swept(database: TestDatabase) {
    let store = database.open().await;
    let new = NewProvider {
        id: provider("trivia"),
        version: "1.0.0".parse().unwrap(),
        digest: digest('b'),
        manifest: String::new(),
        component: vec![],
        origin: Origin { source: String::new(), signer: None },
    };
    store.install(new, &by(1)).await.unwrap();
    let kept = StorageAddress { provider: provider("trivia"), ..of_all("key") };
    store.set_value(kept.clone(), vec![1], None, PLENTY, at(1)).await.unwrap();
    set(&store, "late", "x", None).await;
    assert_eq!(store.sweep_removed_providers().await.unwrap(), 1);
    assert_eq!((get(&store, "late", 0).await, used(&store).await), (None, 0));
    assert_eq!(store.value(&kept, at(1)).await.unwrap(), Some(vec![1]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_connection_loses_no_increment_that_was_answered() {
    let database = TestDatabase::postgres().await;
    let store = database.open().await;
    let (mut admin, name) = admin(&database).await;
    let mut callers = JoinSet::new();
    for _ in 0..20 {
        let store = store.clone();
        callers.spawn(async move {
            let (mut answered, mut lost) = (0_i64, 0);
            while answered < 50 {
                match store.increment_value(of_all("sum"), 1, PLENTY, at(0)).await {
                    Ok(_) => answered += 1,
                    Err(error) => {
                        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
                        lost += 1;
                    }
                }
            }
            (answered, lost)
        });
    }
    let kill = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
    for round in 1..=5 {
        while count(&store).await.is_none_or(|count| count < round * 100) {}
        sqlx::raw_sql(sqlx::AssertSqlSafe(kill.clone())).execute(&mut admin).await.unwrap();
    }
    let outcomes = callers.join_all().await;
    let (answered, lost) = outcomes.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let value = loop {
        // The pool may still hand out a connection that was killed.
        if let Some(value) = count(&store).await {
            break value;
        }
    };
    // A connection that dies during the commit leaves it open whether the group was written.
    assert!((answered..=answered + lost).contains(&value), "{answered} answered, {lost} lost, {value} counted");
}

/// What is counted; none where the connection was killed, or nothing is yet.
async fn count(store: &Store) -> Option<i64> {
    let value = store.value(&of_all("sum"), at(0)).await.ok()??;
    Some(String::from_utf8(value).unwrap().parse().unwrap())
}
