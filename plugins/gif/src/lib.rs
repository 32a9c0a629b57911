//! `/gif`: GIFs from GIPHY, on a topic, popular, or random.
//!
//! `giphy` asks GIPHY; `gif` makes an item of one of its answers; `rating` says what may be shown to whom.

mod gif;
mod giphy;
mod rating;

use std::time::Duration;

use autocontent_sdk::prelude::*;
use autocontent_sdk::{log, provider};

use giphy::Wanted;
use rating::GifRating;

provider!("provider.toml");

/// How long the host may answer from its memory: what is popular changes, and GIPHY wants its content kept for no longer
/// than need be.
const LASTS: Duration = Duration::from_secs(5 * 60);
/// How many GIFs are asked for at once, at most.
const MOST: usize = 25;
/// Characters before it is worth to ask for proposals: a new key has a hundred requests an hour.
const LEAST_TYPED: usize = 3;
/// The `next` of a random GIF: there is always another one.
const AGAIN: &str = "again";

/// The provider.
#[derive(Debug)]
pub struct Gif;

#[autocontent_sdk::export]
impl Provider for Gif {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let Command::Gif { topic, random } = &request.command;
        let topic = topic.as_deref().map(str::trim).filter(|topic| !topic.is_empty());
        let wanted = Wanted { topic, highest: GifRating::highest(&request.audience), audience: &request.audience };
        if random.unwrap_or_default() {
            // Where it can't be shown the page is empty, and the host asks for the next one.
            return Ok(Page::of(giphy::random(&wanted)?.item(topic)).next(Some(AGAIN.into())));
        }
        let from = match request.cursor.as_deref() {
            None => 0,
            Some(cursor) => {
                cursor.parse().map_err(|_| Failure::Internal(format!("the cursor {cursor:?} is no number")))?
            }
        };
        let found = giphy::best(&wanted, from, request.limit.clamp(1, MOST))?;
        let next = found.next(&wanted, from);
        let items: Vec<Item> = found.gifs.iter().filter_map(|gif| gif.item(topic)).collect();
        if items.is_empty() && next.is_none() {
            return Err(Failure::NothingFound);
        }
        Ok(Page::of(items).next(next.map(|next| next.to_string())).cache_for(LASTS))
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let Typing::GifTopic { .. } = partial.typing;
        let typed = partial.typed.trim();
        if typed.chars().count() < LEAST_TYPED {
            return Vec::new();
        }
        let terms = giphy::terms(typed, &partial.audience).unwrap_or_else(|failure| {
            log::warn(format!("no proposals from GIPHY: {failure:?}"));
            Vec::new()
        });
        let fits = |term: &String| (1..=giphy::LONGEST_TOPIC).contains(&term.chars().count());
        terms
            .into_iter()
            .filter(fits)
            .take(Choice::MOST)
            .map(|term| Choice::new(term.as_str(), term.as_str()))
            .collect()
    }
}
