//! The double held against what Discord's API documentation says, from both sides: a raw client plays the bot, the
//! library's handles play the members.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod callbacks;
mod channels;
mod client;
mod commands;
mod control;
mod faults;
mod gateway;
mod http_interactions;
mod limits;
mod load;
mod messages;
mod sent;
