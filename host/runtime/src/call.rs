//! One call: what the store carries while the guest runs, and what is left to tell afterwards.

use std::sync::Arc;
use std::time::Duration;

use autocontent_manifest::Limits;
use wasmtime::{Engine, Store};

use crate::ambient::{Clock, Random};
use crate::capabilities::Capabilities;
use crate::fault::Fault;
use crate::limits::{CpuMeter, MemoryMeter};
use crate::lines::Lines;
use crate::ticker::Ticks;

/// A provider's answer, or why there is none, and what the call cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Call<T> {
    /// What the guest answered.
    pub outcome: Result<T, Fault>,
    /// What it cost.
    pub usage: Usage,
}

/// What a call cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// From the asking to the answer, waiting for a place in the pool included.
    pub time: Duration,
    /// Ticks of 10 ms that fell while the guest's own code ran; 0 for most calls.
    pub cpu_ticks: u32,
    /// The most linear memory in use at any time, in bytes.
    pub peak_memory: u64,
    /// Imports called.
    pub host_calls: u32,
}

/// Data beyond the media that an answer may carry: texts, links, fields.
const ANSWER: u64 = 1 << 20;
/// The contract has no resources, so a guest needs no handles; a few in case a language's runtime makes its own.
const HANDLES: usize = 64;

/// What a store carries: the budgets, the world outside, and notes for [`Fault`] and [`Usage`].
pub(crate) struct CallState {
    pub(crate) host: Capabilities,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) cpu: CpuMeter,
    pub(crate) memory: MemoryMeter,
    pub(crate) lines: Lines,
    pub(crate) host_calls: u32,
}

impl CallState {
    pub(crate) fn new(
        host: &Capabilities,
        clock: &Arc<dyn Clock>,
        random: &Arc<dyn Random>,
        ticks: &Ticks,
        limits: &Limits,
    ) -> CallState {
        CallState {
            host: host.clone(),
            clock: Arc::clone(clock),
            random: Arc::clone(random),
            cpu: CpuMeter::new(ticks, limits.cpu),
            memory: MemoryMeter::new(limits.memory.bytes()),
            lines: Lines::default(),
            host_calls: 0,
        }
    }

    /// A store in which a guest can run within its limits.
    pub(crate) fn into_store(self, engine: &Engine, limits: &Limits) -> Store<CallState> {
        let mut store = Store::new(engine, self);
        store.limiter(|call| &mut call.memory);
        store.set_hostcall_fuel(usize::try_from(limits.media.bytes().saturating_add(ANSWER)).unwrap_or(usize::MAX));
        store.set_max_component_handles(HANDLES);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut store| Ok(store.data_mut().cpu.tick()));
        store
    }

    pub(crate) fn usage(&self, time: Duration) -> Usage {
        Usage { time, cpu_ticks: self.cpu.used(), peak_memory: self.memory.peak(), host_calls: self.host_calls }
    }
}
