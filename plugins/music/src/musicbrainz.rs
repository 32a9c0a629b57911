//! MusicBrainz's search: <https://musicbrainz.org/doc/MusicBrainz_API/Search>. Its core data,
//! which are all that is read here, are in the public domain (CC0); tags and ratings are not.
//!
//! It takes one request a second of everybody at one address, so a call makes one at most, and none while somebody types.

use autocontent_sdk::Failure;
use autocontent_sdk::http::{Request, Response};
use serde::Deserialize;

use crate::itunes::PATIENCE;

const SEARCH: &str = "https://musicbrainz.org/ws/2/artist";
/// It answers so, with or without saying how long to wait, when it is asked too often.
const TOO_OFTEN: u16 = 503;

/// What a search found.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    /// Of all pages.
    #[serde(default)]
    pub(crate) count: usize,
    #[serde(default)]
    pub(crate) artists: Vec<Artist>,
}

/// A person, a group, an orchestra, a character…
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Artist {
    id: String,
    pub(crate) name: String,
    /// "Person", "Group" and others.
    pub(crate) r#type: Option<String>,
    /// What tells artists of one name apart.
    pub(crate) disambiguation: Option<String>,
    pub(crate) area: Option<Area>,
    pub(crate) begin_area: Option<Area>,
    pub(crate) life_span: Option<LifeSpan>,
}

/// A country, a city, or what is between.
#[derive(Debug, Deserialize)]
pub(crate) struct Area {
    pub(crate) name: String,
}

/// From a birth or founding to a death or an end: "1958", "1958-06" or "1958-06-07".
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LifeSpan {
    pub(crate) begin: Option<String>,
    pub(crate) end: Option<String>,
}

impl Artist {
    /// The artist's id there, where it is one.
    pub(crate) fn id(&self) -> Option<&str> {
        let good = self.id.len() == 36 && self.id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        good.then_some(self.id.as_str())
    }
}

/// Asks for artists of this name or alias.
pub(crate) fn request(name: &str, limit: usize, offset: usize) -> Request {
    // Without `dismax`, signs in a name would be operators of the search.
    let request = Request::get(SEARCH).query("query", name).query("dismax", "true").query("fmt", "json");
    let request = request.query("limit", limit).timeout(PATIENCE);
    if offset > 0 { request.query("offset", offset) } else { request }
}

/// What it answered.
pub(crate) fn read(response: Response) -> Result<Found, Failure> {
    if response.status == TOO_OFTEN && response.header("retry-after").is_none() {
        return Err(Failure::Busy(None));
    }
    response.success()?.json()
}
