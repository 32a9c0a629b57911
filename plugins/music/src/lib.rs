//! `/music track`, `/music album` and `/music artist`.
//!
//! Each source does what it is better at: `itunes` knows covers and which tracks are explicit, `musicbrainz` who an
//! artist is. `track`, `album` and `artist` make items of their answers; `names` compares what is wanted with what is found.

mod album;
mod artist;
mod itunes;
mod musicbrainz;
mod names;
mod store;
mod track;
mod words;

use autocontent_sdk::prelude::*;
use autocontent_sdk::{log, provider};

use itunes::Entity;

provider!("provider.toml");

/// The provider.
#[derive(Debug)]
pub struct Music;

#[autocontent_sdk::export]
impl Provider for Music {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        match &request.command {
            Command::MusicTrack { title, artist } => track::find(&request, title.as_deref(), artist.as_deref()),
            Command::MusicArtist { name } => artist::find(&request, name),
            Command::MusicAlbum { title, artist } => album::find(&request, title, artist.as_deref()),
        }
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let typed = partial.typed.trim();
        if typed.chars().count() < LEAST_TYPED {
            return Vec::new();
        }
        let (entity, artist) = match &partial.typing {
            Typing::MusicTrackTitle { artist } => (Entity::Song, artist.as_deref()),
            Typing::MusicAlbumTitle { artist } => (Entity::Album, artist.as_deref()),
            Typing::MusicTrackArtist { .. } | Typing::MusicArtistName | Typing::MusicAlbumArtist { .. } => {
                (Entity::Artist, None)
            }
        };
        itunes::propose(entity, typed, artist, &partial.audience).unwrap_or_else(|failure| {
            log::warn(format!("no music to propose: {failure:?}"));
            Vec::new()
        })
    }
}

/// Characters before it is worth to ask: iTunes takes some 20 requests a minute.
const LEAST_TYPED: usize = 3;
