//! The facts, as the build script makes them from facts.toml.

use crate::FactTopic;

pub(crate) use table::FACTS;

#[expect(
    clippy::indexing_slicing,
    reason = "a static is computed by the compiler, which refuses what is out of bounds"
)]
mod table {
    use super::{Fact, FactTopic};

    include!(concat!(env!("OUT_DIR"), "/facts.rs"));
}

/// A fact in all languages.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) id: &'static str,
    pub(crate) topic: FactTopic,
    pub(crate) english: &'static str,
    pub(crate) portuguese: &'static str,
    /// Who says so, and in which work.
    pub(crate) source: &'static str,
    /// The page that says so.
    pub(crate) url: &'static str,
}
