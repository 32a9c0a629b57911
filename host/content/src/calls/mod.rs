//! The one door to the providers: whatever is asked of one passes here.
//!
//! In this order: is the provider paused (`breaker`)? Is there a place for the call (`slots`)? Then the call, with what it
//! may do; then what it cost and how it ended is counted (`statistics`), the breaker hears of it, and what went wrong is
//! logged for the operator and put into words for the member. Nothing else calls a provider that serves.

mod breaker;
mod log;
mod member_rate;
mod notices;
mod outcome;
mod slots;
mod statistics;
mod told;

use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use autocontent_runtime::{Call, Clock, Fault, Random, Usage};
use autocontent_store::{Function, LogLevel, Measure, NotificationKind, Outcome, Store};
use tokio::time::Instant;
use tracing::field::{Empty, display};
use tracing::{Instrument as _, Span};

use self::breaker::{BreakerKey, Breakers, Opened, Trial};
pub(crate) use self::log::{LogBook, ProviderLog};
pub(crate) use self::member_rate::MemberRate;
use self::notices::Notices;
pub(crate) use self::outcome::mostly_waited;
pub use self::slots::Shares;
use self::slots::{Slot, Slots};
pub(crate) use self::statistics::{Statistics, count_deliveries};
pub use self::statistics::{count_unconfirmed, describe_metrics, latency_metric};
pub use self::told::{CallAnswer, Called, OnCall};
use crate::ask::Asker;
use crate::catalogue::Served;
use crate::contract::{Choice, Failure, Page, Partial, Press, Request};
use crate::reach::Reach;
use crate::service::Content;
use crate::tidy;
use crate::words::Word;

/// How long a member's request may wait for places. An answer that takes 1.5 s is deferred, and then everybody sees
/// that something was asked: who gets none should know before.
const PATIENCE: Duration = Duration::from_secs(1);

/// What holds for calls of providers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallsConfig {
    /// Calls at the same time, and those that wait.
    pub shares: Shares,
    /// Commands that one member may use in a minute; none for as many as they like.
    pub member_rate: Option<NonZeroU32>,
    /// What is kept of the lines that providers log: those of this level and above.
    pub log_level: LogLevel,
}

impl CallsConfig {
    /// The defaults for a sandbox that runs so many calls at the same time.
    #[must_use]
    pub fn of(concurrency: u32) -> Self {
        Self { shares: Shares::of(concurrency), member_rate: None, log_level: LogLevel::Info }
    }
}

/// What the door keeps between calls.
pub(crate) struct Calls {
    slots: Slots,
    breakers: Breakers,
    pub(crate) member_rate: Option<MemberRate>,
    pub(crate) statistics: Statistics,
    pub(crate) logs: Arc<LogBook>,
    pub(crate) on_call: OnceLock<OnCall>,
    notices: Notices,
}

impl Calls {
    pub(crate) fn new(config: &CallsConfig, clock: &Arc<dyn Clock>, random: &Arc<dyn Random>) -> Self {
        Self {
            slots: Slots::new(config.shares),
            breakers: Breakers::new(Arc::clone(clock), Arc::clone(random)),
            member_rate: config.member_rate.map(MemberRate::new),
            statistics: Statistics::default(),
            logs: Arc::new(LogBook::new(config.log_level, Arc::clone(clock))),
            on_call: OnceLock::new(),
            notices: Notices::default(),
        }
    }

    /// No provider is paused any more.
    pub(crate) fn forgive(&self) {
        self.breakers.forget();
    }

    /// Writes statistics, logs and notifications to the database. Each is tried, whatever becomes of the others.
    pub(crate) async fn flush(&self, store: &Store, clock: &dyn Clock) {
        if let Err(error) = self.statistics.flush(store, clock.now()).await {
            tracing::error!(%error, "could not write the statistics; they are kept and tried again");
        }
        if let Err(error) = self.logs.flush(store).await {
            tracing::error!(%error, "could not write the providers' logs; the last lines are kept and tried again");
        }
        if let Err(error) = self.notices.flush(store).await {
            tracing::error!(%error, "could not write the notifications; they are kept and tried again");
        }
    }
}

/// What is asked of a provider for one request of somebody's. May ask more than once.
pub(crate) struct Asking<'a> {
    content: &'a Content,
    pub(crate) served: &'a Served,
    pub(crate) asker: &'a Asker,
    command: &'a str,
    /// Until then a call may wait for a place.
    until: Instant,
}

/// A call that was let through, with what it may do. Dropped without [`Entered::close`] it counts as abandoned.
struct Entered<'a> {
    asking: &'a Asking<'a>,
    reach: Reach,
    trial: Option<Trial<'a>>,
    function: Function,
    begin: Instant,
    _slot: Slot,
}

