//! Tests of built providers, in the sandbox that they will run in: the program `autocontent` runs the component with
//! production's limits, plays recordings in place of
//! the network, and answers with the message as Discord would show it.
//!
//! ```no_run
//! use autocontent_testing::{Setup, Who};
//!
//! # fn main() -> Result<(), autocontent_testing::Refused> {
//! let mut harness = Setup::project(env!("CARGO_MANIFEST_DIR")).recording("recordings/dune.json").open()?;
//! let ran = harness.run("/bookfinder title:dune")?;
//! assert_eq!(ran.reply.message["embeds"][0]["title"], "Dune");
//! let next = harness.press("🔁")?;
//! assert_eq!(next.reply.kind, "post");
//! let quiet = harness.with(Who { locale: "pt-BR".into(), ..Who::member(2) }).run("/bookfinder title:nothing")?;
//! assert_eq!(quiet.reply.code.as_deref(), Some("nothing_found"));
//! # Ok(()) }
//! ```
//!
//! Build the component first: `autocontent provider test` builds it and then runs the tests. With `AUTOCONTENT_RECORD=1` in the
//! environment, a harness asks the network in place of its recordings, and writes what it answers into the first of them.
//!
//! - `setup`: opening a harness; `answers`: what it tells; `process`: the program behind it

mod answers;
mod process;
mod setup;

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub use answers::{Button, Call, Entry, Fetch, File, Log, Ran, Reply, Storage, Suggested, Usage};
use process::Process;
pub use setup::{Scope, Setup, Who};

/// What the harness refused, in a sentence that says what happened and what to do.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub(crate) String);

/// The sentence as it is, since this is what a test that unwraps it shows.
impl std::fmt::Debug for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A provider that can be tried. It ends with this value.
pub struct Harness {
    process: Process,
    who: Who,
}

impl Harness {
    /// Who asks from now on.
    pub fn with(&mut self, who: Who) -> &mut Harness {
        self.who = who;
        self
    }

    /// A member uses a command, typed as a line such as `/quote topic:courage`.
    ///
    /// # Errors
    ///
    /// Where the line can't be read, or the provider asked for something that is not recorded.
    pub fn run(&mut self, line: &str) -> Result<Ran, Refused> {
        self.asked("run", json!({ "line": line }))
    }

    /// A member presses a button that was shown: its id, label or emoji.
    ///
    /// # Errors
    ///
    /// Where no such button was shown, or the provider asked for something that is not recorded.
    pub fn press(&mut self, button: &str) -> Result<Ran, Refused> {
        self.asked("press", json!({ "button": button }))
    }

    /// A member types an option; the line has what stands there so far.
    ///
    /// # Errors
    ///
    /// Where the line can't be read, or the provider asked for something that is not recorded.
    pub fn suggest(&mut self, line: &str, option: &str) -> Result<Suggested, Refused> {
        self.asked("suggest", json!({ "line": line, "option": option }))
    }

    /// What the provider keeps under this scope.
    ///
    /// # Errors
    ///
    /// Where it can't be read.
    pub fn storage(&mut self, scope: Scope) -> Result<Storage, Refused> {
        self.asked("storage", json!({ "scope": scope }))
    }

    /// Puts the clock forward.
    ///
    /// # Errors
    ///
    /// Where the program ended.
    pub fn advance(&mut self, by: Duration) -> Result<(), Refused> {
        self.process.ask(&json!({ "advance": { "seconds": by.as_secs_f64() } })).map(drop)
    }

    /// The requests that are recorded and were never asked for, as method and URL.
    ///
    /// # Errors
    ///
    /// Where the program ended.
    pub fn unasked(&mut self) -> Result<Vec<String>, Refused> {
        let answer: Unasked = read(self.process.ask(&json!({ "unasked": {} }))?)?;
        Ok(answer.requests)
    }

    /// Asks for something as whoever asks.
    fn asked<T: DeserializeOwned>(&mut self, request: &str, mut fields: Value) -> Result<T, Refused> {
        let who = serde_json::to_value(&self.who).map_err(|error| Refused(error.to_string()))?;
        if let (Value::Object(fields), Value::Object(who)) = (&mut fields, who) {
            fields.extend(who);
        }
        read(self.process.ask(&json!({ request: fields }))?)
    }
}

#[derive(Deserialize)]
struct Unasked {
    requests: Vec<String>,
}

/// An answer in its type.
fn read<T: DeserializeOwned>(answer: Value) -> Result<T, Refused> {
    serde_json::from_value(answer).map_err(|error| {
        Refused(format!(
            "`autocontent` answered what this crate can't read ({error}); build both from the same version"
        ))
    })
}
