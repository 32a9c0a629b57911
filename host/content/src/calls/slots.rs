//! Who is called when many are asked at once: no provider and no account takes all places, and who waits is served in a
//! fair order, for a bounded time.
//!
//! The sandbox has so many places; here each provider and each account has a share of them. A call that finds its share
//! taken waits in its provider's queue. A place that becomes free goes to the provider that has the fewest calls under
//! way, and of its queue to the account that has the fewest, so that neither a slow provider nor a busy account keeps
//! others out.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use autocontent_manifest::ProviderId;
use autocontent_store::AccountId;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

/// None is the operator's own preview.
type Account = Option<AccountId>;

/// How many calls may be under way, and how many may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shares {
    /// Calls in all.
    pub all: u32,
    /// Calls of one provider.
    pub provider: u32,
    /// Calls for one account.
    pub account: u32,
    /// Calls that wait for one provider.
    pub waiting: u32,
}

impl Shares {
    /// Shares of so many places in all: a quarter for a provider, so that three that hang leave a quarter to the others;
    /// half for an account; and half as many as there are places may wait for one provider.
    #[must_use]
    pub fn of(all: u32) -> Self {
        let all = all.max(1);
        Self { all, provider: all.div_ceil(4), account: all.div_ceil(2), waiting: all.div_ceil(2) }
    }
}

/// The places.
pub(crate) struct Slots {
    shares: Shares,
    state: Arc<Mutex<State>>,
}

/// There was no place in time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

/// A place for one call. It is free again once this is dropped.
pub(crate) struct Slot {
    shares: Shares,
    state: Arc<Mutex<State>>,
    provider: ProviderId,
    account: Account,
}

#[derive(Default)]
struct State {
    running: u32,
    accounts: HashMap<Account, u32>,
    lanes: HashMap<ProviderId, Lane>,
    waiting: usize,
}

/// One provider's calls.
#[derive(Default)]
struct Lane {
    running: u32,
    accounts: HashMap<Account, u32>,
    waiting: VecDeque<Waiter>,
}

struct Waiter {
    account: Account,
    turn: oneshot::Sender<Slot>,
}

impl Slots {
    pub(crate) fn new(shares: Shares) -> Self {
        Self { shares, state: Arc::default() }
    }

    /// Takes a place, waiting for one until then.
    pub(crate) async fn take(&self, provider: &ProviderId, account: Account, until: Instant) -> Result<Slot, Full> {
        let turn = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            // Whoever waits can't be served yet, or they would have been: nobody is overtaken.
            if state.has_room(&self.shares, provider, account) {
                state.begin(provider, account);
                return Ok(self.slot(provider.clone(), account));
            }
            if until <= Instant::now() {
                return Err(Full);
            }
            state.queue(&self.shares, provider, account).ok_or(Full)?
        };
        // A place that comes at the very end is dropped with the channel, and so free again.
        timeout_at(until, turn).await.ok().and_then(Result::ok).ok_or(Full)
    }

    fn slot(&self, provider: ProviderId, account: Account) -> Slot {
        Slot { shares: self.shares, state: Arc::clone(&self.state), provider, account }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.end(&self.provider, self.account);
        let mut turns = Vec::new();
        while let Some((provider, waiter)) = state.next(&self.shares) {
            state.begin(&provider, waiter.account);
            let slot = Self { shares: self.shares, state: Arc::clone(&self.state), provider, account: waiter.account };
            turns.push((waiter.turn, slot));
        }
        // A slot that nobody takes is dropped, which takes the lock again.
        drop(state);
        for (turn, slot) in turns {
            let _ = turn.send(slot);
        }
    }
}

impl State {
    fn has_room(&self, shares: &Shares, provider: &ProviderId, account: Account) -> bool {
        self.running < shares.all
            && self.lanes.get(provider).is_none_or(|lane| lane.running < shares.provider)
            && self.has_room_for(shares, account)
    }

    fn has_room_for(&self, shares: &Shares, account: Account) -> bool {
        self.accounts.get(&account).is_none_or(|running| *running < shares.account)
    }

    fn begin(&mut self, provider: &ProviderId, account: Account) {
        self.running += 1;
        *self.accounts.entry(account).or_default() += 1;
        let lane = self.lanes.entry(provider.clone()).or_default();
        lane.running += 1;
        *lane.accounts.entry(account).or_default() += 1;
    }

