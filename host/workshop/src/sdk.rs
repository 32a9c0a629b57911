//! The SDKs and the templates, which the program carries so that they always fit it.

use std::fs;
use std::io;
use std::path::Path;

use crate::{Language, Project, WorkshopError};

// STAMP, SDK and `template`, as the build script found them.
include!(concat!(env!("OUT_DIR"), "/carried.rs"));

/// A file that the program carries.
pub(crate) struct File {
    /// Where it goes, with slashes.
    pub(crate) path: &'static str,
    pub(crate) content: &'static [u8],
}

/// Tells which program unpacked the SDK.
const STAMP_FILE: &str = "unpacked-by";

/// Unpacks the SDKs of all languages into the project, where they are missing, damaged, or of another version of this
/// program; tells whether it did.
///
/// # Errors
///
/// Where the project's folder can't be written.
pub fn unpack(project: &Project) -> Result<bool, WorkshopError> {
    unpack_into(&project.sdk_folder())
}

pub(crate) fn unpack_into(folder: &Path) -> Result<bool, WorkshopError> {
    if is_unpacked(folder) {
        return Ok(false);
    }
    replace(folder).map_err(|source| WorkshopError::Write { path: folder.to_owned(), source })?;
    Ok(true)
}

fn is_unpacked(folder: &Path) -> bool {
    let is_whole =
        |file: &File| fs::metadata(folder.join(file.path)).is_ok_and(|found| found.len() == file.content.len() as u64);
    fs::read_to_string(folder.join(STAMP_FILE)).is_ok_and(|stamp| stamp == STAMP) && SDK.iter().all(is_whole)
}

/// Writes all of it beside its place, then puts it there: a build that is interrupted leaves no half of an SDK.
fn replace(folder: &Path) -> io::Result<()> {
    let beside = folder.parent().unwrap_or(folder);
    fs::create_dir_all(beside)?;
    let new = tempfile::Builder::new().prefix(".sdk-").tempdir_in(beside)?;
    for file in SDK {
        write(&new.path().join(file.path), file.content)?;
    }
    write(&new.path().join(STAMP_FILE), STAMP.as_bytes())?;
    let old = tempfile::Builder::new().prefix(".sdk-").tempdir_in(beside)?;
    match fs::rename(folder, old.path()) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    match fs::rename(new.path(), folder) {
        // Another build of the same project was quicker.
        Err(_) if is_unpacked(folder) => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            let _ = new.keep();
            Ok(())
        }
    }
}

pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)
}
