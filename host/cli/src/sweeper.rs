//! What a serving host tidies up: deliveries that nobody can confirm any more, what providers kept for a time that is over or
//! before they were removed, history that is older than the operator wants to keep, compiled code of versions that are gone,
//! and memory that nothing lives in any more.
//!
//! Everything goes in small batches with pauses in between, so that commands are answered meanwhile. Several hosts of one
//! database may do this at once.

use std::time::Duration;

use autocontent_content::{Clock, Content, count_unconfirmed};
use autocontent_store::{Store, StoreError};
use jiff::SignedDuration;
use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::memory;

/// How often.
const EVERY: Duration = Duration::from_secs(60);
/// Discord takes no answer later than this after the question: a delivery that is still pending then belongs to a host
/// that was killed.
const INTERRUPTED: SignedDuration = SignedDuration::from_mins(15);
/// Rows that are deleted in one transaction, and transactions in a round: what is left waits for the next one.
const BATCH: u32 = 250;
const BATCHES: u32 = 400;
/// Lets the others write between two batches.
const PAUSE: Duration = Duration::from_millis(50);

/// Tidies up for ever. History older than `keep` is deleted; none keeps it for ever.
pub(crate) async fn run(store: &Store, content: &Content, clock: &dyn Clock, keep: Option<SignedDuration>) {
    let mut round = interval(EVERY);
    round.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        round.tick().await;
        close_interrupted(store, clock).await;
        if let Err(error) = tidy(store, clock, keep).await {
            tracing::error!(%error, "could not delete what is too old; it is tried again in a minute");
        }
        match content.forget_compiled().await {
            Ok(0) => {}
            Ok(files) => tracing::debug!(files, "removed compiled code that nobody needs"),
            Err(error) => tracing::error!(%error, "could not remove compiled code that nobody needs"),
        }
        // It takes some milliseconds, which no thread that answers should spend.
        let _ = tokio::task::spawn_blocking(memory::give_back).await;
    }
}

/// Marks what an earlier run, or another host, left pending.
async fn close_interrupted(store: &Store, clock: &dyn Clock) {
    match store.close_interrupted(clock.now() - INTERRUPTED).await {
        Ok(0) => {}
        Ok(interrupted) => {
            count_unconfirmed(interrupted);
            tracing::warn!(interrupted, "deliveries of a host that was killed can't be confirmed");
        }
        Err(error) => tracing::error!(%error, "could not look for interrupted deliveries"),
    }
}

async fn tidy(store: &Store, clock: &dyn Clock, keep: Option<SignedDuration>) -> Result<(), StoreError> {
    let now = clock.now();
    store.sweep_removed_providers().await?;
    let entries = in_batches(|| store.sweep_storage(now, BATCH)).await?;
    let deliveries = match keep {
        Some(keep) => in_batches(|| store.prune_history(now - keep, BATCH)).await?,
        None => 0,
    };
    if entries + deliveries > 0 {
        tracing::debug!(entries, deliveries, "deleted what was too old");
    }
    Ok(())
}

async fn in_batches<F>(mut delete: impl FnMut() -> F) -> Result<u64, StoreError>
where
    F: Future<Output = Result<u64, StoreError>>,
{
    let mut deleted = 0;
    for _ in 0..BATCHES {
        match delete().await? {
            0 => break,
            some => deleted += some,
        }
        sleep(PAUSE).await;
    }
    Ok(deleted)
}
