//! Recordings through the crate's public interface.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod files;
mod playing;
mod recording;
