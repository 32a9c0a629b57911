//! `autocontent provider stats`: what calls of providers cost and how they ended.

use std::collections::BTreeMap;

use anyhow::Result;
use autocontent_content::Clock as _;
use autocontent_manifest::ProviderId;
use autocontent_runtime::SystemClock;
use autocontent_store::{ComponentDigest, Function, Latency, Measure, Outcome, Statistic};
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use serde_json::json;

use crate::config::Config;
use crate::host;
use crate::say::say;

/// What was counted of one version of a provider.
#[derive(Default)]
struct Figures {
    calls: BTreeMap<&'static str, u64>,
    ended: BTreeMap<&'static str, u64>,
    took: BTreeMap<Latency, u64>,
    cpu_ticks: u64,
    peak_memory: u64,
    host_calls: u64,
    requests: u64,
    requests_cached: u64,
    bytes_sent: u64,
    bytes_received: u64,
    pages_cached: u64,
    shed: u64,
    refused: u64,
    paused: u64,
}

pub(crate) async fn run(config: &Config, provider: Option<&ProviderId>, days: u32, as_json: bool) -> Result<()> {
    let store = host::open_store(config).await?;
    let today = SystemClock.now().to_zoned(TimeZone::UTC).date();
    let since = today.checked_sub(i64::from(days.saturating_sub(1)).days())?;
    let statistics = store.statistics(provider, since).await?;
    let versions = store.component_versions().await?;
    let mut all: BTreeMap<(ProviderId, ComponentDigest), Figures> = BTreeMap::new();
    for one in statistics {
        all.entry((one.provider.clone(), one.digest.clone())).or_default().add(&one);
    }
    if as_json {
        for ((provider, digest), figures) in &all {
            say!("{}", figures.object(provider, digest, versions.get(digest).map(ToString::to_string).as_deref()));
        }
    } else if all.is_empty() {
        say!("nothing was counted since {since}; a running host writes what it counts every few seconds");
    } else {
        say!(
            "{:20} {:10} {:>9} {:>6} {:>9} {:>9} {:>8} {:>10} {:>9} {:>10} {:>7}",
            "provider",
            "version",
            "calls",
            "ok",
            "p50",
            "p99",
            "cpu",
            "memory",
            "requests",
            "received",
            "cached"
        );
        for ((provider, digest), figures) in &all {
            let version = versions.get(digest).map_or_else(|| short(digest), ToString::to_string);
            say!("{}", figures.line(provider, &version));
            say!("  {}", figures.ends());
        }
    }
    store.close().await;
    Ok(())
}

/// A version whose component is gone.
fn short(digest: &ComponentDigest) -> String {
    digest.as_str().trim_start_matches("sha256:").chars().take(10).collect()
}

impl Figures {
    fn add(&mut self, one: &Statistic) {
        let (sum, value) = match one.measure {
            Measure::Calls(function) => (self.calls.entry(function.as_str()).or_default(), one.value),
            Measure::Ended(outcome) => (self.ended.entry(outcome.as_str()).or_default(), one.value),
            Measure::Took(latency) => (self.took.entry(latency).or_default(), one.value),
            Measure::CpuTicks => (&mut self.cpu_ticks, one.value),
            Measure::PeakMemory => {
                self.peak_memory = self.peak_memory.max(one.value);
                return;
            }
            Measure::HostCalls => (&mut self.host_calls, one.value),
            Measure::Requests => (&mut self.requests, one.value),
            Measure::RequestsCached => (&mut self.requests_cached, one.value),
            Measure::BytesSent => (&mut self.bytes_sent, one.value),
            Measure::BytesReceived => (&mut self.bytes_received, one.value),
            Measure::PagesCached => (&mut self.pages_cached, one.value),
            Measure::Shed => (&mut self.shed, one.value),
            Measure::Refused => (&mut self.refused, one.value),
            Measure::Paused => (&mut self.paused, one.value),
        };
        *sum = sum.saturating_add(value);
    }

    fn all_calls(&self) -> u64 {
        self.calls.values().sum()
    }

    /// Calls that did what they should: they brought something, or said rightly that there is nothing.
    fn good(&self) -> u64 {
        let good = [Outcome::Answered, Outcome::NothingFound, Outcome::InvalidArgument];
        good.iter().filter_map(|outcome| self.ended.get(outcome.as_str())).sum()
    }

    fn line(&self, provider: &ProviderId, version: &str) -> String {
        let time = |part| Latency::quantile(part, &self.took).map_or_else(|| "-".to_owned(), millis);
        let ok = match self.all_calls() {
            0 => "-".to_owned(),
            calls => format!("{}%", self.good().saturating_mul(100) / calls),
        };
        format!(
            "{:20} {:10} {:>9} {:>6} {:>9} {:>9} {:>8} {:>10} {:>9} {:>10} {:>7}",
            provider.as_str(),
            version,
            self.all_calls(),
            ok,
            time(0.5),
            time(0.99),
            // A tick is 10 ms.
            format!("{}.{:02} s", self.cpu_ticks / 100, self.cpu_ticks % 100),
            bytes(self.peak_memory),
            self.requests,
            bytes(self.bytes_received),
            self.requests_cached.saturating_add(self.pages_cached),
        )
    }

    /// How the calls ended, and those that were not made.
    fn ends(&self) -> String {
        let ended = self.ended.iter().map(|(outcome, count)| (*outcome, *count));
        let unmade = [("shed", self.shed), ("refused while paused", self.refused), ("times paused", self.paused)];
        let parts = ended.chain(unmade).filter(|(_, count)| *count > 0);
        parts.map(|(what, count)| format!("{what} {count}")).collect::<Vec<_>>().join(", ")
    }

    fn object(&self, provider: &ProviderId, digest: &ComponentDigest, version: Option<&str>) -> serde_json::Value {
        let latency: Vec<_> =
            self.took.iter().map(|(latency, count)| json!({ "up_to_ms": latency.range().1, "calls": count })).collect();
        let calls = |function: Function| self.calls.get(function.as_str()).copied().unwrap_or_default();
        json!({
            "provider": provider, "version": version, "digest": digest, "calls": self.all_calls(),
            "find": calls(Function::Find), "suggest": calls(Function::Suggest), "act": calls(Function::Act),
            "ok": self.good(), "outcomes": self.ended, "latency": latency,
            "p50_ms": Latency::quantile(0.5, &self.took), "p99_ms": Latency::quantile(0.99, &self.took),
            "cpu_ticks": self.cpu_ticks, "peak_memory_bytes": self.peak_memory, "host_calls": self.host_calls,
            "requests": self.requests, "requests_cached": self.requests_cached, "bytes_sent": self.bytes_sent,
            "bytes_received": self.bytes_received, "pages_cached": self.pages_cached, "shed": self.shed,
            "refused": self.refused, "paused": self.paused,
        })
    }
}

fn millis(millis: f64) -> String {
    if millis < 10.0 { format!("{millis:.2} ms") } else { format!("{millis:.0} ms") }
}

fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", bytes >> 10),
        1_048_576..1_073_741_824 => format!("{} MiB", bytes >> 20),
        _ => format!("{} GiB", bytes >> 30),
    }
}
