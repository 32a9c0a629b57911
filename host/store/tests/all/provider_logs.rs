use autocontent_manifest::ProviderId;
use autocontent_store::testing::TestDatabase;
use autocontent_store::{LogLevel, LogLine, NewLogLine, Store};

use crate::{at, on_both};

on_both!(
    lines_come_back_in_order_and_after_a_position,
    the_newest_thousand_lines_are_kept,
    the_newest_lines_within_the_bytes_are_kept,
    a_flood_crowds_out_nobody_else,
    two_stores_at_once_leave_no_gap,
    levels_below_the_wanted_one_are_left_out,
);

fn provider() -> ProviderId {
    "quote".parse().unwrap()
}

fn line(number: usize) -> NewLogLine {
    NewLogLine { at: at(i64::try_from(number).unwrap()), level: LogLevel::Info, line: format!("line {number}") }
}

fn lines(numbers: std::ops::Range<usize>) -> Vec<NewLogLine> {
    numbers.map(line).collect()
}

async fn kept(store: &Store) -> Vec<LogLine> {
    store.log_lines(&provider(), LogLevel::Trace, 0, 10_000).await.unwrap()
}

async fn lines_come_back_in_order_and_after_a_position(database: TestDatabase) {
    let store = database.open().await;
    assert_eq!(kept(&store).await, []);
    store.append_log(&provider(), &[]).await.unwrap();
    store.append_log(&provider(), &lines(0..3)).await.unwrap();
    store.append_log(&provider(), &lines(3..5)).await.unwrap();
    let all = kept(&store).await;
    assert_eq!(
        all.iter().map(|line| &*line.line).collect::<Vec<_>>(),
        ["line 0", "line 1", "line 2", "line 3", "line 4"]
    );
    assert_eq!(all[3], LogLine { position: 4, at: at(3), level: LogLevel::Info, line: "line 3".into() });
    assert_eq!(store.log_lines(&provider(), LogLevel::Trace, 3, 10).await.unwrap(), all[3..]);
    assert_eq!(store.log_lines(&provider(), LogLevel::Trace, 0, 2).await.unwrap(), all[3..], "the newest");
}

async fn the_newest_thousand_lines_are_kept(database: TestDatabase) {
    let store = database.open().await;
    store.append_log(&provider(), &lines(0..1_000)).await.unwrap();
    assert_eq!(kept(&store).await.len(), 1_000);
    store.append_log(&provider(), &lines(1_000..1_001)).await.unwrap();
    let kept = kept(&store).await;
    assert_eq!((kept.len(), kept[0].line.as_str(), kept[999].line.as_str()), (1_000, "line 1", "line 1000"));
}

async fn the_newest_lines_within_the_bytes_are_kept(database: TestDatabase) {
    let store = database.open().await;
    // Two bytes a character: what counts are bytes.
    let long = |number| NewLogLine { line: "é".repeat(1_024), ..line(number) };
    let full: Vec<_> = (0..128).map(long).collect();
    store.append_log(&provider(), &full).await.unwrap();
    assert_eq!(kept(&store).await.len(), 128, "just 256 KiB");
    store.append_log(&provider(), &[NewLogLine { line: "x".into(), ..line(200) }]).await.unwrap();
    let kept = kept(&store).await;
    assert_eq!((kept.len(), kept[0].position, kept[127].line.as_str()), (128, 2, "x"));
}

async fn a_flood_crowds_out_nobody_else(database: TestDatabase) {
    let store = database.open().await;
    let quiet: ProviderId = "quiet".parse().unwrap();
    store.append_log(&quiet, &lines(0..2)).await.unwrap();
    for _ in 0..3 {
        store.append_log(&provider(), &lines(0..1_000)).await.unwrap();
    }
    assert_eq!(store.log_lines(&quiet, LogLevel::Trace, 0, 10).await.unwrap().len(), 2);
}

async fn two_stores_at_once_leave_no_gap(database: TestDatabase) {
    let stores = [database.open().await, database.open().await];
    let mut appends = tokio::task::JoinSet::new();
    for number in 0..20 {
        let store = stores[number % 2].clone();
        appends.spawn(async move { store.append_log(&provider(), &lines(0..7)).await.unwrap() });
    }
    appends.join_all().await;
    let positions: Vec<_> = kept(&stores[0]).await.into_iter().map(|line| line.position).collect();
    assert_eq!(positions, (1..=140).collect::<Vec<_>>());
}

async fn levels_below_the_wanted_one_are_left_out(database: TestDatabase) {
    let store = database.open().await;
    let all = [LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error];
    let said: Vec<_> = all.iter().map(|level| NewLogLine { level: *level, ..line(1) }).collect();
    store.append_log(&provider(), &said).await.unwrap();
    for (position, level) in all.into_iter().enumerate() {
        let lines = store.log_lines(&provider(), level, 0, 10).await.unwrap();
        assert_eq!(lines.into_iter().map(|line| line.level).collect::<Vec<_>>(), all[position..]);
    }
}
