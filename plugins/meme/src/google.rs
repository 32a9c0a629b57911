//! Google Images through SerpAPI: <https://serpapi.com/google-images-api>.

use std::time::Duration;

use autocontent_sdk::http::{Request, Response, https};
use autocontent_sdk::text::{digest, line};
use autocontent_sdk::{Failure, Item, Page, log};
use serde::Deserialize;

use crate::kept::{self, Picture};
use crate::place::Place;
use crate::{Kind, Wanted, hours};

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

/// Pictures from a place on, at most `limit`.
pub(crate) fn ask(wanted: &Wanted, cursor: Option<&str>, limit: usize) -> Result<Page, Failure> {
    let Place { page, had } = cursor.map_or(Ok(Place::default()), str::parse)?;
    let request = Request::get("https://serpapi.com/search.json")
        .query("engine", "google_images")
        .query("q", query(wanted))
        .query("ijn", page)
        .query("safe", if wanted.audience.sensitive_allowed { "off" } else { "active" })
        .query("hl", language(&wanted.audience.locale));
    let (pictures, goes_on) = match kept::found(&request) {
        Some(pictures) => (pictures, true),
        None => search(&request)?,
    };
    let end = had.saturating_add(limit);
    let next = if end < pictures.len() {
        Some(Place { page, had: end })
    } else {
        (goes_on && page < LAST_PAGE).then(|| Place { page: page + 1, had: 0 })
    };
    let items = pictures.into_iter().skip(had).take(limit).map(|picture| item(picture, wanted));
    Ok(Page::of(items).next(next.map(|place| place.to_string())))
}

/// The pictures of a page of Google's that can be shown, and whether there may be another page.
fn search(request: &Request) -> Result<(Vec<Picture>, bool), Failure> {
    let images = read(request.send()?)?.images_results;
    let goes_on = !images.is_empty();
    let mut pictures: Vec<Picture> = images.into_iter().filter_map(Image::picture).collect();
    if !pictures.is_empty() {
        kept::keep(request, &mut pictures);
    }
    Ok((pictures, goes_on))
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
    /// The picture, or none where there is nothing to be shown.
    fn picture(self) -> Option<Picture> {
        let address = |url: Option<String>| url.as_deref().and_then(https).map(str::to_owned);
        let url = address(self.original).or(address(self.thumbnail)).filter(|_| self.is_product != Some(true))?;
        let text = |text: Option<String>| line(&text?);
        Some(Picture { url, title: text(self.title), site: text(self.source), page: address(self.link) })
    }
}

fn item(picture: Picture, wanted: &Wanted) -> Item {
    let Picture { url, title, site, page } = picture;
    let mut item = Item::new(format!("google-{:032x}", digest(&[&url])), Kind::Meme).media(url).tags(wanted.tags());
    let site = site.unwrap_or_else(|| "Google Images".into());
    item.source = Some(match &page {
        Some(page) => (site, page.as_str()).into(),
        None => site.into(),
    });
    item.title = title;
    item.url = page;
    // Without Google's filter, nothing says what a picture shows.
    if wanted.audience.sensitive_allowed { item.sensitive() } else { item }
}
