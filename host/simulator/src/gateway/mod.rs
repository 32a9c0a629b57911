//! The gateway: sockets, sessions and what is dispatched through them.
//!
//! `sessions` is what outlives a socket: sequence numbers, the events to replay, the identify budget. `connection`
//! is one socket from HELLO to its close code.

mod connection;
mod sessions;

pub(crate) use connection::{Entry, enter};
pub(crate) use sessions::{Gateway, Out};
