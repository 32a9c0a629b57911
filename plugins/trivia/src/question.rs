//! The questions, as the build script makes them from questions.toml.

use crate::{TriviaCategory, TriviaDifficulty};

pub(crate) use table::QUESTIONS;

#[expect(
    clippy::indexing_slicing,
    reason = "a static is computed by the compiler, which refuses what is out of bounds"
)]
mod table {
    use super::{Question, TriviaCategory, TriviaDifficulty, Wording};

    include!(concat!(env!("OUT_DIR"), "/questions.rs"));
}

/// A question in all languages.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) id: &'static str,
    pub(crate) category: TriviaCategory,
    pub(crate) difficulty: TriviaDifficulty,
    pub(crate) english: Wording,
    pub(crate) portuguese: Wording,
}

/// A question in one language.
#[derive(Debug)]
pub(crate) struct Wording {
    pub(crate) question: &'static str,
    /// The right one first.
    pub(crate) answers: [&'static str; 4],
    pub(crate) explanation: &'static str,
}

impl Question {
    /// The question of this id, if there is (still) one.
    pub(crate) fn find(id: &str) -> Option<&'static Question> {
        let at = QUESTIONS.binary_search_by_key(&id, |question| question.id).ok()?;
        QUESTIONS.get(at)
    }
}
