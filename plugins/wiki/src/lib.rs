//! `/wiki`: what happened on a day, any article, and how an article begins, through Wikimedia's REST API.

mod article;
mod day;
mod edition;
mod event;
mod language;

use std::time::Duration;

use autocontent_sdk::markdown::{self, escape, link};
use autocontent_sdk::prelude::*;
use autocontent_sdk::text::shortened;
use autocontent_sdk::{Audience, log, provider, system};

use article::{Article, Hit, Titled};
use day::Day;
use edition::Edition;
use event::Event;
use language::Language;

provider!("provider.toml");

/// Lists of days and summaries are edited now and then.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);
/// Typing waits for no slow server.
const WHILE_TYPING: Duration = Duration::from_millis(1500);
/// Articles that one ambiguous title is said to mean at most.
const MEANINGS: usize = 10;
/// Characters of a proposal, and of what it stands for.
const LABEL: usize = 100;
/// What MediaWiki takes in no title.
const NEVER_IN_TITLES: [char; 8] = ['#', '<', '>', '[', ']', '{', '}', '|'];

/// The provider.
#[derive(Debug)]
pub struct Wiki;

#[autocontent_sdk::export]
impl Provider for Wiki {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        match request.command {
            Command::WikiToday { date, about } => {
                let about = about.unwrap_or(WikiTodayAbout::Selected);
                let place = request.cursor.as_deref().and_then(Place::read);
                today(date.as_deref(), about, place, request.limit, &request.audience)
            }
            Command::WikiRandom => random(&request.audience),
            Command::WikiSummary { title } => summary(&title, &request.audience),
        }
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        match partial.typing {
            Typing::WikiTodayDate { .. } => days(&partial.typed, &partial.audience),
            Typing::WikiSummaryTitle => titles(partial.typed.trim(), &partial.audience),
        }
    }
}

/// How far somebody has come. Reads and shows as "11-22:20": had 20 events of 22 November, though another day may have begun.
struct Place {
    day: Day,
    had: usize,
}

impl Place {
    fn read(cursor: &str) -> Option<Place> {
        let (day, had) = cursor.split_once(':')?;
        Some(Place { day: Day::read(day)?, had: had.parse().ok()? })
    }

    fn cursor(&self) -> String {
        format!("{}:{}", self.day.value(), self.had)
    }
}

/// What happened on a day, from a place on.
fn today(
    date: Option<&str>,
    about: WikiTodayAbout,
    place: Option<Place>,
    limit: usize,
    audience: &Audience,
) -> Result<Page, Failure> {
    let language = Language::of(audience);
    let now = system::now();
    let is_todays = date.is_none() && place.is_none();
    let day = match date {
        Some(date) => Day::readings(date, month_first(audience)).into_iter().next(),
        None => Day::of(now),
    };
    let begin = day.map(|day| Place { day, had: 0 });
    let place = place.or(begin).ok_or_else(|| Failure::invalid_argument("date", language.no_date()))?;
    let Place { day, had } = place;
    let (edition, events) = on_day(about, day, audience)?;
    let items = events.iter().skip(had).take(limit).map(|event| event.item(&edition, about, day, language));
    let had = had.saturating_add(limit);
    let next = (had < events.len()).then(|| Place { day, had }.cursor());
    let kept = if is_todays { KEPT_FOR.min(until_midnight(now)) } else { KEPT_FOR };
    let page = Page::of(items).next(next).cache_for(kept);
    if page.items.is_empty() { Err(Failure::NothingFound) } else { Ok(page) }
}

/// What the member's edition tells of a day; not every edition has such lists, so else what the first does.
fn on_day(about: WikiTodayAbout, day: Day, audience: &Audience) -> Result<(Edition, Vec<Event>), Failure> {
    let (edition, first) = Edition::of(audience)?;
    if let Some(events) = Event::fetch(&edition, about, day)? {
        return Ok((edition, events));
    }
    let first = first.ok_or(Failure::NothingFound)?;
    let events = Event::fetch(&first, about, day)?.ok_or(Failure::NothingFound)?;
    Ok((first, events))
}

/// Any article. One that only lists meanings is no good, so then another is drawn, once.
fn random(audience: &Audience) -> Result<Page, Failure> {
    let (edition, _) = Edition::of(audience)?;
    let draw = || -> Result<Article, Failure> { edition.random().send()?.success()?.json() };
    let article = draw()?;
    let article = if article.is_disambiguation() { draw()? } else { article };
    Ok(article.item(&edition).into())
}

