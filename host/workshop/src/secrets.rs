//! An author's own secrets, for asking real upstreams: from the environment, or from a file in the project that is never
//! committed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use autocontent_manifest::Secret;
use secrecy::SecretString;

/// Where a project has them: `name = "value"`.
pub(crate) const FILE: &str = ".autocontent/secrets.toml";

/// The file can't be used. It says nothing of what is in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SecretsError {
    /// It can't be read.
    #[error("could not read {}: {problem}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: std::io::Error,
    },
    /// It is no TOML of names and texts.
    #[error("{} can't be used; write a line `name = \"value\"` for each secret", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
    },
}

/// The values of secrets that are there: from `AUTOCONTENT_SECRET_NAME` in the environment, with capitals and
/// underscores, else from `.autocontent/secrets.toml` of the project, where there is one.
///
/// # Errors
///
/// Where the file is there and can't be used.
pub fn find(project: Option<&Path>, secrets: &[Secret]) -> Result<BTreeMap<String, SecretString>, SecretsError> {
    let kept = project.map_or_else(|| Ok(BTreeMap::new()), kept)?;
    let value = |secret: &Secret| {
        let name = secret.name.as_str();
        let given = std::env::var(variable(name)).ok().filter(|value| !value.is_empty()).map(SecretString::from);
        Some((name.to_owned(), given.or_else(|| kept.get(name).cloned())?))
    };
    Ok(secrets.iter().filter_map(value).collect())
}

/// What stands in a project's file.
fn kept(project: &Path) -> Result<BTreeMap<String, SecretString>, SecretsError> {
    let path = project.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|_| SecretsError::Shape { path }),
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(problem) => Err(SecretsError::Read { path, problem }),
    }
}

/// The variable of a secret: `AUTOCONTENT_SECRET_API_KEY` for `api-key`.
#[must_use]
pub fn variable(name: &str) -> String {
    format!("AUTOCONTENT_SECRET_{}", name.to_ascii_uppercase().replace('-', "_"))
}
