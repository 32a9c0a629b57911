//! What can go wrong in a harness.

use autocontent_content::{LineError, OperateError};
use autocontent_gate::GateError;
use autocontent_manifest::{InvalidText, ProviderId};
use autocontent_recordings::RecordingError;
use autocontent_runtime::{LoadError, RuntimeError};
use autocontent_store::{InvalidId, StoreError, VaultError};

/// A harness could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HarnessError {
    /// The component is none that a host can run.
    #[error(transparent)]
    Component(#[from] LoadError),
    /// It is one, but can't serve.
    #[error("the component can't serve: {0}")]
    Unusable(String),
    /// It is another provider than the one that is tried.
    #[error(
        "this component is `{found}`, and the provider that is tried here is `{wanted}`; open a harness of its own for it"
    )]
    AnotherProvider {
        /// Whose it is.
        found: ProviderId,
        /// Whose it has to be.
        wanted: ProviderId,
    },
    /// The sandbox can't start.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
    /// The way out can't be set up.
    #[error(transparent)]
    Gate(#[from] GateError),
    /// A recording can't be read or written.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// A setting or secret is not one that the provider takes.
    #[error(transparent)]
    Operate(#[from] OperateError),
    /// The name of a setting or secret is none.
    #[error("{0:?} is no name of a setting or secret: {1}")]
    Name(String, InvalidText),
    /// The throw-away database refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The throw-away database's key can't be made.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// An id of the harness's own is none.
    #[error(transparent)]
    Id(#[from] InvalidId),
    /// There is no folder for what is kept until the harness ends.
    #[error("could not make a temporary folder: {0}; set TMPDIR to one that can be written to")]
    Folder(std::io::Error),
    /// A command can't be read.
    #[error(transparent)]
    Line(#[from] LineError),
    /// No button was shown that is called so.
    #[error("there is no button {wanted:?}; those that were shown last are {there}")]
    NoButton {
        /// What was to be pressed.
        wanted: String,
        /// What could be.
        there: String,
    },
    /// What is shown can't be written as JSON.
    #[error("a reply can't be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}
