//! The files of a watched folder, and which of them changed.
//!
//! Nobody says when a file is complete, so a change counts once the file stayed the same for [`QUIET`]. A file that was
//! moved into place, as editors and careful tools do, is just a changed file.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::Instant;

/// A file that stayed the same for so long is complete.
pub(crate) const QUIET: Duration = Duration::from_millis(500);

/// What changes when a file's content does, as far as can be told without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    device: u64,
    inode: u64,
    size: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

/// A change that is complete.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The file is new, or another.
    New(PathBuf),
    /// The file is not there any more.
    Gone(PathBuf),
}

/// What is in a file.
pub(crate) enum Contents {
    /// All of it.
    Whole(Vec<u8>),
    /// It changed while it was read.
    Changing,
    /// More bytes than may be.
    TooLarge { size: u64, limit: u64 },
}

/// What is known of the files.
#[derive(Debug, Default)]
pub(crate) struct Files(BTreeMap<PathBuf, Known>);

#[derive(Debug)]
struct Known {
    /// None where it is not there.
    stamp: Option<Stamp>,
    /// When it may be told; none where it was.
    due: Option<Instant>,
}

impl Files {
    /// Takes note of what was seen now, and tells what changed and then stayed the same.
    pub(crate) fn changes(&mut self, seen: &BTreeMap<PathBuf, Stamp>, now: Instant) -> Vec<Change> {
        for path in seen.keys() {
            self.0.entry(path.clone()).or_insert(Known { stamp: None, due: None });
        }
        let mut changes = Vec::new();
        for (path, known) in &mut self.0 {
            let stamp = seen.get(path).copied();
            if stamp != known.stamp {
                *known = Known { stamp, due: Some(now + QUIET) };
            } else if known.due.is_some_and(|due| due <= now) {
                known.due = None;
                changes.push(if stamp.is_some() { Change::New(path.clone()) } else { Change::Gone(path.clone()) });
            }
        }
        self.0.retain(|_, known| known.stamp.is_some() || known.due.is_some());
        changes
    }

    /// Has a file told once more, at a later moment.
    pub(crate) fn again(&mut self, path: &Path, at: Instant) {
        if let Some(known) = self.0.get_mut(path) {
            known.due = Some(at);
        }
    }

