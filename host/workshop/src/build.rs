//! From a project to its component.

use crate::pack::{self, Packed};
use crate::{Console, Effort, Project, WorkshopError, sdk};

/// Builds the component of a project and writes it to `dist/ID.wasm`: whole, or not at all where something is wrong.
/// The SDK is unpacked where it is missing or another version's.
///
/// # Errors
///
/// Where the manifest is wrong, a tool is missing or fails, or hosts would refuse what came out.
pub fn build(project: &Project, effort: Effort, console: Console<'_>) -> Result<Packed, WorkshopError> {
    let (manifest, text) = project.manifest()?;
    if sdk::unpack(project)? {
        console.tell(&format!("unpacked the SDK into {}", shown(project)));
    }
    let id = &manifest.provider.id;
    console.tell(&format!("building {id} in {}", project.language()));
    let wasm = project.language().build(project, effort, console)?;
    pack::write(&wasm, &text, &project.component_file(id))
}

fn shown(project: &Project) -> String {
    let folder = project.sdk_folder();
    folder.strip_prefix(project.folder()).unwrap_or(&folder).display().to_string()
}
