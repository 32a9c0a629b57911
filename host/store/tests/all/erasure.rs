use autocontent_manifest::ByteSize;
use autocontent_store::testing::TestDatabase;
use autocontent_store::{
    CastVote, ChannelId, DataOwner, Delivery, DeliveryId, Erased, GuildId, HistoryFilter, KeptEntry, MadeReport,
    MemberId, NewDelivery, NewFavourite, StorageAddress, StorageKey, Store, Tally, Vote,
};

use crate::{at, delivery, on_both};

on_both!(
    a_member_is_forgotten_and_a_guilds_history_stays,
    a_guild_is_forgotten_with_its_history,
    erasing_takes_any_number_and_may_be_repeated,
    what_is_kept_about_a_member_can_be_told,
    old_history_is_pruned_in_batches_and_favourites_stay,
);

const NINA: MemberId = MemberId::new(7);
const OMAR: MemberId = MemberId::new(70);
const HOME: GuildId = GuildId::new(1);
const AWAY: GuildId = GuildId::new(10);

/// A delivery to a member; without a guild it is in a channel of direct messages.
async fn asked(store: &Store, millis: i64, member: MemberId, guild: Option<GuildId>) -> NewDelivery {
    let mut new = delivery(millis);
    new.member = Some(member);
    new.guild = guild;
    new.channel = Some(ChannelId::new(5));
    new.audience = guild.map_or_else(|| "channel:5".to_owned(), |guild| format!("guild:{guild}"));
    new.next = Some("more of courage".to_owned());
    store.record(new.clone()).await.unwrap();
    new
}

async fn keep(store: &Store, provider: &str, owner: DataOwner) -> StorageAddress {
    let address = StorageAddress { provider: provider.parse().unwrap(), owner, key: StorageKey::new("key").unwrap() };
    store.set_value(address.clone(), vec![0, 255], None, ByteSize::mib(1), at(0)).await.unwrap();
    address
}

async fn save(store: &Store, member: MemberId, delivery: DeliveryId) {
    let new = NewFavourite {
        member,
        provider: "quote".parse().unwrap(),
        item: "a".to_owned(),
        delivery,
        json: "{}".to_owned(),
    };
    assert!(store.toggle_favourite(new, at(1)).await.unwrap());
}

async fn history(store: &Store) -> Vec<Delivery> {
    store.history(&HistoryFilter { limit: 10_000, ..HistoryFilter::default() }).await.unwrap()
}

fn direct(member: MemberId) -> DataOwner {
    DataOwner::Direct { member, channel: Some(ChannelId::new(5)) }
}

async fn kept(store: &Store, addresses: &[StorageAddress]) -> Vec<bool> {
    let mut kept = Vec::new();
    for address in addresses {
        kept.push(store.value(address, at(0)).await.unwrap().is_some());
    }
    kept
}

async fn a_member_is_forgotten_and_a_guilds_history_stays(database: TestDatabase) {
    let store = database.open().await;
    let in_guild = asked(&store, 1, NINA, Some(HOME)).await;
    let private = asked(&store, 2, NINA, None).await;
    let others = asked(&store, 3, OMAR, Some(HOME)).await;
    for id in [in_guild.id, private.id, others.id] {
        for member in [NINA, OMAR] {
            store.vote(id, member, Vote::Up, at(4)).await.unwrap();
            store.report(id, member, at(4)).await.unwrap();
        }
    }
    save(&store, NINA, others.id).await;
    save(&store, OMAR, others.id).await;
    let mut addresses = Vec::new();
    for (provider, owner) in [
        ("quote", DataOwner::Member(NINA)),
        ("trivia", DataOwner::Member(NINA)),
        ("quote", direct(NINA)),
        ("quote", DataOwner::Member(OMAR)),
        ("quote", direct(OMAR)),
        ("quote", DataOwner::Guild(GuildId::new(7))),
        ("quote", DataOwner::Provider),
    ] {
        addresses.push(keep(&store, provider, owner).await);
    }
    let erased = store.erase_member(NINA).await.unwrap();
    // Her vote on, and report of, what was private went with it or before it.
    let expected = Erased { deliveries: 1, anonymised: 1, votes: 3, reports: 3, favourites: 1, entries: 3 };
    assert_eq!(erased, expected);
    assert_eq!(kept(&store, &addresses).await, [false, false, false, true, true, true, true]);
    assert_eq!(store.storage_use(&"quote".parse().unwrap()).await.unwrap(), 20);
    assert_eq!(store.storage_use(&"trivia".parse().unwrap()).await.unwrap(), 0);
    assert_eq!(store.favourites(NINA, 10, 0).await.unwrap(), []);
    assert_eq!(store.favourites(OMAR, 10, 0).await.unwrap().len(), 1);
    assert_eq!(store.delivery(private.id).await.unwrap(), None);
    let stays = store.delivery(in_guild.id).await.unwrap().unwrap();
    assert_eq!((stays.member, &*stays.arguments, stays.next), (None, "[]", None));
    assert_eq!((stays.guild, stays.items), (Some(HOME), in_guild.items));
    let same = store.delivery(others.id).await.unwrap().unwrap();
    assert_eq!((same.member, same.arguments, same.next), (Some(OMAR), others.arguments, others.next));
    for id in [in_guild.id, others.id] {
        assert_eq!(store.tally(id).await.unwrap(), Tally { up: 1, down: 0 });
        assert!(!store.report(id, OMAR, at(5)).await.unwrap(), "his report stays");
    }
    assert_eq!(store.seen("guild:1", &"quote".parse().unwrap(), 10).await.unwrap(), ["item-3", "item-1"]);
    assert_eq!(store.erase_member(NINA).await.unwrap(), Erased::default());
}

