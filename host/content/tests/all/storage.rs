//! What providers keep: whose it is, what fits, and that nothing is lost when many do it at once.

use std::sync::Arc;

use autocontent_content::contract::log::Level;
use autocontent_content::contract::storage::{Error, Scope};
use autocontent_content::contract::{Argument, Audience, Place, Request, Trigger, Value};
use autocontent_content::{AccountId, Asker, CallStorage, Capabilities};
use autocontent_manifest::ByteSize;
use autocontent_runtime::{Log, Storage};
use autocontent_store::Store;
use autocontent_store::testing::TestDatabase;
use jiff::Timestamp;

use crate::service::{TestClock, guest, runtime};

struct Unheard;

impl Log for Unheard {
    fn write(&self, _: Level, _: &str) {}
}

/// A store, and calls that keep something in it.
struct Keeping {
    store: Store,
    clock: Arc<TestClock>,
    database: TestDatabase,
}

impl Keeping {
    async fn start(database: TestDatabase) -> Keeping {
        Keeping { store: database.open().await, clock: TestClock::new(), database }
    }

    /// The storage of a call for this asker.
    fn call(&self, asker: &Asker) -> CallStorage {
        self.within(asker, ByteSize::mib(8))
    }

    fn within(&self, asker: &Asker, quota: ByteSize) -> CallStorage {
        let provider = "probe".parse().unwrap();
        CallStorage::new(self.store.clone(), provider, asker, quota, self.clock.clone())
    }
}

fn member(member: u64, guild: u64) -> Asker {
    Asker {
        account: Some(AccountId::new(Timestamp::UNIX_EPOCH, [1; 10])),
        member: Some(member.into()),
        guild: Some(guild.into()),
        channel: Some(70.into()),
        place: Place::Guild,
        locale: "en-US".into(),
        age_restricted: false,
        moderator: false,
    }
}

fn private(member_id: u64, channel: u64, place: Place) -> Asker {
    Asker { guild: None, channel: Some(channel.into()), place, ..member(member_id, 1) }
}

fn operator() -> Asker {
    Asker { account: None, member: None, guild: None, channel: None, place: Place::BotDm, ..member(1, 1) }
}

#[tokio::test]
async fn a_call_sees_what_is_its_own_place_and_members() {
    let keeping = Keeping::start(TestDatabase::sqlite()).await;
    let askers = [
        member(1, 1),
        member(2, 1),
        member(1, 2),
        private(1, 5, Place::BotDm),
        private(1, 6, Place::PrivateChannel),
        private(2, 6, Place::PrivateChannel),
        operator(),
    ];
    let mut seen = Vec::new();
    for asker in &askers {
        let call = keeping.call(asker);
        let mut counts = Vec::new();
        for scope in [Scope::Provider, Scope::Place, Scope::Member] {
            counts.push(call.increment(scope, "calls".into(), 1).await.unwrap());
        }
        seen.push(counts);
    }
    assert_eq!(
        seen,
        [[1, 1, 1], [2, 2, 1], [3, 1, 2], [4, 1, 3], [5, 1, 4], [6, 2, 2], [7, 1, 1]],
        "of the provider, of the place, of the member"
    );
    // Two bots have two places with one member, and both go with the member.
    keeping.call(&private(1, 7, Place::BotDm)).set(Scope::Place, "calls".into(), vec![], None).await.unwrap();
    assert_eq!(keeping.store.erase_member(1.into()).await.unwrap().entries, 3);
    let left = keeping.call(&private(1, 5, Place::BotDm));
    assert_eq!(left.get(Scope::Place, "calls".into()).await, Ok(None));
    assert_eq!(left.get(Scope::Member, "calls".into()).await, Ok(None));
    assert_eq!(left.get(Scope::Provider, "calls".into()).await, Ok(Some(b"7".to_vec())));
    let shared = keeping.call(&private(2, 6, Place::PrivateChannel));
    assert_eq!(shared.get(Scope::Place, "calls".into()).await, Ok(Some(b"2".to_vec())));
}

