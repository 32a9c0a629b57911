//! How far an audience has come: a batch of a source, and how many of its items were had. It goes out as the cursor.

use std::fmt;
use std::str::FromStr;

use autocontent_sdk::{Failure, Page};

use crate::Batch;

/// Reads and shows as "20:t3_1abcde": had 20 items of the batch that the source calls t3_1abcde.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Empty for the first.
    pub(crate) batch: String,
    had: usize,
}

impl Place {
    /// The next items of the batch at this place, at most `limit`.
    ///
    /// # Errors
    ///
    /// [`Failure::NothingFound`] where there are none.
    pub(crate) fn page(self, batch: Batch, limit: usize) -> Result<Page, Failure> {
        let from = self.had;
        let had = from.saturating_add(limit.max(1));
        let next = if had < batch.items.len() {
            Some(Place { had, ..self })
        } else {
            batch.next.filter(|next| *next != self.batch).map(|batch| Place { batch, had: 0 })
        };
        let items = batch.items.into_iter().skip(from).take(had - from);
        let page = Page::of(items).next(next.map(|place| place.to_string()));
        if page.items.is_empty() && page.next.is_none() { Err(Failure::NothingFound) } else { Ok(page) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.had, self.batch)
    }
}

impl FromStr for Place {
    type Err = Failure;

    fn from_str(cursor: &str) -> Result<Place, Failure> {
        let place =
            cursor.split_once(':').and_then(|(had, batch)| Some(Place { batch: batch.into(), had: had.parse().ok()? }));
        place.ok_or_else(|| Failure::Internal(format!("the cursor {cursor:?} is no place among memes")))
    }
}
