//! Files that are there whole or not at all.

use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// As any new file has them, before the user's mask is applied: a temporary one is for its owner's eyes only.
const NEW_FILE: u32 = 0o666;

/// Writes a file whole or not at all, and only where its content changes; tells whether it did. Missing folders are made.
///
/// # Errors
///
/// Where the folder or the file can't be written.
pub fn write_whole(path: &Path, content: &[u8]) -> io::Result<bool> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(false);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().permissions(Permissions::from_mode(NEW_FILE)).tempfile_in(folder)?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(true)
}
