//! Discord's rate limits for one token, as bookkeeping only: it says when a call may go, the caller waits.
//!
//! Discord groups routes into buckets and names them in `X-RateLimit-Bucket`; each bucket counts separately for each
//! major parameter (a channel, a webhook with its token, an interaction). Until a route's bucket is known, its calls
//! go freely. Beside the buckets stands the global limit of 50 requests a second, from which answers to interactions
//! are exempt. Interaction tokens come without end, so what is kept of them is dropped once it says nothing any more.

use std::{
    collections::{HashMap, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::Endpoint;

/// Requests a second that Discord allows a bot, over all routes.
const GLOBAL_LIMIT: usize = 50;
const GLOBAL_WINDOW: Duration = Duration::from_secs(1);

/// From this many buckets on, those that say nothing any more are dropped before another is added.
const SWEEP_AT: usize = 64;

/// However odd the headers are, no more buckets are kept than this (about 60 bytes each).
const MOST_BUCKETS: usize = 4_096;

/// No answer of Discord's makes one bucket wait longer than this.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// What a call counts towards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    /// The route and method.
    pub(crate) endpoint: Endpoint,
    /// Its major parameter; 0 where the route has none.
    pub(crate) major: u64,
}

impl Target {
    /// A target whose major parameter is a webhook's id with its token, or an interaction's.
    pub(crate) fn with_token(endpoint: Endpoint, id: u64, token: &str) -> Target {
        Target { endpoint, major: hash(&(id, token)) }
    }
}

/// What an answer's `X-RateLimit-…` headers say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quota<'a> {
    pub(crate) bucket: &'a str,
    /// Calls allowed in a window.
    pub(crate) limit: u32,
    /// Calls left in this window.
    pub(crate) remaining: u32,
    /// Until the window ends.
    pub(crate) reset_after: Duration,
}

/// The limits of one token.
#[derive(Debug, Default)]
pub(crate) struct Limiter(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The bucket that Discord named for a route.
    names: HashMap<Endpoint, u64>,
    buckets: HashMap<(u64, u64), Bucket>,
    sweep_at: usize,
    /// When the calls of the last second went, the oldest first.
    recent: VecDeque<Instant>,
    /// Set by a global 429.
    blocked_until: Option<Instant>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    limit: u32,
    remaining: u32,
    window: Duration,
    resets_at: Instant,
}

impl Limiter {
    /// Takes a turn for a call at `now`, or says when to ask again.
    pub(crate) fn take(&self, target: Target, now: Instant) -> Result<(), Instant> {
        let state = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let counts_globally = !target.endpoint.exempt_from_global();
        if counts_globally {
            state.global_turn(now)?;
        }
        let key = state.key(target);
        if let Some(bucket) = state.buckets.get_mut(&key) {
            if now >= bucket.resets_at {
                // A new window whose end Discord has not told yet: as long as the last one.
                bucket.remaining = bucket.limit.max(1);
                bucket.resets_at = now + bucket.window;
            }
            bucket.remaining = bucket.remaining.checked_sub(1).ok_or(bucket.resets_at)?;
        }
        if counts_globally {
            state.recent.push_back(now);
        }
        Ok(())
    }

    /// Learns from an answer's headers.
    pub(crate) fn learn(&self, target: Target, quota: Quota<'_>, now: Instant) {
        let state = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.names.insert(target.endpoint, hash(&quota.bucket));
        let window = quota.reset_after.min(LONGEST_WAIT);
        let resets_at = now + window;
        let known = state.key(target);
        match state.buckets.get_mut(&known) {
            // Answers overtake each other: within one window, only fewer calls can be left.
            Some(bucket) if resets_at <= bucket.resets_at + Duration::from_millis(250) && now < bucket.resets_at => {
                bucket.limit = quota.limit;
                bucket.remaining = bucket.remaining.min(quota.remaining);
            }
            _ => state.keep(known, Bucket { limit: quota.limit, remaining: quota.remaining, window, resets_at }, now),
        }
    }

    /// Learns from a 429 that says to wait for `retry_after`, on this bucket or globally.
    pub(crate) fn refused(&self, target: Target, retry_after: Duration, global: bool, now: Instant) {
        let state = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let until = now + retry_after.min(LONGEST_WAIT);
        if global && !target.endpoint.exempt_from_global() {
            state.blocked_until = state.blocked_until.max(Some(until));
            return;
        }
        let key = state.key(target);
        if let Some(bucket) = state.buckets.get_mut(&key) {
            bucket.remaining = 0;
            bucket.resets_at = bucket.resets_at.max(until);
        } else {
            let window = Duration::from_secs(1);
            state.keep(key, Bucket { limit: 1, remaining: 0, window, resets_at: until }, now);
        }
    }

    #[cfg(test)]
    fn kept(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).buckets.len()
    }
}

impl State {
    fn key(&self, target: Target) -> (u64, u64) {
        (self.names.get(&target.endpoint).copied().unwrap_or_else(|| hash(&target.endpoint)), target.major)
    }

    fn global_turn(&mut self, now: Instant) -> Result<(), Instant> {
        if let Some(until) = self.blocked_until {
            if now < until {
                return Err(until);
            }
            self.blocked_until = None;
        }
        while self.recent.front().is_some_and(|&went| now >= went + GLOBAL_WINDOW) {
            self.recent.pop_front();
        }
        match self.recent.front() {
            Some(&oldest) if self.recent.len() >= GLOBAL_LIMIT => Err(oldest + GLOBAL_WINDOW),
            _ => Ok(()),
        }
    }

