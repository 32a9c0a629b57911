//! What one call of a provider may still do, and what it did.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use autocontent_manifest::ProviderId;
use autocontent_runtime::Http;
use autocontent_runtime::contract::http::{Error, Method, Request, Response};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use tokio_util::task::AbortOnDropHandle;
use tracing::{Instrument as _, field};

use crate::config::OnFetch;
use crate::fetch::fetch;
use crate::gate::{AccessState, GateState, ProviderState};

/// Answers the import `http` for one call of a provider.
///
/// Each request runs in a task of its own, as the guest's fiber has little stack, and ends when nobody waits for it.
pub struct CallGate {
    state: Arc<CallState>,
}

/// What a call used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HttpUsage {
    /// Requests that were sent, redirects included.
    pub requests: u32,
    /// Answers from memory, those included that a server confirmed.
    pub cache_hits: u32,
    /// Bytes of bodies sent.
    pub bytes_sent: u64,
    /// Bytes of bodies received, before unpacking.
    pub bytes_received: u64,
    /// How long requests were under way; those at the same time count once.
    pub waited: Duration,
}

/// A request of a provider's that has ended, with an answer or with the call that made it, as the provider knows it: without
/// secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// Whose it was.
    pub provider: ProviderId,
    /// In capitals, such as "GET".
    pub method: &'static str,
    /// As the provider wrote it.
    pub url: String,
    /// The last answer's status, or why there was none.
    pub outcome: Result<u16, Error>,
    /// Bytes of the body that the provider got.
    pub bytes: usize,
    /// When it was asked.
    pub begin: std::time::Instant,
    /// From the asking to the end.
    pub time: Duration,
}

/// What the tasks of one call share.
pub(crate) struct CallState {
    pub(crate) gate: Arc<GateState>,
    pub(crate) provider: Arc<ProviderState>,
    pub(crate) access: Arc<AccessState>,
    spent: AtomicU32,
    received: AtomicUsize,
    places: Arc<Semaphore>,
    usage: Mutex<HttpUsage>,
    /// How many requests are under way, and since when there was at least one.
    waiting: Mutex<(u32, Instant)>,
}

impl CallGate {
    pub(crate) fn new(gate: Arc<GateState>, provider: Arc<ProviderState>, access: Arc<AccessState>) -> CallGate {
        let places = Arc::new(Semaphore::new(gate.limits.concurrent_per_call));
        let (spent, received, usage) = (AtomicU32::new(0), AtomicUsize::new(0), Mutex::default());
        let waiting = Mutex::new((0, Instant::now()));
        CallGate { state: Arc::new(CallState { gate, provider, access, spent, received, places, usage, waiting }) }
    }

    /// What the call used until now.
    pub fn usage(&self) -> HttpUsage {
        *self.state.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Http for CallGate {
    async fn fetch(&self, request: Request) -> Result<Response, Error> {
        let mut telling = self.state.gate.on_fetch.as_ref().map(|told| Telling::new(&self.state, told, &request));
        let outcome = self.exchange(request).await;
        if let Some(telling) = &mut telling {
            telling.ended(&outcome);
        }
        outcome
    }
}

/// A request that somebody wants to know of: told when it is dropped, so that one is told too that the call didn't wait for.
struct Telling<'a> {
    told: &'a OnFetch,
    begin: Instant,
    fetched: Fetched,
}

impl<'a> Telling<'a> {
    fn new(call: &CallState, told: &'a OnFetch, request: &Request) -> Self {
        let unanswered = Error::Unreachable("the call ended before there was an answer".to_owned());
        let begin = Instant::now();
        let fetched = Fetched {
            provider: call.provider.id.clone(),
            method: name_of(request.method),
            url: call.access.secrets.blot(request.url.clone()),
            outcome: Err(unanswered),
            bytes: 0,
            begin: begin.into_std(),
            time: Duration::ZERO,
        };
        Telling { told, begin, fetched }
    }

    fn ended(&mut self, outcome: &Result<Response, Error>) {
        self.fetched.outcome = outcome.as_ref().map(|response| response.status).map_err(Clone::clone);
        self.fetched.bytes = outcome.as_ref().map_or(0, |response| response.body.len());
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        self.fetched.time = self.begin.elapsed();
        (self.told)(&self.fetched);
    }
}

impl CallGate {
    async fn exchange(&self, request: Request) -> Result<Response, Error> {
        self.state.spend()?;
        let state = Arc::clone(&self.state);
        let asked = request.timeout_ms.map_or(Duration::MAX, |millis| Duration::from_millis(millis.into()));
        let time = asked.min(state.gate.limits.time);
        let provider = &state.provider.id;
        let (host, status, bytes) = (field::Empty, field::Empty, field::Empty);
        let span = tracing::info_span!("fetch", %provider, host, status, bytes);
        let _waiting = Waiting::new(&self.state);
        let work = async move { timeout(time, fetch(&state, request)).await.unwrap_or(Err(Error::Timeout)) };
        let task = AbortOnDropHandle::new(tokio::spawn(work.instrument(span)));
        let outcome = task.await.unwrap_or_else(|_| Err(Error::Unreachable("the host failed to ask".into())));
        // What was held for the body is given back here, when the guest is about to have it.
        outcome.map(|(response, _)| response).map_err(|error| self.state.access.clean(error))
    }
}

fn name_of(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Patch => "PATCH",
        Method::Delete => "DELETE",
    }
}

/// A request under way, until it is answered or given up: its time counts where no other's does.
struct Waiting<'a>(&'a CallState);

impl<'a> Waiting<'a> {
    fn new(call: &'a CallState) -> Self {
        let mut waiting = call.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.0 == 0 {
            waiting.1 = Instant::now();
        }
        waiting.0 += 1;
        Waiting(call)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.0 -= 1;
        if waiting.0 == 0 {
            self.0.used(|usage| usage.waited += waiting.1.elapsed());
        }
    }
}

impl CallState {
    /// Takes one request out of the call's budget.
    pub(crate) fn spend(&self) -> Result<(), Error> {
        let most = self.gate.limits.requests_per_call;
        let spent = self.spent.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |spent| {
            (spent < most).then(|| spent.saturating_add(1))
        });
        spent.map(drop).map_err(|_| Error::Exhausted)
    }

    /// Waits until the call and its provider may have one more request under way.
    pub(crate) async fn places(&self) -> (Option<OwnedSemaphorePermit>, Option<OwnedSemaphorePermit>) {
        let own = Arc::clone(&self.places).acquire_owned().await.ok();
        (own, Arc::clone(&self.provider.places).acquire_owned().await.ok())
    }

    /// Bytes of bodies that the call may still be given.
    pub(crate) fn left_to_receive(&self) -> usize {
        self.gate.limits.received_per_call.saturating_sub(self.received.load(Ordering::Relaxed))
    }

    /// Takes the bytes of a body out of the call's budget.
    pub(crate) fn receive(&self, bytes: usize) -> Result<(), Error> {
        let most = self.gate.limits.received_per_call;
        let received = self.received.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |received| {
            received.checked_add(bytes).filter(|received| *received <= most)
        });
        received.map(drop).map_err(|_| Error::TooLarge)
    }

    pub(crate) fn used(&self, change: impl FnOnce(&mut HttpUsage)) {
        change(&mut self.usage.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
