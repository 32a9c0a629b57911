//! How often a bot may begin a session.
//!
//! Discord allows 1,000 IDENTIFYs a day and **resets the token** of a bot that sends more; it also wants 5 s between
//! two of one shard. The budget belongs to a token and outlives its connections. Before the day's last few are used it
//! stops giving turns until the day is over, and says so. Each bot has one shard, so `max_concurrency`, which is about
//! shards that identify beside each other, has nothing to say here.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serenity::model::gateway::SessionStartLimit;
use tokio::{
    sync::{oneshot, watch},
    time::{Instant, sleep_until},
};
use twilight_gateway::queue::Queue;

/// Between two IDENTIFYs: Discord's 5 s, and a little for the way there.
const PAUSE: Duration = Duration::from_millis(5_250);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// What of the day's total is never used: one in this many.
const RESERVE: u64 = 50;

/// The budget of one token. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct IdentifyBudget(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    /// Until when a connection that wants to identify has to wait; none while nobody waits.
    waits: watch::Sender<Option<Instant>>,
}

#[derive(Debug)]
struct State {
    last: Option<Instant>,
    remaining: u64,
    total: u64,
    resets_at: Instant,
}

impl IdentifyBudget {
    /// A budget that knows nothing yet of what was used today.
    pub(crate) fn new() -> IdentifyBudget {
        let state = State { last: None, remaining: 1_000, total: 1_000, resets_at: Instant::now() + DAY };
        IdentifyBudget(Arc::new(Shared { state: Mutex::new(state), waits: watch::Sender::new(None) }))
    }

    /// Takes over what `GET /gateway/bot` says.
    pub(crate) fn update(&self, limit: &SessionStartLimit, now: Instant) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.remaining = limit.remaining;
        state.total = limit.total;
        state.resets_at = now + Duration::from_millis(limit.reset_after).min(DAY);
    }

    /// Changes to until when a connection has to wait before it identifies.
    pub(crate) fn waits(&self) -> watch::Receiver<Option<Instant>> {
        self.0.waits.subscribe()
    }

    /// Takes a turn at `now`, or says when to ask again.
    fn take(&self, now: Instant) -> Result<(), Instant> {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        if now >= state.resets_at {
            state.remaining = state.total;
            state.resets_at = now + DAY;
        }
        if state.remaining <= state.total / RESERVE {
            return Err(state.resets_at);
        }
        if let Some(next) = state.last.map(|last| last + PAUSE).filter(|next| now < *next) {
            return Err(next);
        }
        state.last = Some(now);
        state.remaining -= 1;
        Ok(())
    }
}

impl Queue for IdentifyBudget {
    fn enqueue(&self, _: u32) -> oneshot::Receiver<()> {
        let (turn, receiver) = oneshot::channel();
        tokio::spawn(grant(self.clone(), turn));
        receiver
    }
}

/// Gives a connection its turn. A sender dropped unsent would make it ask again at once, and again.
async fn grant(budget: IdentifyBudget, mut turn: oneshot::Sender<()>) {
    loop {
        if turn.is_closed() {
            break;
        }
        match budget.take(Instant::now()) {
            Ok(()) => {
                budget.0.waits.send_if_modified(|waits| waits.take().is_some());
                // A connection that broke in this moment has used up a turn, which Discord did not count.
                let _ = turn.send(());
                return;
            }
            Err(until) => {
                budget.0.waits.send_replace(Some(until));
                tokio::select! {
                    () = sleep_until(until) => {}
                    () = turn.closed() => break,
                }
            }
        }
    }
    budget.0.waits.send_if_modified(|waits| waits.take().is_some());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(remaining: u64, reset_after: u64) -> SessionStartLimit {
        let json = serde_json::json!({
            "total": 1_000, "remaining": remaining, "reset_after": reset_after, "max_concurrency": 1
        });
        serde_json::from_value(json).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn turns_are_at_least_five_seconds_apart() {
        let budget = IdentifyBudget::new();
        let mut turns = Vec::new();
        for _ in 0..4 {
            budget.enqueue(0).await.unwrap();
            turns.push(Instant::now());
        }
        for pair in turns.windows(2) {
            assert!(pair[1] - pair[0] >= Duration::from_secs(5), "{pair:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_last_of_the_day_are_never_used() {
        let budget = IdentifyBudget::new();
        let start = Instant::now();
        budget.update(&limit(22, 3_600_000), start);
        for _ in 0..2 {
            budget.enqueue(0).await.unwrap();
        }
        let mut waits = budget.waits();
        let third = budget.enqueue(0);
        waits.wait_for(|until| *until == Some(start + Duration::from_secs(3_600))).await.unwrap();
        third.await.unwrap();
        assert!(Instant::now() >= start + Duration::from_secs(3_600));
        assert_eq!(*waits.borrow(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_that_broke_while_waiting_takes_no_turn() {
        let budget = IdentifyBudget::new();
        budget.enqueue(0).await.unwrap();
        let mut waits = budget.waits();
        drop(budget.enqueue(0));
        waits.wait_for(Option::is_none).await.unwrap();
        let before = Instant::now();
        budget.enqueue(0).await.unwrap();
        assert!(Instant::now() - before <= PAUSE);
    }
}
