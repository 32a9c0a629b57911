//! From what a compiler made to a component that hosts take.

use std::fs;
use std::path::{Path, PathBuf};

use autocontent_manifest::Manifest;
use autocontent_runtime::{Inspection, inspect};

use crate::project::{read, read_text, root};
use crate::{Project, WorkshopError};

/// A component that was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Packed {
    /// Where it is.
    pub component: PathBuf,
    /// What it is.
    pub inspection: Inspection,
}

/// Makes the component of a core module or component that any tool made, with a provider.toml inside, and writes it to
/// `output`, else to `ID.wasm` in the current folder: whole, or not at all where hosts would refuse it.
///
/// # Errors
///
/// Where a file can't be read or written, the manifest is wrong, or hosts would refuse the component.
pub fn pack(wasm: &Path, manifest: &Path, output: Option<&Path>) -> Result<Packed, WorkshopError> {
    let text = read_text(manifest)?;
    let about = Manifest::parse(&text).map_err(|errors| errors.with_file(manifest.display().to_string()))?.provider;
    let output = output.map_or_else(|| PathBuf::from(format!("{}.wasm", about.id)), Path::to_owned);
    if fs::canonicalize(wasm).is_ok_and(|input| fs::canonicalize(&output).is_ok_and(|output| input == output)) {
        return Err(WorkshopError::OntoItself { path: output });
    }
    write(wasm, &text, &output)
}

/// The provider.toml that belongs to a file which was built: the nearest one upward from it.
///
/// # Errors
///
/// Where there is none.
pub fn manifest_of(wasm: &Path) -> Result<PathBuf, WorkshopError> {
    let folder = wasm.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(root(folder)?.join(Project::MANIFEST))
}

pub(crate) fn write(wasm: &Path, manifest: &str, output: &Path) -> Result<Packed, WorkshopError> {
    let component = autocontent_pack::pack(&read(wasm)?, manifest)
        .map_err(|source| WorkshopError::Pack { path: wasm.to_owned(), source })?;
    let inspection = inspect(&component).map_err(|source| WorkshopError::Refused { path: wasm.to_owned(), source })?;
    autocontent_pack::write_whole(output, &component)
        .map_err(|source| WorkshopError::Write { path: output.to_owned(), source })?;
    Ok(Packed { component: output.to_owned(), inspection })
}
