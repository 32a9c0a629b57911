//! The version that answers: a harness, and what the page is told of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use autocontent_manifest::{ByteSize, CommandLine};
use autocontent_runtime::Compiler;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::harness::{Harness, Ran, Setup, ShownFile, StorageScope, Time, Traffic, Who};
use crate::{Component, Project, compiled_folder, secrets};

use super::shown::ShownProvider;
use super::state::{Board, Network};

/// What a provider is tried with.
pub struct StageConfig {
    /// How to start the child process that compiles.
    pub compiler: Compiler,
    /// Values of settings, typed as text.
    pub settings: BTreeMap<String, String>,
}

/// Holds the version that answers.
pub(super) struct Stage {
    config: StageConfig,
    project: Project,
    board: Board,
    playing: RwLock<Option<Playing>>,
    /// Held by whoever changes what plays; counts how often that was done.
    changes: Mutex<u32>,
}

#[derive(Clone)]
struct Playing {
    harness: Arc<Harness>,
    component: Arc<Component>,
    network: Network,
    /// The names of those that are filled in.
    secrets: Arc<[String]>,
}

impl Stage {
    /// Without a version yet.
    pub(super) fn new(config: StageConfig, project: Project, board: Board) -> Stage {
        Stage { config, project, board, playing: RwLock::default(), changes: Mutex::default() }
    }

    /// Has the component that was built answer from now on, unless it does. What the version before it kept stays.
    pub(super) async fn load(&self) -> Result<(), String> {
        let mut changes = self.changes.lock().await;
        let component = Component::find(self.project.folder()).map_err(|error| sentence(&error))?;
        let playing = match self.playing() {
            Some(playing) if playing.component.bytes == component.bytes => return Ok(()),
            // What is kept is kept for the provider of this id.
            Some(playing) if playing.component.manifest.provider.id == component.manifest.provider.id => {
                playing.harness.replace(component.bytes.clone()).await.map_err(|error| sentence(&error))?;
                Playing { component: Arc::new(component), ..playing }
            }
            playing => {
                let network = playing.map_or(Network::Recordings, |playing| playing.network);
                self.open(Arc::new(component), network).await?
            }
        };
        self.show(&mut changes, playing);
        Ok(())
    }

    /// Whether there is a version that answers.
    pub(super) fn plays(&self) -> bool {
        self.playing().is_some()
    }

    /// Reads the project's recordings again.
    pub(super) async fn refresh(&self) -> Result<(), String> {
        let read = self.begin_anew(|network| network).await;
        self.board.change(|state| state.recordings_problem = read.as_ref().err().cloned());
        read
    }

    /// Changes where answers of other servers come from.
    pub(super) async fn use_network(&self, network: Network) -> Result<(), String> {
        self.begin_anew(|_| network).await
    }

    /// Forgets what the provider kept.
    pub(super) async fn clear(&self) -> Result<(), String> {
        self.begin_anew(|network| network).await
    }

    /// A member uses a command.
    pub(super) async fn run(&self, line: &str, who: &Who) -> Result<Value, String> {
        let Playing { harness, network, .. } = self.answering()?;
        wait_out(&harness, Some(line));
        answer(&harness.run(who, line).await.map_err(|error| sentence(&error))?, network)
    }

    /// A member presses a button.
    pub(super) async fn press(&self, button: &str, who: &Who) -> Result<Value, String> {
        let Playing { harness, network, .. } = self.answering()?;
        wait_out(&harness, None);
        answer(&harness.press(who, button).await.map_err(|error| sentence(&error))?, network)
    }

    /// A member types an option.
    pub(super) async fn suggest(&self, line: &str, option: &str, who: &Who) -> Result<Value, String> {
        let Playing { harness, network, .. } = self.answering()?;
        let suggested = harness.suggest(who, line, option).await.map_err(|error| sentence(&error))?;
        with_network(&suggested, network)
    }

    /// What the provider keeps, as far as this member could have it read.
    pub(super) async fn storage(&self, who: &Who) -> Result<Value, String> {
        let Playing { harness, .. } = self.answering()?;
        let mut entries = Vec::new();
        for scope in [StorageScope::Provider, StorageScope::Place, StorageScope::Member] {
            for entry in harness.storage(who, scope).await.map_err(|error| sentence(&error))? {
                let value = entry.text.or(entry.base64);
                entries.push(json!({ "scope": scope, "key": entry.key, "value": value }));
            }
        }
        let used = harness.storage_use().await.map_err(|error| sentence(&error))?;
        let quota = harness.manifest().capabilities.storage.map(ByteSize::bytes);
        Ok(json!({ "entries": entries, "used_bytes": used, "quota_bytes": quota }))
    }

