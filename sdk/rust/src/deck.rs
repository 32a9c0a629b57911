//! A shuffled order that goes on over several requests.

use crate::system::Random;

/// Deals out the content that fits a request in random order, so that "another" goes through all of it before
/// anything comes twice. The order's seed and how far it got travel in the cursor.
///
/// ```
/// use autocontent_sdk::Deck;
///
/// let (first, next) = Deck::new(None).deal(["a", "b", "c"], 2);
/// let (second, end) = Deck::new(next.as_deref()).deal(["a", "b", "c"], 2);
/// assert_eq!((first.len(), second.len(), end), (2, 1, None));
/// assert!(!first.contains(&second[0]));
/// ```
#[derive(Clone, Debug)]
pub struct Deck {
    seed: u64,
    dealt: usize,
}

impl Deck {
    /// Goes on from `cursor`, which an earlier [`Deck::deal`] returned, or starts anew where there is none. A
    /// cursor that can't be read starts anew too, as it may come from an older version of the provider.
    pub fn new(cursor: Option<&str>) -> Deck {
        cursor.and_then(Deck::read).unwrap_or_else(Deck::fresh)
    }

    /// The next `limit` of `cards`, which must be the same each time, and the cursor for the ones after them, if
    /// any are left. Where `cards` became so few that none would be left, starts anew.
    pub fn deal<T>(self, cards: impl IntoIterator<Item = T>, limit: usize) -> (Vec<T>, Option<String>) {
        let mut cards: Vec<T> = cards.into_iter().collect();
        let Deck { seed, dealt } = if self.dealt < cards.len() { self } else { Deck::fresh() };
        Random::seeded(seed).shuffle(&mut cards);
        let end = dealt.saturating_add(limit);
        let next = (end < cards.len()).then(|| format!("{seed:x}:{end}"));
        (cards.into_iter().skip(dealt).take(limit).collect(), next)
    }

    fn fresh() -> Deck {
        Deck { seed: Random::new().next_u64(), dealt: 0 }
    }

    fn read(cursor: &str) -> Option<Deck> {
        let (seed, dealt) = cursor.split_once(':')?;
        Some(Deck { seed: u64::from_str_radix(seed, 16).ok()?, dealt: dealt.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_card_comes_once_before_the_deck_ends() {
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let (cards, next) = Deck::new(cursor.as_deref()).deal(0..23, 5);
            seen.extend(cards);
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        seen.sort_unstable();
        assert_eq!(seen, (0..23).collect::<Vec<_>>());
    }

    #[test]
    fn two_decks_are_shuffled_differently() {
        assert_ne!(Deck::new(None).deal(0..50, 50), Deck::new(None).deal(0..50, 50));
    }

    #[test]
    fn a_cursor_past_the_end_or_unreadable_starts_anew() {
        for cursor in ["2a:40", "2a:18446744073709551615", "", "x:1", "1:-1", "no cursor"] {
            let (cards, next) = Deck::new(Some(cursor)).deal(0..4, 10);
            assert_eq!((cards.len(), next), (4, None), "{cursor}");
        }
    }

    #[test]
    fn an_empty_deck_deals_nothing() {
        assert_eq!(Deck::new(None).deal(std::iter::empty::<u8>(), 3), (vec![], None));
    }
}
