//! The dates of feeds: RFC 822's in RSS 2.0, RFC 3339's in Atom and Dublin Core, and what is near to them.
//!
//! Read by hand up to the parts of a date, which jiff then checks: its own readers, with all their messages, would be a
//! quarter of the component.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Milliseconds since the Unix epoch, or none where the text is no date or before 1970. A date without a zone is UTC's.
pub(crate) fn milliseconds(text: &str) -> Option<u64> {
    let (local, zone) = rfc_3339(text.trim()).or_else(|| rfc_822(text))?;
    u64::try_from(zone.to_timestamp(local).ok()?.as_millisecond()).ok()
}

/// "2026-11-22T12:00:00.5+01:00", or only as much as the day.
fn rfc_3339(text: &str) -> Option<(DateTime, Offset)> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?);
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let Some(rest) = rest.strip_prefix(['T', 't', ' ']) else {
        return rest.is_empty().then(|| (date.to_datetime(Time::midnight()), Offset::UTC));
    };
    let end = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, rest) = (rest.get(..end)?, rest.get(end..)?);
    Some((date.to_datetime(time(clock.trim())?), zone(rest)?))
}

/// "Sun, 22 Nov 2026 12:00:00 +0100"; weekday, seconds and zone may be missing, and of the year its first half.
fn rfc_822(text: &str) -> Option<(DateTime, Offset)> {
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut words = text.split_whitespace();
    let (day, month, year) = (words.next()?.parse().ok()?, words.next()?.to_ascii_lowercase(), words.next()?);
    let month = MONTHS.iter().position(|name| month.starts_with(name))?;
    let year: i16 = match (year.len(), year.parse().ok()?) {
        (2, year @ ..50) => 2000 + year,
        (2, year) => 1900 + year,
        (_, year) => year,
    };
    let date = Date::new(year, i8::try_from(month + 1).ok()?, day).ok()?;
    let clock = words.next().map_or(Some(Time::midnight()), time)?;
    Some((date.to_datetime(clock), words.next().map_or(Some(Offset::UTC), zone)?))
}

/// "12:00:30.5", of which the fraction is left out.
fn time(text: &str) -> Option<Time> {
    let whole = text.split('.').next()?;
    let mut parts = whole.split(':').map(str::parse);
    let (hour, minute, second) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next().unwrap_or(Ok(0)).ok()?);
    // A leap second is the last of its minute.
    Time::new(hour, minute, if second == 60 { 59 } else { second }, 0).ok()
}

/// "+0100", "-03:00" or a name. One that is not known says nothing of the time, so it is UTC.
fn zone(text: &str) -> Option<Offset> {
    let hours = match text {
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "BRT" => -3,
        "BST" | "CET" | "WEST" => 1,
        "CEST" => 2,
        _ => {
            let sign = match text.chars().next() {
                Some('+') => 1,
                Some('-') => -1,
                _ => return Some(Offset::UTC),
            };
            let digits: String = text.chars().skip(1).filter(|letter| *letter != ':').collect();
            let (hours, minutes): (i32, i32) = (digits.get(..2)?.parse().ok()?, digits.get(2..4)?.parse().ok()?);
            return Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok();
        }
    };
    Offset::from_hours(hours).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dates_that_feeds_have_are_read() {
        const NOON: u64 = 1_795_348_800_000;
        for text in [
            "Sun, 22 Nov 2026 12:00:00 GMT",
            "Sun, 22 Nov 2026 12:00:00 +0000",
            "22 Nov 2026 09:00:00 -0300",
            "Mon, 22 Nov 2026 07:00 EST",
            " 22 Nov 26 12:00:00 UT ",
            "2026-11-22T12:00:00Z",
            "2026-11-22T13:00:00.000+01:00",
            "2026-11-22 12:00Z",
            "Dom, 22 Nov 2026 12:00:00 XYZ",
            "2026-11-22T12:00:00",
        ] {
            assert_eq!(milliseconds(text), Some(NOON), "{text}");
        }
        assert_eq!(milliseconds("2026-11-22"), Some(NOON - 12 * 60 * 60 * 1000));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "yesterday",
            "32 Nov 2026 12:00:00 GMT",
            "1969-12-31T23:59:59Z",
            "9999999-01-01",
            "2026-02-30",
            "2026-11-22x",
            "22 Nov 2026 25:00",
            "22 Nov 2026 12:00 +99",
            "22 Nov",
            "é026-11-22T",
        ] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
    }
}
