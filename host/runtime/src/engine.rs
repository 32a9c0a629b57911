//! How wasmtime is set. Every number that isn't wasmtime's own is justified where it stands.

use autocontent_manifest::Limits;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// More memories in one component than a linked library needs are refused: each takes a slot of the pool.
const MEMORIES_PER_COMPONENT: u32 = 2;
/// A component from wit-component has two tables, one of dynamically linked modules three.
const TABLES_PER_COMPONENT: u32 = 4;
/// componentize-py links some thirty modules into one component.
const CORE_INSTANCES_PER_COMPONENT: u32 = 40;
/// JavaScript's and Python's runtimes have some 10,000 functions that are called by pointer.
pub(crate) const TABLE_ELEMENTS: usize = 20_000;
/// What stays mapped of a memory or table between two calls, and is zeroed instead of unmapped: covers the few pages
/// that a small provider touches (25 µs a call without, 16 with).
const KEEP_RESIDENT: usize = 64 << 10;

/// The engine that runs providers: `slots` calls at the same time.
pub(crate) fn serving(slots: u32) -> wasmtime::Result<Engine> {
    let mut config = compiling();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(slots)));
    Engine::new(&config)
}

/// Everything that compiled code depends on; the child that compiles has just this, and no pool.
pub(crate) fn compiling() -> Config {
    let mut config = Config::new();
    config
        // Costs some 15 % in tight loops, as fuel does, and lets the ticker stop any loop.
        .epoch_interruption(true)
        // Half of the fiber's stack, so that the host's own functions have the other half.
        .max_wasm_stack(512 << 10)
        .async_stack_size(1 << 20)
        // The contract is synchronous; without this, synchronous exports take the plain fiber path.
        .concurrency_support(false)
        // A fresh instance maps its initial memory instead of copying it.
        .memory_init_cow(true)
        // The largest memory that a manifest may ask for, so that memories never move; small, so that many fit.
        .memory_reservation(memory_max())
        // Bounds checks of small offsets are left out within it; half of the reservation measured no slower than 4 GiB.
        .memory_guard_size(32 << 20)
        // Guests have no threads, so nothing may ask for them.
        .wasm_threads(false)
        .wasm_memory64(false);
    config
}

fn pool(slots: u32) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    // Each total is the slots times what one component may have: whoever holds a slot can't find the pool empty.
    pool.total_component_instances(slots)
        .total_core_instances(slots.saturating_mul(CORE_INSTANCES_PER_COMPONENT))
        .total_memories(slots.saturating_mul(MEMORIES_PER_COMPONENT))
        .total_tables(slots.saturating_mul(TABLES_PER_COMPONENT))
        .total_stacks(slots)
        .max_core_instances_per_component(CORE_INSTANCES_PER_COMPONENT)
        .max_memories_per_component(MEMORIES_PER_COMPONENT)
        .max_tables_per_component(TABLES_PER_COMPONENT)
        .max_memory_size(usize::try_from(memory_max()).unwrap_or(usize::MAX))
        .table_elements(TABLE_ELEMENTS)
        // Slots that were last used by the same provider are taken again first; this many are kept so.
        .max_unused_warm_slots(100)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(KEEP_RESIDENT)
        // Lets the kernel say which pages were touched, where it can (Linux 6.7): halves the cost of a fresh call.
        .pagemap_scan(Enabled::Auto);
    pool
}

fn memory_max() -> u64 {
    Limits::MAX.memory.bytes()
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};

    use super::*;

    #[test]
    fn what_the_child_compiles_fits_the_serving_engine() {
        let hash = |engine: &Engine| {
            let mut hasher = DefaultHasher::new();
            engine.precompile_compatibility_hash().hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hash(&Engine::new(&compiling()).unwrap()), hash(&serving(1).unwrap()));
    }
}
