#![allow(missing_docs, clippy::all, clippy::unwrap_used, clippy::pedantic)]
use autocontent_store::testing::TestDatabase;
use autocontent_store::*;
use jiff::Timestamp;
use std::time::{Duration, Instant};
fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_790_000_000_000 + millis).unwrap()
}
fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}
async fn run(name: &str, database: &TestDatabase, callers: u64, secs: u64) {
    let store = database.open().await;
    let begin = Instant::now();
    let c0 = cpu();
    let mut set = tokio::task::JoinSet::new();
    for caller in 0..callers {
        let store = store.clone();
        set.spawn(async move {
            let mut n = 0u64;
            let mut lat = Vec::new();
            while begin.elapsed() < Duration::from_secs(secs) {
                let ms = begin.elapsed().as_millis() as i64;
                let mut r = [0u8; 10];
                r[..8].copy_from_slice(&(caller * 1_000_000_007 + n).wrapping_mul(0x9E3779B97F4A7C15).to_be_bytes());
                let id = DeliveryId::new(at(ms), r);
                let new = NewDelivery {
                    id,
                    account: Some(AccountId::new(at(0), [1; 10])),
                    provider: "quote".parse().unwrap(),
                    digest: format!("sha256:{}", "a".repeat(64)).parse().unwrap(),
                    command: "quote".into(),
                    arguments: r#"[{"name":"topic","value":{"text":"courage"}}]"#.into(),
                    trigger: Trigger::Command,
                    member: Some(MemberId::new(100000000000000000 + caller)),
                    guild: Some(GuildId::new(200000000000000000 + caller % 10)),
                    channel: Some(ChannelId::new(300000000000000000)),
                    audience: format!("guild:{}", caller % 10),
                    locale: "en-US".into(),
                    sensitive_allowed: false,
                    next: Some("20".into()),
                    cached: false,
                    created_at: at(ms),
                    items: vec![NewItem {
                        item: format!("i{n}"),
                        kind: "quote".into(),
                        title: Some("A title".into()),
                        url: Some("https://example.org/1".into()),
                        json: format!("{{\"text\":\"{}\"}}", "x".repeat(600)),
                    }],
                };
                let t = Instant::now();
                store.record(new).await.unwrap();
                lat.push(t.elapsed());
                store
                    .settle(id, Settled::Delivered { message: Some(MessageId::new(400000000000000000 + n)) }, at(ms))
                    .await
                    .unwrap();
                n += 1;
            }
            (n, lat)
        });
    }
    let mut total = 0;
    let mut lat = Vec::new();
    for (n, l) in set.join_all().await {
        total += n;
        lat.extend(l);
    }
    lat.sort();
    let e = begin.elapsed().as_secs_f64();
    println!(
        "{name} callers={callers}: {:.0} commands/s, record p50 {:?} p99 {:?}, own cpu {:.2} cores, {:.0} us cpu/command",
        total as f64 / e,
        lat[lat.len() / 2],
        lat[lat.len() * 99 / 100],
        (cpu() - c0) / e,
        (cpu() - c0) * 1e6 / total as f64
    );
    let t = Instant::now();
    for _ in 0..100 {
        store.seen("guild:1", &"quote".parse().unwrap(), 200).await.unwrap();
    }
    println!("   seen(200): {:?}", t.elapsed() / 100);
    store.close().await;
}
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn measure() {
    println!("load {}", std::fs::read_to_string("/proc/loadavg").unwrap());
    for callers in [1, 32, 128] {
        let db = TestDatabase::sqlite();
        run("sqlite", &db, callers, 4).await;
    }
    if std::env::var("ONLY").is_ok() {
        return;
    }
    for callers in [1, 32, 128] {
        let db = TestDatabase::postgres().await;
        run("postgres fsync=off", &db, callers, 4).await;
    }
    let db = TestDatabase::postgres().await;
    use sqlx::Connection;
    let mut c = sqlx::PgConnection::connect(db.url_text()).await.unwrap();
    sqlx::raw_sql("ALTER SYSTEM SET fsync = on").execute(&mut c).await.unwrap();
    sqlx::raw_sql("SELECT pg_reload_conf()").execute(&mut c).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    run("postgres fsync=on", &db, 128, 4).await;
}
