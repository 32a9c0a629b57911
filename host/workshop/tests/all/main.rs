//! What authors' tools do, through the library's public interface. Whole flows, with the languages' own tools, are in
//! `host/cli/tests/all/author.rs`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod checking;
mod new;
mod packing;
mod project;
mod sdk;
