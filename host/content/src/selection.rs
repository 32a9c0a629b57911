//! Which of a provider's items is shown: the first that this audience has not seen.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::sync::{Arc, Mutex, PoisonError};

use autocontent_manifest::ProviderId;
use autocontent_store::{Store, StoreError};
use moka::future::Cache;

use crate::contract::Item;

/// How many of an audience's last items of a provider are not shown again.
const REMEMBERED: u16 = 400;
/// Audiences held in memory, at 8 bytes an item; the others are read from the history when they ask again.
const AUDIENCES: u64 = 20_000;

/// What each audience has seen of each provider.
pub(crate) struct SeenBook {
    store: Store,
    audiences: Cache<(String, ProviderId), Arc<Mutex<Seen>>>,
}

/// What one audience has seen of one provider: hashes of item ids, the oldest first.
#[derive(Default)]
pub(crate) struct Seen {
    items: VecDeque<u64>,
}

/// An item that may be shown.
struct Candidate {
    position: usize,
    hash: u64,
    /// Where it stands among what was seen, the oldest first.
    age: Option<usize>,
}

impl Candidate {
    fn of(position: usize, id: &str, seen: &Seen) -> Self {
        let hash = hash(id);
        Self { position, hash, age: seen.items.iter().rposition(|known| *known == hash) }
    }
}

/// The item to show, by its position in the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selected {
    /// Not seen by this audience, and now marked as seen; whether it was the page's last such item.
    Fresh { position: usize, last: bool },
    /// All were seen; this one the longest ago, and the lower the age the longer.
    Seen { position: usize, age: usize },
    /// None may be shown.
    Nothing,
}

impl SeenBook {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, audiences: Cache::new(AUDIENCES) }
    }

    /// What `audience` has seen of `provider`, from memory or from the history.
    pub(crate) async fn of(&self, audience: &str, provider: &ProviderId) -> Result<Arc<Mutex<Seen>>, Arc<StoreError>> {
        let load = async {
            let newest_first = self.store.seen(audience, provider, REMEMBERED.into()).await?;
            let items = newest_first.iter().rev().map(|id| hash(id)).collect();
            Ok(Arc::new(Mutex::new(Seen { items })))
        };
        self.audiences.try_get_with((audience.to_owned(), provider.clone()), load).await
    }
}

impl Seen {
    /// Selects among the items that may be shown, and marks a fresh one as seen.
    pub(crate) fn select(seen: &Mutex<Self>, items: &[Item], may_show: impl Fn(&Item) -> bool) -> Selected {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let candidates: Vec<Candidate> = items
            .iter()
            .enumerate()
            .filter(|(_, item)| may_show(item))
            .map(|(position, item)| Candidate::of(position, &item.id, &seen))
            .collect();
        let mut fresh = candidates.iter().filter(|candidate| candidate.age.is_none());
        if let Some(first) = fresh.next() {
            seen.mark(first.hash);
            return Selected::Fresh { position: first.position, last: fresh.all(|other| other.hash == first.hash) };
        }
        let oldest = candidates.iter().filter_map(|seen| seen.age.zip(Some(seen.position))).min();
        oldest.map_or(Selected::Nothing, |(age, position)| Selected::Seen { position, age })
    }

    /// Marks an item as the newest that was seen.
    pub(crate) fn mark_again(seen: &Mutex<Self>, item: &Item) {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = hash(&item.id);
        seen.items.retain(|known| *known != hash);
        seen.mark(hash);
    }

    fn mark(&mut self, hash: u64) {
        if self.items.len() >= REMEMBERED.into() {
            self.items.pop_front();
        }
        self.items.push_back(hash);
    }
}

fn hash(id: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(id)
}
