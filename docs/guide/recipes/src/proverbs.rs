//! Content that the provider carries with it.

use autocontent_sdk::Deck;
use autocontent_sdk::prelude::*;

use crate::Kind;

/// An id that stays, and the text.
const PROVERBS: [(&str, &str); 3] = [
    ("slow", "Slow and steady wins the race."),
    ("early", "The early bird catches the worm."),
    ("silver", "Every cloud has a silver lining."),
];

// ANCHOR: deck
/// Deals the proverbs in random order: "another" goes through all of them before one comes twice.
pub(crate) fn proverb(cursor: Option<&str>, limit: usize) -> Result<Page, Failure> {
    let (dealt, next) = Deck::new(cursor).deal(PROVERBS, limit);
    let items = dealt.into_iter().map(|(id, text)| Item::new(id, Kind::Note).text(text));
    Ok(Page::of(items).next(next))
}
// ANCHOR_END: deck
