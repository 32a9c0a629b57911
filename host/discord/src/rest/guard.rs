//! Keeps the process, and each token in it, far from Discord's ban for errors.
//!
//! Discord bans an IP address that drew 10,000 answers of 401, 403 or 429 within ten minutes, and every bot of the
//! process with it. A token that draws 500 is therefore stopped alone, and all of them at 5,000, until enough of the
//! ten minutes have passed.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Errors within [`WINDOW`] at which one token stops.
pub(crate) const TOKEN_LIMIT: u32 = 500;
/// Errors within [`WINDOW`] at which the whole process stops; half of what Discord tolerates.
pub(crate) const PROCESS_LIMIT: u32 = 5_000;

const WINDOW: Duration = Duration::from_secs(600);
/// The window moves in steps of this length.
const STEP: Duration = Duration::from_secs(30);
const STEPS: usize = 20;

/// Counts the errors of the last ten minutes.
#[derive(Debug)]
pub(crate) struct Guard {
    limit: u32,
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    /// When a step began and how many errors fell into it; at most [`STEPS`] and the one that begins.
    steps: VecDeque<(Instant, u32)>,
}

impl Guard {
    pub(crate) fn new(limit: u32) -> Guard {
        Guard { limit, counts: Mutex::default() }
    }

    /// Counts an answer of 401, 403 or 429.
    pub(crate) fn count(&self, now: Instant) {
        let steps = &mut self.counts.lock().unwrap_or_else(PoisonError::into_inner).steps;
        match steps.back_mut() {
            Some((began, count)) if now < *began + STEP => *count += 1,
            _ => {
                if steps.len() > STEPS {
                    steps.pop_front();
                }
                steps.push_back((now, 1));
            }
        }
    }

    /// Until when nothing may be called, if so.
    pub(crate) fn stopped_until(&self, now: Instant) -> Option<Instant> {
        let steps = &mut self.counts.lock().unwrap_or_else(PoisonError::into_inner).steps;
        while steps.front().is_some_and(|(began, _)| now >= *began + STEP + WINDOW) {
            steps.pop_front();
        }
        let total: u32 = steps.iter().map(|(_, count)| count).sum();
        let mut over = total.checked_sub(self.limit)?;
        for (began, count) in steps.iter() {
            match over.checked_sub(*count) {
                Some(left) => over = left,
                None => return Some(*began + STEP + WINDOW),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stops_at_the_limit_and_goes_on_when_the_errors_are_ten_minutes_old() {
        let (guard, start) = (Guard::new(100), Instant::now());
        for i in 0..100 {
            assert_eq!(guard.stopped_until(start + Duration::from_secs(i)), None);
            guard.count(start + Duration::from_secs(i));
        }
        let until = guard.stopped_until(start + Duration::from_secs(100)).unwrap();
        assert_eq!(until, start + STEP + WINDOW);
        assert_eq!(guard.stopped_until(until), None);
    }

    #[test]
    fn errors_that_trickle_never_stop_it() {
        let (guard, start) = (Guard::new(100), Instant::now());
        for i in 0..10_000 {
            let now = start + Duration::from_secs(7 * i);
            assert_eq!(guard.stopped_until(now), None);
            guard.count(now);
        }
    }
}
