//! `/comic`: xkcd by Randall Munroe, through the JSON that its site offers to programs.
//!
//! Each comic that passes through is noted in storage, and that is what `search` searches: xkcd itself has no search. What
//! is noted is the same for everybody, wherever they asked.

mod comic;
mod language;
mod seen;

use std::time::Duration;

use autocontent_sdk::prelude::*;
use autocontent_sdk::text::shortened;
use autocontent_sdk::{Deck, provider};

use comic::{Comic, Comics, MISSING};
use language::Language;
use seen::Seen;

provider!("provider.toml");

/// A new comic comes three times a week; half an hour late is soon enough.
const NEWEST_FOR: Duration = Duration::from_secs(30 * 60);
/// A comic hardly ever changes.
const ONE_FOR: Duration = Duration::from_secs(24 * 60 * 60);
/// Several are asked for again soon where one of them could not be had.
const PARTIAL_FOR: Duration = Duration::from_secs(60);
/// Comics that one answer fetches at most; the host allows 16 requests.
const AT_ONCE: usize = 8;

/// The provider.
#[derive(Debug)]
pub struct Xkcd;

#[autocontent_sdk::export]
impl Provider for Xkcd {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let language = Language::of(&request.audience);
        let limit = request.limit.clamp(1, AT_ONCE);
        let cursor = request.cursor.as_deref();
        match request.command {
            Command::ComicLatest => latest(cursor, limit),
            Command::ComicRandom => random(cursor),
            Command::ComicNumber { number } => numbered("number", number, language),
            Command::ComicSearch { words } => match words.trim().strip_prefix('#').map(str::parse) {
                Some(Ok(number)) => numbered("words", number, language),
                _ => search(&words, cursor, limit, language),
            },
        }
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let Ok(seen) = Seen::all() else { return Vec::new() };
        let titled = seen.iter().rev().filter(|seen| !seen.title.is_empty());
        match partial.typing {
            Typing::ComicNumberNumber => {
                let label = |seen: &Seen| shortened(&format!("{}: {}", seen.number, seen.title), 100);
                Choice::matching(&partial.typed, titled.map(|seen| Choice::new(label(seen), seen.number)))
            }
            // A title may be a number, such as "2038" of comic 607.
            Typing::ComicSearchWords => Choice::matching(
                &partial.typed,
                titled.map(|seen| Choice::new(&*seen.title, format!("#{}", seen.number))),
            ),
        }
    }
}

/// The newest comic and those before it; the cursor is the number that comes next.
fn latest(cursor: Option<&str>, limit: usize) -> Result<Page, Failure> {
    let Some(next) = cursor.and_then(|cursor| cursor.parse::<i64>().ok()) else {
        let newest = Comic::newest()?;
        let next = before(newest.number);
        return Ok(Page::from(shown(&newest)).next(next.map(|next| next.to_string())).cache_for(NEWEST_FOR));
    };
    let numbers: Vec<i64> = std::iter::successors(Some(next), |&number| before(number)).take(limit).collect();
    let next = numbers.last().and_then(|&last| before(last)).map(|next| next.to_string());
    let Comics { comics, is_partial } = Comic::fetch_all(&numbers)?;
    let kept = if is_partial { PARTIAL_FOR } else { ONE_FOR };
    Ok(Page::of(comics.iter().map(shown)).next(next).cache_for(kept))
}

/// The number of the comic before this one, if there is one.
fn before(number: i64) -> Option<i64> {
    let before = number.checked_sub(if number - 1 == MISSING { 2 } else { 1 })?;
    (before >= 1).then_some(before)
}

/// Any comic: one, as it is fetched and noted, and more may never be looked at.
fn random(cursor: Option<&str>) -> Result<Page, Failure> {
    let newest = Comic::newest()?.number;
    let numbers = (1..=newest).filter(|&number| number != MISSING);
    let (dealt, next) = Deck::new(cursor).deal(numbers, 1);
    Ok(Page::of(Comic::fetch_all(&dealt)?.comics.iter().map(shown)).next(next))
}

/// The comic of a number, which stands in the option `option`.
fn numbered(option: &str, number: i64, language: Language) -> Result<Page, Failure> {
    if number == MISSING {
        return Err(Failure::invalid_argument(option, language.missing()));
    }
    match Comic::fetch(number)? {
        Some(comic) => Ok(Page::from(shown(&comic)).cache_for(ONE_FOR)),
        None => Err(Failure::invalid_argument(option, language.none_of_number(Comic::newest()?.number))),
    }
}

/// The comics known so far that have all these words; the cursor says how many were shown before.
fn search(words: &str, cursor: Option<&str>, limit: usize, language: Language) -> Result<Page, Failure> {
    let seen = Seen::all()?;
    let found = Seen::matching(&seen, words);
    let skip = cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    let numbers: Vec<i64> = found.iter().skip(skip).take(limit).map(|seen| seen.number).collect();
    if numbers.is_empty() {
        return Err(Failure::NothingFound);
    }
    let end = skip + numbers.len();
    let note = language.searched(found.len(), seen.len());
    let Comics { comics, .. } = Comic::fetch_all(&numbers)?;
    let items = comics.iter().map(|comic| comic.item().field(language.search(), note.as_str()));
    Ok(Page::of(items).next((end < found.len()).then(|| end.to_string())))
}

/// The comic as an item, noted for the search.
fn shown(comic: &Comic) -> Item {
    Seen::note(comic);
    comic.item()
}
