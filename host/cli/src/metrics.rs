//! The process's metrics, as text for Prometheus, on an address of their own.
//!
//! They are no part of the address that Discord calls, which is public. Without the setting `metrics-listen` nothing
//! is recorded and nothing listens.

use std::collections::HashMap;
use std::net::SocketAddr;

use anyhow::{Result, anyhow};
use autocontent_content::AccountId;
use autocontent_discord::Status;
use autocontent_store::Store;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

/// Where the metrics are.
const PATH: &str = "/metrics";
/// The version of the text's form that Prometheus reads.
const FORM: &str = "text/plain; version=0.0.4; charset=utf-8";

const BOTS: (&str, &str) = ("autocontent_bots", "Bots of this process, by status.");
const WAITING: (&str, &str) = ("autocontent_store_waiting_writes", "Writes that wait for the database.");

/// The recorder of this process, and the address that it can be read at.
pub(crate) struct Metrics {
    handle: PrometheusHandle,
    listener: TcpListener,
}

impl Metrics {
    /// Listens, and records from now on: what is counted before is not among the metrics.
    pub(crate) async fn start(address: SocketAddr) -> Result<Metrics> {
        let listener = TcpListener::bind(address).await.map_err(|error| {
            anyhow!("could not listen on {address} for metrics: {error}; choose another address with --metrics-listen, or stop what uses it")
        })?;
        let (latency, bounds) = autocontent_content::latency_metric();
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Full(latency.to_owned()), &bounds)?
            .build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder)?;
        autocontent_content::describe_metrics();
        metrics::describe_gauge!(BOTS.0, BOTS.1);
        metrics::describe_gauge!(WAITING.0, WAITING.1);
        Ok(Metrics { handle, listener })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves the metrics for ever.
    pub(crate) async fn serve(self, store: Store) -> std::io::Result<()> {
        let handle = self.handle;
        let text = move || {
            #[expect(clippy::cast_precision_loss, reason = "the queue is short")]
            metrics::gauge!(WAITING.0).set(store.waiting_writes() as f64);
            let text = handle.render();
            std::future::ready(([(CONTENT_TYPE, FORM)], text))
        };
        axum::serve(self.listener, Router::new().route(PATH, get(text))).await
    }

    /// What must be done every few seconds, read or not, so that a histogram doesn't grow.
    pub(crate) fn upkeep(&self) -> impl Fn() + Send + use<> {
        let handle = self.handle.clone();
        move || handle.run_upkeep()
    }
}

/// How the bots of this process are.
#[derive(Default)]
pub(crate) struct BotCounts {
    statuses: HashMap<AccountId, &'static str>,
}

impl BotCounts {
    /// Takes a bot's new status down.
    pub(crate) fn note(&mut self, account: AccountId, status: &Status) {
        let word = word(status);
        if word == "stopped" {
            self.statuses.remove(&account);
        } else {
            self.statuses.insert(account, word);
        }
        for word in ["starting", "running", "waiting", "failed"] {
            #[expect(clippy::cast_precision_loss, reason = "no process has so many bots")]
            let count = self.statuses.values().filter(|status| **status == word).count() as f64;
            metrics::gauge!(BOTS.0, "status" => word).set(count);
        }
    }
}

fn word(status: &Status) -> &'static str {
    match status {
        Status::Starting => "starting",
        Status::Ready => "running",
        Status::Waiting { .. } => "waiting",
        Status::Stopped => "stopped",
        Status::Failed { .. } => "failed",
    }
}
