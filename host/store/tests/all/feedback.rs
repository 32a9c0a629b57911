use autocontent_store::testing::TestDatabase;
use autocontent_store::{Favourite, MemberId, NewFavourite, Tally, Vote};

use crate::{at, delivery, on_both, recorded};

on_both!(
    one_vote_a_member_and_the_same_again_takes_it_back,
    votes_from_two_stores_at_once_are_all_counted,
    votes_of_one_group_are_counted_in_turn,
    a_vote_on_nothing_is_refused,
    a_report_counts_once_a_member,
    saving_again_forgets,
    favourites_are_newest_first_and_paged,
    a_favourite_outlives_its_delivery,
);

const NINA: MemberId = MemberId::new(1);
const OMAR: MemberId = MemberId::new(2);

fn tally(up: u64, down: u64) -> Tally {
    Tally { up, down }
}

async fn one_vote_a_member_and_the_same_again_takes_it_back(database: TestDatabase) {
    let store = database.open().await;
    let id = recorded(&store, 1).await;
    assert_eq!(store.vote(id, NINA, Vote::Up, at(2)).await.unwrap(), tally(1, 0));
    assert_eq!(store.vote(id, OMAR, Vote::Up, at(3)).await.unwrap(), tally(2, 0));
    assert_eq!(store.vote(id, NINA, Vote::Down, at(4)).await.unwrap(), tally(1, 1));
    assert_eq!(store.vote(id, NINA, Vote::Down, at(5)).await.unwrap(), tally(1, 0));
    assert_eq!(store.tally(id).await.unwrap(), tally(1, 0));
    let other = recorded(&store, 6).await;
    assert_eq!(store.tally(other).await.unwrap(), tally(0, 0));
}

async fn votes_from_two_stores_at_once_are_all_counted(database: TestDatabase) {
    let stores = [database.open().await, database.open().await];
    let id = recorded(&stores[0], 1).await;
    let mut votes = tokio::task::JoinSet::new();
    for member in 0..200_u64 {
        let store = stores[usize::from(member % 2 == 0)].clone();
        let vote = if member % 4 == 0 { Vote::Down } else { Vote::Up };
        votes.spawn(async move { store.vote(id, MemberId::new(member), vote, at(2)).await.unwrap() });
    }
    votes.join_all().await;
    for store in &stores {
        assert_eq!(store.tally(id).await.unwrap(), tally(150, 50));
    }
}

async fn votes_of_one_group_are_counted_in_turn(database: TestDatabase) {
    let store = database.open().await;
    let id = recorded(&store, 1).await;
    let mut votes = tokio::task::JoinSet::new();
    for member in 0..100 {
        let store = store.clone();
        votes.spawn(async move { store.vote(id, MemberId::new(member), Vote::Up, at(2)).await.unwrap().up });
    }
    let mut counts = votes.join_all().await;
    counts.sort_unstable();
    assert_eq!(counts, (1..=100).collect::<Vec<_>>());
}

async fn a_vote_on_nothing_is_refused(database: TestDatabase) {
    let store = database.open().await;
    let unknown = delivery(1).id;
    let expected = format!("there is no delivery {unknown}");
    assert_eq!(store.vote(unknown, NINA, Vote::Up, at(2)).await.unwrap_err().to_string(), expected);
    assert_eq!(store.report(unknown, NINA, at(2)).await.unwrap_err().to_string(), expected);
}

async fn a_report_counts_once_a_member(database: TestDatabase) {
    let store = database.open().await;
    let id = recorded(&store, 1).await;
    assert!(store.report(id, NINA, at(2)).await.unwrap());
    assert!(!store.report(id, NINA, at(3)).await.unwrap());
    assert!(store.report(id, OMAR, at(4)).await.unwrap());
}

fn favourite(member: MemberId, item: &str) -> NewFavourite {
    NewFavourite {
        member,
        provider: "quote".parse().unwrap(),
        item: item.to_owned(),
        delivery: delivery(0).id,
        json: format!(r#"{{"id":"{item}"}}"#),
    }
}

async fn saving_again_forgets(database: TestDatabase) {
    let store = database.open().await;
    assert!(store.toggle_favourite(favourite(NINA, "a"), at(1)).await.unwrap());
    assert!(store.toggle_favourite(favourite(OMAR, "a"), at(1)).await.unwrap());
    assert!(!store.toggle_favourite(favourite(NINA, "a"), at(2)).await.unwrap());
    assert_eq!(store.favourites(NINA, 10, 0).await.unwrap(), []);
    assert_eq!(store.favourites(OMAR, 10, 0).await.unwrap().len(), 1);
    assert!(store.toggle_favourite(favourite(NINA, "a"), at(3)).await.unwrap());
}

async fn favourites_are_newest_first_and_paged(database: TestDatabase) {
    let store = database.open().await;
    for (millis, item) in [(1, "a"), (2, "b"), (3, "c")] {
        assert!(store.toggle_favourite(favourite(NINA, item), at(millis)).await.unwrap());
    }
    let items = |page: Vec<Favourite>| page.into_iter().map(|favourite| favourite.item).collect::<Vec<_>>();
    assert_eq!(items(store.favourites(NINA, 2, 0).await.unwrap()), ["c", "b"]);
    assert_eq!(items(store.favourites(NINA, 2, 2).await.unwrap()), ["a"]);
}

async fn a_favourite_outlives_its_delivery(database: TestDatabase) {
    let store = database.open().await;
    let new = favourite(NINA, "a");
    store.toggle_favourite(new.clone(), at(1)).await.unwrap();
    assert_eq!(store.delivery(new.delivery).await.unwrap(), None);
    let expected =
        Favourite { provider: new.provider, item: new.item, delivery: new.delivery, json: new.json, saved_at: at(1) };
    assert_eq!(store.favourites(NINA, 10, 0).await.unwrap(), [expected]);
}
