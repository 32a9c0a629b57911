//! The folder of compiled components. A file in it is either exactly what this host wrote or as good as missing.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::PathBuf;

use jiff::Timestamp;
use nix::unistd::Uid;
use tempfile::NamedTempFile;
use wasmtime::component::Component;
use wasmtime::{Engine, Precompiled};

use super::sealed::{self, Key};
use crate::digest::Digest;
use crate::error::{LoadError, RuntimeError};

/// How the name of a file begins that a compiler writes to.
const COMPILING: &str = ".compiling-";
/// How the name of a compiled component ends.
const CODE: &str = ".code";
/// Seconds in which a file may yet be needed; far more than compiling and installing take.
const YOUNG: i64 = 3_600;

/// The opened folder.
pub(crate) struct Cache {
    folder: PathBuf,
    /// Everything of wasmtime's that compiled code depends on: version, settings, processor.
    engine: u64,
}

/// A component from the cache.
pub(crate) struct Compiled {
    pub(crate) manifest: String,
    pub(crate) component: Component,
}

impl Cache {
    /// Opens the folder, and creates it for this user alone if it isn't there.
    pub(crate) fn open(folder: PathBuf, engine: &Engine) -> Result<Cache, RuntimeError> {
        let unusable = |source| RuntimeError::Cache { path: folder.clone(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(unusable)?;
        let metadata = fs::metadata(&folder).map_err(unusable)?;
        let problem = if metadata.uid() != Uid::effective().as_raw() {
            Some("belongs to another user")
        } else if metadata.mode() & 0o022 != 0 {
            Some("can be written to by other users")
        } else {
            None
        };
        if let Some(problem) = problem {
            return Err(RuntimeError::CacheNotPrivate { path: folder, problem });
        }
        let mut hasher = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut hasher);
        Ok(Cache { folder, engine: hasher.finish() })
    }

    /// The compiled component of this digest. A file that is not exactly what was written is removed and as good as
    /// missing; so is one that can't be read.
    ///
    /// # Errors
    /// Where the component asks for more than the engine's pool has for one.
    pub(crate) fn find(&self, digest: &Digest, engine: &Engine) -> wasmtime::Result<Option<Compiled>> {
        let path = self.file(digest);
        let file = match fs::read(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "could not read a compiled provider; it will be compiled again");
                return Ok(None);
            }
        };
        let Some(sealed) = sealed::open(self.key(digest), &file) else {
            tracing::warn!(path = %path.display(), "a compiled provider is not what was written; it will be compiled again");
            self.forget(digest);
            return Ok(None);
        };
        let component = sealed.component(engine)?;
        Ok(Some(Compiled { manifest: sealed.manifest.to_owned(), component }))
    }

    /// An empty file in the folder for the compiler to write to; gone when dropped.
    pub(crate) fn blank(&self) -> Result<NamedTempFile, LoadError> {
        tempfile::Builder::new().prefix(COMPILING).tempfile_in(&self.folder).map_err(|error| self.unwritable(error))
    }

    /// Keeps what the compiler wrote under the component's digest. Whoever looks meanwhile finds the whole file or none.
    pub(crate) fn keep(&self, digest: &Digest, manifest: &str, output: NamedTempFile) -> Result<(), LoadError> {
        let code = fs::read(output.path()).map_err(|error| self.unwritable(error))?;
        if Engine::detect_precompiled(&code) != Some(Precompiled::Component) {
            return Err(LoadError::NoCode { path: self.folder.clone() });
        }
        fs::write(output.path(), sealed::seal(self.key(digest), manifest, &code))
            .and_then(|()| output.persist(self.file(digest)).map_err(|error| error.error))
            .map_err(|error| self.unwritable(error))?;
        Ok(())
    }

    /// Removes components that are none of these. What is younger than [`YOUNG`] stays, as somebody may be about to load it.
    pub(crate) fn keep_only(&self, wanted: &BTreeSet<Digest>, now: Timestamp) -> io::Result<usize> {
        self.remove(YOUNG, now, |digest| !wanted.contains(digest))
    }

    /// Removes components that are so many seconds old.
    pub(crate) fn keep_younger(&self, seconds: i64, now: Timestamp) -> io::Result<usize> {
        self.remove(seconds, now, |_| true)
    }

    /// Removes old components that aren't needed, and what is left of compilers that were killed. Files of other names are
    /// not this host's. Another program that shares the folder loses nothing but time, as it has read what it runs and
    /// compiles the rest again.
    fn remove(&self, seconds: i64, now: Timestamp, unneeded: impl Fn(&Digest) -> bool) -> io::Result<usize> {
        let mut removed = 0;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let unused = match entry.file_name().to_str() {
                Some(name) if name.starts_with(COMPILING) => true,
                Some(name) => component_of(name).is_some_and(|digest| unneeded(&digest)),
                None => false,
            };
            // One that another host removed just now is gone, too.
            let Ok(metadata) = entry.metadata() else { continue };
            let old = now.as_second().saturating_sub(metadata.mtime()) >= seconds;
            if unused && old && metadata.is_file() && fs::remove_file(entry.path()).is_ok() {
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// What is said when a file that was kept just now isn't found any more.
    pub(crate) fn lost(&self) -> LoadError {
        LoadError::Lost { path: self.folder.clone() }
    }

    /// Removes a component. One that stays is refused again when it is read.
    pub(crate) fn forget(&self, digest: &Digest) {
        let path = self.file(digest);
        if let Err(error) = fs::remove_file(&path)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(path = %path.display(), %error, "could not remove a compiled provider");
        }
    }

    pub(crate) fn unwritable(&self, source: io::Error) -> LoadError {
        LoadError::Cache { path: self.folder.clone(), source }
    }

    fn key<'a>(&self, digest: &'a Digest) -> Key<'a> {
        Key { component: digest, engine: self.engine }
    }

    fn file(&self, digest: &Digest) -> PathBuf {
        self.folder.join(format!("{}-{:016x}{CODE}", digest.hex(), self.engine))
    }
}

/// The component of a file that is named as [`Cache::file`] names them, by any version of the host.
fn component_of(name: &str) -> Option<Digest> {
    let (digest, engine) = name.strip_suffix(CODE)?.split_once('-')?;
    let named_by_a_host = engine.len() == 16 && engine.bytes().all(|byte| byte.is_ascii_hexdigit());
    named_by_a_host.then(|| format!("sha256:{digest}").parse().ok()).flatten()
}
