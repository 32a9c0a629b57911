//! What authors' tools do, through the library's public interface: real tools, real components in the real sandbox. Whole
//! flows through the program are in `host/cli/tests/all/author.rs`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod c;
mod c_native;
mod checking;
mod harness;
mod new;
mod official;
mod packing;
mod playground;
mod project;
mod protocol;
mod python;
mod sandbox;
mod sdk;
mod trying;
