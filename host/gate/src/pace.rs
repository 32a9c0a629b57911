//! How often a host is asked, and for how long it is left alone where it wants to be.
//!
//! The pace is kept by moments that are passed in. A turn is taken ahead: who comes too early is told how long to wait, and
//! the next one waits behind. One provider has a share of a host's pace, so that it can't use it up alone.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use autocontent_manifest::ProviderId;
use http::header::{HeaderMap, RETRY_AFTER as RETRY_AFTER_HEADER};
use jiff::{SignedDuration, Timestamp};

use crate::limits::{Pace, RETRY_AFTER, TURN, WAITING_HOSTS};

/// Past this many hosts, those at rest are forgotten.
const HOSTS: usize = 1024;

/// The pace of all providers at all hosts.
pub(crate) struct Turns {
    host: Pace,
    provider: Pace,
    hosts: Mutex<HashMap<String, HostTurns>>,
}

#[derive(Default)]
struct HostTurns {
    all: Bucket,
    providers: HashMap<ProviderId, Bucket>,
}

/// When the burst would be whole again, in microseconds since 1970.
#[derive(Default, Clone, Copy)]
struct Bucket(i64);

impl Bucket {
    /// When the next request may go, and the bucket after it.
    fn next(self, now: i64, pace: Pace) -> (i64, Bucket) {
        let step = 1_000_000 / i64::from(pace.per_second.max(1));
        let burst = step.saturating_mul(i64::from(pace.burst.max(1)));
        let longest = burst.saturating_add(i64::try_from(TURN.as_micros()).unwrap_or(i64::MAX));
        // Further ahead than any turn is given only if the clock was set back.
        let whole = if self.0.saturating_sub(now) > longest { now } else { self.0.max(now) };
        let after = whole.saturating_add(step);
        (after.saturating_sub(burst).max(now), Bucket(after))
    }
}

impl Turns {
    pub(crate) fn new(host: Pace, provider: Pace) -> Turns {
        Turns { host, provider, hosts: Mutex::new(HashMap::new()) }
    }

    /// How long to wait for the turn that is taken; none where that would be over [`TURN`], and no turn is taken.
    pub(crate) fn take(&self, host: &str, provider: &ProviderId, now: Timestamp) -> Option<Duration> {
        let now = now.as_microsecond();
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= HOSTS {
            hosts.retain(|_, turns| turns.all.0 > now);
        }
        let turns = hosts.entry(host.to_owned()).or_default();
        turns.providers.retain(|_, bucket| bucket.0 > now);
        let own = turns.providers.get(provider).copied().unwrap_or_default();
        let (one, all) = turns.all.next(now, self.host);
        let (other, own) = own.next(now, self.provider);
        let wait = Duration::from_micros(u64::try_from(one.max(other).saturating_sub(now)).unwrap_or(0));
        if wait > TURN {
            return None;
        }
        turns.all = all;
        turns.providers.insert(provider.clone(), own);
        Some(wait)
    }
}

/// Hosts that asked one provider to wait. What a server says to one set of secrets doesn't bind another: limits are mostly
/// those of a key.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<HashMap<([u8; 32], String), Timestamp>>);

impl Waiting {
    /// Notes what a server asks for with 429 or 503.
    pub(crate) fn note(&self, secrets: [u8; 32], host: &str, headers: &HeaderMap, now: Timestamp) {
        let Some(wait) = retry_after(headers, now) else { return };
        let Ok(until) = now.checked_add(wait) else { return };
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= WAITING_HOSTS {
            hosts.retain(|_, until| *until > now);
        }
        if hosts.len() < WAITING_HOSTS {
            hosts.insert((secrets, host.to_owned()), until);
        }
    }

    /// For how long the host is still left alone.
    pub(crate) fn left(&self, secrets: [u8; 32], host: &str, now: Timestamp) -> Option<Duration> {
        let key = (secrets, host.to_owned());
        let mut hosts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = hosts.get(&key)?.duration_since(now);
        // Longer than any server is obeyed only if the clock was set back.
        let left = Duration::try_from(left).ok().filter(|left| !left.is_zero() && *left <= RETRY_AFTER);
        if left.is_none() {
            hosts.remove(&key);
        }
        left
    }
}