#[tokio::test]
async fn keys_values_and_numbers_have_their_limits() {
    let keeping = Keeping::start(TestDatabase::sqlite()).await;
    let call = keeping.call(&member(1, 1));
    let scope = Scope::Member;
    let (longest, longer) = ("k".repeat(256), "k".repeat(257));
    for key in [&longer, ""] {
        assert_eq!(call.get(scope, key.to_owned()).await, Err(Error::TooLarge));
        assert_eq!(call.set(scope, key.to_owned(), vec![], None).await, Err(Error::TooLarge));
        assert_eq!(call.delete(scope, key.to_owned()).await, Err(Error::TooLarge));
        assert_eq!(call.increment(scope, key.to_owned(), 1).await, Err(Error::TooLarge));
    }
    let largest = vec![7; 64 << 10];
    call.set(scope, longest.clone(), largest.clone(), None).await.unwrap();
    assert_eq!(call.set(scope, longest.clone(), vec![7; (64 << 10) + 1], None).await, Err(Error::TooLarge));
    assert_eq!(call.get(scope, longest.clone()).await, Ok(Some(largest)));
    assert_eq!(call.increment(scope, longest.clone(), 1).await, Err(Error::TooLarge), "it is no number");
    call.delete(scope, longest.clone()).await.unwrap();
    assert_eq!(call.increment(scope, longest.clone(), i64::MAX).await, Ok(i64::MAX));
    assert_eq!(call.increment(scope, longest.clone(), 1).await, Err(Error::TooLarge), "no 64 bits hold it");
    assert_eq!(call.get(scope, longest).await, Ok(Some(i64::MAX.to_string().into_bytes())));
}

#[tokio::test]
async fn a_quota_is_full_to_the_byte() {
    let keeping = Keeping::start(TestDatabase::sqlite()).await;
    let call = keeping.within(&member(1, 1), ByteSize(10));
    let set = |key: &str, length| call.set(Scope::Provider, key.into(), vec![0; length], None);
    assert_eq!(set("a", 10).await, Err(Error::Full));
    assert_eq!(set("a", 9).await, Ok(()));
    assert_eq!(call.increment(Scope::Member, "n".into(), 1).await, Err(Error::Full));
    assert_eq!(set("a", 7).await, Ok(()));
    assert_eq!(call.increment(Scope::Member, "n".into(), 1).await, Ok(1));
    assert_eq!(set("b", 0).await, Err(Error::Full));
    assert_eq!(call.delete(Scope::Provider, "a".into()).await, Ok(()));
    assert_eq!(set("b", 7).await, Ok(()));
}

#[tokio::test]
async fn a_time_to_live_counts_in_seconds_of_the_hosts_clock() {
    let keeping = Keeping::start(TestDatabase::sqlite()).await;
    let call = keeping.call(&member(1, 1));
    for (key, ttl) in [("brief", Some(2)), ("none", Some(0)), ("long", Some(u32::MAX)), ("ever", None)] {
        call.set(Scope::Place, key.into(), vec![1], ttl).await.unwrap();
    }
    let keys = || call.keys(Scope::Place, String::new(), None, 10);
    assert_eq!(keys().await.unwrap(), ["brief", "ever", "long"]);
    keeping.clock.advance(1);
    assert_eq!(call.get(Scope::Place, "brief".into()).await, Ok(Some(vec![1])));
    keeping.clock.advance(1);
    assert_eq!(call.get(Scope::Place, "brief".into()).await, Ok(None));
    assert_eq!(keys().await.unwrap(), ["ever", "long"]);
    keeping.clock.advance(u32::MAX.into());
    assert_eq!(keys().await.unwrap(), ["ever"]);
}

