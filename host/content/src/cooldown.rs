//! How soon a member may use a command again.

use std::time::Duration;

use autocontent_manifest::ProviderId;
use autocontent_store::{AccountId, MemberId};
use jiff::Timestamp;
use moka::ops::compute::{CompResult, Op};
use moka::sync::Cache;

/// Members remembered at once. Past that the least recently used are forgotten, and may ask again at once.
const REMEMBERED: u64 = 200_000;
/// The manifest's longest cooldown; later, an entry is only waste.
const LONGEST: Duration = Duration::from_secs(3_600);

/// Whose use of which command is counted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct CooldownKey {
    pub(crate) account: AccountId,
    pub(crate) member: MemberId,
    pub(crate) provider: ProviderId,
    /// Position of the command in the provider's manifest.
    pub(crate) command: usize,
}

/// When each member may use each command again.
pub(crate) struct Cooldowns {
    until: Cache<CooldownKey, Timestamp>,
}

impl Cooldowns {
    pub(crate) fn new() -> Self {
        Self { until: Cache::builder().max_capacity(REMEMBERED).time_to_live(LONGEST).build() }
    }

    /// Begins a cooldown; while one runs, answers with the time left.
    pub(crate) fn begin(&self, key: &CooldownKey, length: Duration, now: Timestamp) -> Result<(), Duration> {
        if length.is_zero() {
            return Ok(());
        }
        let outcome = self.until.entry_by_ref(key).and_compute_with(|entry| match entry {
            Some(entry) if *entry.value() > now => Op::Nop,
            _ => Op::Put(now + length),
        });
        match outcome {
            CompResult::Unchanged(entry) => Err(Duration::try_from(*entry.value() - now).unwrap_or_default()),
            _ => Ok(()),
        }
    }

    /// Takes a cooldown back, as the member got nothing for it.
    pub(crate) fn take_back(&self, key: &CooldownKey) {
        self.until.invalidate(key);
    }

    /// As if every member had waited.
    pub(crate) fn forget(&self) {
        self.until.invalidate_all();
    }
}
