//! What comes of a command, a press, or of typing.

use autocontent_content::Reply;
use autocontent_content::contract::Choice;
use autocontent_store::LogLevel;
use serde::Serialize;
use serde_json::Value;

use super::item::choice_json;
use super::{CallRecord, CallUsage, FetchRecord, Harness, HarnessError, Shown, State};

/// What came of a command or a press.
#[derive(Clone, Debug, Serialize)]
pub struct Ran {
    /// What the member gets.
    pub reply: Shown,
    /// What the provider logged.
    pub logs: Vec<LogRecord>,
    /// What it fetched.
    pub fetches: Vec<FetchRecord>,
    /// How often it was asked, and what it answered.
    pub calls: Vec<CallRecord>,
    /// What all of that cost.
    pub usage: CallUsage,
    /// What it asked for and no recording has, each with the nearest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// What came of typing an option.
#[derive(Clone, Debug, Serialize)]
pub struct Suggested {
    /// At most 25 choices: `label` and `value`.
    pub choices: Vec<Value>,
    /// What the provider logged.
    pub logs: Vec<LogRecord>,
    /// What it fetched.
    pub fetches: Vec<FetchRecord>,
    /// How often it was asked, and what it answered.
    pub calls: Vec<CallRecord>,
    /// What all of that cost.
    pub usage: CallUsage,
    /// What it asked for and no recording has, each with the nearest.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// A line that the provider logged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogRecord {
    /// `trace`, `debug`, `info`, `warn` or `error`.
    pub level: &'static str,
    /// Its text, fit to be printed.
    pub message: String,
}

impl Harness {
    pub(super) async fn ran(&self, state: &mut State, reply: &Reply) -> Result<Ran, HarnessError> {
        let shown = state.screen.show(reply)?;
        self.deliver(state, reply).await;
        let (logs, missing) = (self.logs(state).await?, self.missing());
        let seen = self.witness.take();
        self.keep_recording()?;
        let usage = CallUsage::sum(&seen.calls);
        Ok(Ran { reply: shown, logs, fetches: seen.fetches, calls: seen.calls, usage, missing })
    }

    pub(super) async fn suggested(&self, state: &mut State, choices: &[Choice]) -> Result<Suggested, HarnessError> {
        let choices = choices.iter().map(choice_json).collect();
        let (logs, missing) = (self.logs(state).await?, self.missing());
        let seen = self.witness.take();
        self.keep_recording()?;
        let usage = CallUsage::sum(&seen.calls);
        Ok(Suggested { choices, logs, fetches: seen.fetches, calls: seen.calls, usage, missing })
    }

    /// What was seen of a command that nobody waited for is none of the next one's.
    pub(super) async fn forget_earlier(&self, state: &mut State) -> Result<(), HarnessError> {
        self.logs(state).await?;
        self.missing();
        self.witness.take();
        Ok(())
    }

    /// What was logged since the last time. As a host keeps it: no more lines than fit there.
    async fn logs(&self, state: &mut State) -> Result<Vec<LogRecord>, HarnessError> {
        self.content.flush().await;
        let provider = self.provider_id();
        let lines = self.store.log_lines(&provider, LogLevel::Trace, state.logged, autocontent_store::Store::LOG_LINES);
        let lines = lines.await?;
        state.logged = lines.last().map_or(state.logged, |line| line.position);
        Ok(lines.into_iter().map(|line| LogRecord { level: line.level.as_str(), message: line.line }).collect())
    }

    fn missing(&self) -> Vec<String> {
        let missing = self.played.as_ref().map(|player| player.take_missing()).unwrap_or_default();
        missing.into_iter().map(|missing| missing.to_string()).collect()
    }
}