    /// When to look again even if nothing happens.
    pub(crate) fn next_look(&self) -> Option<Instant> {
        self.0.values().filter_map(|known| known.due).min()
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Stamp {
        Stamp {
            device: metadata.dev(),
            inode: metadata.ino(),
            size: metadata.len(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

/// The components in a folder. Hidden files are what editors and tools are still busy with.
pub(crate) fn look(folder: &Path) -> io::Result<BTreeMap<PathBuf, Stamp>> {
    let mut seen = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        if hidden || path.extension() != Some(OsStr::new("wasm")) {
            continue;
        }
        // One that vanished just now, or a link to nowhere, is not there.
        if let Ok(metadata) = fs::metadata(&path)
            && metadata.is_file()
        {
            seen.insert(path, Stamp::from(&metadata));
        }
    }
    Ok(seen)
}

/// Reads a file of at most so many bytes.
pub(crate) async fn contents(path: &Path, limit: u64) -> io::Result<Contents> {
    let path = path.to_owned();
    let read = move || {
        let mut file = File::open(&path)?;
        let before = file.metadata()?;
        if before.len() > limit {
            return Ok(Contents::TooLarge { size: before.len(), limit });
        }
        let mut bytes = Vec::new();
        (&mut file).take(limit).read_to_end(&mut bytes)?;
        let same = Stamp::from(&before) == Stamp::from(&file.metadata()?) && bytes.len() as u64 == before.len();
        Ok(if same { Contents::Whole(bytes) } else { Contents::Changing })
    };
    tokio::task::spawn_blocking(read).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_millis(1);

    fn seen(files: &[(&str, u64)]) -> BTreeMap<PathBuf, Stamp> {
        let stamp = |size| Stamp { device: 1, inode: 1, size, modified: (0, 0), changed: (0, 0) };
        files.iter().map(|(name, size)| (PathBuf::from(name), stamp(*size))).collect()
    }

    fn new(name: &str) -> Change {
        Change::New(name.into())
    }

    #[test]
    fn a_file_is_told_once_when_it_stayed_the_same() {
        let (mut files, start) = (Files::default(), Instant::now());
        assert_eq!(files.changes(&seen(&[("a", 1)]), start), []);
        assert_eq!(files.next_look(), Some(start + QUIET));
        assert_eq!(files.changes(&seen(&[("a", 1)]), start + QUIET - SOON), []);
        assert_eq!(files.changes(&seen(&[("a", 1)]), start + QUIET), [new("a")]);
        assert_eq!(files.changes(&seen(&[("a", 1)]), start + QUIET * 9), []);
        assert_eq!(files.next_look(), None);
    }

    #[test]
    fn a_file_that_grows_waits_and_keeps_no_other_waiting() {
        let (mut files, mut now) = (Files::default(), Instant::now());
        let mut told = Vec::new();
        for size in 1..=10 {
            told.extend(files.changes(&seen(&[("done", 1), ("growing", size)]), now));
            now += QUIET;
        }
        assert_eq!(told, [new("done")]);
        assert_eq!(files.changes(&seen(&[("done", 1), ("growing", 10)]), now), [new("growing")]);
    }

    #[test]
    fn a_file_that_is_replaced_within_the_quiet_time_was_never_gone() {
        let (mut files, start) = (Files::default(), Instant::now());
        files.changes(&seen(&[("a", 1)]), start);
        files.changes(&seen(&[("a", 1)]), start + QUIET);
        assert_eq!(files.changes(&seen(&[]), start + QUIET * 2), []);
        assert_eq!(files.changes(&seen(&[("a", 2)]), start + QUIET * 2 + SOON), []);
        assert_eq!(files.changes(&seen(&[("a", 2)]), start + QUIET * 3 + SOON), [new("a")]);
    }

    #[test]
    fn a_file_that_stays_away_is_gone_once() {
        let (mut files, start) = (Files::default(), Instant::now());
        files.changes(&seen(&[("a", 1)]), start);
        files.changes(&seen(&[("a", 1)]), start + QUIET);
        files.changes(&seen(&[]), start + QUIET);
        assert_eq!(files.changes(&seen(&[]), start + QUIET * 2), [Change::Gone("a".into())]);
        assert_eq!(files.changes(&seen(&[]), start + QUIET * 3), []);
        assert_eq!(files.next_look(), None);
    }

    #[test]
    fn a_file_is_told_again_when_that_was_asked_for() {
        let (mut files, start) = (Files::default(), Instant::now());
        files.changes(&seen(&[("a", 1)]), start);
        files.changes(&seen(&[("a", 1)]), start + QUIET);
        files.again(Path::new("a"), start + QUIET * 4);
        assert_eq!(files.changes(&seen(&[("a", 1)]), start + QUIET * 3), []);
        assert_eq!(files.changes(&seen(&[("a", 1)]), start + QUIET * 4), [new("a")]);
    }

    #[test]
    fn only_files_that_are_components_by_name_and_not_hidden_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["news.wasm", ".news.wasm.swp", ".hidden.wasm", "news.wasm~", "provider.toml", "wasm"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        fs::create_dir(folder.path().join("folder.wasm")).unwrap();
        std::os::unix::fs::symlink("nowhere", folder.path().join("dangling.wasm")).unwrap();
        std::os::unix::fs::symlink("news.wasm", folder.path().join("link.wasm")).unwrap();
        let names: Vec<_> = look(folder.path()).unwrap().into_keys().collect();
        assert_eq!(names, ["link.wasm", "news.wasm"].map(|name| folder.path().join(name)));
    }

    #[tokio::test]
    async fn a_file_is_read_up_to_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.wasm");
        fs::write(&path, [1; 10]).unwrap();
        assert!(matches!(contents(&path, 10).await.unwrap(), Contents::Whole(bytes) if bytes == [1; 10]));
        assert!(matches!(contents(&path, 9).await.unwrap(), Contents::TooLarge { size: 10, limit: 9 }));
        assert!(contents(&folder.path().join("b.wasm"), 10).await.is_err());
    }
}
