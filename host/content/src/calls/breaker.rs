//! Pauses a provider that keeps failing, for the account where it does.
//!
//! What counts is the share of faults among the last calls, not their run: a provider whose one command always crashes
//! is noticed although another works between, and one member who makes it crash now and then can't take it from
//! everybody else. A provider that only fails is paused at its eighth call.
//!
//! After a pause one call goes through. If it goes well the provider is back; if not the next pause is twice as long.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use autocontent_runtime::{Clock, Digest, Random};
use autocontent_store::AccountId;
use jiff::Timestamp;

/// Calls that are looked back on.
const WINDOW: u32 = 16;
/// Faults among them that open the breaker.
const TOO_MANY: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(30 * 60);
/// After this without a fault the next pause is the first again, and nothing has to be remembered.
const FORGIVEN: Duration = Duration::from_secs(60 * 60);

/// Which version of a provider, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct BreakerKey {
    pub(crate) digest: Digest,
    pub(crate) account: Option<AccountId>,
}

/// What a call says about its provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It did its part, whatever its source did.
    Good,
    /// It failed.
    Bad,
    /// Nothing: it was not given the chance.
    None,
}

/// A provider has just been paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) until: Timestamp,
}

/// Every provider's breakers. Only those that failed lately take memory.
pub(crate) struct Breakers {
    states: Mutex<HashMap<BreakerKey, Breaker>>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

struct Breaker {
    /// A bit for each of the last calls, set for a fault; the newest is the lowest.
    faults: u16,
    state: State,
    /// Pauses since it was last forgiven.
    pauses: u32,
    last_fault: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed,
    Open {
        until: Timestamp,
    },
    /// One call is on its way.
    HalfOpen,
}

/// A call that was let through; without a verdict it says nothing.
pub(crate) struct Trial<'a> {
    breakers: &'a Breakers,
    key: BreakerKey,
    /// Whether it is the one call after a pause.
    probe: bool,
}

impl Breakers {
    pub(crate) fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { states: Mutex::default(), clock, random }
    }

    /// Lets a call through, unless the provider is paused.
    pub(crate) fn admit(&self, key: BreakerKey) -> Option<Trial<'_>> {
        let mut states = self.states();
        let probe = match states.get_mut(&key) {
            None | Some(Breaker { state: State::Closed, .. }) => false,
            Some(breaker) => match breaker.state {
                State::Open { until } if until <= self.clock.now() => {
                    breaker.state = State::HalfOpen;
                    true
                }
                _ => return None,
            },
        };
        Some(Trial { breakers: self, key, probe })
    }

    /// As if no call had failed.
    pub(crate) fn forget(&self) {
        self.states().clear();
    }

    fn states(&self) -> MutexGuard<'_, HashMap<BreakerKey, Breaker>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn judge(&self, key: BreakerKey, probe: bool, verdict: Verdict) -> Option<Opened> {
        let now = self.clock.now();
        let mut states = self.states();
        match verdict {
            Verdict::None => {
                if let (true, Some(breaker)) = (probe, states.get_mut(&key)) {
                    breaker.state = State::Open { until: now };
                }
                None
            }
            Verdict::Good => {
                let breaker = states.get_mut(&key)?;
                if probe {
                    (breaker.state, breaker.faults) = (State::Closed, 0);
                } else if breaker.state == State::Closed {
                    breaker.faults <<= 1;
                }
                if breaker.is_forgiven(now) {
                    states.remove(&key);
                }
                None
            }
            Verdict::Bad => {
                if !states.contains_key(&key) {
                    states.retain(|_, breaker| !breaker.is_forgiven(now));
                }
                let breaker = states.entry(key).or_insert(Breaker {
                    faults: 0,
                    state: State::Closed,
                    pauses: 0,
                    last_fault: now,
                });
                breaker.fault(probe, now).then(|| breaker.open(now, &*self.random))
            }
        }
    }
}

impl Breaker {
    /// Whether nothing has to be remembered of it any more.
    fn is_forgiven(&self, now: Timestamp) -> bool {
        let quiet = now.duration_since(self.last_fault).unsigned_abs() >= FORGIVEN;
        self.state != State::HalfOpen && (quiet || (self.pauses == 0 && self.faults == 0))
    }

    /// Counts a fault; true where it opens the breaker.
    fn fault(&mut self, probe: bool, now: Timestamp) -> bool {
        if now.duration_since(self.last_fault).unsigned_abs() >= FORGIVEN {
            (self.pauses, self.faults) = (0, 0);
        }
        self.last_fault = now;
        if probe {
            return true;
        }
        // A call that began before the pause says nothing new.
        if self.state != State::Closed {
            return false;
        }
        self.faults = self.faults << 1 | 1;
        self.faults.count_ones() >= TOO_MANY
    }

    fn open(&mut self, now: Timestamp, random: &dyn Random) -> Opened {
        let pause = FIRST_PAUSE.saturating_mul(1 << self.pauses.min(WINDOW)).min(LONGEST_PAUSE);
        self.pauses = self.pauses.saturating_add(1);
        self.faults = 0;
        // Up to a quarter more, or less: what broke together shall not come back together.
        let mut chance = [0; 2];
        random.fill(&mut chance);
        let until = now + pause.mul_f64(0.75 + f64::from(u16::from_le_bytes(chance)) / f64::from(u16::MAX) / 2.0);
        self.state = State::Open { until };
        Opened { until }
    }
}

