//! A component to be tried: a file, or that of a project.

use std::env;
use std::path::{Path, PathBuf};

use autocontent_manifest::Manifest;

use crate::{Project, WorkshopError};

/// A built component.
pub struct Component {
    /// What is in the file.
    pub bytes: Vec<u8>,
    /// What it says about itself.
    pub manifest: Manifest,
    /// The folder of the project that it was built in, if it lies in one.
    pub project: Option<PathBuf>,
}

/// Why there is no component.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentError {
    /// The folder is no project, or its manifest is wrong.
    #[error(transparent)]
    Project(#[from] WorkshopError),
    /// The file can't be read.
    #[error("could not read {}: {problem}; build the provider first with `autocontent provider build`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: std::io::Error,
    },
    /// It is no provider.
    #[error("{}: {problem}", path.display())]
    Inspect {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: autocontent_runtime::LoadError,
    },
}

impl Component {
    /// The component in this file; of a folder, the one that its project's `build` made.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub fn find(path: &Path) -> Result<Component, ComponentError> {
        let (file, project) = if path.is_dir() {
            let project = Project::open(path)?;
            let (manifest, _) = project.manifest()?;
            (project.component_file(&manifest.provider.id), Some(project.folder().to_owned()))
        } else {
            (path.to_owned(), project_of(path))
        };
        let bytes = std::fs::read(&file).map_err(|problem| ComponentError::Read { path: file.clone(), problem })?;
        let inspection = autocontent_runtime::inspect(&bytes)
            .map_err(|problem| ComponentError::Inspect { path: file.clone(), problem })?;
        Ok(Component { bytes, manifest: inspection.manifest, project })
    }

    /// What answers the manifest's examples: the project's `recordings/examples.json`, or else all of its recordings by name;
    /// none where there is no project, or it has none.
    #[must_use]
    pub fn recordings(&self) -> Vec<PathBuf> {
        let Some(folder) = self.project.as_ref().map(|project| project.join("recordings")) else { return Vec::new() };
        let examples = folder.join("examples.json");
        if examples.is_file() {
            return vec![examples];
        }
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut files: Vec<_> = files.filter(|path| path.extension().is_some_and(|kind| kind == "json")).collect();
        files.sort();
        files
    }
}

/// The project in whose `dist` the file lies.
fn project_of(file: &Path) -> Option<PathBuf> {
    let file = file.canonicalize().ok()?;
    let folder = file.parent().filter(|folder| folder.ends_with("dist"))?.parent()?;
    folder.join(Project::MANIFEST).is_file().then(|| folder.to_owned())
}

/// Where compiled code is kept: `compiled` in `$XDG_CACHE_HOME/autocontent`, `~/.cache/autocontent`, or a folder for temporary
/// files. It is never a project's folder, as compiled code is trusted and a project may come from anybody.
#[must_use]
pub fn compiled_folder() -> PathBuf {
    let folder = |variable| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = folder("XDG_CACHE_HOME").or_else(|| Some(folder("HOME")?.join(".cache")));
    cache.unwrap_or_else(env::temp_dir).join("autocontent").join("compiled")
}
