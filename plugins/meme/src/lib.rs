//! `/meme`: memes on a topic, from Google Images through SerpAPI or from a Reddit-like listing.
//!
//! `google` and `listing` ask the two sources. Google gives much at once: `kept` has what was not shown yet, and `place` says how
//! far an audience has come in it.

mod google;
mod kept;
mod listing;
mod place;

use std::time::Duration;

use autocontent_sdk::prelude::*;
use autocontent_sdk::text::fold;
use autocontent_sdk::{Activity, Audience, Trigger, provider, settings};

provider!("provider.toml");

/// The provider.
#[derive(Debug)]
pub struct Meme;

#[autocontent_sdk::export]
impl Provider for Meme {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let Command::Meme { topic } = &request.command;
        let typed = topic.as_deref().map(str::trim).filter(|topic| !topic.is_empty());
        let wanted = Wanted { topic: typed.or(topic_of(&request.trigger)), audience: &request.audience };
        let (cursor, limit) = (request.cursor.as_deref(), request.limit.max(1));
        let (page, lasts) = match settings::text("source").as_deref() {
            Some("listing") => (listing::ask(&wanted, cursor, limit)?, listing::LASTS),
            _ => (google::ask(&wanted, cursor, limit)?, google::LASTS),
        };
        if page.items.is_empty() && page.next.is_none() {
            return Err(Failure::NothingFound);
        }
        // What a member plays is no part of what the host knows a page again by.
        let shared = typed.is_some() || wanted.topic.is_none();
        Ok(if shared { page.cache_for(lasts) } else { page })
    }
}

/// What is looked for.
struct Wanted<'a> {
    topic: Option<&'a str>,
    audience: &'a Audience,
}

impl Wanted<'_> {
    /// What members may block: the topic in small letters.
    fn tags(&self) -> Option<String> {
        self.topic.map(fold)
    }
}

/// What a member is doing who gets a meme without asking for one.
fn topic_of(trigger: &Trigger) -> Option<&str> {
    let topic = match trigger {
        Trigger::Activity(Activity::Game(game)) => &game.name,
        Trigger::Activity(Activity::Music(track)) => &track.artist,
        _ => return None,
    };
    Some(topic.trim()).filter(|topic| !topic.is_empty())
}

/// So long the host may answer from its memory: a search is paid for, and what people posted changes quickly.
const fn hours(hours: u64) -> Duration {
    Duration::from_secs(hours * 3_600)
}
