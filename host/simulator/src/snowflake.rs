//! Discord's ids.

use std::{
    fmt,
    num::ParseIntError,
    str::FromStr,
    sync::atomic::{AtomicU64, Ordering},
};

use serde::{Serialize, Serializer};

/// The first second of 2015 in milliseconds: the epoch that Discord's ids count from.
const DISCORD_EPOCH: u64 = 1_420_070_400_000;

/// An id of Discord's: 64 bits, a string in JSON, larger for what is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snowflake(u64);

impl Snowflake {
    /// Takes a number for an id.
    pub const fn new(id: u64) -> Snowflake {
        Snowflake(id)
    }

    /// The id as a number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Snowflake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Snowflake {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Snowflake, ParseIntError> {
        text.parse().map(Snowflake)
    }
}

impl Serialize for Snowflake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Makes ids that rise with the clock and never repeat.
#[derive(Debug, Default)]
pub(crate) struct Snowflakes(AtomicU64);

impl Snowflakes {
    pub(crate) fn next(&self, now_millis: u64) -> Snowflake {
        let at = now_millis.saturating_sub(DISCORD_EPOCH) << 22;
        let next = |last: u64| Some(at.max(last + 1));
        // `next` always gives a value, so both arms hold the id before this one.
        let last = match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next) {
            Ok(last) | Err(last) => last,
        };
        Snowflake(at.max(last + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_rise_within_one_millisecond_and_when_the_clock_stands() {
        let ids = Snowflakes::default();
        let first = ids.next(DISCORD_EPOCH + 1);
        let second = ids.next(DISCORD_EPOCH + 1);
        let later = ids.next(DISCORD_EPOCH + 2);
        assert_eq!(first.get(), 1 << 22);
        assert_eq!(second.get(), (1 << 22) + 1);
        assert_eq!(later.get(), 2 << 22);
    }
}
