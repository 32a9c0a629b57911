//! The files of a project, and what their changes mean.
//!
//! The operating system says that something happened somewhere; what it was is found by looking, so that an event which
//! is lost or comes twice does no harm. Each folder is watched for itself, since those that builds write to, with their
//! thousands of files, must not be.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::error::PlaygroundError;

/// Editors write a file in several steps, and several files in a row.
const QUIET: Duration = Duration::from_millis(60);
/// A project has some dozen files. One with more than so many is not what was meant.
const MOST: usize = 20_000;
/// Folders that builds and tools write to. Those whose names begin with a dot are left out as well.
const BUILT: [&str; 7] = ["target", "dist", "node_modules", "__pycache__", "venv", "build", "htmlcov"];
/// Where recordings lie.
const RECORDINGS: &str = "recordings";
/// What a component is not made of.
const BESIDE: [&str; 4] = ["tests", "test", "snapshots", "docs"];
/// Written by builds, so that a change of them must not lead to the next.
const LOCKS: [&str; 4] = ["Cargo.lock", "package-lock.json", "uv.lock", "poetry.lock"];

/// What changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changed {
    /// Something that the component is made of.
    pub(super) sources: bool,
    /// What stands for the network.
    pub(super) recordings: bool,
}

/// A project that is watched.
pub(super) struct Sources {
    folder: PathBuf,
    watcher: RecommendedWatcher,
    watched: HashSet<PathBuf>,
    events: mpsc::Receiver<()>,
    /// Whether something happened that was not looked at yet.
    happened: bool,
    seen: BTreeMap<PathBuf, Stamp>,
}

/// What changes when a file's content does, as far as can be told without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
}

/// The files and folders of a project.
#[derive(Default)]
struct Found {
    files: BTreeMap<PathBuf, Stamp>,
    folders: Vec<PathBuf>,
}

impl Sources {
    /// Begins to watch a project's folder.
    pub(super) fn watch(folder: &Path) -> Result<Sources, PlaygroundError> {
        // One event that waits says as much as many.
        let (sender, events) = mpsc::channel(1);
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.map_or(true, |event| matters(event.kind)) {
                let _ = sender.try_send(());
            }
        });
        let unwatchable = |problem: String| PlaygroundError::Watch { folder: folder.to_owned(), problem };
        let watcher = watcher.map_err(|error| unwatchable(error.to_string()))?;
        let folder = folder.to_owned();
        let (watched, seen) = Default::default();
        let mut sources = Sources { folder, watcher, watched, events, happened: false, seen };
        sources.seen = sources.look().map_err(|error| unwatchable(error.to_string()))?;
        Ok(sources)
    }

    /// Waits until something changed, and then nothing for a moment. Nothing is lost where the future is dropped.
    pub(super) async fn changed(&mut self) -> Result<Changed, PlaygroundError> {
        loop {
            if !self.happened {
                // The watcher holds the other end for as long as it lives.
                self.events.recv().await;
                self.happened = true;
            }
            while timeout(QUIET, self.events.recv()).await.is_ok() {}
            let seen = self
                .look()
                .map_err(|error| PlaygroundError::Watch { folder: self.folder.clone(), problem: error.to_string() })?;
            let changed = self.difference(&seen);
            self.seen = seen;
            self.happened = false;
            if changed != Changed::default() {
                return Ok(changed);
            }
        }
    }

    /// Looks at all files, and watches folders that are new.
    fn look(&mut self) -> io::Result<BTreeMap<PathBuf, Stamp>> {
        loop {
            let found = find(&self.folder)?;
            let new: Vec<_> = found.folders.iter().filter(|folder| !self.watched.contains(*folder)).cloned().collect();
            let is_watched: HashSet<_> = found.folders.into_iter().collect();
            self.watched.retain(|folder| is_watched.contains(folder));
            if new.is_empty() {
                return Ok(found.files);
            }
            for folder in new {
                match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                    Ok(()) => {}
                    // It is gone again already.
                    Err(_) if !folder.exists() && folder != self.folder => {}
                    Err(error) => return Err(io::Error::other(error)),
                }
                self.watched.insert(folder);
            }
            // What came into a new folder before it was watched is seen only by looking again.
        }
    }

    fn difference(&self, seen: &BTreeMap<PathBuf, Stamp>) -> Changed {
        let mut changed = Changed::default();
        let gone = self.seen.keys().filter(|path| !seen.contains_key(*path));
        let new = seen.iter().filter(|(path, stamp)| self.seen.get(*path) != Some(stamp)).map(|(path, _)| path);
        for path in gone.chain(new) {
            match meaning(path.strip_prefix(&self.folder).unwrap_or(path)) {
                Meaning::Source => changed.sources = true,
                Meaning::Recording => changed.recordings = true,
                Meaning::Nothing => {}
            }
        }
        changed
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Stamp {
        Stamp { size: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// What a file is to a project.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Source,
    Recording,
    Nothing,
}

fn meaning(path: &Path) -> Meaning {
    let is_in = |names: &[&str]| path.components().any(|part| names.iter().any(|name| part.as_os_str() == *name));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if name.starts_with(['.', '#']) || ends(&["~", ".tmp", ".bak", ".md", ".snap", ".snap.new", ".wasm"]) {
        Meaning::Nothing
    } else if is_in(&[RECORDINGS]) {
        Meaning::Recording
    } else if is_in(&BESIDE) || is_named(path, &LOCKS) {
        Meaning::Nothing
    } else {
        Meaning::Source
    }
}

/// Everything in a folder but what was built. A link to a folder is not followed.
fn find(folder: &Path) -> io::Result<Found> {
    let mut found = Found::default();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        let entries = match fs::read_dir(&next) {
            Ok(entries) => entries,
            Err(_) if next != folder => continue,
            Err(error) => return Err(error),
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
                if !hidden && !is_named(&path, &BUILT) {
                    left.push(path);
                }
            } else if let Ok(metadata) = fs::metadata(&path)
                && metadata.is_file()
            {
                found.files.insert(path, Stamp::from(&metadata));
            }
            if found.files.len() + left.len() > MOST {
                return Err(io::Error::other(format!(
                    "it holds more than {MOST} files; name the project's own folder"
                )));
            }
        }
        found.folders.push(next);
    }
    Ok(found)
}

