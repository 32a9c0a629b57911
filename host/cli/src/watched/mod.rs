//! The folder of `serve --watch`: a component that is put there, or changed there, is installed.
//!
//! The operating system tells that something happened, and what happened is found by looking (`files`), so that an
//! event that is lost or came twice does no harm. What can't be installed is said once for each change, and what serves
//! goes on serving; a file that is deleted takes nothing away.

mod files;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, anyhow};
use autocontent_content::{Advance, Content, Digest, Installation, OperateError};
use autocontent_runtime::{CompileLimits, LoadError};
use autocontent_sources::{Fetched, Source, signature_beside};
use autocontent_store::{Actor, Installed, StoreError};
use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Instant, sleep_until};

use crate::commands::sources::{Admitted, Door};
use crate::sentence;

use self::files::{Change, Contents, Files, Stamp, contents, look};

/// What is logged of a file that can't be installed.
const REFUSED: &str = "a watched file can't be installed; what serves goes on";
/// When a file is tried again that only the host itself kept out.
const AGAIN: Duration = Duration::from_secs(10);

/// A folder whose components are installed as they change.
pub(crate) struct WatchedFolder {
    folder: PathBuf,
    events: mpsc::Receiver<()>,
    /// Ends the watching when dropped.
    _watcher: RecommendedWatcher,
}

impl WatchedFolder {
    /// Begins to watch a folder, which must be there.
    pub(crate) fn open(folder: &Path) -> Result<WatchedFolder> {
        let unwatchable = |problem: &dyn std::fmt::Display| {
            anyhow!(
                "could not watch the folder {}: {problem}; name one with --watch that can be read",
                folder.display()
            )
        };
        look(folder).map_err(|error| unwatchable(&error))?;
        // One event that waits says as much as many.
        let (sender, events) = mpsc::channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.map_or(true, |event| matters(event.kind)) {
                let _ = sender.try_send(());
            }
        });
        let mut watcher = watcher.map_err(|error| unwatchable(&error))?;
        watcher.watch(folder, RecursiveMode::NonRecursive).map_err(|error| unwatchable(&error))?;
        Ok(WatchedFolder { folder: folder.to_owned(), events, _watcher: watcher })
    }

    /// Installs what is in the folder and is not installed yet, then whatever changes, and tells `installed` each time.
    /// Never ends.
    pub(crate) async fn follow(mut self, content: &Content, door: Door<'_>, installed: &Notify) {
        let mut files = Files::default();
        let mut seen = self.look();
        let mut installer = Installer { content, door, tried: HashMap::new(), old: seen.keys().cloned().collect() };
        loop {
            for change in files.changes(&seen, Instant::now()) {
                match change {
                    Change::Gone(path) => {
                        installer.tried.remove(&path);
                        tracing::info!(file = %path.display(), "a watched file is gone; what was installed from it stays");
                    }
                    Change::New(path) => match installer.install(&path).await {
                        Ok(true) => installed.notify_one(),
                        Ok(false) => {}
                        Err(error) => {
                            tracing::error!(file = %path.display(), %error, "a watched file could not be tried; it will be again");
                            files.again(&path, Instant::now() + AGAIN);
                        }
                    },
                }
            }
            tokio::select! {
                // The watcher holds the other end for as long as it lives.
                _ = self.events.recv() => {}
                () = at(files.next_look()) => {}
            }
            seen = self.look();
        }
    }

    fn look(&self) -> BTreeMap<PathBuf, Stamp> {
        look(&self.folder).unwrap_or_else(|error| {
            tracing::error!(folder = %self.folder.display(), %error, "the watched folder can't be read");
            BTreeMap::new()
        })
    }
}

/// Installs files that changed.
struct Installer<'a> {
    content: &'a Content,
    door: Door<'a>,
    /// What was tried last of each file.
    tried: HashMap<PathBuf, Digest>,
    /// Files that lay there when the host started, until they are tried: of these nobody knows whether they changed.
    old: BTreeSet<PathBuf>,
}

