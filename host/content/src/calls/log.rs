//! What providers log: into the host's log at once, and into a ring for each provider in the database soon after.
//!
//! What waits to be written is bounded by the same numbers as the ring, for each provider alone: what a flood pushes out
//! is its own, and would have been pushed out of the ring as well.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use autocontent_manifest::ProviderId;
use autocontent_runtime::{Clock, Log};
use autocontent_store::{LogLevel, NewLogLine, Store, StoreError};

use crate::contract::log::Level;

/// Lines in one transaction, so that a flood keeps the database's one writer only for moments at a time.
const PIECE: usize = 128;

/// The providers' lines on their way to the database.
pub(crate) struct LogBook {
    at_least: LogLevel,
    clock: Arc<dyn Clock>,
    waiting: Mutex<HashMap<ProviderId, Waiting>>,
}

#[derive(Default)]
struct Waiting {
    lines: VecDeque<NewLogLine>,
    bytes: usize,
}

/// One provider's log.
pub(crate) struct ProviderLog {
    pub(crate) provider: ProviderId,
    pub(crate) book: Arc<LogBook>,
}

impl Log for ProviderLog {
    fn write(&self, level: Level, line: &str) {
        let provider = &self.provider;
        let level = match level {
            Level::Trace => LogLevel::Trace,
            Level::Debug => LogLevel::Debug,
            Level::Info => LogLevel::Info,
            Level::Warn => LogLevel::Warn,
            Level::Error => LogLevel::Error,
        };
        match level {
            LogLevel::Trace => tracing::trace!(target: "provider", %provider, "{line}"),
            LogLevel::Debug => tracing::debug!(target: "provider", %provider, "{line}"),
            LogLevel::Info => tracing::info!(target: "provider", %provider, "{line}"),
            LogLevel::Warn => tracing::warn!(target: "provider", %provider, "{line}"),
            LogLevel::Error => tracing::error!(target: "provider", %provider, "{line}"),
        }
        self.book.write(provider, level, line);
    }
}

impl LogBook {
    /// Keeps lines of this level and above.
    pub(crate) fn new(at_least: LogLevel, clock: Arc<dyn Clock>) -> Self {
        Self { at_least, clock, waiting: Mutex::default() }
    }

    fn write(&self, provider: &ProviderId, level: LogLevel, line: &str) {
        if level < self.at_least {
            return;
        }
        let line = NewLogLine { at: self.clock.now(), level, line: line.to_owned() };
        let mut waiting = self.waiting();
        match waiting.get_mut(provider) {
            Some(waiting) => waiting.push(line),
            None => waiting.entry(provider.clone()).or_default().push(line),
        }
    }

    /// Writes what waits, provider by provider; what can't be written waits for the next time.
    pub(crate) async fn flush(&self, store: &Store) -> Result<(), StoreError> {
        let waiting = std::mem::take(&mut *self.waiting());
        let mut outcome = Ok(());
        for (provider, mut waiting) in waiting {
            while outcome.is_ok() && !waiting.lines.is_empty() {
                let rest = waiting.lines.split_off(waiting.lines.len().min(PIECE));
                let piece = std::mem::replace(&mut waiting.lines, rest);
                let piece = Vec::from(piece);
                outcome = store.append_log(&provider, &piece).await;
                if outcome.is_err() {
                    for line in piece.into_iter().rev() {
                        waiting.lines.push_front(line);
                    }
                }
            }
            if !waiting.lines.is_empty() {
                self.put_back(provider, waiting.lines);
            }
        }
        outcome
    }

    /// Puts lines before those that came meanwhile.
    fn put_back(&self, provider: ProviderId, lines: VecDeque<NewLogLine>) {
        let mut waiting = self.waiting();
        let newer = std::mem::take(waiting.entry(provider.clone()).or_default()).lines;
        let all = waiting.entry(provider).or_default();
        for line in lines.into_iter().chain(newer) {
            all.push(line);
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<ProviderId, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn push(&mut self, line: NewLogLine) {
        self.bytes += line.line.len();
        self.lines.push_back(line);
        let fits = |number: usize, most: u32| u32::try_from(number).is_ok_and(|number| number <= most);
        while !(fits(self.lines.len(), Store::LOG_LINES) && fits(self.bytes, Store::LOG_BYTES)) {
            let Some(oldest) = self.lines.pop_front() else { return };
            self.bytes = self.bytes.saturating_sub(oldest.line.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn waiting(count: usize, bytes: usize) -> Waiting {
        let mut waiting = Waiting::default();
        for number in 0..count {
            let line = format!("{number:0bytes$}");
            waiting.push(NewLogLine { at: Timestamp::UNIX_EPOCH, level: LogLevel::Info, line });
        }
        waiting
    }

    #[test]
    fn as_many_lines_wait_as_are_kept_and_a_flood_pushes_its_own_oldest_out() {
        assert_eq!(waiting(1_000, 4).lines.len(), 1_000);
        let flood = waiting(1_001, 4);
        assert_eq!((flood.lines.len(), flood.lines[0].line.as_str(), flood.bytes), (1_000, "0001", 4_000));
        assert_eq!(waiting(128, 2_048).lines.len(), 128);
        let long = waiting(129, 2_048);
        assert_eq!((long.lines.len(), long.bytes), (128, 256 << 10));
    }
}
