//! The version that answers: a harness, and what the page is told of it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use autocontent_manifest::{ByteSize, Manifest};
use autocontent_runtime::Compiler;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::Mutex;

use crate::error::sentence;
use crate::harness::{Harness, Ran, Setup, ShownFile, StorageEntry, StorageScope, Time, Traffic, Who};
use crate::{Component, Project, compiled_folder, secrets};

use super::shown::ShownProvider;
use super::state::{Board, Network};

/// Entries of what is kept that the page is shown.
const MOST_ENTRIES: usize = 100;
/// Characters of each value.
const MOST_VALUE: usize = 500;

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
    /// Held by whoever changes what plays.
    changes: Mutex<Changes>,
}

/// What goes on from one harness to the next.
#[derive(Default)]
struct Changes {
    /// How many were opened.
    harnesses: u32,
    /// The settings that were set on the page.
    settings: BTreeMap<String, String>,
}

#[derive(Clone)]
struct Playing {
    harness: Arc<Harness>,
    /// Counted from 1, as each harness counts its messages anew.
    number: u32,
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
                let secrets = self.secrets(&component.manifest)?;
                playing.harness.replace(component.bytes.clone()).await.map_err(|error| sentence(&error))?;
                let playing = Playing { component: Arc::new(component), ..playing };
                return self.fill(&changes, playing, &secrets).await;
            }
            playing => {
                let network = playing.map_or(Network::Recordings, |playing| playing.network);
                self.open(&mut changes, Arc::new(component), network).await?
            }
        };
        self.show(&changes, playing);
        Ok(())
    }

    /// Reads the author's secrets again.
    pub(super) async fn fill_in(&self) -> Result<(), String> {
        let changes = self.changes.lock().await;
        let playing = self.answering()?;
        let secrets = self.secrets(&playing.component.manifest)?;
        self.fill(&changes, playing, &secrets).await
    }

    /// Gives a setting a value, typed as text, for as long as the playground is open.
    pub(super) async fn set(&self, name: String, value: String) -> Result<(), String> {
        let mut changes = self.changes.lock().await;
        let playing = self.answering()?;
        let one = BTreeMap::from([(name, value)]);
        playing.harness.configure(&one, &BTreeMap::new()).await.map_err(|error| sentence(&error))?;
        changes.settings.extend(one);
        self.show(&changes, playing);
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

    /// A member uses a command. Nobody has to wait for a cooldown, and however often the provider failed, it is asked.
    pub(super) async fn run(&self, line: &str, who: &Who) -> Result<Value, String> {
        let playing = self.answering()?;
        playing.harness.forgive();
        answer(&playing.harness.run(who, line).await.map_err(|error| sentence(&error))?, &playing)
    }

    /// A member presses a button that the harness of this number showed.
    pub(super) async fn press(&self, button: &str, harness: u32, who: &Who) -> Result<Value, String> {
        let playing = self.answering()?;
        if playing.number != harness {
            return Err("this message is from before everything was begun anew; run its command again".to_owned());
        }
        playing.harness.forgive();
        answer(&playing.harness.press(who, button).await.map_err(|error| sentence(&error))?, &playing)
    }

    /// A member types an option.
    pub(super) async fn suggest(&self, line: &str, option: &str, who: &Who) -> Result<Value, String> {
        let playing = self.answering()?;
        playing.harness.forgive();
        let suggested = playing.harness.suggest(who, line, option).await.map_err(|error| sentence(&error))?;
        with_origin(&suggested, &playing)
    }

    /// What the provider keeps, as far as this member could have it read.
    pub(super) async fn storage(&self, who: &Who) -> Result<Value, String> {
        let Playing { harness, .. } = self.answering()?;
        let mut kept = Vec::new();
        for scope in [StorageScope::Provider, StorageScope::Place, StorageScope::Member] {
            let entries = harness.storage(who, scope).await.map_err(|error| sentence(&error))?;
            kept.extend(entries.into_iter().map(|entry| (scope, entry)));
        }
        let count = kept.len();
        let entries: Vec<_> = kept.into_iter().take(MOST_ENTRIES).map(|(scope, entry)| shown(scope, entry)).collect();
        let used = harness.storage_use().await.map_err(|error| sentence(&error))?;
        let quota = harness.manifest().capabilities.storage.map(ByteSize::bytes);
        Ok(json!({ "entries": entries, "count": count, "used_bytes": used, "quota_bytes": quota }))
    }

    /// Opens another harness for the component that answers.
    async fn begin_anew(&self, network: impl FnOnce(Network) -> Network) -> Result<(), String> {
        let mut changes = self.changes.lock().await;
        let playing = self.answering()?;
        let playing = self.open(&mut changes, playing.component, network(playing.network)).await?;
        self.show(&changes, playing);
        Ok(())
    }

    async fn open(
        &self,
        changes: &mut Changes,
        component: Arc<Component>,
        network: Network,
    ) -> Result<Playing, String> {
        let (traffic, time) = match network {
            Network::Recordings => (Traffic::Played(component.recordings()), Time::Standing(None)),
            Network::Live => (Traffic::Live, Time::Running),
        };
        let secrets = self.secrets(&component.manifest)?;
        let names = secrets.keys().cloned().collect();
        let compiler = self.config.compiler.clone();
        let settings = self.settings(changes, &component.manifest);
        let new = Setup::new(component.bytes.clone(), compiler, compiled_folder());
        let opened = Setup { traffic, time, settings, secrets, ..new }.open().await;
        let harness = Arc::new(opened.map_err(|error| sentence(&error))?);
        changes.harnesses += 1;
        Ok(Playing { harness, number: changes.harnesses, component, network, secrets: names })
    }

    /// What the provider's settings are set to: those of the page that it takes, before those that were given.
    fn settings(&self, changes: &Changes, manifest: &Manifest) -> BTreeMap<String, String> {
        let takes = |name: &str, value: &str| {
            manifest.settings.iter().any(|one| one.name.as_str() == name && one.kind.parse(value).is_ok())
        };
        let set = changes.settings.clone().into_iter().filter(|(name, value)| takes(name, value));
        self.config.settings.clone().into_iter().chain(set).collect()
    }

    fn secrets(&self, manifest: &Manifest) -> Result<BTreeMap<String, SecretString>, String> {
        secrets::find(Some(self.project.folder()), &manifest.secrets).map_err(|error| sentence(&error))
    }

    /// Has this one answer with these secrets, and no others.
    async fn fill(
        &self,
        changes: &Changes,
        mut playing: Playing,
        secrets: &BTreeMap<String, SecretString>,
    ) -> Result<(), String> {
        let gone: Vec<_> = playing.secrets.iter().filter(|name| !secrets.contains_key(*name)).cloned().collect();
        let filled = async {
            playing.harness.empty(&gone).await?;
            playing.harness.configure(&BTreeMap::new(), secrets).await
        };
        let filled = filled.await;
        if filled.is_ok() {
            playing.secrets = secrets.keys().cloned().collect();
        }
        self.show(changes, playing);
        filled.map_err(|error| sentence(&error))
    }

    /// Has this one answer, and tells the page.
    fn show(&self, changes: &Changes, playing: Playing) {
        let settings = self.settings(changes, &playing.component.manifest);
        let provider = ShownProvider::new(
            &playing.harness.inspection(),
            &playing.harness.commands(),
            playing.number,
            |setting| settings.get(setting).cloned(),
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

/// What is kept, as far as the page shows it.
fn shown(scope: StorageScope, entry: StorageEntry) -> Value {
    let StorageEntry { key, text, base64 } = entry;
    // Bytes may be text by chance, and then of letters that can't be seen.
    let unseen = |letter: char| letter.is_control() && !letter.is_whitespace();
    let (form, value) = match text {
        Some(text) if text.contains(unseen) => ("base64", BASE64_STANDARD.encode(text)),
        Some(text) => ("text", text),
        None => ("base64", base64.unwrap_or_default()),
    };
    let bytes = if form == "text" { value.len() } else { value.trim_end_matches('=').len() * 3 / 4 };
    let end = value.char_indices().nth(MOST_VALUE).map(|(end, _)| end);
    let shown = end.and_then(|end| value.get(..end)).unwrap_or(&value);
    json!({ "scope": scope, "key": key, form: shown, "cut": end.is_some(), "bytes": bytes })
}

/// What came of it, with the files that the page needs to show the message.
fn answer(ran: &Ran, playing: &Playing) -> Result<Value, String> {
    let mut json = with_origin(ran, playing)?;
    let file =
        |file: &ShownFile| json!({ "name": file.name, "mime": file.mime, "data": BASE64_STANDARD.encode(&file.data) });
    let files: Vec<_> = ran.reply.files.iter().map(file).collect();
    if let Some(reply) = json.get_mut("reply").and_then(Value::as_object_mut) {
        reply.insert("files".to_owned(), files.into());
    }
    Ok(json)
}

/// And where it comes from.
fn with_origin(what: &impl Serialize, playing: &Playing) -> Result<Value, String> {
    let mut json = serde_json::to_value(what).map_err(|error| error.to_string())?;
    if let Some(fields) = json.as_object_mut() {
        fields.insert("network".to_owned(), json!(playing.network));
        fields.insert("harness".to_owned(), json!(playing.number));
    }
    Ok(json)
}
