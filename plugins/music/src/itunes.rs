//! The iTunes Store's search: <https://performance-partners.apple.com/search-api>.
//!
//! Its conditions: what is shown promotes the store, so each item leads there and says where it is from. It asks for a badge
//! of the store beside samples of sound, which a message can't have; so none are shown.

use std::time::Duration;

use autocontent_sdk::http::{Request, Response, https};
use autocontent_sdk::text::shortened;
use autocontent_sdk::{Audience, Choice, Failure, settings};
use serde::Deserialize;

use crate::names::together;

const SEARCH: &str = "https://itunes.apple.com/search";
const LOOKUP: &str = "https://itunes.apple.com/lookup";
/// What is found changes seldom; the store says a day, too.
pub(crate) const LASTS: Duration = Duration::from_secs(24 * 60 * 60);
/// The store answers so when it was asked too often, which is counted by the minute.
const TOO_OFTEN: u16 = 403;
const MINUTE: u32 = 60;
/// No answer is waited for longer, so that of the manifest's time some is left for what is known without it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(8);
/// Discord waits three seconds for proposals.
const PROPOSED_WITHIN: Duration = Duration::from_secs(2);
/// Characters of a proposal.
const LABEL: usize = 100;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entity {
    Song,
    Album,
    Artist,
}

/// Something that the store sells, or an artist: what it is says which fields it has.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Entry {
    pub(crate) track_id: Option<u64>,
    pub(crate) collection_id: Option<u64>,
    pub(crate) artist_name: Option<String>,
    pub(crate) track_name: Option<String>,
    pub(crate) collection_name: Option<String>,
    artwork_url100: Option<String>,
    pub(crate) artist_view_url: Option<String>,
    pub(crate) collection_view_url: Option<String>,
    pub(crate) track_view_url: Option<String>,
    pub(crate) collection_explicitness: Option<String>,
    pub(crate) track_explicitness: Option<String>,
    pub(crate) track_count: Option<u64>,
    pub(crate) track_time_millis: Option<u64>,
    release_date: Option<String>,
    pub(crate) primary_genre_name: Option<String>,
}

/// A search in the store.
pub(crate) struct Search<'a> {
    pub(crate) entity: Entity,
    /// All words that must be met, the artist's included.
    pub(crate) term: &'a str,
    /// Whether the words must be met in the name of what is looked for.
    pub(crate) by_name: bool,
    /// Whether explicit content may be among it.
    pub(crate) explicit: bool,
    /// At most 200.
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

impl Entity {
    /// What the store calls it, and the attribute that is its name.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Entity::Song => ("song", "songTerm"),
            Entity::Album => ("album", "albumTerm"),
            Entity::Artist => ("musicArtist", "artistTerm"),
        }
    }

    /// What the value of a proposal begins with; a title alone could be a number, too.
    const fn picked(self) -> &'static str {
        match self {
            Entity::Song => "track:",
            Entity::Album => "album:",
            Entity::Artist => "artist:",
        }
    }

    /// The number of what was picked from the proposals.
    pub(crate) fn id(self, typed: &str) -> Option<u64> {
        typed.trim().strip_prefix(self.picked())?.parse().ok()
    }
}

impl Entry {
    /// What it is called as one of these; not empty.
    pub(crate) fn title(&self, entity: Entity) -> Option<&str> {
        let name = match entity {
            Entity::Song => &self.track_name,
            Entity::Album => &self.collection_name,
            Entity::Artist => &self.artist_name,
        };
        name.as_deref().map(str::trim).filter(|name| !name.is_empty())
    }

    /// The cover, so many pixels wide: https.
    pub(crate) fn cover(&self, pixels: u32) -> Option<String> {
        let url = self.artwork_url100.as_deref().and_then(https)?;
        // The store makes them in any size; where an address doesn't say its size, it stays as it is.
        Some(url.replace("/100x100bb.", &format!("/{pixels}x{pixels}bb.")))
    }

    /// The day of its release: "1972-03-01".
    pub(crate) fn released(&self) -> Option<&str> {
        let date = self.release_date.as_deref()?.split('T').next()?;
        let day = date.len() == 10 && date.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        day.then_some(date)
    }
}

impl Search<'_> {
    /// The request, of the store in this country.
    pub(crate) fn request(&self, country: &str) -> Request {
        let (entity, attribute) = self.entity.words();
        let request = Request::get(SEARCH)
            .timeout(PATIENCE)
            .query("term", self.term)
            .query("media", "music")
            .query("entity", entity);
        let request = if self.by_name { request.query("attribute", attribute) } else { request };
        let explicit = if self.explicit { "Yes" } else { "No" };
        let request = request.query("explicit", explicit).query("country", country).query("limit", self.limit);
        if self.offset > 0 { request.query("offset", self.offset) } else { request }
    }
}

/// The country whose store is asked.
pub(crate) fn country() -> Result<String, Failure> {
    settings::country("country", "us")
}

/// Whether something is fit for everyone, by what the store says of it. Unknown counts as not.
pub(crate) fn is_clean(explicitness: Option<&str>) -> bool {
    matches!(explicitness, Some("notExplicit" | "cleaned"))
}

/// What the store has under this number.
pub(crate) fn lookup(id: u64, country: &str) -> Result<Vec<Entry>, Failure> {
    read(Request::get(LOOKUP).timeout(PATIENCE).query("id", id).query("country", country).send()?)
}

/// What the store answered.
pub(crate) fn read(response: Response) -> Result<Vec<Entry>, Failure> {
    #[derive(Deserialize)]
    struct Answer {
        #[serde(default)]
        results: Vec<Entry>,
    }

    if response.status == TOO_OFTEN {
        return Err(Failure::Busy(Some(MINUTE)));
    }
    Ok(response.success()?.json::<Answer>()?.results)
}

/// Proposals for a name of which a part is typed, and by an artist where one is given.
pub(crate) fn propose(
    entity: Entity,
    typed: &str,
    artist: Option<&str>,
    audience: &Audience,
) -> Result<Vec<Choice>, Failure> {
    let search = Search {
        entity,
        term: &together(typed, artist),
        by_name: artist.is_none(),
        explicit: audience.sensitive_allowed,
        limit: Choice::MOST,
        offset: 0,
    };
    let entries = read(search.request(&country()?).timeout(PROPOSED_WITHIN).send()?)?;
    let mut choices: Vec<Choice> = Vec::new();
    for choice in entries.iter().filter_map(|entry| entry.choice(entity)) {
        // The same track stands on several albums.
        if choices.iter().all(|other| other.label != choice.label) {
            choices.push(choice);
        }
    }
    Ok(choices)
}

impl Entry {
    /// As a proposal. An artist's value is the name: the sources call artists by different numbers.
    fn choice(&self, entity: Entity) -> Option<Choice> {
        let artist = self.title(Entity::Artist)?;
        let id = match entity {
            Entity::Artist if artist.chars().count() > LABEL => return None,
            Entity::Artist => return Some(Choice::new(artist, artist)),
            Entity::Song => self.track_id?,
            Entity::Album => self.collection_id?,
        };
        let label = format!("{} · {artist}", self.title(entity)?);
        Some(Choice::new(shortened(&label, LABEL), format!("{}{id}", entity.picked())))
    }
}
