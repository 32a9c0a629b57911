//! Opening a harness.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use crate::process::Process;
use crate::{Harness, Refused};

/// Set to 1, it has harnesses ask the network, and write what it answers into their first recording.
const RECORD: &str = "AUTOCONTENT_RECORD";

/// How a harness is opened.
#[derive(Clone, Debug)]
pub struct Setup {
    folder: PathBuf,
    component: PathBuf,
    recordings: Vec<PathBuf>,
    now: Option<String>,
    seed: u64,
    settings: BTreeMap<String, Value>,
    grants: Vec<String>,
    program: Option<PathBuf>,
}

/// Who asks, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Who {
    /// Which member.
    pub member: u64,
    /// The kind of place: `guild`, `dm` or `private-channel`.
    pub place: &'static str,
    /// Which guild, where the place is one.
    pub guild: u64,
    /// The member's language.
    pub locale: String,
    /// Whether age-restricted content may be shown there.
    pub sensitive: bool,
    /// Whether the member may delete what others asked for.
    pub moderator: bool,
}

/// Whose data a provider keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// The whole provider's.
    Provider,
    /// The place's.
    Place,
    /// The member's.
    Member,
}

impl Who {
    /// A member in guild 1, who speaks English.
    #[must_use]
    pub fn member(member: u64) -> Who {
        Who { member, place: "guild", guild: 1, locale: "en-US".to_owned(), sensitive: false, moderator: false }
    }
}

impl Setup {
    /// Of a project that was built; `env!("CARGO_MANIFEST_DIR")` is that of a test.
    #[must_use]
    pub fn project(folder: impl AsRef<Path>) -> Setup {
        let folder = folder.as_ref().to_owned();
        Setup {
            component: folder.clone(),
            folder,
            recordings: Vec::new(),
            now: None,
            seed: 0,
            settings: BTreeMap::new(),
            grants: Vec::new(),
            program: None,
        }
    }

    /// Of another component than the one that the project builds.
    #[must_use]
    pub fn component(mut self, file: impl AsRef<Path>) -> Setup {
        self.component = self.folder.join(file);
        self
    }

    /// Plays this recording, too; a path in the project.
    #[must_use]
    pub fn recording(mut self, file: impl AsRef<Path>) -> Setup {
        self.recordings.push(self.folder.join(file));
        self
    }

    /// The time that the provider is told, such as `2026-05-01T10:00:00Z`.
    #[must_use]
    pub fn now(mut self, time: &str) -> Setup {
        self.now = Some(time.to_owned());
        self
    }

    /// What the provider's randomness begins with.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Setup {
        self.seed = seed;
        self
    }

    /// Gives a setting a value: a text, a number, true or false, or a list of texts.
    #[must_use]
    pub fn setting(mut self, name: &str, value: impl Into<Value>) -> Setup {
        self.settings.insert(name.to_owned(), value.into());
        self
    }

    /// Grants this beside what provider.toml asks for, such as `http:feeds.example.org`, where it takes further hosts.
    #[must_use]
    pub fn grant(mut self, capability: &str) -> Setup {
        self.grants.push(capability.to_owned());
        self
    }

    /// Runs this program instead of the one that AUTOCONTENT names, or the one on PATH.
    #[must_use]
    pub fn program(mut self, file: impl AsRef<Path>) -> Setup {
        self.program = Some(file.as_ref().to_owned());
        self
    }

    /// Opens the harness: starts the program `autocontent` that the variable AUTOCONTENT names, or the one on PATH.
    ///
    /// # Errors
    ///
    /// Where there is no such program, the component was not built, or a recording can't be read.
    pub fn open(self) -> Result<Harness, Refused> {
        let recording = std::env::var_os(RECORD).is_some_and(|value| value == "1");
        let (record, recordings) = match self.recordings.as_slice() {
            [file, ..] if recording => (Some(file), None),
            files => (None, Some(files)),
        };
        let recordings = recordings.map(|files| files.iter().map(|file| text(file)).collect::<Result<Vec<_>, _>>());
        let open = json!({
            "component": text(&self.component)?,
            "recordings": recordings.transpose()?,
            "record": record.map(|file| text(file)).transpose()?,
            "seed": self.seed,
            "settings": self.settings,
            "grants": self.grants,
            "now": self.now,
        });
        let mut process = Process::start(self.program)?;
        process.ask(&json!({ "open": open }))?;
        Ok(Harness { process, who: Who::member(1) })
    }
}

/// A path as the program is told it.
fn text(path: &Path) -> Result<&str, Refused> {
    path.to_str().ok_or_else(|| Refused(format!("the path {} is no UTF-8; rename what is not", path.display())))
}