impl Trial<'_> {
    /// Says how the call went.
    pub(crate) fn judge(mut self, verdict: Verdict) -> Option<Opened> {
        let probe = std::mem::take(&mut self.probe);
        self.breakers.judge(self.key, probe, verdict)
    }
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if self.probe {
            self.breakers.judge(self.key, true, Verdict::None);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use autocontent_runtime::SeededRandom;
    use jiff::SignedDuration;

    use super::*;

    struct Hand(Mutex<Timestamp>);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            *self.0.lock().unwrap()
        }
    }

    struct Bench {
        breakers: Breakers,
        hand: Arc<Hand>,
    }

    impl Bench {
        fn new() -> Self {
            let hand = Arc::new(Hand(Mutex::new(Timestamp::UNIX_EPOCH)));
            Self { breakers: Breakers::new(hand.clone(), Arc::new(SeededRandom::new(7))), hand }
        }

        fn pass(&self, seconds: i64) {
            *self.hand.0.lock().unwrap() += SignedDuration::from_secs(seconds);
        }

        fn call(&self, verdict: Verdict) -> Option<Opened> {
            self.breakers.admit(*KEY).unwrap().judge(verdict)
        }

        /// Fails until it is paused, and says for how long.
        fn fail(&self) -> SignedDuration {
            let opened = (0..20).find_map(|_| self.call(Verdict::Bad)).unwrap();
            opened.until.duration_since(self.hand.now())
        }
    }

    static KEY: LazyLock<BreakerKey> = LazyLock::new(|| BreakerKey { digest: Digest::of(b"it"), account: None });

    #[test]
    fn eight_faults_of_sixteen_calls_open_it_and_seven_do_not() {
        let bench = Bench::new();
        for _ in 0..100 {
            assert_eq!(bench.call(Verdict::Good), None);
        }
        for _ in 0..7 {
            assert_eq!(bench.call(Verdict::Bad), None);
        }
        for _ in 0..10 {
            assert_eq!(bench.call(Verdict::Good), None);
        }
        // The oldest fault has left the window.
        assert_eq!(bench.call(Verdict::Bad), None);
        let bench = Bench::new();
        for _ in 0..7 {
            assert_eq!((bench.call(Verdict::Bad), bench.call(Verdict::Good)), (None, None));
        }
        assert!(bench.call(Verdict::Bad).is_some(), "every other call");
        assert!(bench.breakers.admit(*KEY).is_none());
        let other = BreakerKey { account: Some(AccountId::new(Timestamp::UNIX_EPOCH, [1; 10])), ..*KEY };
        assert!(bench.breakers.admit(other).is_some(), "another account is not concerned");
    }

    #[test]
    fn pauses_double_to_their_longest_within_a_quarter() {
        let bench = Bench::new();
        let mut paused = bench.fail();
        for expected in [30, 60, 120, 240, 480, 960, 1_800, 1_800] {
            let seconds = paused.as_secs_f64();
            assert!((0.75..=1.25).contains(&(seconds / f64::from(expected))), "{seconds} of {expected}");
            bench.pass(paused.as_secs() + 1);
            paused = bench.call(Verdict::Bad).unwrap().until.duration_since(bench.hand.now());
        }
    }

    #[test]
    fn after_a_pause_one_call_decides() {
        let bench = Bench::new();
        let paused = bench.fail();
        bench.pass(paused.as_secs() - 1);
        assert!(bench.breakers.admit(*KEY).is_none(), "not yet");
        bench.pass(2);
        let probe = bench.breakers.admit(*KEY).unwrap();
        assert!(bench.breakers.admit(*KEY).is_none(), "one at a time");
        drop(probe);
        let probe = bench.breakers.admit(*KEY).unwrap();
        assert_eq!(probe.judge(Verdict::None), None, "that says nothing, so another may try");
        assert_eq!(bench.call(Verdict::Good), None);
        let together = [bench.breakers.admit(*KEY).unwrap(), bench.breakers.admit(*KEY).unwrap()];
        drop(together);
        let again = bench.fail();
        assert!(again.as_secs() > 40, "it failed again soon, so the pause is longer: {again}");
    }

    #[test]
    fn a_call_from_before_the_pause_changes_nothing() {
        let bench = Bench::new();
        let late = [bench.breakers.admit(*KEY).unwrap(), bench.breakers.admit(*KEY).unwrap()];
        bench.fail();
        let [good, bad] = late;
        assert_eq!((good.judge(Verdict::Good), bad.judge(Verdict::Bad)), (None, None));
        assert!(bench.breakers.admit(*KEY).is_none());
    }

    #[test]
    fn a_quiet_hour_is_forgiven_and_nothing_is_kept() {
        let bench = Bench::new();
        let paused = bench.fail();
        bench.pass(paused.as_secs() + 1);
        bench.call(Verdict::Good);
        bench.pass(3_600);
        let first = bench.fail();
        assert!(first.as_secs() < 40, "{first}");
        bench.pass(3_601);
        bench.call(Verdict::Good);
        assert!(bench.breakers.states().is_empty());
        bench.call(Verdict::Bad);
        for _ in 0..16 {
            bench.call(Verdict::Good);
        }
        assert!(bench.breakers.states().is_empty(), "one fault long ago");
    }
}
