//! A project: the folder that an author works in.

use std::fs;
use std::path::{Path, PathBuf};

use autocontent_manifest::{Manifest, ProviderId};

use crate::{Language, WorkshopError};

/// A folder with a provider.toml and sources in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    folder: PathBuf,
    language: Language,
}

impl Project {
    /// The file that makes a folder a project.
    pub const MANIFEST: &'static str = "provider.toml";
    /// The folder in it where built components lie.
    pub const BUILT: &'static str = "dist";

    /// The project that a folder belongs to: the nearest one upward that has a provider.toml.
    ///
    /// # Errors
    ///
    /// Where there is none, or its language can't be told.
    pub fn open(folder: &Path) -> Result<Project, WorkshopError> {
        let folder = root(folder)?;
        match Language::of(&folder) {
            Some(language) => Ok(Project { folder, language }),
            None => Err(WorkshopError::NoLanguage { folder }),
        }
    }

    /// Where it lies: an absolute path.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What it is written in.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Its provider.toml.
    pub fn manifest_file(&self) -> PathBuf {
        self.folder.join(Self::MANIFEST)
    }

    /// The manifest as it stands in the file now, and its text.
    ///
    /// # Errors
    ///
    /// Where the file can't be read, or with all that is wrong with it.
    pub fn manifest(&self) -> Result<(Manifest, String), WorkshopError> {
        let text = read_text(&self.manifest_file())?;
        Ok((Manifest::parse(&text)?, text))
    }

    /// Where [`build`](crate::build()) puts the component of a provider of this id.
    pub fn component_file(&self, id: &ProviderId) -> PathBuf {
        self.built_folder().join(format!("{id}.wasm"))
    }

    /// Where built components lie.
    pub fn built_folder(&self) -> PathBuf {
        self.folder.join(Self::BUILT)
    }

    /// Where the SDK is unpacked.
    pub fn sdk_folder(&self) -> PathBuf {
        self.folder.join(".autocontent").join("sdk")
    }
}

/// The nearest folder upward that has a provider.toml, as an absolute path.
pub(crate) fn root(folder: &Path) -> Result<PathBuf, WorkshopError> {
    let start = fs::canonicalize(folder).map_err(|source| WorkshopError::Read { path: folder.to_owned(), source })?;
    let root = start.ancestors().find(|folder| folder.join(Project::MANIFEST).is_file()).map(Path::to_owned);
    root.ok_or(WorkshopError::NoProject { folder: start })
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, WorkshopError> {
    fs::read(path).map_err(|source| WorkshopError::Read { path: path.to_owned(), source })
}

pub(crate) fn read_text(path: &Path) -> Result<String, WorkshopError> {
    String::from_utf8(read(path)?).map_err(|_| WorkshopError::NotText { path: path.to_owned() })
}
