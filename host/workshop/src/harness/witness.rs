//! Sees what a provider does while it is asked.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use autocontent_content::{CallAnswer, Called, OnCall};
use autocontent_gate::{Fetched, OnFetch};
use autocontent_runtime::contract::http::Error;
use autocontent_runtime::printable;
use serde::Serialize;
use serde_json::{Value, json};

use super::item::{choice_json, failure_json, page_json};

/// What is said of a call that nobody waited for.
const ABANDONED: &str = "it took so long that nobody waited for the answer; suggestions have 2.5 s";

/// A call of the provider, as it answered it: before the host drops, cuts or words anything.
#[derive(Clone, Debug, Serialize)]
pub struct CallRecord {
    /// `find`, `suggest` or `act`.
    pub function: &'static str,
    /// The command's full name.
    pub command: String,
    /// An object with one of `page`, `choices`, `failure` and `fault`.
    pub answer: Value,
    /// What it cost.
    pub usage: CallUsage,
}

/// What a call cost, or several together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CallUsage {
    /// Calls of the provider; none where the host answered from memory.
    pub calls: u32,
    /// From the asking to the answer, in microseconds.
    pub time_us: u64,
    /// Ticks of 10 ms that fell while the provider's own code ran.
    pub cpu_ticks: u32,
    /// The most memory in use at any time, in bytes.
    pub memory_bytes: u64,
    /// Imports called.
    pub host_calls: u32,
    /// HTTP requests, redirects included.
    pub requests: u32,
    /// Answers to them from the host's memory.
    pub cache_hits: u32,
    /// Bytes of bodies received.
    pub bytes_received: u64,
}

/// A request of the provider's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FetchRecord {
    /// In capitals.
    pub method: &'static str,
    /// As the provider wrote it, without secrets; what is no text to be read is escaped, and what is too long is cut.
    pub url: String,
    /// The answer's status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there was no answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Bytes of the answer's body.
    pub bytes: usize,
    /// From the asking to the end, in microseconds.
    pub time_us: u64,
}

/// What was seen.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) calls: Vec<CallRecord>,
    /// In the order of asking.
    pub(super) fetches: Vec<FetchRecord>,
}

/// Sees what a provider does.
#[derive(Debug, Default)]
pub(super) struct Witness(Mutex<Sight>);

#[derive(Debug, Default)]
struct Sight {
    calls: Vec<CallRecord>,
    /// As they ended, with when they began.
    fetches: Vec<(Instant, FetchRecord)>,
}

impl Witness {
    pub(super) fn on_call(self: &Arc<Self>) -> OnCall {
        let witness = Arc::clone(self);
        Arc::new(move |called| witness.see(|seen| seen.calls.push(record(called))))
    }

    pub(super) fn on_fetch(self: &Arc<Self>) -> OnFetch {
        let witness = Arc::clone(self);
        Arc::new(move |fetched| witness.see(|seen| seen.fetches.push((fetched.begin, fetch(fetched)))))
    }

    /// What was seen since the last time.
    pub(super) fn take(&self) -> Seen {
        let Sight { calls, mut fetches } = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        fetches.sort_by_key(|(begin, _)| *begin);
        Seen { calls, fetches: fetches.into_iter().map(|(_, fetch)| fetch).collect() }
    }

    fn see(&self, add: impl FnOnce(&mut Sight)) {
        add(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl CallUsage {
    /// Several together: times and counts are added up, of memory it is the most.
    pub(super) fn sum(calls: &[CallRecord]) -> CallUsage {
        calls.iter().map(|call| call.usage).fold(CallUsage::default(), |all, one| CallUsage {
            calls: all.calls + one.calls,
            time_us: all.time_us.saturating_add(one.time_us),
            cpu_ticks: all.cpu_ticks.saturating_add(one.cpu_ticks),
            memory_bytes: all.memory_bytes.max(one.memory_bytes),
            host_calls: all.host_calls.saturating_add(one.host_calls),
            requests: all.requests.saturating_add(one.requests),
            cache_hits: all.cache_hits.saturating_add(one.cache_hits),
            bytes_received: all.bytes_received.saturating_add(one.bytes_received),
        })
    }
}

fn record(called: &Called<'_>) -> CallRecord {
    let answer = match called.answer {
        CallAnswer::Page(page) => json!({ "page": page_json(page) }),
        CallAnswer::Choices(choices) => json!({ "choices": choices.iter().map(choice_json).collect::<Vec<_>>() }),
        CallAnswer::Failure(failure) => json!({ "failure": failure_json(failure) }),
        CallAnswer::Fault(fault) => json!({ "fault": fault.to_string() }),
        CallAnswer::Abandoned => json!({ "fault": ABANDONED }),
    };
    let usage = CallUsage {
        calls: 1,
        time_us: micros(called.usage.time),
        cpu_ticks: called.usage.cpu_ticks,
        memory_bytes: called.usage.peak_memory,
        host_calls: called.usage.host_calls,
        requests: called.http.requests,
        cache_hits: called.http.cache_hits,
        bytes_received: called.http.bytes_received,
    };
    CallRecord { function: called.function.as_str(), command: called.command.to_owned(), answer, usage }
}

fn fetch(fetched: &Fetched) -> FetchRecord {
    let Fetched { method, url, outcome, bytes, time, .. } = fetched;
    let (status, error) = match outcome {
        Ok(status) => (Some(*status), None),
        Err(error) => (None, Some(sentence(error))),
    };
    FetchRecord { method, url: printable(url), status, error, bytes: *bytes, time_us: micros(*time) }
}

fn sentence(error: &Error) -> String {
    match error {
        Error::Denied(why) => format!("denied: {why}"),
        Error::InvalidRequest(why) => format!("invalid request: {why}"),
        Error::Unreachable(why) => why.clone(),
        Error::Timeout => "timeout: the answer took too long".to_owned(),
        Error::TooLarge => "too large: the answer has more than is taken".to_owned(),
        Error::Exhausted => "exhausted: the call has used up its requests".to_owned(),
    }
}

fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