impl Installer<'_> {
    /// Installs a file's component, unless it is one that need not be. Tells whether it did.
    ///
    /// # Errors
    ///
    /// Where the file may well be good, but the host could not try it.
    async fn install(&mut self, path: &Path) -> Result<bool, OperateError> {
        let file = path.display();
        let component = match contents(path, CompileLimits::default().size).await {
            Ok(Contents::Whole(component)) => component,
            // The next look finds out.
            Ok(Contents::Changing) => return Ok(false),
            Ok(Contents::TooLarge { size, limit }) => {
                tracing::error!(%file, reason = %LoadError::TooLarge { size, limit }, "{REFUSED}");
                return Ok(false);
            }
            Err(error) => {
                tracing::error!(%file, reason = %error, "{REFUSED}");
                return Ok(false);
            }
        };
        let digest = Digest::of(&component);
        if self.tried.get(path) == Some(&digest) {
            return Ok(false);
        }
        let installed = !self.is_known(path, digest).await? && self.try_to_install(path, component).await?;
        self.tried.insert(path.to_owned(), digest);
        self.old.remove(path);
        Ok(installed)
    }

    async fn try_to_install(&self, path: &Path, component: Vec<u8>) -> Result<bool, OperateError> {
        let file = path.display();
        let admitted = match self.admit(path, component).await {
            Ok(admitted) => admitted,
            Err(error) => {
                let reason = sentence(&error);
                if let Ok(error) = error.downcast() {
                    return Err(OperateError::Store(error));
                }
                tracing::error!(%file, reason, "{REFUSED}");
                return Ok(false);
            }
        };
        let Admitted { component, origin, .. } = admitted;
        match self.content.install(component, origin, &Actor::watch()).await {
            Ok(Installation { inspection, advance }) => {
                let about = &inspection.manifest.provider;
                let (provider, version) = (&about.id, &about.version);
                match advance {
                    Advance::Serves => tracing::info!(%file, %provider, %version, "installed a watched file"),
                    Advance::Waits { .. } => {
                        tracing::warn!(%file, %provider, %version, "installed a watched file, which waits for grants: see `autocontent notifications`");
                    }
                }
                Ok(true)
            }
            Err(error) if is_the_hosts_fault(&error) => Err(error),
            Err(error) => {
                tracing::error!(%file, reason = %error, "{REFUSED}");
                Ok(false)
            }
        }
    }

    /// Takes a file's component with the signature that lies beside it, if it may come in.
    async fn admit(&self, path: &Path, component: Vec<u8>) -> Result<Admitted> {
        let origin = Source::File(std::path::absolute(path)?);
        let signature = signature_beside(path).await?;
        self.door.admit(Fetched { bytes: component, origin, signature }).await
    }

    /// Whether the component serves, or waits. One that lay there when the host started may also be the version that
    /// an operator went back from.
    async fn is_known(&self, path: &Path, digest: Digest) -> Result<bool, StoreError> {
        let digest = digest.to_string();
        let old = self.old.contains(path);
        let is = |version: &Option<Installed>| version.as_ref().is_some_and(|one| one.digest.as_str() == digest);
        let versions = self.door.store.versions().await?;
        Ok(versions.iter().any(|one| is(&one.current) || is(&one.waiting) || (old && is(&one.previous))))
    }
}

fn is_the_hosts_fault(error: &OperateError) -> bool {
    matches!(
        error,
        OperateError::Store(_)
            | OperateError::Untried(_)
            | OperateError::Load(
                LoadError::Compiler { .. }
                    | LoadError::Cache { .. }
                    | LoadError::Lost { .. }
                    | LoadError::Stopped { .. }
            )
    )
}

/// Looking at a folder is an event too, which must not lead to the next look.
fn matters(kind: EventKind) -> bool {
    !kind.is_access() || kind == EventKind::Access(AccessKind::Close(AccessMode::Write))
}

async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
