//! The content service through its public interface: a real store, the real sandbox, and the provider `parrot`, which
//! answers what it is told to.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod answers;
mod buttons;
mod calls;
mod catalogue;
mod edited;
mod favourites;
mod life;
mod policy;
mod service;
mod storage;
mod suggestions;
