//! Sizes and times as they are written in provider.toml: a whole number and a unit.

use std::{fmt, str::FromStr, time::Duration};

use crate::text::InvalidText;

/// A number of bytes, written as a whole number of `B`, `KiB`, `MiB` or `GiB`: `"32 MiB"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ByteSize(pub u64);

const SIZE_UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];
const TIME_UNITS: [(&str, u64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

impl ByteSize {
    /// `count` × 1,024 bytes.
    pub const fn kib(count: u64) -> ByteSize {
        ByteSize(count << 10)
    }

    /// `count` × 1,048,576 bytes.
    pub const fn mib(count: u64) -> ByteSize {
        ByteSize(count << 20)
    }

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl FromStr for ByteSize {
    type Err = InvalidText;

    fn from_str(text: &str) -> Result<ByteSize, InvalidText> {
        parse(text, &SIZE_UNITS).map(ByteSize).ok_or_else(|| {
            InvalidText::new(text, "a size", "use a whole number with B, KiB, MiB or GiB, such as \"32 MiB\"")
        })
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, count) = largest(self.0, &SIZE_UNITS);
        write!(f, "{count} {unit}")
    }
}

impl serde::Serialize for ByteSize {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for ByteSize {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<ByteSize, D::Error> {
        let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Reads "100ms", "8s", "5m" or "1h".
pub(crate) fn parse_duration(text: &str) -> Result<Duration, InvalidText> {
    parse(text, &TIME_UNITS).map(Duration::from_millis).ok_or_else(|| {
        InvalidText::new(text, "a time", "use a whole number with ms, s, m or h, such as \"100ms\" or \"8s\"")
    })
}

/// Writes what [`parse_duration`] reads; whole milliseconds, what is below is dropped.
pub(crate) fn format_duration(duration: Duration) -> String {
    let (unit, count) = largest(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX), &TIME_UNITS);
    format!("{count}{unit}")
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = text.split_at_checked(end)?;
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit)?;
    digits.parse::<u64>().ok()?.checked_mul(*factor)
}

/// The largest unit that leaves a whole number; nothing at all is counted in the smallest.
fn largest<'a>(amount: u64, units: &[(&'a str, u64)]) -> (&'a str, u64) {
    units
        .iter()
        .find(|(_, factor)| amount != 0 && amount.is_multiple_of(*factor))
        .or(units.last())
        .map_or(("", amount), |(unit, factor)| (unit, amount / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_they_are_read() {
        for text in ["0 B", "1 B", "1023 B", "1 KiB", "1536 KiB", "32 MiB", "2 GiB"] {
            assert_eq!(text.parse::<ByteSize>().unwrap().to_string(), text);
        }
        assert_eq!("32MiB".parse::<ByteSize>().unwrap(), ByteSize::mib(32));
        for bad in [
            "",
            "32",
            "MiB",
            "32 MB",
            "32 mib",
            "-1 B",
            "1.5 MiB",
            "1  MiB",
            "99999999999999999999 B",
            "18446744073709551615 KiB",
        ] {
            assert!(bad.parse::<ByteSize>().is_err(), "{bad}");
        }
    }

    #[test]
    fn times_are_written_as_they_are_read() {
        for text in ["0ms", "100ms", "8s", "1500ms", "5m", "90s", "1h"] {
            assert_eq!(format_duration(parse_duration(text).unwrap()), text);
        }
        assert_eq!(parse_duration("8 s").unwrap(), Duration::from_secs(8));
        for bad in ["", "8", "s", "8 sec", "1.5s", "-1s", "8S"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }
}
