//! `/image-of-the-day`: NASA's Astronomy Picture of the Day, of today, of a date, or of any day.
//!
//! `apod` asks NASA; `picture` makes an item of what it answers; `day` knows which days there are.

mod apod;
mod day;
mod picture;

use std::time::Duration;

use autocontent_sdk::prelude::*;
use autocontent_sdk::{log, provider};
use time::Date;

use apod::Pictures;
use picture::Picture;

provider!("provider.toml");

/// How many days are asked for at once on the way back.
const DAYS: usize = 5;
/// NASA changes the newest picture once a day, at an hour of its own.
const NEWEST_LASTS: Duration = Duration::from_secs(30 * 60);
const OLD_LASTS: Duration = Duration::from_secs(24 * 3_600);
/// Several are asked for again soon where one of them could not be had.
const PARTIAL_LASTS: Duration = Duration::from_secs(60);

/// The provider.
#[derive(Debug)]
pub struct ImageOfTheDay;

#[autocontent_sdk::export]
impl Provider for ImageOfTheDay {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let Command::ImageOfTheDay { date, random } = &request.command;
        match (date, random.unwrap_or_default(), &request.cursor) {
            (Some(_), true, _) => Err(Failure::invalid_argument(
                "random",
                request.audience.choose("leave it out with a date", &[("pt", "não combina com uma data")]),
            )),
            (Some(typed), false, _) => of_date(typed, &request),
            (None, true, _) => page(&apod::random(request.limit.clamp(1, DAYS))?, &request),
            (None, false, None) => newest(&request),
            (None, false, Some(cursor)) => before(cursor, &request),
        }
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        let Typing::ImageOfTheDayDate { .. } = partial.typing;
        day::proposals(&partial.typed, &partial.audience)
    }
}

/// The picture of the day that a member typed.
fn of_date(typed: &str, request: &Request<Command>) -> Result<Page, Failure> {
    let today = day::today();
    let invalid = |last| Failure::invalid_argument("date", day::advice(last, &request.audience));
    let date = day::read(typed, today).ok_or_else(|| invalid(today))?;
    let picture = match apod::of(date) {
        // In the hours in which it is today already, but not yet for NASA.
        Err(Failure::NothingFound) if date == today => return Err(invalid(today.previous_day().unwrap_or(today))),
        answer => answer?,
    };
    // The host knows an answer again by what was typed, and "yesterday" is another day tomorrow.
    let is_old = day::parse(typed.trim()).is_some_and(|date| date < today);
    let lasts = if is_old { OLD_LASTS } else { NEWEST_LASTS };
    Ok(page(&[picture], request)?.cache_for(lasts))
}

/// The newest picture; those of the days before come next.
fn newest(request: &Request<Command>) -> Result<Page, Failure> {
    let picture = match apod::newest() {
        // For some hours each day NASA's service looks for a picture that is not out yet.
        Err(Failure::NothingFound) => apod::of(day::before(day::today()).ok_or(Failure::NothingFound)?)?,
        answer => answer?,
    };
    let next = picture.day().and_then(day::before);
    Ok(page(&[picture], request)?.next(next.map(|date| date.to_string())).cache_for(NEWEST_LASTS))
}

/// The pictures of some days up to the one that the cursor names, the last first.
fn before(cursor: &str, request: &Request<Command>) -> Result<Page, Failure> {
    let last = day::read(cursor, day::today())
        .ok_or_else(|| Failure::Internal(format!("the cursor {cursor:?} is no day that has a picture")))?;
    let days: Vec<Date> = std::iter::successors(Some(last), |date| day::before(*date)).take(DAYS).collect();
    let next = days.last().and_then(|date| day::before(*date));
    let Pictures { mut pictures, is_partial } = apod::of_all(&days)?;
    pictures.sort_by_key(|picture| std::cmp::Reverse(picture.day()));
    let lasts = if is_partial { PARTIAL_LASTS } else { OLD_LASTS };
    Ok(page(&pictures, request)?.next(next.map(|date| date.to_string())).cache_for(lasts))
}

fn page(pictures: &[Picture], request: &Request<Command>) -> Result<Page, Failure> {
    let items: Vec<Item> = pictures.iter().filter_map(|picture| picture.item(&request.audience)).collect();
    if items.len() < pictures.len() {
        log::warn(format!("{} of {} pictures had no usable date", pictures.len() - items.len(), pictures.len()));
    }
    if items.is_empty() {
        return Err(Failure::NothingFound);
    }
    Ok(Page::of(items))
}
