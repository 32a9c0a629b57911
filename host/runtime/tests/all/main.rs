//! The sandbox through its public interface: real components, real compiling in child processes, real limits.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cache;
mod compiling;
mod crowds;
mod faults;
mod guest;
mod imports;
mod inspecting;
mod probe;
mod sandbox;
