//! `/music album`.

use autocontent_sdk::markdown::escape;
use autocontent_sdk::{Failure, Item, Page, Request};

use crate::itunes::{Entity, Entry};
use crate::store::{self, Wanted, sold};
use crate::words::Words;
use crate::{Command, Kind};

/// Pixels of a cover.
const COVER: u32 = 600;

/// Albums of this title and by this artist.
pub(crate) fn find(request: &Request<Command>, title: &str, artist: Option<&str>) -> Result<Page, Failure> {
    let title = title.trim();
    if title.is_empty() {
        return Err(Failure::invalid_argument("title", Words::of(&request.audience).name_an_album));
    }
    let artist = artist.map(str::trim).filter(|artist| !artist.is_empty());
    store::find(request, &Wanted { entity: Entity::Album, title, artist, heard: false }, item)
}

/// The item, or none where it is no album.
fn item(entry: &Entry, words: &Words) -> Option<Item> {
    let (id, title) = (entry.collection_id?, entry.title(Entity::Album)?);
    let mut item = Item::new(format!("album-{id}"), Kind::Album).title(title);
    item.media = entry.cover(COVER).map(Into::into);
    for (name, value) in [
        (words.released, entry.released().map(escape)),
        (words.tracks, entry.track_count.map(|count| count.to_string())),
        (words.genre, entry.primary_genre_name.as_deref().map(escape)),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            item = item.inline_field(name, value);
        }
    }
    Some(sold(item, entry, entry.collection_view_url.as_deref(), entry.collection_explicitness.as_deref(), words))
}
