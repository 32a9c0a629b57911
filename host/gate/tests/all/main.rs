//! The gate through its public interface: real servers on loopback, with and without TLS, under names that the tests resolve.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod addresses;
mod budgets;
mod cache;
mod names;
mod pace;
mod protocol;
mod recordings;
mod redirects;
mod requests;
mod secrets;
mod sizes;
mod spellings;
mod time;
mod upstream;
mod upstreams;
mod world;