    fn end(&mut self, provider: &ProviderId, account: Account) {
        self.running = self.running.saturating_sub(1);
        take_one(&mut self.accounts, account);
        let Some(lane) = self.lanes.get_mut(provider) else { return };
        lane.running = lane.running.saturating_sub(1);
        take_one(&mut lane.accounts, account);
        if lane.running == 0 && lane.waiting.is_empty() {
            self.lanes.remove(provider);
        }
    }

    /// Lets one wait, unless too many do. Where the queue is full, an account that has more in it than this one gives
    /// its last place up.
    fn queue(&mut self, shares: &Shares, provider: &ProviderId, account: Account) -> Option<oneshot::Receiver<Slot>> {
        let lane = self.lanes.entry(provider.clone()).or_default();
        let most = usize::try_from(shares.waiting).unwrap_or(usize::MAX);
        let before = lane.waiting.len();
        if before >= most {
            lane.waiting.retain(|waiter| !waiter.turn.is_closed());
        }
        if lane.waiting.len() >= most {
            lane.give_way(account);
        }
        let queued = (lane.waiting.len() < most).then(|| {
            let (turn, receiver) = oneshot::channel();
            lane.waiting.push_back(Waiter { account, turn });
            receiver
        });
        self.waiting = (self.waiting + lane.waiting.len()).saturating_sub(before);
        queued
    }

    /// Who is next, if anybody can be served now.
    fn next(&mut self, shares: &Shares) -> Option<(ProviderId, Waiter)> {
        if self.waiting == 0 || self.running >= shares.all {
            return None;
        }
        let (accounts, mut gone) = (&self.accounts, 0);
        let free = |account: &Account| accounts.get(account).is_none_or(|running| *running < shares.account);
        let next = self
            .lanes
            .iter_mut()
            .filter(|(_, lane)| lane.running < shares.provider && !lane.waiting.is_empty())
            .filter_map(|(provider, lane)| {
                let before = lane.waiting.len();
                lane.waiting.retain(|waiter| !waiter.turn.is_closed());
                gone += before - lane.waiting.len();
                let position = lane.next(free)?;
                Some((lane.running, provider, position))
            })
            .min_by_key(|(running, ..)| *running)
            .map(|(_, provider, position)| (provider.clone(), position));
        self.waiting = self.waiting.saturating_sub(gone);
        let (provider, position) = next?;
        let waiter = self.lanes.get_mut(&provider)?.waiting.remove(position)?;
        self.waiting = self.waiting.saturating_sub(1);
        Some((provider, waiter))
    }
}

impl Lane {
    /// The waiter whose account has the fewest calls under way here, the first of several.
    fn next(&self, free: impl Fn(&Account) -> bool) -> Option<usize> {
        let waiting = self.waiting.iter().enumerate().filter(|(_, waiter)| free(&waiter.account));
        let running = |waiter: &Waiter| self.accounts.get(&waiter.account).copied().unwrap_or_default();
        waiting.min_by_key(|(_, waiter)| running(waiter)).map(|(position, _)| position)
    }

    /// Sends away the last of the account that has the most waiting, if that is more than this one would have.
    fn give_way(&mut self, to: Account) {
        let mut counts: HashMap<Account, usize> = HashMap::new();
        for waiter in &self.waiting {
            *counts.entry(waiter.account).or_default() += 1;
        }
        let own = counts.get(&to).copied().unwrap_or_default();
        let Some((account, count)) = counts.into_iter().max_by_key(|(_, count)| *count) else { return };
        if count > own + 1
            && let Some(last) = self.waiting.iter().rposition(|waiter| waiter.account == account)
        {
            self.waiting.remove(last);
        }
    }
}

