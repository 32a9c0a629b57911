//! How far an audience has come in what Google found. It goes out as the cursor.

use std::fmt;
use std::str::FromStr;

use autocontent_sdk::Failure;

/// Reads and shows as "1:20": had 20 pictures of the second page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// From 0.
    pub(crate) page: u32,
    pub(crate) had: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.page, self.had)
    }
}

impl FromStr for Place {
    type Err = Failure;

    fn from_str(cursor: &str) -> Result<Place, Failure> {
        let place = cursor
            .split_once(':')
            .and_then(|(page, had)| Some(Place { page: page.parse().ok()?, had: had.parse().ok()? }));
        // The button is from a time when the operator had chosen the other source.
        place.ok_or(Failure::NothingFound)
    }
}
