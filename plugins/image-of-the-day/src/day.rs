//! The days that have a picture: all from the first one on, but a few.

use autocontent_sdk::text::fold;
use autocontent_sdk::{Audience, Choice, system};
use time::{Date, Duration, Month, OffsetDateTime};

/// The day of the first picture.
const FIRST: Date = match Date::from_calendar_date(1995, Month::June, 16) {
    Ok(date) => date,
    Err(_) => Date::MIN,
};

/// Today in UTC. It begins up to some hours earlier than NASA's.
pub(crate) fn today() -> Date {
    let now = i64::try_from(system::now() / 1_000).ok().and_then(|now| OffsetDateTime::from_unix_timestamp(now).ok());
    now.unwrap_or(OffsetDateTime::UNIX_EPOCH).date()
}

/// The day before, where it can have a picture.
pub(crate) fn before(date: Date) -> Option<Date> {
    date.previous_day().filter(|date| *date >= FIRST)
}

/// A date written as 2024-01-31.
pub(crate) fn parse(text: &str) -> Option<Date> {
    if !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return None;
    }
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

/// The day that a member, or a cursor, means: a date, or what is called today or yesterday.
pub(crate) fn read(typed: &str, today: Date) -> Option<Date> {
    let date = match fold(typed.trim()).as_str() {
        "today" | "hoje" => today,
        "yesterday" | "ontem" => today.previous_day()?,
        typed => parse(typed)?,
    };
    (FIRST..=today).contains(&date).then_some(date)
}

/// What a date has to be, for who wrote another than those up to `last`.
pub(crate) fn advice(last: Date, audience: &Audience) -> String {
    let write = audience.choose("write a day as 2024-01-31, from", &[("pt", "escreva um dia como 2024-01-31, de")]);
    let to = audience.choose("to", &[("pt", "a")]);
    format!("{write} {FIRST} {to} {last}")
}

/// Days to choose from: the one that was typed, or some of interest.
pub(crate) fn proposals(typed: &str, audience: &Audience) -> Vec<Choice> {
    let today = today();
    if let Some(date) = read(typed, today) {
        return vec![Choice::new(date.to_string(), date.to_string())];
    }
    let days = |days| today.checked_sub(Duration::days(days));
    // On the 29th of February there is none.
    let years = |years| today.replace_year(today.year() - years).ok();
    let named = [
        (Some(today), audience.choose("Today", &[("pt", "Hoje")])),
        (days(1), audience.choose("Yesterday", &[("pt", "Ontem")])),
        (days(7), audience.choose("A week ago", &[("pt", "Há uma semana")])),
        (years(1), audience.choose("A year ago", &[("pt", "Há um ano")])),
        (years(5), audience.choose("Five years ago", &[("pt", "Há cinco anos")])),
        (years(10), audience.choose("Ten years ago", &[("pt", "Há dez anos")])),
        (years(20), audience.choose("Twenty years ago", &[("pt", "Há vinte anos")])),
        (Some(FIRST), audience.choose("The first one", &[("pt", "A primeira")])),
    ];
    let days = named.into_iter().filter_map(|(date, name)| Some((date.filter(|date| *date >= FIRST)?, name)));
    Choice::matching(typed, days.map(|(date, name)| Choice::new(format!("{name}: {date}"), date.to_string())))
}
