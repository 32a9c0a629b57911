//! Why an operator's wish could not be carried out.

use autocontent_manifest::{Capability, ProviderId, SecretName, SettingError, SettingName};
use autocontent_runtime::{InvalidDigest, LoadError};
use autocontent_store::{InvalidId, StoreError};

/// An operator's wish could not be carried out; nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OperateError {
    /// The file is no provider that this host can run.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The component's digest is none that the store can keep.
    #[error(transparent)]
    Digest(#[from] InvalidId),
    /// The digest that the store kept is none.
    #[error(transparent)]
    KeptDigest(#[from] InvalidDigest),
    /// Two providers of one account would answer the same command.
    #[error(
        "`{provider}` has a command `/{command}`, and so has `{other}`, which is enabled there: disable one of them first"
    )]
    Conflict {
        /// The provider that was to be enabled.
        provider: ProviderId,
        /// The command's name.
        command: String,
        /// The provider that is enabled.
        other: ProviderId,
    },
    /// No such provider is installed.
    #[error("no provider `{0}` is installed: `autocontent provider list` shows those that are")]
    NotInstalled(ProviderId),
    /// Its only version waits.
    #[error(
        "`{0}` does not serve yet, as it waits for what it asks for: `autocontent provider grant {0}` grants it that"
    )]
    Waits(ProviderId),
    /// A version failed when it was tried.
    #[error("{version} of `{provider}` was given up: its example `{command}` failed ({reason}); {serving}")]
    Smoke {
        /// The provider.
        provider: ProviderId,
        /// The version that was tried.
        version: String,
        /// The example.
        command: String,
        /// How it failed.
        reason: String,
        /// What serves instead: "1.0.0 goes on serving", or "nothing of it serves".
        serving: String,
    },
    /// A version could not be tried, as the sandbox had no room for it.
    #[error("the sandbox was too busy to try `{0}`, which waits: try again with `autocontent provider grant {0}`")]
    Untried(ProviderId),
    /// There is no version to go back to.
    #[error("there is no version of `{0}` before the one that serves")]
    NoWayBack(ProviderId),
    /// The capability would be of no use.
    #[error("{version} of `{provider}` does not ask for `{capability}`; it asks for {asks}")]
    NotAsked {
        /// The provider.
        provider: ProviderId,
        /// The version that was to get it.
        version: String,
        /// What was to be granted.
        capability: Capability,
        /// What it asks for, as one text.
        asks: String,
    },
    /// The capability is not there to be revoked.
    #[error("`{provider}` was not granted {what}; it was granted {granted}")]
    NotGranted {
        /// The provider.
        provider: ProviderId,
        /// What was to be revoked, as one text.
        what: String,
        /// What it was granted, as one text.
        granted: String,
    },
    /// A manifest that an older host took and this one doesn't.
    #[error("the manifest of {version} of `{provider}` can't be read ({reason}); install another version")]
    Manifest {
        /// The provider.
        provider: ProviderId,
        /// The version.
        version: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The manifest knows no such setting.
    #[error("`{provider}` has no setting `{name}`; it has {known}")]
    UnknownSetting {
        /// The provider.
        provider: ProviderId,
        /// What was to be set.
        name: SettingName,
        /// Those that it has, as one text.
        known: String,
    },
    /// The setting does not take the value.
    #[error("the setting `{name}` of `{provider}` does not take this: {problem}")]
    Setting {
        /// The provider.
        provider: ProviderId,
        /// The setting.
        name: SettingName,
        /// Why, and what it takes.
        problem: SettingError,
    },
    /// The manifest knows no such secret.
    #[error("`{provider}` has no secret `{name}`; it has {known}")]
    UnknownSecret {
        /// The provider.
        provider: ProviderId,
        /// What was to be filled in.
        name: SecretName,
        /// Those that it has, as one text.
        known: String,
    },
    /// The secret can't be sent so. The value itself is not told.
    #[error("this can't be the secret `{name}` of `{provider}`: {problem}")]
    Secret {
        /// The provider.
        provider: ProviderId,
        /// The secret.
        name: SecretName,
        /// Why, and what to do.
        problem: &'static str,
    },
    /// There was nothing to forget.
    #[error("`{what}` of `{provider}` is not set there, so nothing was changed")]
    NotSet {
        /// The provider.
        provider: ProviderId,
        /// The settings or the secret.
        what: String,
    },
}

/// "a, b and c" for sentences; "nothing" where there is none.
pub(crate) fn listed(words: impl IntoIterator<Item = impl ToString>) -> String {
    let words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

/// A guest's own words, fit for a sentence to an operator: one line of at most 200 characters.
pub(crate) fn quoted(words: &str) -> String {
    let line = words.chars().map(|c| if c.is_control() { ' ' } else { c });
    line.take(200).collect::<String>().trim().to_owned()
}
