//! The program `autocontent` as an operator and a simulated Discord meet it: the real binary, real providers.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod author;
mod bad_input;
mod canary;
mod components;
mod crowd;
#[path = "../../../content/tests/all/edited.rs"]
mod edited;
mod guide;
mod host;
mod javascript;
mod kill;
mod life;
mod observing;
mod official;
mod operator;
mod personal;
mod serving;
mod shutdown;
mod signing;
mod sources;
#[path = "../../../workshop/tests/all/playground/states.rs"]
mod states;
mod trial;
mod upstreams;
mod watching;