fn take_one(counts: &mut HashMap<Account, u32>, account: Account) {
    if let Some(count) = counts.get_mut(&account) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(&account);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;
    use tokio::task::JoinHandle;

    use super::*;

    const SHARES: Shares = Shares { all: 4, provider: 2, account: 3, waiting: 2 };

    fn provider(id: &str) -> ProviderId {
        id.parse().unwrap()
    }

    fn account(number: u8) -> Account {
        Some(AccountId::new(Timestamp::UNIX_EPOCH, [number; 10]))
    }

    fn slots(shares: Shares) -> Arc<Slots> {
        Arc::new(Slots::new(shares))
    }

    async fn now(slots: &Slots, id: &str, number: u8) -> Result<Slot, Full> {
        slots.take(&provider(id), account(number), Instant::now()).await
    }

    /// Queues one, and returns once it waits.
    async fn wait(slots: &Arc<Slots>, id: &str, number: u8) -> JoinHandle<Result<Slot, Full>> {
        let (own, id) = (Arc::clone(slots), provider(id));
        let waiting =
            tokio::spawn(async move { own.take(&id, account(number), Instant::now() + Duration::from_secs(1)).await });
        tokio::task::yield_now().await;
        waiting
    }

    #[test]
    fn shares_of_any_number_leave_something_to_others_where_there_is_more_than_one() {
        assert_eq!(Shares::of(256), Shares { all: 256, provider: 64, account: 128, waiting: 128 });
        assert_eq!(Shares::of(1), Shares { all: 1, provider: 1, account: 1, waiting: 1 });
        assert_eq!(Shares::of(0).all, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn each_share_holds_and_is_given_back() {
        let slots = slots(SHARES);
        let one = [now(&slots, "a-one", 1).await.unwrap(), now(&slots, "a-one", 1).await.unwrap()];
        assert!(now(&slots, "a-one", 2).await.is_err(), "the provider's share is taken");
        let other = now(&slots, "b-two", 1).await.unwrap();
        assert!(now(&slots, "c-three", 1).await.is_err(), "the account's share is taken");
        let last = now(&slots, "c-three", 2).await.unwrap();
        assert!(now(&slots, "d-four", 3).await.is_err(), "all places are taken");
        drop((one, other, last));
        let state = slots.state.lock().unwrap();
        assert!(state.running == 0 && state.lanes.is_empty() && state.accounts.is_empty(), "nothing is left behind");
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_is_served_in_time_or_told() {
        let slots = slots(Shares { provider: 1, ..SHARES });
        let held = now(&slots, "a-one", 1).await.unwrap();
        let waiting = wait(&slots, "a-one", 2).await;
        drop(held);
        let served = waiting.await.unwrap().unwrap();
        let late = wait(&slots, "a-one", 2).await;
        assert_eq!(late.await.unwrap().err(), Some(Full), "after a second");
        drop(served);
        drop(now(&slots, "a-one", 1).await.unwrap());
        assert!(slots.state.lock().unwrap().lanes.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn the_queue_is_bounded_and_shared_between_accounts() {
        let slots = slots(Shares { provider: 1, ..SHARES });
        let _held = now(&slots, "a-one", 1).await.unwrap();
        let first = wait(&slots, "a-one", 1).await;
        let second = wait(&slots, "a-one", 1).await;
        assert_eq!(wait(&slots, "a-one", 1).await.await.unwrap().err(), Some(Full), "two may wait");
        let other = wait(&slots, "a-one", 2).await;
        assert_eq!(second.await.unwrap().err(), Some(Full), "it gave way");
        assert!(!first.is_finished() && !other.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn of_those_who_wait_the_account_with_the_fewest_calls_is_next() {
        let slots = slots(SHARES);
        let (held, _kept) = (now(&slots, "a-one", 1).await.unwrap(), now(&slots, "a-one", 1).await.unwrap());
        let same = wait(&slots, "a-one", 1).await;
        let other = wait(&slots, "a-one", 2).await;
        drop(held);
        let _served = other.await.unwrap().unwrap();
        assert!(!same.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn a_place_of_one_provider_serves_whoever_waits_for_an_account_elsewhere() {
        let slots = slots(Shares { account: 1, ..SHARES });
        let held = now(&slots, "a-one", 1).await.unwrap();
        let waiting = wait(&slots, "b-two", 1).await;
        drop(held);
        assert!(waiting.await.unwrap().is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_goes_away_while_waiting_takes_no_place() {
        let slots = slots(Shares { provider: 1, ..SHARES });
        let held = now(&slots, "a-one", 1).await.unwrap();
        let gone = wait(&slots, "a-one", 2).await;
        gone.abort();
        assert!(gone.await.is_err());
        let waiting = wait(&slots, "a-one", 3).await;
        drop(held);
        assert!(waiting.await.unwrap().is_ok());
        let state = slots.state.lock().unwrap();
        assert_eq!((state.running, state.waiting), (0, 0));
    }
}
