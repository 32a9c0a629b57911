//! What calls cost and how they ended: counted once, for the process's metrics and for the database.
//!
//! Metrics carry a provider's id and version and nothing else that grows: who asked, and where, is no part of them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use autocontent_manifest::ProviderId;
use autocontent_runtime::Digest;
use autocontent_store::{ComponentDigest, DeliveryState, Latency, Measure, Statistic, Store, StoreError};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use metrics::{Counter, Gauge, Histogram, Label};

use crate::catalogue::Served;

const MILLIS_OF_A_DAY: i64 = 24 * 3_600 * 1_000;
/// Days that are kept, so that a busy host's database doesn't grow for ever.
const KEPT: i64 = 400;

/// The names of the metrics, with what they mean.
const CALLS: (&str, &str) = ("autocontent_provider_calls_total", "Calls of providers, by function.");
const ENDED: (&str, &str) = ("autocontent_provider_outcomes_total", "How calls of providers ended.");
const TOOK: (&str, &str) = ("autocontent_provider_call_seconds", "How long calls of providers took.");
const COUNTED: [(Measure, &str, &str); 11] = [
    (
        Measure::CpuTicks,
        "autocontent_provider_cpu_ticks_total",
        "Ticks of 10 ms that fell while a provider's own code ran.",
    ),
    (Measure::PeakMemory, "autocontent_provider_peak_memory_bytes", "The most memory that one call has used."),
    (Measure::HostCalls, "autocontent_provider_host_calls_total", "Imports that providers called."),
    (Measure::Requests, "autocontent_provider_http_requests_total", "HTTP requests that providers made."),
    (
        Measure::RequestsCached,
        "autocontent_provider_http_cached_total",
        "HTTP answers that came from the host's cache.",
    ),
    (Measure::BytesSent, "autocontent_provider_http_sent_bytes_total", "Bytes that providers sent by HTTP."),
    (
        Measure::BytesReceived,
        "autocontent_provider_http_received_bytes_total",
        "Bytes that providers received by HTTP.",
    ),
    (
        Measure::PagesCached,
        "autocontent_provider_pages_cached_total",
        "Pages that came from the host's memory instead of a call.",
    ),
    (Measure::Shed, "autocontent_provider_shed_total", "Calls that were not made as too many were under way."),
    (Measure::Refused, "autocontent_provider_refused_total", "Calls that were not made as the provider was paused."),
    (Measure::Paused, "autocontent_provider_paused_total", "Times that a provider was paused as it kept failing."),
];
const DELIVERIES: (&str, &str) = ("autocontent_deliveries_total", "Deliveries that entered a state.");

/// The histogram among the metrics and its bounds in seconds, for whoever sets a recorder up.
#[must_use]
pub fn latency_metric() -> (&'static str, Vec<f64>) {
    (TOOK.0, Latency::BOUNDS.iter().map(|millis| millis / 1_000.0).collect())
}

/// Tells the process's recorder of metrics what this crate's mean.
pub fn describe_metrics() {
    for (name, meaning) in [CALLS, ENDED, DELIVERIES] {
        metrics::describe_counter!(name, meaning);
    }
    metrics::describe_histogram!(TOOK.0, metrics::Unit::Seconds, TOOK.1);
    for (measure, name, meaning) in COUNTED {
        if measure.is_peak() {
            metrics::describe_gauge!(name, meaning);
        } else {
            metrics::describe_counter!(name, meaning);
        }
    }
}

/// Counts deliveries of a host that was killed, which nobody can confirm any more.
pub fn count_unconfirmed(deliveries: u64) {
    count_deliveries(DeliveryState::Unconfirmed, deliveries);
}

/// Counts deliveries that entered a state.
pub(crate) fn count_deliveries(state: DeliveryState, count: u64) {
    metrics::counter!(DELIVERIES.0, "state" => state.as_str()).increment(count);
}

/// What was counted since it was last written.
#[derive(Default)]
pub(crate) struct Statistics {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    versions: HashMap<Digest, Version>,
    /// The day of the last look for what is too old.
    swept: i64,
}

struct Version {
    provider: ProviderId,
    digest: ComponentDigest,
    labels: [Label; 2],
    meters: HashMap<Measure, Meter>,
    took: Histogram,
    /// By day since 1970 and measure.
    unwritten: HashMap<(i64, Measure), u64>,
}

enum Meter {
    Counter(Counter),
    Peak(Gauge, u64),
    /// The histogram has it.
    None,
}

