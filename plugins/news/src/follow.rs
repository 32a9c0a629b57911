//! Which feeds a place follows, and what it was told of them.

use autocontent_sdk::storage::{self, Scope};
use autocontent_sdk::text::digest;
use autocontent_sdk::{Failure, Item};

use std::time::Duration;

/// Feeds that a place may follow: as many as one answer fetches.
pub(crate) const MOST_FOLLOWED: usize = 12;
/// One key for each feed, so that two members at once don't undo each other's choice.
const FOLLOWED: &str = "follow:";
/// Headlines that are remembered of a feed: twice what is read of one.
const MOST_TOLD: usize = 100;
/// After so long without being asked, all is forgotten, and the next time counts as the first.
const TOLD_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The names of the feeds that this place follows, by name. Some may no longer be offered.
pub(crate) fn followed() -> Result<Vec<String>, Failure> {
    let keys = storage::keys(Scope::Place, FOLLOWED, None, 100)?;
    Ok(keys.iter().filter_map(|key| key.strip_prefix(FOLLOWED)).map(Into::into).collect())
}

/// From now on this place follows the feed of this name.
pub(crate) fn follow(name: &str) -> Result<(), Failure> {
    Ok(storage::set(Scope::Place, &format!("{FOLLOWED}{name}"), b"", None)?)
}

/// From now on it doesn't.
pub(crate) fn unfollow(name: &str) -> Result<(), Failure> {
    Ok(storage::delete(Scope::Place, &format!("{FOLLOWED}{name}"))?)
}

/// What a place was told of one feed, in answer to one command that comes again and again.
pub(crate) struct Told {
    key: String,
    /// Hashes of the ids of items, oldest first.
    hashes: Vec<[u8; 8]>,
    is_first: bool,
}

impl Told {
    /// What is remembered. `command` tells different subscriptions of a place apart.
    pub(crate) fn of(command: &str, feed: &str) -> Result<Told, Failure> {
        let key = format!("told:{:032x}", digest(&[command, feed]));
        let kept = storage::get(Scope::Place, &key)?;
        let (hashes, _) = kept.as_deref().unwrap_or_default().as_chunks::<8>();
        Ok(Told { key, hashes: hashes.to_vec(), is_first: kept.is_none() })
    }

    /// Whether nothing was told yet.
    pub(crate) fn is_first(&self) -> bool {
        self.is_first
    }

    /// Whether this item was not told yet.
    pub(crate) fn is_new(&self, item: &Item) -> bool {
        !self.hashes.contains(&short(item))
    }

    /// Remembers that these were told.
    pub(crate) fn remember<'a>(&mut self, items: impl Iterator<Item = &'a Item>) -> Result<(), Failure> {
        self.hashes.extend(items.map(short));
        let gone = self.hashes.len().saturating_sub(MOST_TOLD);
        let bytes: Vec<u8> = self.hashes.iter().skip(gone).flatten().copied().collect();
        Ok(storage::set(Scope::Place, &self.key, bytes, Some(TOLD_FOR))?)
    }
}

fn short(item: &Item) -> [u8; 8] {
    let [a, b, c, d, e, f, g, h, ..] = digest(&[&item.id]).to_be_bytes();
    [a, b, c, d, e, f, g, h]
}
