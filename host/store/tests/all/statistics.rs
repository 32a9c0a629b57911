use std::time::Duration;

use autocontent_store::testing::TestDatabase;
use autocontent_store::{Function, Latency, Measure, Outcome, Statistic};
use jiff::civil::{Date, date};

use crate::{digest, on_both, sql};

on_both!(
    sums_add_up_and_peaks_stay,
    batches_from_two_stores_at_once_are_all_counted,
    days_and_versions_are_apart_and_old_days_are_forgotten,
    a_measure_that_another_version_counts_is_passed_over,
);

const DAY: Date = date(2026, 3, 1);

fn one(measure: Measure, value: u64) -> Statistic {
    Statistic { provider: "quote".parse().unwrap(), digest: digest('a'), day: DAY, measure, value }
}

fn some(calls: u64, peak: u64) -> Vec<Statistic> {
    vec![
        one(Measure::PeakMemory, peak),
        one(Measure::Calls(Function::Find), calls),
        one(Measure::Ended(Outcome::Answered), calls),
        one(Measure::Took(Latency::of(Duration::from_millis(3))), calls),
    ]
}

fn of(statistics: &[Statistic], measure: Measure) -> u64 {
    statistics.iter().filter(|one| one.measure == measure).map(|one| one.value).sum()
}

async fn sums_add_up_and_peaks_stay(database: TestDatabase) {
    let store = database.open().await;
    for (calls, peak) in [(3, 500), (4, 900), (5, 700)] {
        store.add_statistics(&some(calls, peak)).await.unwrap();
    }
    store.add_statistics(&[]).await.unwrap();
    let kept = store.statistics(Some(&"quote".parse().unwrap()), DAY).await.unwrap();
    assert_eq!(kept.len(), 4);
    assert_eq!(of(&kept, Measure::Calls(Function::Find)), 12);
    assert_eq!(of(&kept, Measure::Ended(Outcome::Answered)), 12);
    assert_eq!(of(&kept, Measure::Took(Latency::of(Duration::from_millis(5)))), 12);
    assert_eq!(of(&kept, Measure::PeakMemory), 900);
    store.close().await;
    assert!(store.add_statistics(&some(1, 1)).await.is_err(), "a closed store must say so");
}

async fn batches_from_two_stores_at_once_are_all_counted(database: TestDatabase) {
    let stores = [database.open().await, database.open().await];
    let mut batches = tokio::task::JoinSet::new();
    for number in 0..40_u64 {
        let store = stores[usize::from(number % 2 == 0)].clone();
        // In turn one order and the other.
        let mut batch = some(number, number);
        if number % 3 == 0 {
            batch.reverse();
        }
        batches.spawn(async move { store.add_statistics(&batch).await.unwrap() });
    }
    batches.join_all().await;
    let kept = stores[0].statistics(None, DAY).await.unwrap();
    assert_eq!(of(&kept, Measure::Calls(Function::Find)), (0..40).sum::<u64>());
    assert_eq!(of(&kept, Measure::PeakMemory), 39);
}

async fn days_and_versions_are_apart_and_old_days_are_forgotten(database: TestDatabase) {
    let store = database.open().await;
    let calls = Measure::Calls(Function::Act);
    let later = Statistic { day: date(2026, 3, 2), ..one(calls, 2) };
    let other = Statistic { digest: digest('b'), ..one(calls, 4) };
    let elsewhere = Statistic { provider: "trivia".parse().unwrap(), ..one(calls, 8) };
    store.add_statistics(&[one(calls, 1), later.clone(), other.clone(), elsewhere.clone()]).await.unwrap();
    assert_eq!(store.statistics(None, DAY).await.unwrap(), [one(calls, 1), other, later.clone(), elsewhere.clone()]);
    assert_eq!(store.statistics(None, date(2026, 3, 2)).await.unwrap(), std::slice::from_ref(&later));
    assert_eq!(store.statistics(Some(&elsewhere.provider), DAY).await.unwrap(), [elsewhere]);

    store.forget_statistics(date(2026, 3, 2)).await.unwrap();
    assert_eq!(store.statistics(None, DAY).await.unwrap(), [later]);
}

async fn a_measure_that_another_version_counts_is_passed_over(database: TestDatabase) {
    let store = database.open().await;
    store.add_statistics(&some(1, 1)).await.unwrap();
    let kept = store.statistics(None, DAY).await.unwrap();
    let text = format!("INSERT INTO statistics VALUES ('quote', '{}', '2026-03-01', 'songs', 3)", digest('a'));
    sql(&database, &text).await;
    assert_eq!(store.statistics(None, DAY).await.unwrap(), kept);
}