/// A Retry-After in seconds or as a date, at most [`RETRY_AFTER`].
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let text = headers.get(RETRY_AFTER_HEADER)?.to_str().ok()?.trim();
    let wait = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => httpdate::parse_http_date(text).ok()?.duration_since(SystemTime::from(now)).ok()?,
    };
    SignedDuration::try_from(wait.min(RETRY_AFTER)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(1_700_000_000_000 + millis).unwrap()
    }

    fn id(text: &str) -> ProviderId {
        text.parse().unwrap()
    }

    fn turns() -> Turns {
        Turns::new(Pace { per_second: 4, burst: 3 }, Pace { per_second: 2, burst: 2 })
    }

    fn millis(wait: Option<Duration>) -> Option<u128> {
        wait.map(|wait| wait.as_millis())
    }

    #[test]
    fn a_provider_may_burst_and_then_keeps_its_pace() {
        let turns = turns();
        let take = |now| millis(turns.take("a", &id("one"), at(now)));
        assert_eq!([take(0), take(0)], [Some(0), Some(0)], "the burst");
        assert_eq!([take(0), take(0)], [Some(500), Some(1000)], "each waits behind the one before");
        assert_eq!(take(1500), Some(0), "after what it waited and one step more, it is its turn at once");
    }

    #[test]
    fn who_would_wait_too_long_takes_no_turn() {
        let turns = turns();
        let take = |now| millis(turns.take("a", &id("one"), at(now)));
        for wait in [0, 0, 500, 1000, 1500, 2000] {
            assert_eq!(take(0), Some(wait));
        }
        assert_eq!([take(0), take(0)], [None, None]);
        assert_eq!(take(500), Some(2000), "the refused ones left no trace");
    }

    #[test]
    fn providers_share_a_hosts_pace_and_hosts_share_nothing() {
        let turns = turns();
        let take = |host, provider: &str| millis(turns.take(host, &id(provider), at(0)));
        assert_eq!([take("a", "one"), take("a", "one")], [Some(0), Some(0)]);
        assert_eq!(
            [take("a", "two"), take("a", "two")],
            [Some(0), Some(250)],
            "its own burst holds two, the host's three"
        );
        assert_eq!(take("b", "one"), Some(0));
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nobody() {
        let turns = turns();
        for _ in 0..6 {
            turns.take("a", &id("one"), at(3_600_000));
        }
        assert_eq!(millis(turns.take("a", &id("one"), at(0))), Some(0));
    }

    fn asked(value: &str) -> HeaderMap {
        HeaderMap::from_iter([(RETRY_AFTER_HEADER, value.parse().unwrap())])
    }

    #[test]
    fn a_server_is_left_alone_as_long_as_it_asked_but_not_longer_than_an_hour() {
        let cases = [("30", Some(30)), ("99999999999", Some(3600)), ("0", None), ("soon", None), ("-1", None)];
        for (value, left) in cases {
            let waiting = Waiting::default();
            waiting.note([0; 32], "a", &asked(value), at(0));
            assert_eq!(waiting.left([0; 32], "a", at(0)).map(|left| left.as_secs()), left, "{value}");
        }
        let waiting = Waiting::default();
        let date = httpdate::fmt_http_date(SystemTime::from(at(60_000)));
        waiting.note([0; 32], "a", &asked(&date), at(0));
        assert_eq!(waiting.left([0; 32], "a", at(59_999)), Some(Duration::from_millis(1)));
        assert_eq!(waiting.left([0; 32], "a", at(60_000)), None);
        assert_eq!(waiting.left([1; 32], "a", at(0)), None, "another account has another key");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let waiting = Waiting::default();
        for host in 0..WAITING_HOSTS + 10 {
            waiting.note([0; 32], &host.to_string(), &asked("30"), at(0));
        }
        assert!(waiting.left([0; 32], &(WAITING_HOSTS - 1).to_string(), at(0)).is_some());
        assert!(waiting.left([0; 32], &WAITING_HOSTS.to_string(), at(0)).is_none());
        let turns = turns();
        for host in 0..HOSTS + 10 {
            turns.take(&host.to_string(), &id("one"), at(i64::try_from(host).unwrap() * 10));
        }
        assert!(turns.hosts.lock().unwrap().len() <= HOSTS);
    }
}
