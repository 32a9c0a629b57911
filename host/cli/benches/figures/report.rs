//! The figures, as a table or as JSON.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

#[derive(Default, Serialize)]
pub(crate) struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fresh_call: Option<FreshCall>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gateway: Option<Commands>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) http: Option<Commands>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) idle: Option<Idle>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) start: Option<Start>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) storage: Option<Storage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) breaker: Option<Breaker>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reload: Option<Reload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) zoo: Option<Beside>,
}

/// A call of `quote` in a fresh instance; p50 in microseconds.
#[derive(Serialize)]
pub(crate) struct FreshCall {
    pub(crate) ours_us: f64,
    /// With HTTP, storage and settings made for each call, as for a provider that was granted all of them.
    pub(crate) capable_us: f64,
    pub(crate) bare_us: f64,
    pub(crate) ratio: f64,
    pub(crate) capable_ratio: f64,
    pub(crate) per_second: f64,
}

/// From handing an interaction to the transport until its answer was accepted, one at a time, in milliseconds; and
/// interactions per second with 1, 32 and 128 in flight.
#[derive(Serialize)]
pub(crate) struct Commands {
    pub(crate) ours_p50_ms: f64,
    pub(crate) ours_p99_ms: f64,
    pub(crate) echo_p50_ms: f64,
    pub(crate) ratio: f64,
    pub(crate) per_second: BTreeMap<String, f64>,
    pub(crate) echo_per_second: BTreeMap<String, f64>,
}

/// Resident memory that each idle bot adds, and the processor time of all of them.
#[derive(Serialize)]
pub(crate) struct Idle {
    pub(crate) bots: usize,
    pub(crate) kib_per_bot: f64,
    pub(crate) cpu_percent: f64,
}

/// From starting the process until it serves.
#[derive(Serialize)]
pub(crate) struct Start {
    pub(crate) providers: usize,
    pub(crate) ready_ms: f64,
}

/// Increments of one number in a provider's storage, from many calls at once.
#[derive(Serialize)]
pub(crate) struct Storage {
    pub(crate) increments: usize,
    pub(crate) concurrent: usize,
    pub(crate) sum: i64,
    pub(crate) per_second: f64,
}

/// A provider that fails whenever it is asked, and the p99 of a healthy one's answers without it and beside it.
#[derive(Serialize)]
pub(crate) struct Breaker {
    pub(crate) failures_until_paused: usize,
    pub(crate) alone_p99_ms: f64,
    pub(crate) beside_p99_ms: f64,
    pub(crate) ratio: f64,
}

/// Versions of a provider that came into service under load, and commands that were not answered with content.
#[derive(Serialize)]
pub(crate) struct Reload {
    pub(crate) versions: usize,
    pub(crate) commands: usize,
    pub(crate) per_second: f64,
    pub(crate) lost: usize,
}

/// The p99 of a healthy provider's answers without the hostile zoo and beside it.
#[derive(Serialize)]
pub(crate) struct Beside {
    pub(crate) misdeeds: usize,
    pub(crate) alone_p99_ms: f64,
    pub(crate) beside_p99_ms: f64,
    pub(crate) ratio: f64,
}

impl Report {
    pub(crate) fn print(&self, json: bool) -> Result<()> {
        if json {
            println!("{}", serde_json::to_string(self)?);
            return Ok(());
        }
        if let Some(fresh) = &self.fresh_call {
            let FreshCall { ours_us, capable_us, bare_us, ratio, capable_ratio, per_second } = fresh;
            println!(
                "fresh call    {ours_us:.1} µs; bare wasmtime {bare_us:.1} µs; ratio {ratio:.2}; {per_second:.0} calls/s"
            );
            println!("{:13} with all capabilities {capable_us:.1} µs; ratio {capable_ratio:.2}", "");
        }
        for (name, figures) in [("gateway", &self.gateway), ("http", &self.http)] {
            let Some(Commands { ours_p50_ms, ours_p99_ms, echo_p50_ms, ratio, per_second, echo_per_second }) = figures
            else {
                continue;
            };
            println!(
                "{name:13} p50 {ours_p50_ms:.2} ms, p99 {ours_p99_ms:.2} ms; raw echo p50 {echo_p50_ms:.2} ms; ratio {ratio:.2}"
            );
            for (in_flight, ours) in per_second {
                let echo = echo_per_second.get(in_flight).copied().unwrap_or_default();
                println!("{:13} {in_flight:>3} in flight: {ours:.0} commands/s; raw echo {echo:.0}/s", "");
            }
        }
        if let Some(Idle { bots, kib_per_bot, cpu_percent }) = &self.idle {
            println!("idle          {bots} bots: {kib_per_bot:.1} KiB each, {cpu_percent:.2} % of a core in all");
        }
        if let Some(Start { providers, ready_ms }) = &self.start {
            println!("start         ready in {ready_ms:.0} ms with {providers} providers");
        }
        if let Some(Storage { increments, concurrent, sum, per_second }) = &self.storage {
            println!(
                "storage       {increments} increments from {concurrent} calls at once make {sum}; {per_second:.0} a second"
            );
        }
        if let Some(Breaker { failures_until_paused, alone_p99_ms, beside_p99_ms, ratio }) = &self.breaker {
            println!(
                "breaker       paused after {failures_until_paused} failures; a neighbour's p99 {alone_p99_ms:.2} ms alone, {beside_p99_ms:.2} ms beside it; ratio {ratio:.2}"
            );
        }
        if let Some(Reload { versions, commands, per_second, lost }) = &self.reload {
            println!("reload        {versions} versions under {per_second:.0} commands/s: {lost} of {commands} lost");
        }
        if let Some(Beside { misdeeds, alone_p99_ms, beside_p99_ms, ratio }) = &self.zoo {
            println!(
                "zoo           {misdeeds} misdeeds; a healthy provider's p99 {alone_p99_ms:.2} ms alone, {beside_p99_ms:.2} ms beside them; ratio {ratio:.2}"
            );
        }
        Ok(())
    }
}

/// The middle one, or the upper of the two in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