fn is_named(path: &Path, names: &[&str]) -> bool {
    path.file_name().is_some_and(|name| names.iter().any(|one| name == *one))
}

/// Looking at a folder is an event too, which must not lead to the next look.
fn matters(kind: EventKind) -> bool {
    !kind.is_access() || kind == EventKind::Access(AccessKind::Close(AccessMode::Write))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_component_is_made_of_is_told_from_what_lies_beside_it() {
        for source in ["provider.toml", "src/lib.rs", "src/data/words.txt", "build.rs", "Cargo.toml"] {
            assert_eq!(meaning(Path::new(source)), Meaning::Source, "{source}");
        }
        assert_eq!(meaning(Path::new("recordings/search.json")), Meaning::Recording);
        for other in ["README.md", "tests/all.rs", "src/.lib.rs.swp", "src/lib.rs~", "src/#lib.rs#", "Cargo.lock"] {
            assert_eq!(meaning(Path::new(other)), Meaning::Nothing, "{other}");
        }
    }

    #[test]
    fn what_was_built_is_not_looked_at() {
        let folder = tempfile::tempdir().unwrap();
        let all =
            ["src/lib.rs", "target/debug/x", "dist/x.wasm", ".git/HEAD", ".autocontent/sdk/x", "node_modules/x/y.js"];
        for file in all {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        let found = find(folder.path()).unwrap();
        assert_eq!(found.files.into_keys().collect::<Vec<_>>(), [folder.path().join("src/lib.rs")]);
        assert_eq!(found.folders, [folder.path().to_owned(), folder.path().join("src")]);
    }

    #[tokio::test]
    async fn a_change_is_told_once_wherever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("provider.toml"), "1").unwrap();
        let mut sources = Sources::watch(folder.path()).unwrap();
        fs::create_dir_all(folder.path().join("src/deeper")).unwrap();
        fs::write(folder.path().join("src/deeper/lib.rs"), "1").unwrap();
        assert_eq!(sources.changed().await.unwrap(), Changed { sources: true, recordings: false });
        // Beside the project, then in what was a new folder before.
        fs::write(folder.path().join("README.md"), "1").unwrap();
        fs::write(folder.path().join("src/deeper/lib.rs"), "12").unwrap();
        assert_eq!(sources.changed().await.unwrap(), Changed { sources: true, recordings: false });
        fs::create_dir(folder.path().join("recordings")).unwrap();
        fs::write(folder.path().join("recordings/a.json"), "{}").unwrap();
        assert_eq!(sources.changed().await.unwrap(), Changed { sources: false, recordings: true });
    }
}
