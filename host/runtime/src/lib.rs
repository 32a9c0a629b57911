//! The sandbox: runs content providers, which strangers wrote, within limits that hold.
//!
//! A provider is a WebAssembly component with its manifest inside. [`inspect`] tells what it is without running it,
//! [`Runtime::compile`] compiles it once, [`Runtime::load`] makes it ready, and [`Provider::find`] asks it. Each call runs
//! in a fresh instance that shares nothing with any other and is thrown away, and ends in an answer or in a [`Fault`] that
//! names why not. This crate knows no Discord, no SQL and no network: what a provider may reach is given with each call
//! ([`Capabilities`]), and everything else is refused.
//!
//! What threatens, and what answers it:
//! - endless loops: a [`Fault::Cpu`] after `limits.cpu` of guest time, by epochs that an OS thread raises (`ticker`);
//! - endless waiting: a [`Fault::Time`] after `limits.time`;
//! - memory: a [`Fault::Memory`] past `limits.memory`, [`Fault::Stack`], and [`Fault::ResultTooLarge`] for what is handed
//!   to the host (`limits`, `call`);
//! - too many calls at once: they wait their turn, or end in [`Fault::Busy`] (`provider`, `engine`);
//! - floods of log lines: cut, counted, escaped (`lines`);
//! - components that are made to stall the compiler: a child process with bounds (`compile`);
//! - code in the cache that nobody compiled: verified before it is loaded (`compile::sealed`);
//! - imports beyond the contract: refused by name, before anything runs (`inspect`, `imports`).

mod ambient;
mod call;
mod capabilities;
mod compile;
pub mod contract;
mod digest;
mod engine;
mod error;
mod fault;
mod imports;
mod inspect;
mod limits;
mod lines;
mod provider;
mod runtime;
mod ticker;

pub use ambient::{Clock, Random, SeededRandom, SystemClock, SystemRandom};
pub use call::{Call, Usage};
pub use capabilities::{Capabilities, Denied, Http, Log, Settings, Storage};
pub use compile::{CompileLimits, Compiler, compile_child_main};
pub use digest::{Digest, InvalidDigest};
pub use error::{LoadError, RuntimeError};
pub use fault::Fault;
pub use inspect::{Exports, Inspection, Survey, inspect, survey};
pub use lines::printable;
pub use provider::Provider;
pub use runtime::{Runtime, RuntimeConfig};
