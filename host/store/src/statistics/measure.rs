//! What is counted of calls.

use std::collections::BTreeMap;
use std::fmt::{Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

use crate::ids::InvalidId;
use crate::rows::words;

words! {
    /// What a provider was called for.
    Function {
        /// Content.
        Find = "find",
        /// Choices while a member types.
        Suggest = "suggest",
        /// A pressed button.
        Act = "act",
    }
}

words! {
    /// How a call ended.
    Outcome {
        /// With what was asked for.
        Answered = "answered",
        /// The provider found nothing.
        NothingFound = "nothing-found",
        /// The provider takes no such argument.
        InvalidArgument = "invalid-argument",
        /// The provider's source wants a pause.
        Busy = "busy",
        /// The provider's source failed.
        Upstream = "upstream",
        /// The provider lacks a setting or a secret.
        Misconfigured = "misconfigured",
        /// The provider says that it failed.
        Internal = "internal",
        /// It used up its processor time.
        Cpu = "cpu",
        /// It did not answer in time.
        Time = "time",
        /// It ran out of memory.
        Memory = "memory",
        /// It ran out of stack.
        Stack = "stack",
        /// It handed over too much data.
        TooLarge = "too-large",
        /// It crashed.
        Crashed = "crashed",
        /// It asked something of an import that the host ends a call for.
        Denied = "denied",
        /// It broke the contract.
        BrokeContract = "broke-contract",
        /// It doesn't export what it was called for.
        Missing = "missing",
        /// The sandbox had no place for the call.
        NoRoom = "no-room",
        /// Nobody waited for the answer any longer.
        Abandoned = "abandoned",
    }
}

/// One thing that is counted for a version of a provider. Written as one word, with a colon before its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Calls that were made.
    Calls(Function),
    /// Calls that ended so.
    Ended(Outcome),
    /// Calls that took so long.
    Took(Latency),
    /// Ticks of 10 ms that fell while the provider's own code ran.
    CpuTicks,
    /// The most memory that one call used, in bytes; a peak, not a sum.
    PeakMemory,
    /// Imports called.
    HostCalls,
    /// HTTP requests made.
    Requests,
    /// HTTP answers that came from the host's cache.
    RequestsCached,
    /// Bytes sent by HTTP.
    BytesSent,
    /// Bytes received by HTTP.
    BytesReceived,
    /// Pages that came from the host's memory, so that no call was needed.
    PagesCached,
    /// Calls that were not made as too many were under way.
    Shed,
    /// Calls that were not made as the provider was paused.
    Refused,
    /// Times that the provider was paused.
    Paused,
}

impl Measure {
    /// Whether it keeps the largest value instead of a sum.
    #[must_use]
    pub const fn is_peak(self) -> bool {
        matches!(self, Measure::PeakMemory)
    }

    const PLAIN: [(Measure, &'static str); 11] = [
        (Measure::CpuTicks, "cpu-ticks"),
        (Measure::PeakMemory, "peak-memory"),
        (Measure::HostCalls, "host-calls"),
        (Measure::Requests, "requests"),
        (Measure::RequestsCached, "requests-cached"),
        (Measure::BytesSent, "bytes-sent"),
        (Measure::BytesReceived, "bytes-received"),
        (Measure::PagesCached, "pages-cached"),
        (Measure::Shed, "shed"),
        (Measure::Refused, "refused"),
        (Measure::Paused, "paused"),
    ];
}

impl Display for Measure {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Measure::Calls(function) => write!(f, "calls:{function}"),
            Measure::Ended(outcome) => write!(f, "ended:{outcome}"),
            Measure::Took(latency) => write!(f, "took:{latency}"),
            plain => {
                let word = Measure::PLAIN.iter().find(|(measure, _)| measure == plain).map(|(_, word)| *word);
                f.write_str(word.unwrap_or_default())
            }
        }
    }
}

impl FromStr for Measure {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Measure, InvalidId> {
        match text.split_once(':') {
            Some(("calls", function)) => function.parse().map(Measure::Calls),
            Some(("ended", outcome)) => outcome.parse().map(Measure::Ended),
            Some(("took", latency)) => latency.parse().map(Measure::Took),
            _ => Measure::PLAIN
                .iter()
                .find(|(_, word)| *word == text)
                .map(|(measure, _)| *measure)
                .ok_or_else(|| invalid(text, "measure")),
        }
    }
}

