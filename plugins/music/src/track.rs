//! `/music track`.

use autocontent_sdk::markdown::escape;
use autocontent_sdk::{Activity, Failure, Item, Page, Request, Trigger};

use crate::itunes::{Entity, Entry};
use crate::store::{self, Wanted, sold};
use crate::words::Words;
use crate::{Command, Kind};

/// Pixels of a cover beside the text.
const COVER: u32 = 300;

/// Tracks of this title and by this artist, or the one that somebody hears.
pub(crate) fn find(request: &Request<Command>, title: Option<&str>, artist: Option<&str>) -> Result<Page, Failure> {
    let (title, artist, heard) = match (title, &request.trigger) {
        (None, Trigger::Activity(Activity::Music(track))) => (track.title.as_str(), Some(track.artist.as_str()), true),
        (title, _) => (title.unwrap_or_default(), artist, false),
    };
    let artist = artist.map(str::trim).filter(|artist| !artist.is_empty());
    match (title.trim(), heard && artist.is_none()) {
        ("", false) if !heard => Err(Failure::invalid_argument("title", Words::of(&request.audience).name_a_track)),
        // A player that doesn't say what it plays.
        ("", _) | (_, true) => Err(Failure::NothingFound),
        (title, _) => store::find(request, &Wanted { entity: Entity::Song, title, artist, heard }, item),
    }
}

/// The item, or none where it is no track.
fn item(entry: &Entry, words: &Words) -> Option<Item> {
    let (id, title) = (entry.track_id?, entry.title(Entity::Song)?);
    let mut item = Item::new(format!("track-{id}"), Kind::Track).title(title);
    item.thumbnail = entry.cover(COVER);
    let length = entry.track_time_millis.map(|time| format!("{}:{:02}", time / 60_000, time / 1_000 % 60));
    for (name, value) in [
        (words.album, entry.collection_name.as_deref().map(escape)),
        (words.released, entry.released().map(escape)),
        (words.length, length),
        (words.genre, entry.primary_genre_name.as_deref().map(escape)),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            item = item.inline_field(name, value);
        }
    }
    Some(sold(item, entry, entry.track_view_url.as_deref(), entry.track_explicitness.as_deref(), words))
}
