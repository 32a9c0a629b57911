//! Headlines: what the entries of feeds become.

use std::cmp::Reverse;
use std::time::Duration;

use autocontent_sdk::html::plain;
use autocontent_sdk::http::{self, Request, Response};
use autocontent_sdk::markdown::escape;
use autocontent_sdk::text::{digest, fold, shortened};
use autocontent_sdk::{Failure, Item, log};

use crate::Kind;
use crate::date::milliseconds;
use crate::decode::decode;
use crate::feeds::Feed;
use crate::links::resolve;
use crate::parse::{Entry, Picture, parse};

/// No feed is waited for longer.
const PATIENCE: Duration = Duration::from_secs(6);
/// Bytes of a feed. Those of newspapers have some 100 KiB.
const LARGEST: usize = 1 << 20;
/// Characters of a title.
const TITLE: usize = 250;
/// Characters of the text under it: enough to see what it is about, while the article stays with its publisher.
const TEXT: usize = 300;
/// Characters of an author's name, or of a tag.
const NAME: usize = 60;
/// Pixels from which on a picture fills a message well.
const WIDE: u32 = 400;

/// An entry of a feed as an item.
#[derive(Debug)]
pub(crate) struct Headline<'a> {
    pub(crate) feed: &'a Feed,
    pub(crate) item: Item,
}

/// The headlines of all these feeds, newest first; those without a date stand last, as their feed has them. What
/// several feeds have comes once. A feed that can't be had or read is told to the operator and left out.
///
/// # Errors
///
/// Where no feed can be had or read: why the first can't.
pub(crate) fn headlines<'a>(feeds: &[&'a Feed], now: u64) -> Result<Vec<Headline<'a>>, Failure> {
    let requests: Vec<Request> = feeds.iter().map(|feed| request(feed)).collect();
    let (mut headlines, mut first_failure, mut good) = (Vec::new(), None, 0_usize);
    for (&feed, answer) in feeds.iter().zip(http::fetch_all(&requests)) {
        match read(feed, answer, now) {
            Ok(mut more) => {
                headlines.append(&mut more);
                good += 1;
            }
            Err(failure) => {
                if feeds.len() > 1 {
                    log::warn(format!("left out the feed {:?}: {}", feed.name, cause(&failure)));
                }
                first_failure = first_failure.or_else(|| Some(of(feed, failure)));
            }
        }
    }
    if let Some(failure) = first_failure.filter(|_| good == 0) {
        return Err(failure);
    }
    headlines.sort_by_key(|headline: &Headline<'_>| Reverse(headline.item.published));
    let mut ids = std::collections::HashSet::new();
    headlines.retain(|headline| ids.insert(headline.item.id.clone()));
    Ok(headlines)
}

fn request(feed: &Feed) -> Request {
    Request::get(&*feed.url)
        .header(
            "Accept",
            "application/rss+xml, application/atom+xml, application/rdf+xml, application/xml, text/xml;q=0.9",
        )
        .timeout(PATIENCE)
}

fn read<'a>(feed: &'a Feed, answer: Result<Response, http::Error>, now: u64) -> Result<Vec<Headline<'a>>, Failure> {
    let response = answer?.success()?;
    if response.body.len() > LARGEST {
        return Err(Failure::Upstream(format!("it has more than {} MiB", LARGEST >> 20)));
    }
    let text = decode(&response.body, response.header("content-type")).map_err(|encoding| {
        Failure::Upstream(format!("it is written in {encoding:?}, an encoding that is not known"))
    })?;
    let parsed = parse(&text).map_err(Failure::Upstream)?;
    let base = Base { url: &response.url, feed, site: parsed.link.and_then(|link| resolve(&response.url, &link)), now };
    Ok(parsed.entries.iter().filter_map(|entry| base.item(entry)).map(|item| Headline { feed, item }).collect())
}

/// What the items of one feed have in common.
struct Base<'a> {
    /// Where the feed was found, redirects followed.
    url: &'a str,
    feed: &'a Feed,
    site: Option<String>,
    now: u64,
}

impl Base<'_> {
    /// The entry as an item, or none where it says nothing.
    fn item(&self, entry: &Entry) -> Option<Item> {
        let (title, text) = (plain(&entry.title), plain(&entry.summary));
        let title = if title.is_empty() { text.lines().next().unwrap_or_default() } else { title.as_str() };
        if title.is_empty() {
            return None;
        }
        let link = resolve(self.url, &entry.link);
        let mut item = Item::new(self.id(entry, link.as_deref()), Kind::News).title(shortened(title, TITLE));
        if text != title && !text.is_empty() {
            item = item.text(escape(&shortened(&text, TEXT)));
        }
        item.url = link;
        let name = self.feed.name.as_str();
        item = match &self.site {
            Some(site) => item.source((name, site.as_str())),
            None => item.source(name),
        };
        let author = shortened(&plain(&entry.author), NAME);
        if !author.is_empty() {
            item = item.author(author);
        }
        // What claims to come from the future would stand first until then.
        item.published = milliseconds(&entry.published).map(|at| at.min(self.now));
        self.set_picture(&mut item, &entry.pictures);
        let tags = entry.categories.iter().map(|tag| fold(&shortened(&plain(tag), NAME))).filter(|tag| !tag.is_empty());
        item = item.tags(tags);
        Some(if entry.is_sensitive { item.sensitive() } else { item })
    }

    /// The same for the same entry, in whichever feed of a publisher it stands. Ids that are no addresses are a feed's own.
    fn id(&self, entry: &Entry, link: Option<&str>) -> String {
        let id = match (entry.id.as_str(), link) {
            ("", Some(link)) => digest(&[link]),
            ("", None) => digest(&[&self.feed.url, &entry.title]),
            (id, _) if id.contains(':') => digest(&[id]),
            (id, _) => digest(&[&self.feed.url, id]),
        };
        format!("{id:032x}")
    }

    /// The widest picture; a small one stands beside the text.
    fn set_picture(&self, item: &mut Item, pictures: &[Picture]) {
        let is_large = |picture: &Picture| !picture.is_thumbnail || picture.width >= WIDE;
        let Some(widest) = pictures.iter().max_by_key(|picture| (is_large(picture), picture.width)) else { return };
        match resolve(self.url, &widest.url) {
            Some(url) if is_large(widest) => item.media = Some(url.into()),
            url => item.thumbnail = url,
        }
    }
}

/// The failure with the feed's name before its reason.
fn of(feed: &Feed, failure: Failure) -> Failure {
    let name = &feed.name;
    match failure {
        Failure::Upstream(why) => Failure::Upstream(format!("the feed {name:?}: {why}")),
        Failure::Misconfigured(why) => Failure::Misconfigured(format!("the feed {name:?}: {why}")),
        other => other,
    }
}

fn cause(failure: &Failure) -> &str {
    match failure {
        Failure::Upstream(why) | Failure::Misconfigured(why) | Failure::Internal(why) => why,
        Failure::Busy(_) => "it asks to wait",
        Failure::NothingFound | Failure::InvalidArgument(_) => "it has nothing",
    }
}
