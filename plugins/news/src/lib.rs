//! `/news`: headlines of any number of RSS and Atom feeds, which the operator chooses and each place follows.

mod date;
mod decode;
mod feeds;
mod follow;
mod headline;
mod language;
mod links;
mod parse;
mod tag;

use std::time::Duration;

use autocontent_sdk::markdown::{self, escape, link};
use autocontent_sdk::prelude::*;
use autocontent_sdk::text::{digest, fold};
use autocontent_sdk::{Trigger, provider, system};

use feeds::{Feed, Feeds};
use follow::{MOST_FOLLOWED, Told, follow, followed, unfollow};
use headline::{Headline, headlines};
use language::Language;

provider!("provider.toml");

/// How long the headlines of a feed that was named are kept.
const KEPT_FOR: Duration = Duration::from_secs(5 * 60);
/// The cursor behind an answer that says what was changed. Whoever asks for another one comes with it, and then nothing is
/// changed again: that would be a command that nobody gave.
const DONE: &str = "done";

/// The provider.
#[derive(Debug)]
pub struct News;

#[autocontent_sdk::export]
impl Provider for News {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let language = Language::of(&request.audience);
        let feeds = Feeds::offered()?;
        match &request.command {
            Command::NewsLatest { feed } => tell(&request, &feeds, feed.as_deref(), ""),
            Command::NewsSearch { topic, feed } => tell(&request, &feeds, feed.as_deref(), topic),
            Command::NewsFollow { feed } | Command::NewsUnfollow { feed } if request.cursor.is_some() => {
                state(feeds.named(feed).map_or(feed.trim(), |feed| feed.name.as_str()), language)
            }
            Command::NewsFollow { feed } => begin(feeds.meant(feed, language)?, language),
            Command::NewsUnfollow { feed } => end(feed, language),
            Command::NewsFollowing => list(&feeds, language),
        }
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let language = Language::of(&partial.audience);
        match partial.typing {
            Typing::NewsLatestFeed | Typing::NewsSearchFeed { .. } | Typing::NewsFollowFeed => {
                let Ok(feeds) = Feeds::offered() else { return Vec::new() };
                Choice::matching(&partial.typed, feeds.choices(language))
            }
            Typing::NewsUnfollowFeed => {
                let names = followed().unwrap_or_default();
                Choice::matching(&partial.typed, names.iter().map(|name| Choice::new(&**name, &**name)))
            }
        }
    }
}

/// Headlines that have all words of `topic` in them: of one feed, of those that are followed here, or of those in the
/// member's language. Asked by schedule, only what was not told here before.
fn tell(request: &Request<Command>, feeds: &Feeds, feed: Option<&str>, topic: &str) -> Result<Page, Failure> {
    let language = Language::of(&request.audience);
    let chosen = match feed {
        Some(name) => vec![feeds.meant(name, language)?],
        None => chosen(feeds, language)?,
    };
    let words = fold(topic);
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut headlines = headlines(&chosen, system::now())?;
    headlines.retain(|headline| is_about(&headline.item, &words));
    if request.trigger == Trigger::Schedule {
        return news(&headlines, &words.join(" "), request.limit);
    }
    let items: Vec<Item> = headlines.into_iter().map(|headline| headline.item).collect();
    let start = request.cursor.as_deref().map_or(0, |cursor| after(&items, cursor));
    let end = start.saturating_add(request.limit);
    let next = items.get(end).and(items.get(end.wrapping_sub(1))).map(cursor);
    let page = Page::of(items.into_iter().skip(start).take(request.limit)).next(next);
    match (page.items.is_empty(), feed) {
        (true, _) => Err(Failure::NothingFound),
        (false, Some(_)) => Ok(page.cache_for(KEPT_FOR)),
        // What is followed differs from place to place.
        (false, None) => Ok(page),
    }
}

/// The feeds that are followed here and still offered; else the first ones in the member's language.
fn chosen(feeds: &Feeds, language: Language) -> Result<Vec<&Feed>, Failure> {
    let followed: Vec<&Feed> = followed()?.iter().filter_map(|name| feeds.named(name)).collect();
    let chosen = if followed.is_empty() { feeds.speaking(language) } else { followed };
    Ok(chosen.into_iter().take(MOST_FOLLOWED).collect())
}