/// How the article of this title begins, or the first whose title begins like it.
fn summary(title: &str, audience: &Audience) -> Result<Page, Failure> {
    let language = Language::of(audience);
    if title.trim().is_empty() {
        return Err(Failure::invalid_argument("title", language.name_an_article()));
    }
    if title.contains(NEVER_IN_TITLES) {
        return Err(Failure::invalid_argument("title", language.no_title()));
    }
    let (edition, _) = Edition::of(audience)?;
    let article = match fetch(&edition, title)? {
        Some(article) => Some(article),
        None => match search(&edition, title, 1)?.first() {
            Some(hit) => fetch(&edition, &hit.title)?,
            None => None,
        },
    };
    let article = article.ok_or(Failure::NothingFound)?;
    let item =
        if article.is_disambiguation() { meanings(&article, &edition, language)? } else { article.item(&edition) };
    Ok(Page::from(item).cache_for(KEPT_FOR))
}

fn fetch(edition: &Edition, title: &str) -> Result<Option<Article>, Failure> {
    let response = edition.summary(title).send()?;
    match response.status {
        // 400 says that no article could have such a title.
        400 | 404 => Ok(None),
        _ => response.success()?.json().map(Some),
    }
}

fn search(edition: &Edition, typed: &str, limit: usize) -> Result<Vec<Hit>, Failure> {
    Ok(edition.titles(typed, limit).send()?.success()?.json::<Titled>()?.pages)
}

/// The articles that an ambiguous title may mean.
fn meanings(article: &Article, edition: &Edition, language: Language) -> Result<Item, Failure> {
    let title = article.title();
    // One more, as the ambiguous title itself is found too.
    let hits = search(edition, &title, MEANINGS + 1)?;
    let meant = hits.iter().filter(|hit| hit.title != title).take(MEANINGS);
    let lines = meant.map(|hit| {
        let name = link(&hit.title, &edition.article(&hit.title));
        match hit.description() {
            Some(description) => format!("- {name}: {}", escape(description)),
            None => format!("- {name}"),
        }
    });
    let lines: Vec<String> = lines.collect();
    let item = article.item(edition);
    if lines.is_empty() {
        return Ok(item);
    }
    let lines = [language.may_mean()].into_iter().chain(lines.iter().map(String::as_str));
    Ok(item.text(markdown::lines(lines, markdown::TEXT)))
}

/// The days that a member may mean.
fn days(typed: &str, audience: &Audience) -> Vec<Choice> {
    let language = Language::of(audience);
    let readings = match typed.trim() {
        "" => Day::of(system::now()).into_iter().collect(),
        typed => Day::readings(typed, month_first(audience)),
    };
    readings.into_iter().map(|day| Choice::new(language.date(day), day.value())).collect()
}

/// Titles that begin with what is typed. Where Wikipedia is slow or down there are none, and typing goes on.
fn titles(typed: &str, audience: &Audience) -> Vec<Choice> {
    if typed.is_empty() || typed.contains(NEVER_IN_TITLES) {
        return Vec::new();
    }
    let hits = beginning(typed, audience).unwrap_or_else(|failure| {
        log::warn(format!("no titles to propose: {failure:?}"));
        Vec::new()
    });
    let fits = hits.into_iter().filter(|hit| (1..=LABEL).contains(&hit.title.chars().count()));
    fits.map(|hit| Choice::new(shortened(&hit.label(), LABEL), hit.title)).take(Choice::MOST).collect()
}

/// Articles whose title begins so, where they can be had at once.
fn beginning(typed: &str, audience: &Audience) -> Result<Vec<Hit>, Failure> {
    let (edition, _) = Edition::of(audience)?;
    let response = edition.titles(typed, MEANINGS).timeout(WHILE_TYPING).send()?;
    Ok(response.success()?.json::<Titled>()?.pages)
}

/// Whether the member writes the month before the day.
fn month_first(audience: &Audience) -> bool {
    audience.locale == "en-US"
}

/// How long the day still lasts, in UTC.
fn until_midnight(now: u64) -> Duration {
    const DAY: u64 = 24 * 60 * 60 * 1000;
    Duration::from_millis(DAY - now % DAY)
}
