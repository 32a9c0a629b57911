//! What happened on a day, as Wikipedia lists it, and how that is shown.

use std::collections::BTreeMap;

use autocontent_sdk::markdown::{self, escape, link};
use autocontent_sdk::text::digest;
use autocontent_sdk::{Failure, Item};
use serde::Deserialize;

use crate::article::{Article, LICENCE, SOURCE};
use crate::day::Day;
use crate::edition::Edition;
use crate::language::Language;
use crate::{Kind, WikiTodayAbout};

/// Articles that one event names at most.
const ARTICLES: usize = 4;

/// Events, births, deaths or holidays.
#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    text: String,
    /// Negative before Christ. Holidays have none.
    year: Option<i64>,
    #[serde(default)]
    pages: Vec<Article>,
}

impl Event {
    /// What an edition tells of a day, or none where it has no such lists.
    pub(crate) fn fetch(edition: &Edition, about: WikiTodayAbout, day: Day) -> Result<Option<Vec<Event>>, Failure> {
        let response = edition.on_this_day(about.as_str(), day).send()?;
        if matches!(response.status, 404 | 501) {
            return Ok(None);
        }
        let mut lists: BTreeMap<String, Option<Vec<Event>>> = response.success()?.json()?;
        Ok(lists.remove(about.as_str()).flatten())
    }

    /// The event as an item.
    pub(crate) fn item(&self, edition: &Edition, about: WikiTodayAbout, day: Day, language: Language) -> Item {
        let date = language.date(day);
        let title = match self.year {
            Some(year) => format!("{} · {date}", language.year(year)),
            None => date,
        };
        let mut item = Item::new(self.key(edition, about, day), Kind::Event)
            .title(title)
            .text(escape(&self.text))
            .source((SOURCE, LICENCE))
            .tags([about.as_str()]);
        let mut named = Vec::new();
        for article in self.pages.iter().take(ARTICLES) {
            let url = article.url(edition);
            named.push(link(&article.title(), &url));
            item.url.get_or_insert(url);
        }
        item.thumbnail = self.pages.iter().find_map(Article::thumbnail).map(Into::into);
        let named = markdown::lines(named, markdown::FIELD);
        if named.is_empty() { item } else { item.field(language.articles(), named) }
    }

    /// By its words: several events of a day and year often name the same articles.
    fn key(&self, edition: &Edition, about: WikiTodayAbout, day: Day) -> String {
        let year = self.year.unwrap_or_default();
        format!("{}-{}-{}-{year}-{:032x}", edition.code(), about.as_str(), day.value(), digest(&[&self.text]))
    }
}
