//! Collects exchanges while they happen.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use crate::RecordingError;
use crate::recording::{Exchange, Outcome, Recording};

/// Headers that tell of the connection or of who asked, and would make each recording differ from the last.
const LEFT_OUT: [&str; 20] = [
    "alt-svc",
    "cf-ray",
    "content-security-policy",
    "content-security-policy-report-only",
    "date",
    "forwarded",
    "nel",
    "permissions-policy",
    "report-to",
    "reporting-endpoints",
    "server",
    "server-timing",
    "set-cookie",
    "strict-transport-security",
    "via",
    "x-amz-cf-id",
    "x-forwarded-for",
    "x-request-id",
    "x-served-by",
    "x-timer",
];

/// A recording that is being made.
#[derive(Debug)]
pub struct Recorder(Mutex<Recording>);

impl Recorder {
    /// With no exchange yet; `now` is the time that the provider is told.
    #[must_use]
    pub fn new(now: Option<Timestamp>) -> Recorder {
        Recorder(Mutex::new(Recording { now, exchanges: Vec::new() }))
    }

    /// Adds an exchange. Cookies, addresses and what only tells of the connection are left out of the headers.
    pub fn add(&self, mut exchange: Exchange) {
        if let Outcome::Response(response) = &mut exchange.outcome {
            response.headers.retain(|(name, _)| !LEFT_OUT.contains(&name.as_str()) && !name.ends_with("-ip"));
            response.headers.sort_by(|a, b| a.0.cmp(&b.0));
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).exchanges.push(exchange);
    }

    /// What was recorded until now.
    #[must_use]
    pub fn recording(&self) -> Recording {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes into a file what was recorded until now: in place of what stands there of the same requests, and after
    /// everything else. Nothing is written where nothing was asked.
    ///
    /// # Errors
    ///
    /// Where the file is there and can't be read, or it can't be written.
    pub fn save(&self, path: &Path) -> Result<(), RecordingError> {
        let recorded = self.recording();
        if recorded.exchanges.is_empty() {
            return Ok(());
        }
        let mut whole = Recording::load_if_there(path)?.unwrap_or_default();
        let asked: BTreeSet<_> = recorded.exchanges.iter().map(|exchange| &exchange.request).collect();
        whole.exchanges.retain(|exchange| !asked.contains(&exchange.request));
        whole.exchanges.extend(recorded.exchanges.iter().cloned());
        whole.now = recorded.now;
        whole.save(path)
    }
}
