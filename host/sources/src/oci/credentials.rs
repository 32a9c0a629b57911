//! Users and passwords for registries, from where docker, podman and others keep them: `config.json` in the folder that
//! `DOCKER_CONFIG` names, with the programs that it may name for the purpose.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::PathBuf;

use docker_credential::{CredentialRetrievalError, DockerCredential, get_credential_from_reader};
use secrecy::SecretString;

use crate::error::SourceError;

/// Under what name docker keeps its own registry's.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// Where they are kept, if anywhere.
pub(crate) struct Credentials {
    file: Option<PathBuf>,
}

/// Who asks.
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: SecretString,
}

impl Credentials {
    /// Those in docker's `config.json` in this folder.
    pub(crate) fn new(folder: Option<PathBuf>) -> Credentials {
        Credentials { file: folder.map(|folder| folder.join("config.json")) }
    }

    /// Those for this registry; `None` where there are none.
    pub(crate) async fn login(&self, registry: &str) -> Result<Option<Login>, SourceError> {
        let Some(path) = self.file.clone() else { return Ok(None) };
        let key = if registry == "docker.io" { DOCKER_HUB } else { registry }.to_owned();
        let unusable = |reason| SourceError::Credentials { path: path.clone(), registry: registry.to_owned(), reason };
        let file = match File::open(&path) {
            Ok(file) => BufReader::new(file),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(_) => return Err(unusable("the file can't be opened; give this user the right to read it")),
        };
        // It may start another program and wait for it.
        let found = tokio::task::spawn_blocking(move || get_credential_from_reader(file, &key)).await;
        match found.map_err(|_| unusable("reading it failed; see whether the file is whole"))? {
            Ok(DockerCredential::UsernamePassword(user, password)) => {
                Ok(Some(Login { user, password: SecretString::from(password) }))
            }
            Ok(DockerCredential::IdentityToken(_)) => {
                Err(unusable("there is an identity token, which this host can't use; log in with a user and password"))
            }
            Err(CredentialRetrievalError::NoCredentialConfigured) => Ok(None),
            // What a helper says could hold the password.
            Err(
                CredentialRetrievalError::HelperCommunicationError
                | CredentialRetrievalError::MalformedHelperResponse
                | CredentialRetrievalError::HelperFailure { .. },
            ) => Err(unusable("the credential helper that it names could not be used; try `docker login`")),
            Err(_) => Err(unusable("the file is damaged; try `docker login`")),
        }
    }
}