async fn a_guild_is_forgotten_with_its_history(database: TestDatabase) {
    let store = database.open().await;
    let here = asked(&store, 1, NINA, Some(HOME)).await;
    let (away, private) = (asked(&store, 2, NINA, Some(AWAY)).await, asked(&store, 3, NINA, None).await);
    store.vote(here.id, NINA, Vote::Up, at(4)).await.unwrap();
    save(&store, NINA, here.id).await;
    let mut addresses = Vec::new();
    for owner in [DataOwner::Guild(HOME), DataOwner::Guild(AWAY), DataOwner::Member(NINA), DataOwner::Provider] {
        addresses.push(keep(&store, "quote", owner).await);
    }
    let erased = store.erase_guild(HOME).await.unwrap();
    assert_eq!(erased, Erased { deliveries: 1, entries: 1, ..Erased::default() });
    assert_eq!(history(&store).await.into_iter().map(|one| one.id).collect::<Vec<_>>(), [private.id, away.id]);
    assert_eq!(store.votes_of(NINA).await.unwrap(), []);
    assert_eq!(kept(&store, &addresses).await, [false, true, true, true]);
    assert_eq!(store.favourites(NINA, 10, 0).await.unwrap().len(), 1, "what a member saved is theirs");
    assert_eq!(store.erase_guild(HOME).await.unwrap(), Erased::default());
}

async fn erasing_takes_any_number_and_may_be_repeated(database: TestDatabase) {
    let store = database.open().await;
    let mut writes = tokio::task::JoinSet::new();
    for number in 0..700 {
        let store = store.clone();
        writes.spawn(async move {
            let guild = [Some(HOME), Some(AWAY), None][usize::try_from(number % 3).unwrap()];
            asked(&store, number, NINA, guild).await;
            let key = StorageKey::new(&number.to_string()).unwrap();
            let address = StorageAddress { provider: "quote".parse().unwrap(), owner: DataOwner::Member(NINA), key };
            store.set_value(address, vec![], None, ByteSize::mib(1), at(0)).await.unwrap();
        });
    }
    writes.join_all().await;
    let erased = store.erase_member(NINA).await.unwrap();
    assert_eq!((erased.deliveries, erased.anonymised, erased.entries), (233, 467, 700));
    assert_eq!(store.erase_guild(HOME).await.unwrap().deliveries, 234);
    let left = history(&store).await;
    assert_eq!(left.len(), 233);
    assert!(left.iter().all(|one| one.guild == Some(AWAY) && one.member.is_none()));
}

async fn what_is_kept_about_a_member_can_be_told(database: TestDatabase) {
    let store = database.open().await;
    let one = asked(&store, 1, NINA, Some(HOME)).await;
    store.vote(one.id, NINA, Vote::Down, at(2)).await.unwrap();
    store.vote(one.id, OMAR, Vote::Up, at(2)).await.unwrap();
    store.report(one.id, NINA, at(3)).await.unwrap();
    keep(&store, "quote", DataOwner::Member(NINA)).await;
    keep(&store, "quote", DataOwner::Member(OMAR)).await;
    keep(&store, "quote", DataOwner::Guild(HOME)).await;
    let ending = StorageAddress {
        provider: "trivia".parse().unwrap(),
        owner: direct(NINA),
        key: StorageKey::new("score").unwrap(),
    };
    store.set_value(ending, b"3".to_vec(), Some(at(100)), ByteSize::mib(1), at(0)).await.unwrap();
    let votes = store.votes_of(NINA).await.unwrap();
    assert_eq!(votes, [CastVote { delivery: one.id, vote: Vote::Down, voted_at: at(2) }]);
    assert_eq!(store.reports_of(NINA).await.unwrap(), [MadeReport { delivery: one.id, reported_at: at(3) }]);
    let quote = KeptEntry {
        provider: "quote".parse().unwrap(),
        owner: "member:7".to_owned(),
        key: "key".to_owned(),
        value: vec![0, 255],
        expires_at: None,
    };
    let trivia = KeptEntry {
        provider: "trivia".parse().unwrap(),
        owner: "direct:7:5".to_owned(),
        key: "score".to_owned(),
        value: b"3".to_vec(),
        expires_at: Some(at(100)),
    };
    assert_eq!(store.kept_about(NINA, at(99)).await.unwrap(), [quote.clone(), trivia]);
    assert_eq!(store.kept_about(NINA, at(100)).await.unwrap(), [quote]);
}

async fn old_history_is_pruned_in_batches_and_favourites_stay(database: TestDatabase) {
    let store = database.open().await;
    let mut ids = Vec::new();
    for millis in 0..7 {
        ids.push(asked(&store, millis, NINA, Some(HOME)).await.id);
    }
    store.vote(ids[0], NINA, Vote::Up, at(8)).await.unwrap();
    save(&store, NINA, ids[0]).await;
    let mut pruned = Vec::new();
    loop {
        match store.prune_history(at(5), 2).await.unwrap() {
            0 => break,
            some => pruned.push(some),
        }
    }
    assert_eq!(pruned, [2, 2, 1]);
    // What is as old as the limit stays.
    assert_eq!(history(&store).await.into_iter().map(|one| one.id).collect::<Vec<_>>(), [ids[6], ids[5]]);
    assert_eq!(store.seen("guild:1", &"quote".parse().unwrap(), 10).await.unwrap(), ["item-6", "item-5"]);
    assert_eq!(store.tally(ids[0]).await.unwrap(), Tally::default());
    assert_eq!(store.favourites(NINA, 10, 0).await.unwrap()[0].delivery, ids[0]);
}