impl<'a> Asking<'a> {
    /// For this provider and asker; `command` is the command's full name.
    pub(crate) fn new(content: &'a Content, served: &'a Served, asker: &'a Asker, command: &'a str) -> Self {
        Self { content, served, asker, command, until: Instant::now() + PATIENCE }
    }

    /// Asks for content.
    pub(crate) async fn find(&self, request: &Request) -> Result<Page, Word> {
        let asking = async {
            let entered = self.enter(Function::Find, self.until).await?;
            let call = self.served.provider.find(request, &entered.reach.capabilities).await;
            self.page(entered, call)
        };
        asking.instrument(self.span(Function::Find)).await
    }

    /// Tells of a pressed button.
    pub(crate) async fn act(&self, press: &Press) -> Result<Page, Word> {
        let asking = async {
            let entered = self.enter(Function::Act, self.until).await?;
            let call = self.served.provider.act(press, &entered.reach.capabilities).await;
            self.page(entered, call)
        };
        asking.instrument(self.span(Function::Act)).await
    }

    /// Asks for choices while a member types; none where the provider can't say. Nobody waits for a place to type.
    pub(crate) async fn suggest(&self, partial: &Partial) -> Vec<Choice> {
        let asking = async {
            let Ok(entered) = self.enter(Function::Suggest, Instant::now()).await else { return Vec::new() };
            let call = self.served.provider.suggest(partial, &entered.reach.capabilities).await;
            let answer = call.outcome.as_ref().map_or_else(CallAnswer::Fault, |choices| CallAnswer::Choices(choices));
            entered.tell(answer, call.usage);
            let ended = call.outcome.as_ref().map_or_else(outcome::of_fault, |_| Outcome::Answered);
            entered.close(ended, &call.usage);
            call.outcome.unwrap_or_else(|fault| {
                let (provider, account) = (&self.served.id, self.asker.account.map(display));
                tracing::warn!(%provider, account, command = self.command, %fault, "a suggestion failed");
                Vec::new()
            })
        };
        asking.instrument(self.span(Function::Suggest)).await
    }

    /// Counts a page that came from the host's memory.
    pub(crate) fn count_cached(&self) {
        self.count(&[(Measure::PagesCached, 1)], None);
    }

    fn span(&self, function: Function) -> Span {
        tracing::debug_span!(
            "call",
            provider = %self.served.id,
            version = %self.served.provider.manifest().provider.version,
            function = function.as_str(),
            command = self.command,
            account = self.asker.account.map(display),
            outcome = Empty,
            time_ms = Empty,
            cpu_ticks = Empty,
            peak_memory = Empty,
            host_calls = Empty,
        )
    }

