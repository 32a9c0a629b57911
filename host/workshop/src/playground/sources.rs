//! The files of a project, and what their changes mean.
//!
//! The operating system says that something happened somewhere; what it was is found by looking, so that an event which
//! is lost or comes twice does no harm. Each folder is watched for itself, since those that builds write to, with their
//! thousands of files, must not be.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use crate::secrets;

use super::error::PlaygroundError;

/// Editors write a file in several steps, and several files in a row.
const QUIET: Duration = Duration::from_millis(60);
/// What is written without end is not waited for any longer.
const PATIENCE: Duration = Duration::from_secs(1);
/// A project has some dozen files. One with more than so many is not what was meant.
const MOST: usize = 20_000;
/// Folders of a project that builds and tools write to. Those whose names begin with a dot are left out as well.
const BUILT: [&str; 5] = ["target", "dist", "venv", "build", "htmlcov"];
/// Such folders wherever they are.
const BUILT_ANYWHERE: [&str; 2] = ["node_modules", "__pycache__"];
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
    /// What the network is asked with.
    pub(super) secrets: bool,
}

/// A project that is watched.
pub(super) struct Sources {
    folder: PathBuf,
    watcher: RecommendedWatcher,
    events: mpsc::Receiver<()>,
    /// Whether something happened that was not looked at yet.
    happened: bool,
    seen: Seen,
}

/// What changes when a file's content does, as far as can be told without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
}

/// The files of a project.
type Seen = BTreeMap<PathBuf, Stamp>;

