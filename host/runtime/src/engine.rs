//! How wasmtime is set. Every number that isn't wasmtime's own is justified where it stands.

use autocontent_manifest::Limits;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

/// More memories in one component than a linked library needs are refused: each takes a slot of the pool. A component of
/// QuickJS has three: its own, and two that stay empty, of the stubs for what the engine could use and a provider has not.
const MEMORIES_PER_COMPONENT: u32 = 3;
/// A component that wit-component made of one module has two.
const TABLES_PER_COMPONENT: u32 = 4;
/// A Rust provider has three; a language's runtime that is linked from shared libraries has one for each of them.
const CORE_INSTANCES_PER_COMPONENT: u32 = 40;
/// Functions that are called by pointer. Whole runtimes have been seen with more than 10,000; this is wasmtime's default.
pub(crate) const TABLE_ELEMENTS: usize = 20_000;
/// What stays mapped of a memory or table between two calls, and is zeroed instead of unmapped: what a small provider
/// touches, so that a fresh instance needs no system call and no page fault for it.
const KEEP_RESIDENT: usize = 64 << 10;

/// The engine that runs providers: `slots` calls at the same time. The pool makes a fresh call three times as fast, and
/// six times as many fit into a second, as with memory mapped anew for each.
pub(crate) fn serving(slots: u32) -> wasmtime::Result<Engine> {
    let mut config = compiling();
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(slots)));
    Engine::new(&config)
}

/// Everything that compiled code depends on; the child that compiles has just this, and no pool.
pub(crate) fn compiling() -> Config {
    let mut config = Config::new();
    config
        // Lets the ticker stop any loop, for 14 to 17 % of a tight one's speed.
        .epoch_interruption(true)
        // Half of the fiber's stack, so that the host's own functions have the other half.
        .max_wasm_stack(512 << 10)
        .async_stack_size(1 << 20)
        // The contract is synchronous, and without support for more its exports take the shorter way.
        .concurrency_support(false)
        // A fresh instance maps its initial memory instead of copying it.
        .memory_init_cow(true)
        // The largest memory that a manifest may ask for, so that memories never move; small, so that many fit.
        .memory_reservation(memory_max())
        // Behind each memory, so that a load or store at a small offset needs no check of its own.
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
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(KEEP_RESIDENT)
        // Lets the kernel say which pages were touched, where it can (Linux 6.7): 16 µs a fresh call instead of 25 to 31.
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