    async fn enter(&'a self, function: Function, until: Instant) -> Result<Entered<'a>, Word> {
        let calls = self.content.calls();
        let account = self.asker.account;
        let Some(trial) = calls.breakers.admit(BreakerKey { digest: self.served.digest, account }) else {
            self.count(&[(Measure::Refused, 1)], None);
            return Err(Word::Paused);
        };
        let Ok(slot) = calls.slots.take(&self.served.id, account, until).await else {
            self.count(&[(Measure::Shed, 1)], None);
            let provider = &self.served.id;
            tracing::warn!(%provider, account = account.map(display), "too many calls are under way: one was not made");
            return Err(Word::HostBusy);
        };
        let reach = self.served.reach(self.asker);
        Ok(Entered { asking: self, reach, trial: Some(trial), function, begin: Instant::now(), _slot: slot })
    }

    /// What a call brought; what went wrong is logged for the operator and put into words for the member.
    fn page(&self, entered: Entered<'_>, call: Call<Result<Page, Failure>>) -> Result<Page, Word> {
        let answer = match &call.outcome {
            Ok(Ok(page)) => CallAnswer::Page(page),
            Ok(Err(failure)) => CallAnswer::Failure(failure),
            Err(fault) => CallAnswer::Fault(fault),
        };
        let http = entered.reach.http();
        entered.tell(answer, call.usage);
        entered.close(outcome::of_page(&call.outcome), &call.usage);
        let (provider, account, command) = (&self.served.id, self.asker.account.map(display), self.command);
        match call.outcome {
            Ok(Ok(page)) => Ok(tidy::page(page, provider)),
            Ok(Err(failure)) => Err(match failure {
                Failure::NothingFound => Word::NothingFound,
                Failure::InvalidArgument(invalid) if self.takes(&invalid.name) => {
                    Word::InvalidOption { option: invalid.name, reason: Some(tidy::reason(invalid.reason)) }
                }
                Failure::InvalidArgument(invalid) => {
                    tracing::error!(%provider, account, command, option = ?tidy::line(invalid.name), "a provider blames an option that its command doesn't have");
                    Word::ProviderFailed
                }
                Failure::Busy(seconds) => Word::Busy { seconds },
                Failure::Upstream(reason) => {
                    tracing::warn!(%provider, account, command, reason, "a provider's source failed");
                    Word::Upstream
                }
                Failure::Misconfigured(reason) => {
                    tracing::warn!(%provider, account, command, reason, "a provider is not set up");
                    // A guest wrote it: what could move a terminal's cursor is escaped.
                    let detail = format!("/{command}: {}", reason.escape_debug());
                    self.notify(NotificationKind::Misconfigured, detail);
                    Word::Misconfigured
                }
                Failure::Internal(reason) => {
                    tracing::error!(%provider, account, command, reason, "a provider failed");
                    Word::ProviderFailed
                }
            }),
            Err(Fault::Busy) => {
                tracing::warn!(%provider, account, command, "no room for another call");
                Err(Word::HostBusy)
            }
            Err(Fault::Time) if mostly_waited(&call.usage, http.waited) => {
                let reason = "no answer within the time of a call";
                tracing::warn!(%provider, account, command, reason, "a provider's source failed");
                Err(Word::Upstream)
            }
            Err(fault) => {
                tracing::error!(%provider, account, command, %fault, "a provider was stopped");
                Err(Word::ProviderFailed)
            }
        }
    }

    /// Whether the command has an option of this name.
    fn takes(&self, option: &str) -> bool {
        let invocation = self.served.provider.manifest().invocation(self.command);
        invocation.is_some_and(|invocation| invocation.option(option).is_some())
    }

    fn count(&self, counted: &[(Measure, u64)], took: Option<Duration>) {
        self.content.calls().statistics.count(self.served, self.content.now(), counted, took);
    }

    fn opened(&self, opened: Opened, outcome: Outcome) {
        self.count(&[(Measure::Paused, 1)], None);
        let (provider, account, until) = (&self.served.id, self.asker.account.map(display), opened.until);
        tracing::error!(%provider, account, %until, "a provider keeps failing and is paused for this account");
        let detail = format!(
            "most of its last calls failed, the last with `{outcome}`: it is not asked until {}, then tried with one \
             call; look at `autocontent provider logs {provider}` and `provider stats {provider}`, and go back with \
             `provider rollback {provider}` if a new version is to blame",
            until.strftime("%F %T UTC")
        );
        self.notify(NotificationKind::Paused, detail);
    }

    fn notify(&self, kind: NotificationKind, detail: String) {
        let content = self.content;
        content.calls().notices.add(kind, &self.served.id, self.asker.account, detail, content.now());
    }
}

impl Entered<'_> {
    /// Tells of the call whoever wants to know.
    fn tell(&self, answer: CallAnswer<'_>, usage: Usage) {
        let Asking { content, served, command, .. } = *self.asking;
        if let Some(told) = content.calls().on_call.get() {
            let (provider, function, http) = (&served.id, self.function, self.reach.http());
            told(&Called { provider, function, command, answer, usage, http });
        }
    }

    /// Counts how the call ended, and tells the breaker.
    fn close(mut self, outcome: Outcome, usage: &Usage) {
        let http = self.reach.http();
        let span = Span::current();
        span.record("outcome", outcome.as_str());
        span.record("time_ms", u64::try_from(usage.time.as_millis()).unwrap_or(u64::MAX));
        span.record("cpu_ticks", usage.cpu_ticks);
        span.record("peak_memory", usage.peak_memory);
        span.record("host_calls", usage.host_calls);
        let counted = [
            (Measure::Calls(self.function), 1),
            (Measure::Ended(outcome), 1),
            (Measure::CpuTicks, usage.cpu_ticks.into()),
            (Measure::PeakMemory, usage.peak_memory),
            (Measure::HostCalls, usage.host_calls.into()),
            (Measure::Requests, http.requests.into()),
            (Measure::RequestsCached, http.cache_hits.into()),
            (Measure::BytesSent, http.bytes_sent),
            (Measure::BytesReceived, http.bytes_received),
        ];
        self.asking.count(&counted, Some(usage.time));
        let trial = self.trial.take();
        if let Some(opened) = trial.and_then(|trial| trial.judge(outcome::verdict(outcome, usage, http.waited))) {
            self.asking.opened(opened, outcome);
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        // Not closed: whoever asked stopped waiting, and the sandbox has dropped the call.
        if self.trial.take().is_some() {
            let counted = [(Measure::Calls(self.function), 1), (Measure::Ended(Outcome::Abandoned), 1)];
            let time = self.begin.elapsed();
            self.asking.count(&counted, Some(time));
            self.tell(CallAnswer::Abandoned, Usage { time, ..Usage::default() });
        }
    }
}
