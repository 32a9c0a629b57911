//! How many commands one member may use, over all of an account's commands, where the operator set a rate.

use std::num::NonZeroU32;
use std::time::Duration;

use autocontent_store::{AccountId, MemberId};
use jiff::Timestamp;
use moka::ops::compute::{CompResult, Op};
use moka::sync::Cache;

/// Members remembered at once. Past that the least recently used are forgotten, and have their whole minute again.
const REMEMBERED: u64 = 200_000;
const MINUTE: Duration = Duration::from_secs(60);

/// A bucket for each member: so many commands at once, filled again evenly over a minute.
pub(crate) struct MemberRate {
    a_minute: NonZeroU32,
    /// When each member's bucket is full again.
    full: Cache<(AccountId, MemberId), Timestamp>,
}

impl MemberRate {
    pub(crate) fn new(a_minute: NonZeroU32) -> Self {
        Self { a_minute, full: Cache::builder().max_capacity(REMEMBERED).time_to_idle(MINUTE).build() }
    }

    /// Counts a command; where it is one too many, answers with the time until the next.
    pub(crate) fn count(&self, account: AccountId, member: MemberId, now: Timestamp) -> Result<(), Duration> {
        let step = MINUTE / self.a_minute.get();
        let latest = now + (MINUTE - step);
        let outcome = self.full.entry((account, member)).and_compute_with(|entry| {
            let full = entry.map_or(now, |entry| *entry.value()).max(now);
            if full > latest { Op::Nop } else { Op::Put(full + step) }
        });
        match outcome {
            CompResult::Unchanged(entry) => Err(Duration::try_from(*entry.value() - latest).unwrap_or_default()),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn a_minutes_commands_may_come_at_once_and_then_come_back_evenly() {
        let rate = MemberRate::new(NonZeroU32::new(4).unwrap());
        let account = AccountId::new(Timestamp::UNIX_EPOCH, [1; 10]);
        let mut now = Timestamp::UNIX_EPOCH;
        for _ in 0..4 {
            assert_eq!(rate.count(account, 1.into(), now), Ok(()));
        }
        assert_eq!(rate.count(account, 1.into(), now), Err(Duration::from_secs(15)));
        assert_eq!(rate.count(account, 2.into(), now), Ok(()), "another member");
        now += SignedDuration::from_secs(14);
        assert_eq!(rate.count(account, 1.into(), now), Err(Duration::from_secs(1)));
        now += SignedDuration::from_secs(1);
        assert_eq!(rate.count(account, 1.into(), now), Ok(()));
        assert_eq!(rate.count(account, 1.into(), now), Err(Duration::from_secs(15)));
        now += SignedDuration::from_secs(60);
        for _ in 0..4 {
            assert_eq!(rate.count(account, 1.into(), now), Ok(()));
        }
        assert!(rate.count(account, 1.into(), now).is_err());
    }
}
