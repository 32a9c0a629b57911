//! What a provider's author sees of the SDK.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod commands;
mod compile_fail;
mod host;
