//! `/game news`: what newspapers and its makers write about a game.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use autocontent_sdk::markdown::escape;
use autocontent_sdk::{Failure, Item, Page, Request};

use crate::markup::{plain, shortened};
use crate::steam::{AppId, Article, Details, Steam};
use crate::wanted::Wanted;
use crate::words::Words;
use crate::{Command, Kind};

const LASTS: Duration = Duration::from_secs(10 * 60);
/// Articles of one page.
const MOST: usize = 20;
/// Characters of an article that are shown.
const TEXT: usize = 500;

/// How far somebody has come. Reads and shows as "620:1735689600".
#[derive(Debug, PartialEq)]
struct Place {
    app: AppId,
    /// What follows is older than this, in seconds since the Unix epoch.
    before: u64,
}

/// News of the game of this name, or of the one that somebody plays.
pub(crate) fn find(request: &Request<Command>, name: Option<&str>, official: bool) -> Result<Page, Failure> {
    let words = Words::of(&request.audience);
    let steam = Steam::of(&request.audience)?;
    let wanted = Wanted::named_or_played(name, &request.trigger, &request.audience)?;
    let (app, before) = if let Some(cursor) = request.cursor.as_deref() {
        let place: Place = cursor.parse()?;
        (place.app, Some(place.before))
    } else {
        let apps = wanted.apps(&steam)?;
        (apps.first().copied().ok_or(Failure::NothingFound)?, None)
    };
    let count = request.limit.clamp(1, MOST);
    let (articles, details) = steam.news(app, before, official, count)?;
    let oldest = articles.iter().map(|article| article.date).min();
    let goes_on = articles.len() >= count;
    // A place that isn't before this one would bring the same again, for ever.
    let next = oldest.filter(|oldest| goes_on && before.is_none_or(|before| *oldest < before));
    let next = next.map(|before| Place { app, before }.to_string());
    let items: Vec<Item> = articles.iter().filter_map(|article| item(article, details.as_ref(), words)).collect();
    if items.is_empty() && next.is_none() {
        return Err(Failure::NothingFound);
    }
    let page = Page::of(items).next(next);
    // What somebody plays is no part of what the host knows a page again by.
    Ok(if name.is_some() { page.cache_for(LASTS) } else { page })
}

/// The item, or none where there is nothing to know it by.
fn item(article: &Article, details: Option<&Details>, words: &Words) -> Option<Item> {
    let gid = Some(article.gid.trim())
        .filter(|gid| (1..=100).contains(&gid.len()) && gid.bytes().all(|byte| byte.is_ascii_graphic()))?;
    let said = |text: &str| Some(plain(text)).filter(|text| !text.is_empty());
    let address = |url: &Option<String>| url.clone().filter(|url| url.starts_with("https://"));
    let mut item = Item::new(format!("news-{gid}"), Kind::News).published(article.date.saturating_mul(1_000));
    item.title = said(&article.title);
    item.text = said(&article.contents).map(|text| escape(&shortened(&text, TEXT)));
    item.url = address(&article.url);
    item.author = said(&article.author).map(Into::into);
    let label = said(&article.feedlabel).map_or_else(|| "Steam".to_owned(), |feed| format!("Steam · {feed}"));
    item.source = Some(match &item.url {
        Some(url) => (label, url.as_str()).into(),
        None => label.into(),
    });
    let Some(details) = details else {
        // Nothing says whom the game is for.
        return Some(item.sensitive());
    };
    item.thumbnail = address(&details.header_image);
    if let Some(name) = said(&details.name) {
        item = item.inline_field(words.game, escape(&name)).tags([name.to_lowercase()]);
    }
    Some(if details.is_mature() { item.sensitive() } else { item })
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.app, self.before)
    }
}

impl FromStr for Place {
    type Err = Failure;

    fn from_str(cursor: &str) -> Result<Place, Failure> {
        let place = cursor
            .split_once(':')
            .and_then(|(app, before)| Some(Place { app: app.parse().ok()?, before: before.parse().ok()? }));
        place.ok_or_else(|| Failure::Internal(format!("the cursor {cursor:?} is no place in a game's news")))
    }
}
