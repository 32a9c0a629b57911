//! A picture as NASA tells of it, and the item that it becomes.

use autocontent_sdk::markdown::escape;
use autocontent_sdk::text::line;
use autocontent_sdk::{Audience, Item};
use serde::Deserialize;
use time::Date;

use crate::{Kind, day};

/// One answer of the service. Only the date is always there.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Picture {
    date: String,
    title: Option<String>,
    explanation: Option<String>,
    /// "image", "video" or "other".
    media_type: Option<String>,
    /// A picture, or a page or file that plays a video.
    url: Option<String>,
    /// The picture as large as there is one.
    hdurl: Option<String>,
    /// A still picture of a video.
    thumbnail_url: Option<String>,
    /// Whose it is. Where it is absent, the picture may be free, or under a licence that only its page names.
    copyright: Option<String>,
}

impl Picture {
    /// Its day, where the date can be read.
    pub(crate) fn day(&self) -> Option<Date> {
        day::parse(&self.date)
    }

    /// The item, or none where the date can't be read.
    pub(crate) fn item(&self, audience: &Audience) -> Option<Item> {
        let day = self.day()?;
        let (year, month, number) = day.to_calendar_date();
        let page =
            format!("https://apod.nasa.gov/apod/ap{:02}{:02}{number:02}.html", year.rem_euclid(100), u8::from(month));
        let mut item = Item::new(format!("apod-{day}"), Kind::Picture)
            .url(page.as_str())
            .source(("NASA · Astronomy Picture of the Day", page))
            .tags(["astronomy", "space"]);
        item.title = self.title.as_deref().and_then(line);
        item.text = self.explanation.as_deref().and_then(line).map(|text| escape(&text));
        item.author = self.copyright.as_deref().and_then(line).map(|owner| format!("© {owner}").into());
        item.published =
            u64::try_from(day.midnight().assume_utc().unix_timestamp()).ok().map(|seconds| seconds * 1_000);
        let url = self.url.as_deref().and_then(address);
        let link = |url: &str| format!("[{}]({url})", audience.choose("Open", &[("pt", "Abrir")]));
        if self.media_type.as_deref() == Some("image") {
            if let Some(large) = self.hdurl.as_deref().and_then(address).filter(|large| Some(large) != url.as_ref()) {
                item = item.inline_field(audience.choose("Full size", &[("pt", "Tamanho original")]), link(&large));
            }
            item.media = url.map(Into::into);
        } else if let Some(url) = url {
            let is_video = self.media_type.as_deref() == Some("video");
            let name = if is_video { audience.choose("Video", &[("pt", "Vídeo")]) } else { "Link" };
            item = item.inline_field(name, link(&url));
            // A file plays where it is shown; a page is opened.
            let file = url.ends_with(".mp4").then_some(url);
            item.media = self.thumbnail_url.as_deref().and_then(address).or(file).map(Into::into);
        }
        Some(item)
    }
}

/// The address by https, such that it can stand in a Markdown link; the service leaves the scheme out at times.
fn address(text: &str) -> Option<String> {
    let (_, rest) = text.trim().split_once("//")?;
    let scheme = text.trim().strip_suffix(rest)?;
    let fits = matches!(scheme, "https://" | "http://" | "//")
        && !rest.is_empty()
        && rest.chars().all(|c| c.is_ascii_graphic());
    fits.then(|| format!("https://{}", rest.replace('(', "%28").replace(')', "%29")))
}