/// A range of times that calls took, named by its upper bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Latency(usize);

impl Latency {
    /// The upper bounds, in milliseconds; a last range lies above them. A fresh call of a small provider takes some
    /// 0.03 ms, and the longest that a manifest may ask for is 20 s.
    pub const BOUNDS: [f64; 17] = [
        0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0,
        20_000.0,
    ];

    /// The range that a time falls into; a bound belongs to the range below it.
    #[must_use]
    pub fn of(time: Duration) -> Latency {
        let millis = time.as_secs_f64() * 1_000.0;
        Latency(Latency::BOUNDS.partition_point(|bound| *bound < millis))
    }

    /// The lower and the upper bound in milliseconds; the last range has no upper bound.
    #[must_use]
    pub fn range(self) -> (f64, Option<f64>) {
        let below = self.0.checked_sub(1).and_then(|below| Latency::BOUNDS.get(below)).copied();
        (below.unwrap_or_default(), Latency::BOUNDS.get(self.0).copied())
    }

    /// The time in milliseconds that this part (0 to 1) of the calls stayed below, as far as their ranges tell: within a
    /// range they count as spread evenly. None without calls; above the last bound it is that bound.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "so many calls that it would show are never made")]
    pub fn quantile(part: f64, counts: &BTreeMap<Latency, u64>) -> Option<f64> {
        let all: u64 = counts.values().sum();
        let wanted = all as f64 * part;
        let mut below = 0.0;
        for (latency, count) in counts.iter().filter(|(_, count)| **count > 0) {
            let (from, to) = latency.range();
            let count = *count as f64;
            if below + count >= wanted {
                return Some(to.map_or(from, |to| from + (to - from) * ((wanted - below) / count).clamp(0.0, 1.0)));
            }
            below += count;
        }
        None
    }
}

impl Display for Latency {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self.range().1 {
            Some(bound) => bound.fmt(f),
            None => f.write_str("more"),
        }
    }
}

impl FromStr for Latency {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Latency, InvalidId> {
        (0..=Latency::BOUNDS.len())
            .map(Latency)
            .find(|latency| latency.to_string() == text)
            .ok_or_else(|| invalid(text, "latency"))
    }
}

fn invalid(text: &str, what: &'static str) -> InvalidId {
    InvalidId { text: text.to_owned(), what, rule: "one that this version counts is needed" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let ranges = (0..=Latency::BOUNDS.len()).map(|range| Measure::Took(Latency(range)));
        let plain = Measure::PLAIN.map(|(measure, _)| measure);
        let others = [Measure::Calls(Function::Act), Measure::Ended(Outcome::BrokeContract)];
        for measure in ranges.chain(plain).chain(others) {
            let text = measure.to_string();
            assert!(!text.is_empty(), "{measure:?}");
            assert_eq!(text.parse(), Ok(measure), "{text}");
        }
        assert!("took:3".parse::<Measure>().is_err());
        assert!("calls:sing".parse::<Measure>().is_err());
    }

    #[test]
    fn a_bound_belongs_to_the_range_below_it() {
        let range = |micros| Latency::of(Duration::from_micros(micros)).range();
        assert_eq!(range(0), (0.0, Some(0.1)));
        assert_eq!(range(100), (0.0, Some(0.1)));
        assert_eq!(range(101), (0.1, Some(0.2)));
        assert_eq!(range(20_000_000), (10_000.0, Some(20_000.0)));
        assert_eq!(range(20_000_001), (20_000.0, None));
    }

    #[test]
    fn quantiles_are_read_off_the_ranges() {
        let counts = |counts: &[(u64, u64)]| -> BTreeMap<Latency, u64> {
            counts.iter().map(|(millis, count)| (Latency::of(Duration::from_millis(*millis)), *count)).collect()
        };
        assert_eq!(Latency::quantile(0.5, &counts(&[])), None);
        assert_eq!(Latency::quantile(0.5, &counts(&[(2, 4)])), Some(1.5), "in the middle of 1 to 2");
        let slow = counts(&[(2, 98), (200, 1), (60_000, 1)]);
        assert_eq!(Latency::quantile(0.99, &slow), Some(200.0));
        assert_eq!(Latency::quantile(1.0, &slow), Some(20_000.0));
    }
}
