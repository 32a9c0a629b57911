//! GIPHY's API: <https://developers.giphy.com/docs/api/endpoint>.

use std::time::Duration;

use autocontent_sdk::http::Request;
use autocontent_sdk::{Audience, Failure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::gif::Gif;
use crate::rating::GifRating;

/// The most characters that GIPHY takes to search for.
pub(crate) const LONGEST_TOPIC: usize = 50;
/// The last offsets that GIPHY takes: of a search, and of what is popular.
const LAST_FOUND: u64 = 4_999;
const LAST_POPULAR: u64 = 499;
/// Discord waits three seconds for proposals.
const PROPOSED_WITHIN: Duration = Duration::from_secs(2);
/// The languages that GIPHY searches in, by their codes of two letters, but for Chinese.
const LANGUAGES: [&str; 30] = [
    "ar", "bn", "cs", "da", "de", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "ms", "nl",
    "no", "pl", "pt", "ro", "ru", "sv", "th", "tl", "tr", "uk", "vi",
];

/// What is looked for.
pub(crate) struct Wanted<'a> {
    pub(crate) topic: Option<&'a str>,
    pub(crate) highest: GifRating,
    pub(crate) audience: &'a Audience,
}

/// GIFs, and where among all they stand.
#[derive(Debug, Deserialize)]
pub(crate) struct Found {
    #[serde(rename = "data")]
    pub(crate) gifs: Vec<Gif>,
    pagination: Option<Pagination>,
}

#[derive(Debug, Deserialize)]
struct Pagination {
    total_count: Option<u64>,
    count: u64,
}

#[derive(Deserialize)]
struct One {
    data: Drawn,
}

/// GIPHY answers with an empty list where it has nothing to draw from.
#[derive(Deserialize)]
#[serde(untagged)]
enum Drawn {
    Gif(Box<Gif>),
    Nothing([Gif; 0]),
}

#[derive(Deserialize)]
struct Tags {
    data: Vec<Tag>,
}

#[derive(Deserialize)]
struct Tag {
    name: String,
}

impl Found {
    /// Where the next GIFs begin, if there are more; these began at `from`.
    pub(crate) fn next(&self, wanted: &Wanted, from: u64) -> Option<u64> {
        let pagination = self.pagination.as_ref()?;
        let next = from.saturating_add(pagination.count);
        let more = pagination.total_count.is_none_or(|total| next < total);
        let last = if wanted.topic.is_some() { LAST_FOUND } else { LAST_POPULAR };
        (pagination.count > 0 && more && next <= last).then_some(next)
    }
}

/// The best GIFs on the topic, or the popular ones where there is none, from a place on.
pub(crate) fn best(wanted: &Wanted, from: u64, limit: usize) -> Result<Found, Failure> {
    let request = match wanted.topic {
        Some(topic) => ask_for("gifs/search").query("q", topic).query("lang", language(&wanted.audience.locale)),
        None => ask_for("gifs/trending"),
    };
    let request = request.query("rating", wanted.highest.as_str()).query("limit", limit).query("offset", from);
    ask(&request, wanted.audience)
}

/// Any GIF, on the topic where there is one: another one each time, so not one that the host remembers.
pub(crate) fn random(wanted: &Wanted) -> Result<Gif, Failure> {
    let mut request = ask_for("gifs/random");
    if let Some(topic) = wanted.topic {
        request = request.query("tag", topic);
    }
    let request = request.query("rating", wanted.highest.as_str()).header("Cache-Control", "no-cache");
    match ask::<One>(&request, wanted.audience)?.data {
        Drawn::Gif(gif) => Ok(*gif),
        Drawn::Nothing(_) => Err(Failure::NothingFound),
    }
}

/// What others search for that begins with the typed text.
pub(crate) fn terms(typed: &str, audience: &Audience) -> Result<Vec<String>, Failure> {
    let request = ask_for("gifs/search/tags").query("q", typed).query("limit", 25).timeout(PROPOSED_WITHIN);
    Ok(ask::<Tags>(&request, audience)?.data.into_iter().map(|tag| tag.name).collect())
}

fn ask_for(endpoint: &str) -> Request {
    Request::get(format!("https://api.giphy.com/v1/{endpoint}"))
}

fn ask<T: DeserializeOwned>(request: &Request, audience: &Audience) -> Result<T, Failure> {
    let response = request.send()?.authorised("api-key")?;
    // "URI too long": GIPHY counts otherwise than Discord.
    if response.status == 414 {
        let reason = audience.choose("use fewer words", &[("pt", "use menos palavras")]);
        return Err(Failure::invalid_argument("topic", reason));
    }
    response.success()?.json()
}

/// The language of a locale as GIPHY calls it, English where it has none of that.
fn language(locale: &str) -> &'static str {
    if locale.starts_with("zh") {
        return if locale == "zh-TW" { "zh-TW" } else { "zh-CN" };
    }
    let own = locale.split(['-', '_']).next().unwrap_or_default();
    LANGUAGES.into_iter().find(|known| known.eq_ignore_ascii_case(own)).unwrap_or("en")
}
