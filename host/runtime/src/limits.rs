//! The budgets that wasmtime asks about while a guest runs: CPU time in ticks, and memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use wasmtime::{ResourceLimiter, UpdateDeadline};

use crate::engine::TABLE_ELEMENTS;
use crate::ticker::{TICK, Ticks};

/// Counts the ticks that pass while guest code runs. Ticks that pass while the guest waits for the host, or for its
/// turn on a thread, are not its own.
pub(crate) struct CpuMeter {
    ticks: Ticks,
    /// The tick in which the guest last went on; it was then told to look again at the next one.
    resumed: Arc<AtomicU64>,
    used: u32,
    budget: u32,
}

/// A guest that waits for the host.
pub(crate) struct Pause {
    at: u64,
    /// A tick fell while the guest ran, and it hasn't noticed yet.
    due: bool,
}

impl CpuMeter {
    /// The budget is rounded up to whole ticks, and the tick in which a call begins is free: nothing is stopped before
    /// its time.
    pub(crate) fn new(ticks: &Ticks, budget: Duration) -> CpuMeter {
        let budget = u32::try_from(budget.as_nanos().div_ceil(TICK.as_nanos())).unwrap_or(u32::MAX);
        CpuMeter { ticks: ticks.clone(), resumed: Arc::new(AtomicU64::new(ticks.now())), used: 0, budget }
    }

    /// Ticks used so far.
    pub(crate) fn used(&self) -> u32 {
        self.used
    }

    /// A tick fell while guest code ran: stop it, or let others have the thread before it goes on until the next.
    pub(crate) fn tick(&mut self) -> UpdateDeadline {
        self.used = self.used.saturating_add(1);
        if self.used > self.budget {
            return UpdateDeadline::Interrupt;
        }
        let (ticks, resumed) = (self.ticks.clone(), Arc::clone(&self.resumed));
        UpdateDeadline::YieldCustom(
            1,
            Box::pin(async move {
                tokio::task::yield_now().await;
                resumed.store(ticks.now(), Ordering::Relaxed);
            }),
        )
    }

    /// The guest begins to wait.
    pub(crate) fn pause(&self) -> Pause {
        let at = self.ticks.now();
        Pause { at, due: at > self.resumed.load(Ordering::Relaxed) }
    }

    /// The guest goes on. True if ticks fell meanwhile, so that its deadline must be moved to the next one.
    #[must_use]
    pub(crate) fn resume(&mut self, pause: &Pause) -> bool {
        let now = self.ticks.now();
        let forgiven = !pause.due && now > pause.at;
        if forgiven {
            self.resumed.store(now, Ordering::Relaxed);
        }
        forgiven
    }
}

/// Grants memory up to the manifest's limit, over all memories of the component together, and remembers a refusal:
/// the guest only sees an allocation fail, and most then execute `unreachable`.
pub(crate) struct MemoryMeter {
    limit: u64,
    used: u64,
    peak: u64,
    /// What the last granted growth added, to be taken back if it then fails.
    last: u64,
    denied: bool,
}

impl MemoryMeter {
    pub(crate) fn new(limit: u64) -> MemoryMeter {
        MemoryMeter { limit, used: 0, peak: 0, last: 0, denied: false }
    }

    /// The most that was in use at any time, in bytes.
    pub(crate) fn peak(&self) -> u64 {
        self.peak
    }

    /// Whether the guest was refused memory.
    pub(crate) fn denied(&self) -> bool {
        self.denied
    }
}

impl ResourceLimiter for MemoryMeter {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let more = desired.saturating_sub(current) as u64;
        let wanted = self.used.saturating_add(more);
        if wanted > self.limit {
            self.denied = true;
            return Ok(false);
        }
        self.last = more;
        self.used = wanted;
        self.peak = self.peak.max(wanted);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, _: wasmtime::Error) -> wasmtime::Result<()> {
        self.used = self.used.saturating_sub(self.last);
        self.last = 0;
        Ok(())
    }

    fn table_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let granted = desired <= TABLE_ELEMENTS;
        self.denied |= !granted;
        Ok(granted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interrupted(update: &UpdateDeadline) -> bool {
        matches!(update, UpdateDeadline::Interrupt)
    }

    #[test]
    fn a_budget_of_ten_ticks_ends_in_the_eleventh() {
        let mut meter = CpuMeter::new(&Ticks::default(), Duration::from_millis(100));
        for _ in 0..10 {
            assert!(!interrupted(&meter.tick()));
        }
        assert!(interrupted(&meter.tick()));
        assert_eq!(meter.used(), 11);
    }

    #[test]
    fn ticks_while_waiting_are_forgiven() {
        let ticks = Ticks::default();
        let mut meter = CpuMeter::new(&ticks, Duration::from_millis(100));
        let pause = meter.pause();
        ticks.advance();
        ticks.advance();
        assert!(meter.resume(&pause));
        let pause = meter.pause();
        assert!(!meter.resume(&pause), "no tick fell in the second wait");
    }

    #[test]
    fn a_tick_before_the_wait_is_still_due_after_it() {
        let ticks = Ticks::default();
        let mut meter = CpuMeter::new(&ticks, Duration::from_millis(100));
        ticks.advance();
        let pause = meter.pause();
        ticks.advance();
        assert!(!meter.resume(&pause));
    }

    #[test]
    fn memories_share_one_limit() {
        let mut meter = MemoryMeter::new(10);
        assert!(meter.memory_growing(0, 6, None).unwrap());
        assert!(!meter.memory_growing(0, 5, None).unwrap());
        assert!(meter.denied());
        assert!(meter.memory_growing(0, 4, None).unwrap());
        assert_eq!(meter.peak(), 10);
    }

    #[test]
    fn a_growth_that_fails_is_given_back() {
        let mut meter = MemoryMeter::new(10);
        assert!(meter.memory_growing(0, 8, None).unwrap());
        meter.memory_grow_failed(wasmtime::Error::msg("no pages")).unwrap();
        assert!(meter.memory_growing(0, 8, None).unwrap());
        assert!(!meter.denied());
    }
}
