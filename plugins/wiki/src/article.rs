//! What Wikipedia says of articles, and how that is shown.

use autocontent_sdk::Item;
use autocontent_sdk::http::https;
use autocontent_sdk::markdown::escape;
use autocontent_sdk::text::digest;
use serde::Deserialize;

use crate::Kind;
use crate::edition::Edition;

/// Where the licence of Wikipedia's texts is read.
pub(crate) const LICENCE: &str = "https://creativecommons.org/licenses/by-sa/4.0/";
/// Whose texts they are, and the licence's name.
pub(crate) const SOURCE: &str = "Wikipedia, CC BY-SA 4.0";

/// An article, as `page/summary` and the lists of days tell of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Article {
    #[serde(rename = "type")]
    pub(crate) sort: Option<String>,
    title: String,
    titles: Option<Titles>,
    #[serde(rename = "pageid")]
    pub(crate) id: Option<u64>,
    description: Option<String>,
    extract: Option<String>,
    thumbnail: Option<Picture>,
    content_urls: Option<Addresses>,
}

#[derive(Debug, Deserialize)]
struct Titles {
    normalized: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Picture {
    source: String,
}

#[derive(Debug, Deserialize)]
struct Addresses {
    desktop: Option<Address>,
}

#[derive(Debug, Deserialize)]
struct Address {
    page: Option<String>,
}

/// What a search by title finds.
#[derive(Debug, Deserialize)]
pub(crate) struct Titled {
    pub(crate) pages: Vec<Hit>,
}

/// An article that was found by its title.
#[derive(Debug, Deserialize)]
pub(crate) struct Hit {
    pub(crate) title: String,
    description: Option<String>,
}

impl Article {
    /// Whether it only lists articles that could be meant by its title.
    pub(crate) fn is_disambiguation(&self) -> bool {
        self.sort.as_deref() == Some("disambiguation")
    }

    /// The title in plain text, with spaces.
    pub(crate) fn title(&self) -> String {
        match self.titles.as_ref().and_then(|titles| titles.normalized.clone()) {
            Some(title) => title,
            None => self.title.replace('_', " "),
        }
    }

    /// Where it is read.
    pub(crate) fn url(&self, edition: &Edition) -> String {
        let told = self.content_urls.as_ref().and_then(|urls| https(urls.desktop.as_ref()?.page.as_deref()?));
        told.map_or_else(|| edition.article(&self.title), Into::into)
    }

    /// A small picture, where it has one.
    pub(crate) fn thumbnail(&self) -> Option<&str> {
        self.thumbnail.as_ref().and_then(|picture| https(&picture.source))
    }

    /// What stays the same of it when it is moved or changed.
    fn key(&self, edition: &Edition) -> String {
        match self.id {
            Some(id) => format!("{}-{id}", edition.code()),
            None => format!("{}-{:032x}", edition.code(), digest(&[&self.title()])),
        }
    }

    /// How it begins.
    pub(crate) fn item(&self, edition: &Edition) -> Item {
        let description = self.description.as_deref().filter(|text| !text.trim().is_empty());
        let parts = [description.map(|text| format!("*{}*", escape(text))), self.extract.as_deref().map(escape)];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
        let item = Item::new(self.key(edition), Kind::Article)
            .title(self.title())
            .text(text)
            .url(self.url(edition))
            .source((SOURCE, LICENCE));
        match self.thumbnail() {
            Some(url) => item.thumbnail(url),
            None => item,
        }
    }
}

impl Hit {
    /// What it is, where Wikidata says so.
    pub(crate) fn description(&self) -> Option<&str> {
        self.description.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// "Title: what it is".
    pub(crate) fn label(&self) -> String {
        match self.description() {
            Some(description) => format!("{}: {description}", self.title),
            None => self.title.clone(),
        }
    }
}
