//! `/game news`: what newspapers and its makers write about a game.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use autocontent_sdk::http::https;
use autocontent_sdk::markdown::escape;
use autocontent_sdk::text::{line, shortened};
use autocontent_sdk::{Failure, Item, Page, Request};

use crate::markup::plain;
use crate::steam::{AppId, Article, Details, Steam};
use crate::wanted::Wanted;
use crate::words::Words;
use crate::{Command, Kind};

const LASTS: Duration = Duration::from_secs(10 * 60);
/// Articles of one page.
const MOST: usize = 20;
/// Characters of an article that are shown.
const TEXT: usize = 500;

/// Articles of one second that are told apart; a newspaper's import may have several.
const MOST_AT_ONCE: usize = 40;

/// How far somebody has come. Reads and shows as "620:1735689600:5124585319846783124,5124585319846783125".
#[derive(Debug, PartialEq)]
struct Place {
    app: AppId,
    /// What follows isn't newer than this, in seconds since the Unix epoch.
    until: u64,
    /// What of that very second was had.
    had: Vec<String>,
}

/// News of the game of this name, or of the one that somebody plays.
pub(crate) fn find(request: &Request<Command>, name: Option<&str>, official: bool) -> Result<Page, Failure> {
    let words = Words::of(&request.audience);
    let steam = Steam::of(&request.audience)?;
    let wanted = Wanted::named_or_played(name, &request.trigger, &request.audience)?;
    let place: Option<Place> = request.cursor.as_deref().map(str::parse).transpose()?;
    let app = match &place {
        Some(place) => place.app,
        None => wanted.apps(&steam)?.first().copied().ok_or(Failure::NothingFound)?,
    };
    // What was had of the place's second comes again, and is left out.
    let limit = request.limit.clamp(1, MOST);
    let count = limit + place.as_ref().map_or(0, |place| place.had.len());
    let before = place.as_ref().map(|place| place.until.saturating_add(1));
    let (mut articles, details) = steam.news(app, before, official, count)?;
    let goes_on = articles.len() >= count;
    articles.retain(|article| place.as_ref().is_none_or(|place| place.leads_to(article)));
    articles.truncate(limit);
    let next = if goes_on { Place::after(app, &articles, place) } else { None };
    let next = next.map(|place| place.to_string());
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
    let address = |url: &Option<String>| url.as_deref().and_then(https).map(str::to_owned);
    let mut item = Item::new(format!("news-{gid}"), Kind::News).published(article.date.saturating_mul(1_000));
    item.title = line(&article.title);
    let text = Some(plain(&article.contents)).filter(|text| !text.is_empty());
    item.text = text.map(|text| escape(&shortened(&text, TEXT)));
    item.url = address(&article.url);
    item.author = line(&article.author).map(Into::into);
    let label = line(&article.feedlabel).map_or_else(|| "Steam".to_owned(), |feed| format!("Steam · {feed}"));
    item.source = Some(match &item.url {
        Some(url) => (label, url.as_str()).into(),
        None => label.into(),
    });
    let Some(details) = details else {
        // Nothing says whom the game is for.
        return Some(item.sensitive());
    };
    item.thumbnail = address(&details.header_image);
    if let Some(name) = line(&details.name) {
        item = item.inline_field(words.game, escape(&name)).tags([name.to_lowercase()]);
    }
    Some(if details.is_mature() { item.sensitive() } else { item })
}

impl Place {
    /// Behind these articles, which were found at `place`; none where there are none, as it would bring the same again.
    fn after(app: AppId, articles: &[Article], place: Option<Place>) -> Option<Place> {
        let until = articles.iter().map(|article| article.date).min()?;
        let mut had = place.filter(|place| place.until == until).map_or_else(Vec::new, |place| place.had);
        had.extend(articles.iter().filter(|article| article.date == until).map(|article| article.gid.clone()));
        (had.len() <= MOST_AT_ONCE).then_some(Place { app, until, had })
    }

    /// Whether an article comes behind this place.
    fn leads_to(&self, article: &Article) -> bool {
        article.date < self.until || (article.date == self.until && !self.had.contains(&article.gid))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}:{}", self.app, self.until, self.had.join(","))
    }
}

impl FromStr for Place {
    type Err = Failure;

    fn from_str(cursor: &str) -> Result<Place, Failure> {
        let read = || {
            let mut parts = cursor.splitn(3, ':');
            let (app, until) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            Some(Place { app, until, had: parts.next()?.split(',').map(Into::into).collect() })
        };
        read().ok_or_else(|| Failure::Internal(format!("the cursor {cursor:?} is no place in a game's news")))
    }
}
