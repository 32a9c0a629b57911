//! Google Images through SerpAPI: <https://serpapi.com/google-images-api>.

use std::time::Duration;

use autocontent_sdk::http::{Request, Response};
use autocontent_sdk::{Failure, Item, log};
use serde::Deserialize;

use crate::{Batch, Kind, Wanted, hours};

/// Each search is paid for, and its answer changes slowly.
pub(crate) const LASTS: Duration = hours(12);
/// Google shows no more, a hundred pictures each.
const LAST_PAGE: u32 = 9;

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    images_results: Vec<Image>,
    search_metadata: Option<Metadata>,
    /// Set where there are no results, too.
    error: Option<String>,
}

#[derive(Deserialize)]
struct Metadata {
    status: Option<String>,
}

#[derive(Deserialize)]
struct Image {
    title: Option<String>,
    /// The site that it stands on.
    source: Option<String>,
    /// Its page there.
    link: Option<String>,
    original: Option<String>,
    /// A small copy that Google keeps.
    thumbnail: Option<String>,
    is_product: Option<bool>,
}

/// A batch of pictures; the first is called "" and the others by their number.
pub(crate) fn ask(wanted: &Wanted, batch: &str) -> Result<Batch, Failure> {
    let page = match batch {
        "" => 0,
        // The button is from a time when the operator had chosen the other source.
        number => number.parse::<u32>().map_err(|_| Failure::NothingFound)?,
    };
    let request = Request::get("https://serpapi.com/search.json")
        .query("engine", "google_images")
        .query("q", query(wanted))
        .query("ijn", page)
        .query("safe", if wanted.audience.sensitive_allowed { "off" } else { "active" })
        .query("hl", language(&wanted.audience.locale));
    let answer = read(request.send()?)?;
    let items: Vec<Item> = answer.images_results.iter().filter_map(|image| image.item(wanted)).collect();
    let next = (!answer.images_results.is_empty() && page < LAST_PAGE).then(|| (page + 1).to_string());
    Ok(Batch { items, next })
}

fn query(wanted: &Wanted) -> String {
    match wanted.topic {
        Some(topic) => format!("{topic} meme"),
        None => wanted.audience.choose("funny memes", &[("pt", "memes engraçados")]).into(),
    }
}

/// The language of the results, as Google calls it.
fn language(locale: &str) -> String {
    match locale.to_ascii_lowercase().as_str() {
        // Only these differ by region.
        region @ ("pt-br" | "pt-pt" | "zh-cn" | "zh-tw") => region.into(),
        locale => locale.split('-').next().unwrap_or("en").into(),
    }
}

fn read(response: Response) -> Result<Answer, Failure> {
    if !(200..=299).contains(&response.status) {
        let words = response.clone().json::<Answer>().ok().and_then(|answer| answer.error).unwrap_or_default();
        log::warn(format!("SerpAPI answered {}: {words}", response.status));
        // The same status as for too many at once; but to wait for minutes is no help.
        if response.status == 429 && words.contains("run out of searches") {
            return Err(Failure::Misconfigured(format!(
                "SerpAPI says {words:?}: choose a larger plan, wait until it is renewed, or set `source` to listing"
            )));
        }
    }
    let answer: Answer = response.authorised("api-key")?.success()?.json()?;
    let failed = answer.search_metadata.as_ref().and_then(|metadata| metadata.status.as_deref()) == Some("Error");
    match &answer.error {
        Some(words) if words.contains("hasn't returned any results") => Err(Failure::NothingFound),
        Some(words) => Err(Failure::Upstream(format!("SerpAPI could not search: {words}"))),
        None if failed => Err(Failure::Upstream("SerpAPI could not search and doesn't say why".into())),
        None => Ok(answer),
    }
}

impl Image {
    /// The item, or none where there is nothing to be shown.
    fn item(&self, wanted: &Wanted) -> Option<Item> {
        let address = |url: &Option<String>| url.clone().filter(|url| url.starts_with("https://"));
        let picture = address(&self.original).or(address(&self.thumbnail))?;
        if self.is_product == Some(true) {
            return None;
        }
        let mut item = Item::new(format!("google-{:016x}", digest(&picture)), Kind::Meme).tags(wanted.tags());
        let page = address(&self.link);
        let site = self.source.as_deref().map(str::trim).filter(|site| !site.is_empty()).unwrap_or("Google Images");
        item.source = Some(match &page {
            Some(page) => (site, page.as_str()).into(),
            None => site.into(),
        });
        item.title = self.title.clone().filter(|title| !title.trim().is_empty());
        item.url = page;
        // Without Google's filter, nothing says what a picture shows.
        let item = item.media(picture);
        Some(if wanted.audience.sensitive_allowed { item.sensitive() } else { item })
    }
}

/// FNV-1a: short, and the same in each version.
fn digest(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