#[tokio::test]
async fn a_call_uses_its_storage_so_often_and_writes_so_much() {
    let keeping = Keeping::start(TestDatabase::sqlite()).await;
    let call = keeping.call(&member(1, 1));
    for number in 0..999 {
        assert_eq!(call.get(Scope::Provider, number.to_string()).await, Ok(None));
    }
    assert_eq!(call.keys(Scope::Provider, String::new(), None, 1).await, Ok(vec![]));
    assert_eq!(call.get(Scope::Provider, "a".into()).await, Err(Error::Unavailable));
    assert_eq!(call.keys(Scope::Provider, String::new(), None, 1).await, Err(Error::Unavailable));

    let call = keeping.call(&member(1, 1));
    // 4 MiB with their keys.
    for number in 10..74 {
        call.set(Scope::Provider, number.to_string(), vec![0; (64 << 10) - 2], None).await.unwrap();
    }
    assert_eq!(call.set(Scope::Provider, "a".into(), vec![], None).await, Err(Error::Unavailable));
    assert_eq!(call.get(Scope::Provider, "10".into()).await.unwrap().unwrap().len(), (64 << 10) - 2);
}

#[tokio::test]
async fn a_thousand_keys_are_listed_at_once() {
    let keeping = Keeping::start(TestDatabase::sqlite()).await;
    for thousand in 0..2 {
        let call = keeping.call(&member(1, 1));
        for number in 0..501 {
            call.set(Scope::Member, format!("{thousand}/{number:03}"), vec![], None).await.unwrap();
        }
    }
    let call = keeping.call(&member(1, 1));
    let keys = call.keys(Scope::Member, String::new(), None, u32::MAX).await.unwrap();
    assert_eq!((keys.len(), &*keys[999]), (1000, "1/498"));
    let rest = call.keys(Scope::Member, String::new(), Some("1/498".into()), u32::MAX).await.unwrap();
    assert_eq!(rest, ["1/499", "1/500"]);
}

#[tokio::test]
async fn without_a_database_storage_is_unavailable() {
    let keeping = Keeping::start(TestDatabase::sqlite()).await;
    let call = keeping.call(&member(1, 1));
    keeping.store.close().await;
    assert_eq!(call.get(Scope::Provider, "a".into()).await, Err(Error::Unavailable));
    assert_eq!(call.set(Scope::Provider, "a".into(), vec![], None).await, Err(Error::Unavailable));
    assert_eq!(call.delete(Scope::Provider, "a".into()).await, Err(Error::Unavailable));
    assert_eq!(call.increment(Scope::Provider, "a".into(), 1).await, Err(Error::Unavailable));
    assert_eq!(call.keys(Scope::Provider, String::new(), None, 1).await, Err(Error::Unavailable));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_increments_from_a_hundred_calls_sum_exactly_on_sqlite() {
    count(Keeping::start(TestDatabase::sqlite()).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_increments_from_a_hundred_calls_sum_exactly_on_postgresql() {
    count(Keeping::start(TestDatabase::postgres().await).await).await;
}

/// A real provider in the real sandbox counts to 100 in each of 100 calls at once.
async fn count(keeping: Keeping) {
    let runtime = runtime(&keeping.database, &keeping.clock, 100);
    let component = guest("probe");
    let digest = runtime.compile(&component).await.unwrap().digest;
    let provider = runtime.load(&digest, || async { Ok::<_, std::io::Error>(component.clone()) }).await.unwrap();
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..100 {
        let storage = Arc::new(keeping.call(&member(number, number)));
        let (provider, host) = (provider.clone(), Capabilities { storage, ..Capabilities::denied(Arc::new(Unheard)) });
        calls.spawn(async move {
            let call = provider.find(&hundred(), &host).await;
            assert_eq!(call.usage.host_calls, 100);
            let page = call.outcome.unwrap().unwrap();
            page.items[0].text.clone().unwrap().parse::<i64>().unwrap()
        });
    }
    let last = calls.join_all().await.into_iter().max();
    assert_eq!(last, Some(10_000));
    let kept = keeping.call(&operator()).get(Scope::Provider, "count".into()).await;
    assert_eq!(kept, Ok(Some(b"10000".to_vec())));
}

fn hundred() -> Request {
    Request {
        command: "count".into(),
        arguments: vec![Argument { name: "times".into(), value: Value::Integer(100) }],
        trigger: Trigger::Command,
        audience: Audience {
            user: "u".into(),
            scope: "s".into(),
            place: Place::Guild,
            locale: "en-US".into(),
            sensitive_allowed: false,
        },
        limit: 1,
        cursor: None,
    }
}
