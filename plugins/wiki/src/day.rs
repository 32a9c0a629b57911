//! Days of the year, and how members write them.

use autocontent_sdk::text::fold;
use jiff::Timestamp;
use jiff::tz::Offset;

/// The names of the months, folded, in each language that the provider speaks. Three letters are enough.
const MONTHS: [[&str; 2]; 12] = [
    ["january", "janeiro"],
    ["february", "fevereiro"],
    ["march", "marco"],
    ["april", "abril"],
    ["may", "maio"],
    ["june", "junho"],
    ["july", "julho"],
    ["august", "agosto"],
    ["september", "setembro"],
    ["october", "outubro"],
    ["november", "novembro"],
    ["december", "dezembro"],
];

/// A day of any year, 29 February included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// From 1.
    pub(crate) month: u8,
    /// From 1.
    pub(crate) day: u8,
}

impl Day {
    fn new(month: u64, day: u64) -> Option<Day> {
        let (month, day) = (u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        let last = match month {
            2 => 29,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        (1..=last).contains(&day).then_some(Day { month, day })
    }

    /// The day of a moment in milliseconds since the Unix epoch, in UTC.
    pub(crate) fn of(milliseconds: u64) -> Option<Day> {
        let moment = Timestamp::from_millisecond(i64::try_from(milliseconds).ok()?).ok()?;
        let date = Offset::UTC.to_datetime(moment).date();
        Day::new(u64::try_from(date.month()).ok()?, u64::try_from(date.day()).ok()?)
    }

    /// What a member may mean by a text, likeliest first: "22 November", "nov 22", "22 de novembro", "1969-07-20", "07-20".
    /// Of "3/4" either number may be the month; `month_first` says which is likelier.
    pub(crate) fn readings(text: &str, month_first: bool) -> Vec<Day> {
        let folded = fold(text);
        let mut numbers: Vec<u64> = Vec::new();
        let mut named = None;
        for word in folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let digits = word.trim_end_matches(|letter: char| !letter.is_ascii_digit());
            match (digits.parse(), month(word)) {
                (Ok(number), _) => numbers.push(number),
                (Err(_), Some(month)) => named = named.or(Some(month)),
                // "the", "of", "de".
                (Err(_), None) if word.chars().count() <= 3 => {}
                (Err(_), None) => return Vec::new(),
            }
        }
        let readings = match (named, numbers.as_slice()) {
            (Some(month), &[first] | &[first, _]) if first <= 31 => vec![Day::new(month, first)],
            (Some(month), &[_, day]) => vec![Day::new(month, day)],
            (None, &[year, month, day]) if year > 31 => vec![Day::new(month, day)],
            (None, &[first, second] | &[first, second, _]) => {
                let month_first = month_first || text.contains('-');
                let (likely, other) = (Day::new(first, second), Day::new(second, first));
                if month_first { vec![likely, other] } else { vec![other, likely] }
            }
            _ => Vec::new(),
        };
        let mut readings: Vec<Day> = readings.into_iter().flatten().collect();
        readings.dedup();
        readings
    }

    /// As [`Day::readings`] reads it without a doubt: "11-22".
    pub(crate) fn value(self) -> String {
        format!("{:02}-{:02}", self.month, self.day)
    }

    /// What [`Day::value`] says.
    pub(crate) fn read(value: &str) -> Option<Day> {
        let (month, day) = value.split_once('-')?;
        Day::new(month.parse().ok()?, day.parse().ok()?)
    }
}

/// The number of a month by its name, or by three letters or more of its beginning.
fn month(word: &str) -> Option<u64> {
    let begins = |names: &[&str; 2]| names.iter().any(|name| name.starts_with(word));
    let at = (word.len() >= 3).then(|| MONTHS.iter().position(begins))??;
    u64::try_from(at).ok().map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str, month_first: bool) -> Vec<String> {
        Day::readings(text, month_first).into_iter().map(Day::value).collect()
    }

    #[test]
    fn a_day_is_read_in_the_ways_that_members_write_it() {
        for text in [
            "22 November",
            "nov 22",
            "November 22nd, 1963",
            "1963 Nov 22",
            "22 de novembro",
            "the 22nd of November",
            "22.11.",
            "11-22",
            "1963-11-22",
        ] {
            assert_eq!(values(text, false), ["11-22"], "{text}");
        }
        assert_eq!(values("29/2", false), ["02-29"]);
        assert_eq!(values("1 de março", false), ["03-01"]);
    }

    #[test]
    fn two_small_numbers_have_two_readings() {
        assert_eq!(values("3/4", false), ["04-03", "03-04"]);
        assert_eq!(values("3/4", true), ["03-04", "04-03"]);
        assert_eq!(values("4/4", true), ["04-04"]);
    }

    #[test]
    fn what_is_no_day_has_no_reading() {
        for text in [
            "",
            "tomorrow",
            "30 February",
            "31/4",
            "0/0",
            "99999999999999999999999 May",
            "13/13",
            "22",
            "May",
            "-",
            "é",
        ] {
            assert_eq!(values(text, false), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_moment_has_a_day_in_utc() {
        assert_eq!(Day::of(1_767_225_599_999), Some(Day { month: 12, day: 31 }));
        assert_eq!(Day::of(1_767_225_600_000), Some(Day { month: 1, day: 1 }));
        assert_eq!(Day::of(u64::MAX), None);
    }
}