    /// Opens another harness for the component that answers.
    async fn begin_anew(&self, network: impl FnOnce(Network) -> Network) -> Result<(), String> {
        let mut changes = self.changes.lock().await;
        let playing = self.answering()?;
        let playing = self.open(playing.component, network(playing.network)).await?;
        self.show(&mut changes, playing);
        Ok(())
    }

    async fn open(&self, component: Arc<Component>, network: Network) -> Result<Playing, String> {
        let (traffic, time) = match network {
            Network::Recordings => (Traffic::Played(component.recordings()), Time::Standing(None)),
            Network::Live => (Traffic::Live, Time::Running),
        };
        let secrets = secrets::find(Some(self.project.folder()), &component.manifest.secrets);
        let secrets = secrets.map_err(|error| sentence(&error))?;
        let names = secrets.keys().cloned().collect();
        let compiler = self.config.compiler.clone();
        let settings = self.config.settings.clone();
        let new = Setup::new(component.bytes.clone(), compiler, compiled_folder());
        let opened = Setup { traffic, time, settings, secrets, ..new }.open().await;
        let harness = Arc::new(opened.map_err(|error| sentence(&error))?);
        Ok(Playing { harness, component, network, secrets: names })
    }

    /// Has this one answer, and tells the page.
    fn show(&self, changes: &mut u32, playing: Playing) {
        *changes += 1;
        let provider = ShownProvider::new(
            &playing.harness.inspection(),
            &playing.harness.commands(),
            *changes,
            |setting| self.config.settings.get(setting).cloned(),
            |secret| playing.secrets.iter().any(|name| name == secret),
        );
        let (network, recordings) = (playing.network, self.names(&playing.component.recordings()));
        *self.playing.write().unwrap_or_else(PoisonError::into_inner) = Some(playing);
        self.board.change(|state| {
            state.provider = Some(Arc::new(provider));
            state.network = network;
            state.recordings = recordings;
        });
    }

    /// Recordings by their paths in the project.
    fn names(&self, recordings: &[PathBuf]) -> Vec<String> {
        let inside = |path: &PathBuf| path.strip_prefix(self.project.folder()).unwrap_or(path).display().to_string();
        recordings.iter().map(inside).collect()
    }

    fn playing(&self) -> Option<Playing> {
        self.playing.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn answering(&self) -> Result<Playing, String> {
        self.playing().ok_or_else(|| "no version could be built yet that could answer".to_owned())
    }
}

/// Puts the clock forward, as if the member had waited for as long as a command makes them wait: the line's, or any.
fn wait_out(harness: &Harness, line: Option<&str>) {
    let manifest = harness.manifest();
    let line = line.and_then(|line| CommandLine::parse(line).ok());
    let used = line.as_ref().and_then(|line| line.invocation(&manifest.commands).ok());
    let wait = match (&line, used) {
        (_, Some(invocation)) => invocation.command.cooldown,
        (Some(_), None) => Duration::ZERO,
        (None, None) => manifest.commands.iter().map(|command| command.cooldown).max().unwrap_or_default(),
    };
    harness.advance(SignedDuration::try_from(wait).unwrap_or_default());
}

/// What came of it, with the files that the page needs to show the message.
fn answer(ran: &Ran, network: Network) -> Result<Value, String> {
    let mut json = with_network(ran, network)?;
    let file =
        |file: &ShownFile| json!({ "name": file.name, "mime": file.mime, "data": BASE64_STANDARD.encode(&file.data) });
    let files: Vec<_> = ran.reply.files.iter().map(file).collect();
    if let Some(reply) = json.get_mut("reply").and_then(Value::as_object_mut) {
        reply.insert("files".to_owned(), files.into());
    }
    Ok(json)
}

fn with_network(what: &impl Serialize, network: Network) -> Result<Value, String> {
    let mut json = serde_json::to_value(what).map_err(|error| error.to_string())?;
    if let Some(fields) = json.as_object_mut() {
        fields.insert("network".to_owned(), json!(network));
    }
    Ok(json)
}

/// The error and its causes, each said once.
fn sentence(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |said, cause| {
        let cause = cause.to_string();
        if said.contains(&cause) { said } else { format!("{said}: {cause}") }
    })
}
