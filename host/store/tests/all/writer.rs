use std::collections::HashSet;

use autocontent_store::testing::TestDatabase;
use autocontent_store::{DeliveryId, HistoryFilter, MemberId, Settled, Store, StoreError, Vote};
use sqlx::{Connection as _, PgConnection, SqliteConnection};
use tokio::task::JoinSet;

use crate::{at, delivery, on_both, recorded, sql};

on_both!(
    a_bad_write_harms_no_neighbour,
    a_broken_table_fails_its_own_writes_only,
    everything_that_waits_is_written_before_the_close,
    what_a_caller_who_gave_up_asked_for_is_written_still,
    recording_and_settling_need_no_answer_in_between,
);

async fn ids(store: &Store) -> HashSet<DeliveryId> {
    let filter = HistoryFilter { limit: 10_000, ..HistoryFilter::default() };
    store.history(&filter).await.unwrap().into_iter().map(|delivery| delivery.id).collect()
}

async fn a_bad_write_harms_no_neighbour(database: TestDatabase) {
    let store = database.open().await;
    let known = recorded(&store, 0).await;
    let mut writes = JoinSet::new();
    for number in 0..300_i64 {
        let store = store.clone();
        writes.spawn(async move {
            let good = number % 7 != 3;
            let member = MemberId::new(number.unsigned_abs());
            let mut new = delivery(number);
            let fresh = new.id;
            let outcome = match number % 4 {
                0 => {
                    new.id = if good { fresh } else { known };
                    store.record(new).await
                }
                1 => {
                    let id = if good { known } else { fresh };
                    store.settle(id, Settled::Delivered { message: None }, at(number)).await
                }
                2 => store.vote(if good { known } else { fresh }, member, Vote::Up, at(number)).await.map(|_| ()),
                _ => store.report(if good { known } else { fresh }, member, at(number)).await.map(|_| ()),
            };
            (number, fresh, good, outcome)
        });
    }
    let mut expected = HashSet::from([known]);
    let mut votes = 0;
    for (number, fresh, good, outcome) in writes.join_all().await {
        match (good, number % 4, outcome) {
            (true, 0, Ok(())) => assert!(expected.insert(fresh)),
            (true, 2, Ok(())) => votes += 1,
            (true, _, Ok(())) => {}
            (false, 0, Err(StoreError::AlreadyRecorded { delivery })) => assert_eq!(delivery, known),
            (false, _, Err(StoreError::NoSuchDelivery { delivery })) => assert_eq!(delivery, fresh),
            (good, kind, outcome) => panic!("{number}: good {good}, kind {kind}: {outcome:?}"),
        }
    }
    assert_eq!(ids(&store).await, expected);
    assert_eq!(store.tally(known).await.unwrap().up, votes);
}

async fn a_broken_table_fails_its_own_writes_only(database: TestDatabase) {
    let store = database.open().await;
    let known = recorded(&store, 0).await;
    sql(&database, "ALTER TABLE votes RENAME TO votes_elsewhere").await;
    let mut writes = JoinSet::new();
    for number in 1..=100_i64 {
        let store = store.clone();
        writes.spawn(async move {
            let member = MemberId::new(number.unsigned_abs());
            let id = recorded(&store, number).await;
            let error = store.vote(known, member, Vote::Up, at(number)).await.unwrap_err();
            assert!(error.to_string().contains("could not vote in"), "{error}");
            assert!(store.report(known, member, at(number)).await.unwrap());
            id
        });
    }
    let acknowledged: HashSet<_> = writes.join_all().await.into_iter().chain([known]).collect();
    assert_eq!(ids(&store).await, acknowledged);
    sql(&database, "ALTER TABLE votes_elsewhere RENAME TO votes").await;
    assert_eq!(store.vote(known, MemberId::new(1), Vote::Up, at(200)).await.unwrap().up, 1);
}

async fn everything_that_waits_is_written_before_the_close(database: TestDatabase) {
    let store = database.open().await;
    let mut writes = JoinSet::new();
    for number in 0..500 {
        let store = store.clone();
        writes.spawn(async move {
            let new = delivery(number);
            let id = new.id;
            store.record(new).await.map(|()| id)
        });
    }
    let first = writes.join_next().await.unwrap().unwrap();
    store.close().await;
    let outcomes = writes.join_all().await.into_iter().chain([first]);
    let acknowledged: HashSet<_> = outcomes
        .filter_map(|outcome| match outcome {
            Ok(id) => Some(id),
            Err(StoreError::Closed) => None,
            Err(error) => panic!("{error}"),
        })
        .collect();
    assert_eq!(ids(&database.open().await).await, acknowledged);
}

