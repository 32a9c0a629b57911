//! Files that only this user may read.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells the drafts of this process apart.
static DRAFTS: AtomicU64 = AtomicU64::new(0);

/// Creates the folder of a file with mode 0700 where it is missing; the folder above it must be there, as a path that is
/// wrong altogether is likelier than one that is missing altogether.
pub(crate) fn create_folder_of(path: &Path) -> std::io::Result<()> {
    match DirBuilder::new().mode(0o700).create(folder_of(path)) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        created => created,
    }
}

/// Writes a file with mode 0600 that appears whole or not at all. False where the file was there already; it is then
/// neither opened nor changed.
///
/// The file is never open under its own name: closing it would drop the locks that SQLite, elsewhere in this process,
/// may hold on it by then.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> std::io::Result<bool> {
    if path.try_exists()? {
        return Ok(false);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let (process, draft) = (std::process::id(), DRAFTS.fetch_add(1, Ordering::Relaxed));
    let draft = folder_of(path).join(format!(".{name}.{process}-{draft}"));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    drop(file);
    let linked = written.and_then(|()| match std::fs::hard_link(&draft, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    });
    std::fs::remove_file(&draft)?;
    linked
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