/// What of these was not told here yet. The first time only the newest are, as all else is old by then.
fn news(headlines: &[Headline<'_>], topic: &str, limit: usize) -> Result<Page, Failure> {
    let mut told: Vec<(&Feed, Told)> = Vec::new();
    for headline in headlines {
        if told.iter().all(|(feed, _)| *feed != headline.feed) {
            told.push((headline.feed, Told::of(topic, &headline.feed.url)?));
        }
    }
    let of_feed = |feed: &Feed| told.iter().find(|(other, _)| *other == feed).map(|(_, told)| told);
    let is_new = |headline: &&Headline<'_>| of_feed(headline.feed).is_some_and(|told| told.is_new(&headline.item));
    let new: Vec<&Headline<'_>> = headlines.iter().filter(is_new).take(limit).collect();
    for (feed, told) in &mut told {
        let own = |headline: &&Headline<'_>| headline.feed == *feed;
        if told.is_first() {
            // Oldest first, so that the newest are remembered longest.
            told.remember(headlines.iter().rev().filter(own).map(|headline| &headline.item))?;
        } else if new.iter().any(|headline| headline.feed == *feed) {
            told.remember(new.iter().rev().copied().filter(own).map(|headline| &headline.item))?;
        }
    }
    if new.is_empty() {
        return Err(Failure::NothingFound);
    }
    Ok(Page::of(new.into_iter().map(|headline| headline.item.clone())))
}

/// Whether all words, folded, stand in the title or the text.
fn is_about(item: &Item, words: &[&str]) -> bool {
    let texts = [item.title.as_deref(), item.text.as_deref()];
    let text = fold(&texts.into_iter().flatten().collect::<Vec<_>>().join("\n"));
    words.iter().all(|word| text.contains(word))
}

/// What stands for the place behind an item in a list that has changed when it is used.
fn cursor(item: &Item) -> String {
    format!("{}:{}", item.published.unwrap_or_default(), item.id)
}

/// Where to go on: behind the cursor's item, or where that is gone, behind all that is as new.
fn after(items: &[Item], cursor: &str) -> usize {
    let (published, id) = cursor.split_once(':').unwrap_or_default();
    if let Some(at) = items.iter().position(|item| item.id == id) {
        return at + 1;
    }
    let published = published.parse().unwrap_or(u64::MAX);
    items.iter().position(|item| item.published.unwrap_or_default() < published).unwrap_or(items.len())
}

/// Follows a feed.
fn begin(feed: &Feed, language: Language) -> Result<Page, Failure> {
    let already = followed()?;
    if !already.contains(&feed.name) {
        if already.len() >= MOST_FOLLOWED {
            return Err(Failure::invalid_argument("feed", language.too_many(MOST_FOLLOWED)));
        }
        follow(&feed.name)?;
    }
    state(&feed.name, language)
}

/// Unfollows a feed, which the operator may no longer offer.
fn end(feed: &str, language: Language) -> Result<Page, Failure> {
    let name = followed()?.into_iter().find(|name| fold(name) == fold(feed.trim()));
    let name = name.ok_or_else(|| Failure::invalid_argument("feed", language.not_followed()))?;
    unfollow(&name)?;
    state(&name, language)
}

/// Whether the feed of this name is followed here.
fn state(name: &str, language: Language) -> Result<Page, Failure> {
    let is_followed = followed()?.iter().any(|other| fold(other) == fold(name));
    let title = if is_followed { language.followed(name) } else { language.unfollowed(name) };
    Ok(Page::from(said("state", &title, language.what_following_does())).next(Some(DONE.into())))
}

/// The feeds that are followed here.
fn list(feeds: &Feeds, language: Language) -> Result<Page, Failure> {
    let names = followed()?;
    let lines = names.iter().map(|name| match feeds.named(name) {
        Some(feed) => format!("- {}", link(&feed.name, &feed.url)),
        None => format!("- {} ({})", escape(name), language.gone()),
    });
    let lines = markdown::lines(lines, markdown::TEXT);
    let text = if lines.is_empty() { language.none_followed() } else { lines.as_str() };
    Ok(said("following", language.following(), text).into())
}

/// The provider's own words as an item; other words are another item.
fn said(what: &str, title: &str, text: &str) -> Item {
    Item::new(format!("{what}-{:032x}", digest(&[title, text])), Kind::News).title(title).text(text)
}
