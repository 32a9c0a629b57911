//! What operators are told of: a provider that was paused, or that says that it is not set up.
//!
//! The same may happen with every command, so it is counted here and written every few seconds.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Mutex, MutexGuard, PoisonError};

use autocontent_manifest::ProviderId;
use autocontent_store::{AccountId, NewNotification, NotificationKind, Store, StoreError};
use jiff::Timestamp;

/// What happened since it was last written, once for each kind, provider and account.
#[derive(Default)]
pub(crate) struct Notices {
    unwritten: Mutex<HashMap<Subject, NewNotification>>,
}

#[derive(PartialEq, Eq, Hash)]
struct Subject {
    kind: &'static str,
    provider: ProviderId,
    account: Option<AccountId>,
}

impl Notices {
    /// Takes down that it happened.
    pub(crate) fn add(
        &self,
        kind: NotificationKind,
        provider: &ProviderId,
        account: Option<AccountId>,
        detail: String,
        at: Timestamp,
    ) {
        self.keep(NewNotification { kind, provider: provider.clone(), account, detail, times: 1, at });
    }

    /// Writes what happened; what can't be written waits for the next time.
    pub(crate) async fn flush(&self, store: &Store) -> Result<(), StoreError> {
        let batch = std::mem::take(&mut *self.unwritten());
        let mut outcome = Ok(());
        for new in batch.into_values() {
            if outcome.is_ok() {
                outcome = store.notify(new.clone()).await;
            }
            if outcome.is_err() {
                self.keep(new);
            }
        }
        outcome
    }

    /// Counts it; what happened last is told.
    fn keep(&self, new: NewNotification) {
        let subject = Subject { kind: new.kind.as_str(), provider: new.provider.clone(), account: new.account };
        match self.unwritten().entry(subject) {
            Entry::Vacant(vacant) => {
                vacant.insert(new);
            }
            Entry::Occupied(mut kept) => {
                let kept = kept.get_mut();
                kept.times = kept.times.saturating_add(new.times);
                if new.at >= kept.at {
                    (kept.detail, kept.at) = (new.detail, new.at);
                }
            }
        }
    }

    fn unwritten(&self) -> MutexGuard<'_, HashMap<Subject, NewNotification>> {
        self.unwritten.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
