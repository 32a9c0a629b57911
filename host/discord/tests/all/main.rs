//! Bots through the crate's public interface: the simulator's Discord over real sockets, a real content service with
//! the real sandbox, and the provider `parrot`, which answers what it is told to.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod answers;
mod buttons;
mod connections;
mod crowd;
mod fleet;
mod host;
mod http;
mod rest;
mod traces;
