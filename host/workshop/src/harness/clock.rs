//! The time that a provider is told.

use std::sync::{Mutex, PoisonError};

use autocontent_runtime::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};

/// How the time goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// It stands at a moment and goes on only when it is told to, so that each run is like the last. Without a moment, it
    /// stands where the recordings say that they were made, and else at [`Time::BEGINNING`], or now where nothing is played.
    Standing(Option<Timestamp>),
    /// As everywhere.
    Running,
}

impl Time {
    /// The first moment of 2026.
    pub const BEGINNING: Timestamp = Timestamp::constant(1_767_225_600, 0);
}

/// The last moment that a provider is told. Some years later time ends, and what a host adds to it must not go past that.
const LATEST: Timestamp = Timestamp::constant(253_000_000_000, 0);

/// Stands, or runs with the system's clock; either can be put forward.
#[derive(Debug)]
pub(super) struct HarnessClock {
    stands_at: Option<Timestamp>,
    put_forward: Mutex<SignedDuration>,
}

impl HarnessClock {
    pub(super) fn standing(at: Timestamp) -> HarnessClock {
        HarnessClock { stands_at: Some(at), put_forward: Mutex::default() }
    }

    pub(super) fn running() -> HarnessClock {
        HarnessClock { stands_at: None, put_forward: Mutex::default() }
    }

    pub(super) fn advance(&self, by: SignedDuration) {
        let mut forward = self.put_forward.lock().unwrap_or_else(PoisonError::into_inner);
        *forward = forward.saturating_add(by);
    }
}

impl Clock for HarnessClock {
    fn now(&self) -> Timestamp {
        let from = self.stands_at.unwrap_or_else(|| SystemClock.now());
        let by = *self.put_forward.lock().unwrap_or_else(PoisonError::into_inner);
        from.checked_add(by).unwrap_or(LATEST).min(LATEST)
    }
}
