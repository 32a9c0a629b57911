//! The simulator's time: the machine's, or a test's.

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{sync::watch, time::Instant};

/// Where a manual clock starts: 2026-01-01T00:00:00Z, in seconds since the Unix epoch.
const MANUAL_START: i64 = 1_767_225_600;

/// The clock behind every rule that has to do with time: the 3 seconds, the 15 minutes, rate limits, identifies.
#[derive(Clone)]
pub struct SimClock(Kind);

#[derive(Clone)]
enum Kind {
    Real { start: Timestamp, since: Instant },
    Manual(Arc<watch::Sender<Timestamp>>),
}

/// Moves a manual [`SimClock`]; nothing else does.
#[derive(Clone, Debug)]
pub struct ClockHand(Arc<watch::Sender<Timestamp>>);

impl SimClock {
    /// The machine's time, running as tokio's clock does.
    pub fn real() -> SimClock {
        #[expect(clippy::disallowed_methods, reason = "this is the clock that is passed in")]
        let start = Timestamp::now();
        SimClock(Kind::Real { start, since: Instant::now() })
    }

    /// A clock that stands still at the start of 2026 until its hand is moved.
    pub fn manual() -> (SimClock, ClockHand) {
        let start = Timestamp::from_second(MANUAL_START).unwrap_or(Timestamp::UNIX_EPOCH);
        let now = Arc::new(watch::Sender::new(start));
        (SimClock(Kind::Manual(Arc::clone(&now))), ClockHand(now))
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Kind::Real { start, since } => *start + since.elapsed(),
            Kind::Manual(now) => *now.borrow(),
        }
    }

    /// Milliseconds since the Unix epoch, which is how the rules count.
    pub(crate) fn millis(&self) -> u64 {
        u64::try_from(self.now().as_millisecond()).unwrap_or(0)
    }

    /// Returns once the clock has passed this many milliseconds since the Unix epoch.
    pub(crate) async fn until(&self, millis: u64) {
        match &self.0 {
            Kind::Real { .. } => {
                let left = millis.saturating_sub(self.millis());
                tokio::time::sleep(Duration::from_millis(left)).await;
            }
            Kind::Manual(now) => {
                let reached = |now: &Timestamp| u64::try_from(now.as_millisecond()).unwrap_or(0) >= millis;
                let mut seen = now.subscribe();
                // The sender lives as long as this clock, so waiting cannot fail.
                let _ = seen.wait_for(reached).await;
            }
        }
    }

    pub(crate) async fn sleep(&self, time: Duration) {
        self.until(self.millis() + millis(time)).await;
    }
}

impl ClockHand {
    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        self.0.send_modify(|now| *now += by);
    }
}

impl Default for SimClock {
    fn default() -> SimClock {
        SimClock::real()
    }
}

impl fmt::Debug for SimClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SimClock({})", self.now())
    }
}

/// Whole milliseconds of a duration.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
