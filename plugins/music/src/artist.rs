//! `/music artist`: who they are by MusicBrainz, with covers of their albums from iTunes.

use std::time::Duration;

use autocontent_sdk::http::{Error, Response, fetch_all, https};
use autocontent_sdk::markdown::{self, escape};
use autocontent_sdk::text::same_name;
use autocontent_sdk::{Failure, Item, Page, Request, log};

use crate::itunes::{self, Entity, Entry, Search, is_clean};
use crate::musicbrainz::{self, Artist};
use crate::store::offset;
use crate::words::Words;
use crate::{Command, Kind};

/// Artists of one page.
const MOST: usize = 10;
/// Albums that are looked at, and named.
const ALBUMS: usize = 25;
const NAMED: usize = 5;
/// Pixels of a cover beside the text.
const COVER: u32 = 300;
/// Artists whose albums could not be had are asked for again soon.
const PARTIAL_LASTS: Duration = Duration::from_secs(60);

/// Artists of this name, or, where none is called just so, of a similar one.
pub(crate) fn find(request: &Request<Command>, name: &str) -> Result<Page, Failure> {
    let words = Words::of(&request.audience);
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::invalid_argument("name", words.name_an_artist));
    }
    let country = itunes::country()?;
    let offset = offset(request.cursor.as_deref())?;
    let limit = request.limit.clamp(1, MOST);
    let albums = Search {
        entity: Entity::Album,
        term: name,
        by_name: false,
        explicit: request.audience.sensitive_allowed,
        limit: ALBUMS,
        offset: 0,
    };
    let requests = [musicbrainz::request(name, limit, offset), albums.request(&country)];
    let mut answers = fetch_all(&requests).into_iter();
    let mut answer =
        || answers.next().unwrap_or_else(|| Err(Error::Unreachable("the host gave too few answers".into())));
    let found = musicbrainz::read(answer()?)?;
    let albums = read_albums(answer());
    let lasts = if albums.is_none() { PARTIAL_LASTS } else { itunes::LASTS };
    let mut albums = albums.unwrap_or_default();
    albums.retain(|album| request.audience.sensitive_allowed || is_clean(album.collection_explicitness.as_deref()));

    let (mut artists, mut next) = (found.artists, offset.saturating_add(limit));
    if artists.iter().any(|artist| same_name(&artist.name, name)) {
        // Asked again, it is the same ones.
        artists.retain(|artist| same_name(&artist.name, name));
        next = usize::MAX;
    }
    let next = (next < found.count && !artists.is_empty()).then(|| next.to_string());
    let page = Page::of(artists.iter().filter_map(|artist| item(artist, &albums, words))).next(next);
    if page.items.is_empty() && page.next.is_none() {
        return Err(Failure::NothingFound);
    }
    Ok(page.cache_for(lasts))
}

/// The albums, or none where the store doesn't answer: what matters is known without.
fn read_albums(answer: Result<Response, Error>) -> Option<Vec<Entry>> {
    let albums = answer.map_err(Failure::from).and_then(itunes::read);
    albums.inspect_err(|failure| log::warn(format!("an artist's albums are left out: {failure:?}"))).ok()
}

/// The item, or none where there is no name or no page to go to.
fn item(artist: &Artist, albums: &[Entry], words: &Words) -> Option<Item> {
    let id = artist.id()?;
    let name = Some(artist.name.trim()).filter(|name| !name.is_empty())?;
    let page = format!("https://musicbrainz.org/artist/{id}");
    let mut item =
        Item::new(format!("artist-{id}"), Kind::Artist).title(name).source(("MusicBrainz", page.as_str())).url(page);
    if let Some(what) = artist.disambiguation.as_deref().filter(|what| !what.trim().is_empty()) {
        item = item.text(escape(what));
    }
    let is_own = |album: &&Entry| album.title(Entity::Artist).is_some_and(|other| same_name(other, name));
    let own: Vec<&Entry> = albums.iter().filter(is_own).collect();
    item.thumbnail = own.first().and_then(|album| album.cover(COVER));
    if own.iter().any(|album| !is_clean(album.collection_explicitness.as_deref())) {
        item = item.sensitive();
    }
    let is_person = artist.r#type.as_deref() == Some("Person");
    let (begin, end) = if is_person { (words.born, words.died) } else { (words.founded, words.ended) };
    let span = artist.life_span.as_ref();
    let place = [&artist.begin_area, &artist.area].map(|area| area.as_ref().map(|area| area.name.trim()));
    let mut place: Vec<&str> = place.into_iter().flatten().filter(|name| !name.is_empty()).collect();
    place.dedup();
    let fields = [
        (words.what, artist.r#type.as_deref().map(|what| words.artist_type(what).to_owned())),
        (words.from, Some(place.join(", "))),
        (begin, span.and_then(|span| span.begin.clone())),
        (end, span.and_then(|span| span.end.clone())),
    ];
    for (name, value) in fields {
        if let Some(value) = value.filter(|value| !value.trim().is_empty()) {
            item = item.inline_field(name, escape(value.trim()));
        }
    }
    let named = markdown::lines(own.iter().filter_map(|album| link(album)).take(NAMED), markdown::FIELD);
    Some(if named.is_empty() { item } else { item.field(words.albums, named) })
}

/// An album as a link to the store, which is what its cover may be shown for.
fn link(album: &Entry) -> Option<String> {
    let page = album.collection_view_url.as_deref().and_then(https)?;
    Some(markdown::link(album.title(Entity::Album)?, page))
}