async fn what_a_caller_who_gave_up_asked_for_is_written_still(database: TestDatabase) {
    let store = database.open().await;
    let new = delivery(1);
    let id = new.id;
    let mut asked = Box::pin(store.record(new));
    // Polled once, it is in the queue, if not written already.
    poll_once(&mut asked).await.unwrap_or(Ok(())).unwrap();
    drop(asked);
    store.close().await;
    assert!(database.open().await.delivery(id).await.unwrap().is_some());
}

async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

async fn recording_and_settling_need_no_answer_in_between(database: TestDatabase) {
    let store = database.open().await;
    for number in 0..50 {
        let new = delivery(number);
        let id = new.id;
        let (recorded, settled, vote) = tokio::join!(
            store.record(new),
            store.settle(id, Settled::Delivered { message: None }, at(number)),
            store.vote(id, MemberId::new(1), Vote::Down, at(number)),
        );
        recorded.unwrap();
        settled.unwrap();
        assert_eq!(vote.unwrap().down, 1);
    }
}

/// Ends every connection to the database but this one.
async fn disconnect(admin: &mut PgConnection, name: &str) {
    sqlx::query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
    )
    .bind(name)
    .execute(admin)
    .await
    .unwrap();
}

pub(crate) async fn admin(database: &TestDatabase) -> (PgConnection, String) {
    let location = database.url().to_string();
    let name = location.trim_start_matches("postgres:///").split('?').next().unwrap().to_owned();
    let url = database.url_text().replace(&name, "postgres");
    (PgConnection::connect(&url).await.unwrap(), name)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lost_connections_lose_nothing_that_was_acknowledged() {
    let database = TestDatabase::postgres().await;
    let store = database.open().await;
    let (mut admin, name) = admin(&database).await;
    let mut acknowledged = HashSet::new();
    for round in 0..10 {
        let mut writes = JoinSet::new();
        for number in 0..100 {
            let store = store.clone();
            writes.spawn(async move {
                let new = delivery(round * 100 + number);
                let id = new.id;
                store.record(new).await.map(|()| id)
            });
        }
        // Amid the writes, each time a little later.
        for _ in 0..round * 5 {
            acknowledged.extend(writes.join_next().await.unwrap().unwrap().ok());
        }
        disconnect(&mut admin, &name).await;
        for outcome in writes.join_all().await {
            match outcome {
                Ok(id) => assert!(acknowledged.insert(id)),
                Err(StoreError::Unreachable { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
        acknowledged.insert(recorded(&store, 5_000 + round).await);
    }
    let found = ids(&store).await;
    assert!(acknowledged.is_subset(&found), "{} of {}", acknowledged.len(), found.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_postgresql_cannot_be_reached_every_write_is_told_so() {
    let database = TestDatabase::postgres().await;
    let store = database.open().await;
    let (mut admin, name) = admin(&database).await;
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false")))
        .execute(&mut admin)
        .await
        .unwrap();
    disconnect(&mut admin, &name).await;
    let mut writes = JoinSet::new();
    for number in 0..500 {
        let store = store.clone();
        writes.spawn(async move { store.record(delivery(number)).await });
    }
    for outcome in writes.join_all().await {
        let error = outcome.unwrap_err();
        assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    }
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")))
        .execute(&mut admin)
        .await
        .unwrap();
    recorded(&store, 1_000).await;
    assert_eq!(ids(&store).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_process_holds_sqlite_every_write_is_told_so() {
    let database = TestDatabase::sqlite();
    let store = database.open().await;
    let mut holder = SqliteConnection::connect(database.url_text()).await.unwrap();
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut holder).await.unwrap();
    let mut writes = JoinSet::new();
    for number in 0..500 {
        let store = store.clone();
        writes.spawn(async move { store.record(delivery(number)).await });
    }
    for outcome in writes.join_all().await {
        let error = outcome.unwrap_err();
        assert!(matches!(error, StoreError::Busy { .. }), "{error}");
    }
    holder.close().await.unwrap();
    recorded(&store, 1_000).await;
    assert_eq!(ids(&store).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_of_sqlite_is_copied_and_begins_anew() {
    let database = TestDatabase::sqlite();
    let store = database.open().await;
    for number in 0..4_000 {
        recorded(&store, number).await;
    }
    let file = database.url_text().strip_prefix("sqlite:").unwrap().to_owned();
    let log = std::fs::metadata(format!("{file}-wal")).unwrap().len();
    // Never copied, it would be some 100 MB.
    assert!(log < 72 << 20, "{log} bytes");
}