impl Sources {
    /// Begins to watch a project's folder.
    pub(super) fn watch(folder: &Path) -> Result<Sources, PlaygroundError> {
        // One event that waits says as much as many.
        let (sender, events) = mpsc::channel(1);
        let own = folder.to_owned();
        let watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            if event.map_or(true, |event| matters(&event, &own)) {
                let _ = sender.try_send(());
            }
        });
        let unwatchable = |problem: String| PlaygroundError::Watch { folder: folder.to_owned(), problem };
        let watcher = watcher.map_err(|error| unwatchable(error.to_string()))?;
        let folder = folder.to_owned();
        let mut sources = Sources { folder, watcher, events, happened: false, seen: Seen::new() };
        sources.seen = sources.look().map_err(|error| unwatchable(error.to_string()))?;
        Ok(sources)
    }

    /// Waits until something changed, and then nothing for a moment, or for a second. Nothing is lost where the future is
    /// dropped.
    pub(super) async fn changed(&mut self) -> Result<Changed, PlaygroundError> {
        loop {
            if !self.happened {
                // The watcher holds the other end for as long as it lives.
                self.events.recv().await;
                self.happened = true;
            }
            let end = Instant::now() + PATIENCE;
            while timeout_at(end.min(Instant::now() + QUIET), self.events.recv()).await.is_ok() {}
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

    /// Looks at all files. Each folder is watched before it is looked at, so that nothing comes into it unseen, and every
    /// time, as one that went away and came back is not watched any more. Twice does no harm.
    fn look(&mut self) -> io::Result<Seen> {
        let Sources { folder, watcher, .. } = self;
        find(folder, |found| match watcher.watch(found, RecursiveMode::NonRecursive) {
            Ok(()) => Ok(()),
            // It is gone again already.
            Err(_) if !found.exists() && found != folder.as_path() => Ok(()),
            Err(error) => Err(io::Error::other(error)),
        })
    }

    fn difference(&self, seen: &Seen) -> Changed {
        let mut changed = Changed::default();
        let gone = self.seen.keys().filter(|path| !seen.contains_key(*path));
        let new = seen.iter().filter(|(path, stamp)| self.seen.get(*path) != Some(stamp)).map(|(path, _)| path);
        for path in gone.chain(new) {
            match meaning(path.strip_prefix(&self.folder).unwrap_or(path)) {
                Meaning::Source => changed.sources = true,
                Meaning::Recording => changed.recordings = true,
                Meaning::Secrets => changed.secrets = true,
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
    Secrets,
    Nothing,
}

/// What a file of the project is, by its path in there.
fn meaning(path: &Path) -> Meaning {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    let first = path.iter().next().map_or(path, Path::new);
    if path == Path::new(secrets::FILE) {
        Meaning::Secrets
    } else if path.ancestors().any(is_built)
        || is_named(path, &LOCKS)
        || name.starts_with('#')
        || ends(&["~", ".tmp", ".bak", ".log", ".md", ".snap", ".snap.new", ".wasm"])
    {
        Meaning::Nothing
    } else if is_named(first, &[RECORDINGS]) {
        Meaning::Recording
    } else if is_named(first, &BESIDE) {
        Meaning::Nothing
    } else {
        Meaning::Source
    }
}

/// Whether builds, tools or editors write there, of a path in the project.
fn is_built(path: &Path) -> bool {
    let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let at_top = path.parent() == Some(Path::new(""));
    hidden || is_named(path, &BUILT_ANYWHERE) || (at_top && is_named(path, &BUILT))
}

/// Everything in a project's folder but what was built, and its secrets. Each folder is told before it is looked at. A link
/// to a folder is not followed.
fn find(folder: &Path, mut looking: impl FnMut(&Path) -> io::Result<()>) -> io::Result<Seen> {
    let mut found = Seen::new();
    let secrets = folder.join(secrets::FILE);
    if let Some(beside) = secrets.parent().filter(|beside| beside.is_dir()) {
        looking(beside)?;
        found.extend(fs::metadata(&secrets).ok().map(|metadata| (secrets, Stamp::from(&metadata))));
    }
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        looking(&next)?;
        let entries = match fs::read_dir(&next) {
            Ok(entries) => entries,
            Err(_) if next != folder => continue,
            Err(error) => return Err(error),
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let Ok(metadata) = entry.metadata() else { continue };
            if metadata.is_dir() {
                if !is_built(path.strip_prefix(folder).unwrap_or(&path)) {
                    left.push(path);
                }
            } else if let Ok(metadata) = fs::metadata(&path)
                && metadata.is_file()
            {
                found.insert(path, Stamp::from(&metadata));
            }
            if found.len() + left.len() > MOST {
                return Err(io::Error::other(format!(
                    "it holds more than {MOST} files; name the project's own folder"
                )));
            }
        }
    }
    Ok(found)
}

fn is_named(path: &Path, names: &[&str]) -> bool {
    path.file_name().is_some_and(|name| names.iter().any(|one| name == *one))
}

/// Whether an event can have changed something that means anything. Looking at a folder is an event too, which must not lead
/// to the next look.
fn matters(event: &notify::Event, folder: &Path) -> bool {
    let changes = !event.kind.is_access() || event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write));
    let nothing = |path: &PathBuf| {
        let path = path.strip_prefix(folder).unwrap_or(path);
        meaning(path) == Meaning::Nothing && !Path::new(secrets::FILE).starts_with(path)
    };
    // One without paths says that events were lost.
    changes && (event.paths.is_empty() || !event.paths.iter().all(nothing))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCES: Changed = Changed { sources: true, recordings: false, secrets: false };
    const RECORDED: Changed = Changed { sources: false, recordings: true, secrets: false };
    const FILLED_IN: Changed = Changed { sources: false, recordings: false, secrets: true };

    #[test]
    fn what_a_component_is_made_of_is_told_from_what_lies_beside_it() {
        for source in ["provider.toml", "src/lib.rs", "src/data/words.txt", "build.rs", "Cargo.toml"] {
            assert_eq!(meaning(Path::new(source)), Meaning::Source, "{source}");
        }
        // Names that mean something at the top of a project are any names further down.
        for source in
            ["src/recordings/artist.rs", "src/tests/mod.rs", "src/build/mod.rs", "src/docs.rs", "src/target/x"]
        {
            assert_eq!(meaning(Path::new(source)), Meaning::Source, "{source}");
        }
        assert_eq!(meaning(Path::new("recordings/search.json")), Meaning::Recording);
        assert_eq!(meaning(Path::new(".autocontent/secrets.toml")), Meaning::Secrets);
        for other in ["README.md", "tests/all.rs", "src/.lib.rs.swp", "src/lib.rs~", "src/#lib.rs#", "Cargo.lock"] {
            assert_eq!(meaning(Path::new(other)), Meaning::Nothing, "{other}");
        }
        for other in ["target/debug/x", "src/__pycache__/x.pyc", ".autocontent/sdk/x.rs", "debug.log", "build/x.rs"] {
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
        let mut folders = Vec::new();
        let found = find(folder.path(), |folder| {
            folders.push(folder.to_owned());
            Ok(())
        });
        assert_eq!(found.unwrap().into_keys().collect::<Vec<_>>(), [folder.path().join("src/lib.rs")]);
        assert_eq!(folders, [".autocontent", "", "src"].map(|name| folder.path().join(name)));
    }

    #[tokio::test]
    async fn a_change_is_told_once_wherever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("provider.toml"), "1").unwrap();
        let mut sources = Sources::watch(folder.path()).unwrap();
        fs::create_dir_all(folder.path().join("src/deeper")).unwrap();
        fs::write(folder.path().join("src/deeper/lib.rs"), "1").unwrap();
        assert_eq!(sources.changed().await.unwrap(), SOURCES);
        // Beside the project, then in what was a new folder before.
        fs::write(folder.path().join("README.md"), "1").unwrap();
        fs::write(folder.path().join("src/deeper/lib.rs"), "12").unwrap();
        assert_eq!(sources.changed().await.unwrap(), SOURCES);
        fs::create_dir(folder.path().join("recordings")).unwrap();
        fs::write(folder.path().join("recordings/a.json"), "{}").unwrap();
        assert_eq!(sources.changed().await.unwrap(), RECORDED);
    }

    #[tokio::test]
    async fn secrets_are_seen_from_the_first_and_nothing_else_beside_them() {
        let folder = tempfile::tempdir().unwrap();
        let mut sources = Sources::watch(folder.path()).unwrap();
        fs::create_dir_all(folder.path().join(".autocontent/sdk")).unwrap();
        for secrets in ["a = \"b\"", ""] {
            fs::write(folder.path().join(".autocontent/sdk/lib.rs"), "1").unwrap();
            fs::write(folder.path().join(".autocontent/secrets.toml"), secrets).unwrap();
            assert_eq!(sources.changed().await.unwrap(), FILLED_IN);
        }
    }

    #[tokio::test]
    async fn a_folder_that_goes_away_and_comes_back_is_still_watched() {
        let folder = tempfile::tempdir().unwrap();
        let (source, file) = (folder.path().join("src"), folder.path().join("src/lib.rs"));
        fs::create_dir(&source).unwrap();
        fs::write(&file, "1").unwrap();
        let mut sources = Sources::watch(folder.path()).unwrap();
        fs::remove_dir_all(&source).unwrap();
        fs::create_dir(&source).unwrap();
        fs::write(&file, "12").unwrap();
        assert_eq!(sources.changed().await.unwrap(), SOURCES);
        fs::write(&file, "123").unwrap();
        assert_eq!(sources.changed().await.unwrap(), SOURCES);
    }

    #[tokio::test]
    async fn what_is_written_without_end_is_told_before_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let mut sources = Sources::watch(folder.path()).unwrap();
        let file = folder.path().join("words.txt");
        let write = async {
            for number in 0.. {
                fs::write(&file, number.to_string()).unwrap();
                tokio::time::sleep(QUIET / 4).await;
            }
        };
        tokio::select! {
            changed = sources.changed() => assert_eq!(changed.unwrap(), SOURCES),
            () = write => {}
        }
    }
}