    fn keep(&mut self, key: (u64, u64), bucket: Bucket, now: Instant) {
        if self.buckets.len() >= self.sweep_at.max(SWEEP_AT) {
            self.buckets.retain(|_, bucket| now < bucket.resets_at);
            if self.buckets.len() >= MOST_BUCKETS {
                self.buckets.retain(|_, bucket| bucket.remaining == 0);
            }
            if self.buckets.len() >= MOST_BUCKETS {
                self.buckets.clear();
            }
            self.buckets.shrink_to(SWEEP_AT);
            self.sweep_at = self.buckets.len() * 2;
        }
        self.buckets.insert(key, bucket);
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMMANDS: Target = Target { endpoint: Endpoint::Commands, major: 7 };

    fn quota(remaining: u32, reset_after_ms: u64) -> Quota<'static> {
        Quota { bucket: "abcd", limit: 5, remaining, reset_after: Duration::from_millis(reset_after_ms) }
    }

    #[test]
    fn a_bucket_used_up_waits_for_its_reset_and_then_gives_its_whole_limit() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        limiter.learn(COMMANDS, quota(1, 2_000), now);
        assert_eq!(limiter.take(COMMANDS, now), Ok(()));
        assert_eq!(limiter.take(COMMANDS, now), Err(now + Duration::from_secs(2)));
        let later = now + Duration::from_secs(2);
        for _ in 0..5 {
            assert_eq!(limiter.take(COMMANDS, later), Ok(()));
        }
        assert_eq!(limiter.take(COMMANDS, later), Err(later + Duration::from_secs(2)));
    }

    #[test]
    fn an_answer_that_was_overtaken_gives_no_call_back() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        limiter.learn(COMMANDS, quota(0, 2_000), now);
        limiter.learn(COMMANDS, quota(3, 2_000), now + Duration::from_millis(10));
        assert!(limiter.take(COMMANDS, now + Duration::from_millis(20)).is_err());
    }

    #[test]
    fn routes_in_one_bucket_share_it_and_major_parameters_do_not() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        let put = Target { endpoint: Endpoint::PutCommands, major: 7 };
        limiter.learn(put, quota(4, 2_000), now);
        limiter.learn(COMMANDS, quota(0, 2_000), now);
        assert!(limiter.take(put, now).is_err());
        assert_eq!(limiter.take(Target { major: 8, ..put }, now), Ok(()));
    }

    #[test]
    fn the_fifty_first_call_within_a_second_waits_until_the_first_is_a_second_old() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        for i in 0..50 {
            let target = Target { endpoint: Endpoint::DeleteMessage, major: i };
            assert_eq!(limiter.take(target, now + Duration::from_millis(i)), Ok(()));
        }
        let late = now + Duration::from_millis(500);
        assert_eq!(limiter.take(COMMANDS, late), Err(now + Duration::from_secs(1)));
        assert_eq!(limiter.take(COMMANDS, now + Duration::from_secs(1)), Ok(()));
    }

    #[test]
    fn answers_to_interactions_pass_a_used_up_global_limit() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        limiter.refused(COMMANDS, Duration::from_secs(9), true, now);
        assert_eq!(limiter.take(COMMANDS, now), Err(now + Duration::from_secs(9)));
        for i in 0..1_000 {
            assert_eq!(limiter.take(Target { endpoint: Endpoint::Callback, major: i }, now), Ok(()));
        }
        assert_eq!(limiter.take(COMMANDS, now + Duration::from_secs(9)), Ok(()));
    }

    #[test]
    fn a_route_limit_holds_back_that_route_alone() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        limiter.refused(COMMANDS, Duration::from_secs(3), false, now);
        assert_eq!(limiter.take(COMMANDS, now), Err(now + Duration::from_secs(3)));
        assert_eq!(limiter.take(Target { endpoint: Endpoint::Application, major: 0 }, now), Ok(()));
    }

    #[test]
    fn a_retry_after_without_end_is_cut_to_an_hour() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        limiter.refused(COMMANDS, Duration::from_secs(u64::MAX / 4), false, now);
        assert_eq!(limiter.take(COMMANDS, now), Err(now + LONGEST_WAIT));
    }

    #[test]
    fn interaction_tokens_without_end_leave_nothing_behind() {
        let limiter = Limiter::default();
        let start = Instant::now();
        for i in 0..100_000 {
            let now = start + Duration::from_millis(i);
            let target = Target::with_token(Endpoint::EditOriginal, 7, &format!("token-{i}"));
            assert_eq!(limiter.take(Target { endpoint: Endpoint::Callback, ..target }, now), Ok(()));
            limiter.learn(target, quota(4, 500), now);
        }
        assert!(limiter.kept() <= 1_100, "{} buckets are kept", limiter.kept());
    }

    #[test]
    fn windows_that_never_end_cannot_fill_the_memory() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        for i in 0..20_000 {
            limiter.refused(Target { endpoint: Endpoint::FollowUp, major: i }, LONGEST_WAIT, false, now);
        }
        assert!(limiter.kept() <= 2 * MOST_BUCKETS, "{} buckets are kept", limiter.kept());
    }
}
