//! From what is wanted to a page of what the store sells: for tracks and albums alike.

use autocontent_sdk::http::https;
use autocontent_sdk::{Audience, Failure, Item, Page, Request};

use crate::Command;
use crate::itunes::{self, Entity, Entry, Search, is_clean};
use crate::names::{same_artist, same_title, together};
use crate::words::Words;

/// Items of one page.
const MOST: usize = 25;
/// The store gives no more of one search.
const LAST: usize = 200;

/// A track or an album as somebody names it.
pub(crate) struct Wanted<'a> {
    pub(crate) entity: Entity,
    /// Not empty.
    pub(crate) title: &'a str,
    /// Whose it is, where that is known; not empty.
    pub(crate) artist: Option<&'a str>,
    /// Whether a player named it: then nothing else will do.
    pub(crate) heard: bool,
}

/// What the store has of it; `item` makes an item of an entry, or none where it is something else.
///
/// # Errors
///
/// [`Failure::NothingFound`] where the store has nothing, and those of asking it.
pub(crate) fn find(
    request: &Request<Command>,
    wanted: &Wanted,
    item: impl Fn(&Entry, &Words) -> Option<Item>,
) -> Result<Page, Failure> {
    let country = itunes::country()?;
    let offset = offset(request.cursor.as_deref())?;
    let (found, next) = match wanted.entity.id(wanted.title) {
        Some(id) => (itunes::lookup(id, &country)?, None),
        None => search(wanted, &request.audience, request.limit.clamp(1, MOST), offset, &country)?,
    };
    let words = Words::of(&request.audience);
    let page = Page::of(found.iter().filter_map(|entry| item(entry, words))).next(next.map(|next| next.to_string()));
    if page.items.is_empty() && page.next.is_none() {
        return Err(Failure::NothingFound);
    }
    // What somebody hears is no part of what the host knows a page again by.
    Ok(if wanted.heard { page } else { page.cache_for(itunes::LASTS) })
}

/// How many entries were had before.
///
/// # Errors
///
/// [`Failure::Internal`] for a cursor that isn't this provider's.
pub(crate) fn offset(cursor: Option<&str>) -> Result<usize, Failure> {
    cursor.map_or(Ok(0), |cursor| {
        cursor.parse().map_err(|_| Failure::Internal(format!("the cursor {cursor:?} is no place in a list of music")))
    })
}

/// What fits, and where more can be had.
fn search(
    wanted: &Wanted,
    audience: &Audience,
    limit: usize,
    offset: usize,
    country: &str,
) -> Result<(Vec<Entry>, Option<usize>), Failure> {
    let Wanted { entity, title, artist, heard } = *wanted;
    let search = Search {
        entity,
        term: &together(title, artist),
        by_name: artist.is_none(),
        explicit: audience.sensitive_allowed,
        limit,
        offset,
    };
    let mut found = itunes::read(search.request(country).send()?)?;
    let next = offset.saturating_add(limit);
    let next = (found.len() >= limit && next < LAST).then_some(next);
    let Some(artist) = artist else { return Ok((found, next)) };

    found.retain(|entry| entry.title(Entity::Artist).is_some_and(|name| same_artist(name, artist)));
    // Who names both means one; asked again, it is the same one.
    let own = found.iter().position(|entry| entry.title(entity).is_some_and(|name| same_title(name, title)));
    match own {
        Some(own) => Ok((vec![found.swap_remove(own)], None)),
        None if heard => Ok((Vec::new(), None)),
        None => Ok((found, next)),
    }
}

/// Adds what everything from the store has: who made it, where it is sold, whom it is for.
pub(crate) fn sold(
    mut item: Item,
    entry: &Entry,
    page: Option<&str>,
    explicitness: Option<&str>,
    words: &Words,
) -> Item {
    let address = |url: Option<&str>| url.and_then(https).map(str::to_owned);
    item.author = entry.title(Entity::Artist).map(|name| match address(entry.artist_view_url.as_deref()) {
        Some(url) => (name, url).into(),
        None => name.into(),
    });
    item.url = address(page);
    item.source = Some(match &item.url {
        Some(url) => (words.courtesy, url.as_str()).into(),
        None => words.courtesy.into(),
    });
    item = item.tags(entry.primary_genre_name.as_deref().filter(|genre| !genre.is_empty()).map(str::to_lowercase));
    if is_clean(explicitness) { item } else { item.sensitive() }
}
