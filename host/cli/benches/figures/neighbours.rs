//! What providers cost their neighbours: many that store at once, and one that keeps failing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use autocontent_content::Reply;
use futures_util::future::try_join_all;

use crate::host;
use crate::inside::Inside;
use crate::report::{Breaker, Storage, millis};

/// Concurrent calls, and what each adds, one by one.
const CALLS: usize = 100;
const INCREMENTS: usize = 100;
/// A failing provider is asked at most so often.
const FAILING: usize = 40;

/// Ten thousand increments of one number from a hundred concurrent calls.
pub(crate) async fn storage() -> Result<Storage> {
    let inside = Inside::open(&[host::guest("probe")?]).await?;
    let line = format!("/count times:{INCREMENTS}");
    let begun = Instant::now();
    try_join_all((0..CALLS).map(|_| async {
        told(&inside.ask(&line).await?)?;
        anyhow::Ok(())
    }))
    .await?;
    let elapsed = begun.elapsed();
    let sum = told(&inside.ask("/count times:0").await?)?;
    // Asked for nothing, the guest says 0; one more says the sum.
    ensure!(sum == 0, "it counted {sum} times without being asked");
    let sum = told(&inside.ask("/count times:1").await?)? - 1;
    let increments = CALLS * INCREMENTS;
    ensure!(sum == i64::try_from(increments)?, "{increments} increments made {sum}");
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let per_second = increments as f64 / elapsed.as_secs_f64();
    Ok(Storage { increments, concurrent: CALLS, sum, per_second })
}

/// The number that `probe` told.
fn told(reply: &Reply) -> Result<i64> {
    let Reply::Post(post) = reply else { bail!("probe gave {reply:?}") };
    Ok(post.item.text.as_deref().context("probe told nothing")?.parse()?)
}

/// How often a failing provider is called before it is paused, and what that costs another.
pub(crate) async fn breaker(quick: bool) -> Result<Breaker> {
    let inside = Arc::new(Inside::open(&[host::guest("probe")?, host::provider("quote")?]).await?);
    let asks = if quick { 500 } else { 3_000 };
    quotes(&inside, asks / 5).await?;
    let alone = quotes(&inside, asks).await?;

    let mut failures_until_paused = None;
    for asked in 1..=FAILING {
        match inside.ask("/panic").await? {
            Reply::Notice(notice) if notice.code == "paused" => {
                failures_until_paused = Some(asked - 1);
                break;
            }
            Reply::Notice(_) => {}
            other => bail!("a panic gave {other:?}"),
        }
    }
    let failures_until_paused = failures_until_paused.context("a failing provider was never paused")?;

    let done = Arc::new(AtomicBool::new(false));
    let failing = tokio::spawn({
        let (inside, done) = (Arc::clone(&inside), Arc::clone(&done));
        async move {
            while !done.load(Ordering::Relaxed) {
                inside.ask("/panic").await?;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            anyhow::Ok(())
        }
    });
    let beside = quotes(&inside, asks).await?;
    done.store(true, Ordering::Relaxed);
    failing.await??;
    Ok(Breaker { failures_until_paused, alone_p99_ms: alone, beside_p99_ms: beside, ratio: beside / alone })
}

/// The p99 of so many answers of `quote`, one after the other, in milliseconds.
async fn quotes(inside: &Inside, asks: usize) -> Result<f64> {
    let mut times = Vec::with_capacity(asks);
    for _ in 0..asks {
        let begun = Instant::now();
        let reply = inside.ask("/quote").await?;
        times.push(begun.elapsed());
        ensure!(matches!(reply, Reply::Post(_)), "quote gave {reply:?}");
    }
    Ok(p99(times))
}

/// In milliseconds.
pub(crate) fn p99(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times.get(times.len() * 99 / 100).map_or(0.0, |time| millis(*time))
}