impl Statistics {
    /// Adds to what is counted of a provider's version; a measure that is a peak is compared instead.
    pub(crate) fn count(&self, served: &Served, at: Timestamp, counted: &[(Measure, u64)], took: Option<Duration>) {
        let day = day_of(at);
        let mut state = self.state();
        let version = state.versions.entry(served.digest).or_insert_with(|| Version::new(served));
        for (measure, value) in counted.iter().filter(|(_, value)| *value > 0) {
            version.add(day, *measure, *value);
        }
        if let Some(took) = took {
            version.took.record(took);
            version.add(day, Measure::Took(Latency::of(took)), 1);
        }
    }

    /// Writes what was counted to the database; what can't be written waits for the next time.
    pub(crate) async fn flush(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let batch = self.take();
        if let Err(error) = store.add_statistics(&batch).await {
            self.put_back(batch);
            return Err(error);
        }
        let today = day_of(now);
        if std::mem::replace(&mut self.state().swept, today) != today {
            store.forget_statistics(date(today - KEPT)).await?;
        }
        Ok(())
    }

    fn take(&self) -> Vec<Statistic> {
        let mut batch = Vec::new();
        for version in self.state().versions.values_mut() {
            let (provider, digest) = (&version.provider, &version.digest);
            batch.extend(version.unwritten.drain().map(|((day, measure), value)| Statistic {
                provider: provider.clone(),
                digest: digest.clone(),
                day: date(day),
                measure,
                value,
            }));
        }
        batch
    }

    fn put_back(&self, batch: Vec<Statistic>) {
        let mut state = self.state();
        for one in batch {
            let version = state.versions.values_mut().find(|version| version.digest == one.digest);
            if let (Some(version), Ok(midnight)) = (version, one.day.to_zoned(TimeZone::UTC)) {
                version.keep(day_of(midnight.timestamp()), one.measure, one.value);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Version {
    fn new(served: &Served) -> Self {
        let version = served.provider.manifest().provider.version.to_string();
        let labels = [Label::new("provider", served.id.to_string()), Label::new("version", version)];
        let took = metrics::histogram!(TOOK.0, labels.iter());
        Self {
            provider: served.id.clone(),
            digest: served.installed.clone(),
            meters: HashMap::new(),
            took,
            unwritten: HashMap::new(),
            labels,
        }
    }

    fn add(&mut self, day: i64, measure: Measure, value: u64) {
        let labels = &self.labels;
        match self.meters.entry(measure).or_insert_with(|| Meter::new(measure, labels)) {
            Meter::Counter(counter) => counter.increment(value),
            Meter::Peak(gauge, peak) if *peak < value => {
                *peak = value;
                #[expect(clippy::cast_precision_loss, reason = "metrics are f64, exact up to 8 PiB")]
                gauge.set(value as f64);
            }
            Meter::Peak(..) | Meter::None => {}
        }
        self.keep(day, measure, value);
    }

    fn keep(&mut self, day: i64, measure: Measure, value: u64) {
        let kept = self.unwritten.entry((day, measure)).or_default();
        *kept = if measure.is_peak() { (*kept).max(value) } else { kept.saturating_add(value) };
    }
}

impl Meter {
    fn new(measure: Measure, labels: &[Label; 2]) -> Self {
        let with =
            |name, value: &'static str| labels.iter().cloned().chain([Label::new(name, value)]).collect::<Vec<_>>();
        match measure {
            Measure::Calls(function) => Meter::Counter(metrics::counter!(CALLS.0, with("function", function.as_str()))),
            Measure::Ended(outcome) => Meter::Counter(metrics::counter!(ENDED.0, with("outcome", outcome.as_str()))),
            Measure::Took(_) => Meter::None,
            plain => match COUNTED.iter().find(|(measure, ..)| *measure == plain) {
                Some((_, name, _)) if plain.is_peak() => Meter::Peak(metrics::gauge!(*name, labels.iter()), 0),
                Some((_, name, _)) => Meter::Counter(metrics::counter!(*name, labels.iter())),
                None => Meter::None,
            },
        }
    }
}

fn day_of(at: Timestamp) -> i64 {
    at.as_millisecond().div_euclid(MILLIS_OF_A_DAY)
}

fn date(day: i64) -> Date {
    let midnight = Timestamp::from_millisecond(day.saturating_mul(MILLIS_OF_A_DAY)).unwrap_or(Timestamp::UNIX_EPOCH);
    midnight.to_zoned(TimeZone::UTC).date()
}
