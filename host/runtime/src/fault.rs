//! Why a call ended without the guest's answer, told in words that an operator can act on.

use wasmtime::{Trap, WasmBacktrace};

use crate::call::CallState;

/// What ended a call. The guest's own failures (`nothing-found`, `upstream`, …) are answers, not faults.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Guest code ran for longer than `limits.cpu`.
    #[error("the provider used up its CPU time; it loops, or needs a larger `limits.cpu` in provider.toml")]
    Cpu,
    /// The call, waiting included, took longer than `limits.time`.
    #[error(
        "the provider did not answer in time; what it waits for is slow, or it needs a larger `limits.time` in provider.toml"
    )]
    Time,
    /// The guest ended because it was refused memory past `limits.memory`.
    #[error("the provider ran out of memory; it needs less, or a larger `limits.memory` in provider.toml")]
    Memory,
    /// The guest's stack ran out.
    #[error("the provider ran out of stack; it recurses too deeply")]
    Stack,
    /// The guest handed more data to the host at once than `limits.media` and 1 MiB allow.
    #[error(
        "the provider handed over too much data at once; it needs fewer or smaller items, or a larger `limits.media` in provider.toml"
    )]
    ResultTooLarge,
    /// The guest crashed.
    #[error("the provider crashed: {message}")]
    Trap {
        /// The guest's panic message and place when it logged one, else what WebAssembly calls the trap.
        message: String,
    },
    /// The host refused an import in a way that ends the call.
    #[error("the host refused {import}")]
    Denied {
        /// The import and what was asked of it.
        import: String,
    },
    /// The guest broke the rules of the contract's types: bad UTF-8, a list outside of its memory and the like.
    #[error("the provider broke the contract: {what}")]
    Invalid {
        /// Which rule.
        what: String,
    },
    /// The provider was asked for something that it doesn't export.
    #[error("the provider does not export `{export}`")]
    Missing {
        /// `suggestions` or `actions`.
        export: &'static str,
    },
    /// No place in the pool became free within the call's time.
    #[error(
        "the sandbox was busy for the whole of the call's time; allow more calls at once, or find out which provider is slow"
    )]
    Busy,
}

/// The host ends the call because of what the guest asked of an import.
#[derive(Debug, thiserror::Error)]
#[error("the host refused {0}")]
pub(crate) struct Refusal(pub(crate) String);

impl Fault {
    /// Names what wasmtime reports. `call` knows what the guest had been refused, and what it logged last.
    pub(crate) fn new(error: &wasmtime::Error, call: &CallState) -> Fault {
        if let Some(Refusal(import)) = error.downcast_ref() {
            return Fault::Denied { import: import.clone() };
        }
        let trap = error.downcast_ref::<Trap>();
        if trap == Some(&Trap::Interrupt) {
            return Fault::Cpu;
        }
        // wasmtime keeps this error's type to itself.
        if error.root_cause().to_string().contains("fuel allocated for hostcalls has been exhausted") {
            return Fault::ResultTooLarge;
        }
        if call.memory.denied() {
            return Fault::Memory;
        }
        match trap {
            Some(Trap::StackOverflow) => Fault::Stack,
            Some(Trap::MemoryOutOfBounds) if deep(error) => Fault::Stack,
            Some(Trap::UnreachableCodeReached) => Fault::Trap {
                message: call.lines.last_error().map_or_else(|| plain(Trap::UnreachableCodeReached), str::to_owned),
            },
            Some(trap) => Fault::Trap { message: plain(*trap) },
            None => Fault::Invalid { what: error.root_cause().to_string() },
        }
    }
}

/// Languages that keep a stack of their own in linear memory (Rust, C) run out of it by accessing memory out of bounds;
/// what tells this from a stray pointer is how many calls deep it happened. wasmtime records at most 20.
fn deep(error: &wasmtime::Error) -> bool {
    const DEEP: usize = 16;
    error.downcast_ref::<WasmBacktrace>().is_some_and(|backtrace| backtrace.frames().len() >= DEEP)
}

fn plain(trap: Trap) -> String {
    let text = trap.to_string();
    text.strip_prefix("wasm trap: ").unwrap_or(&text).to_owned()
}
