//! `[[trusted-key]]` in the configuration: those whose signatures the operator trusts.

use std::collections::HashSet;

use autocontent_sources::TrustedKey;
use serde::{Deserialize, Serialize};

use crate::config::ConfigError;

/// One of them, as it is written.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrustedKeyEntry {
    /// What the operator calls its owner.
    name: String,
    /// The public key.
    key: String,
    /// The last day on which it is trusted, with quotes around it or without.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<toml::Value>,
}

impl From<&TrustedKey> for TrustedKeyEntry {
    fn from(trusted: &TrustedKey) -> TrustedKeyEntry {
        let TrustedKey { name, key, until } = trusted;
        let until = until.map(|date| toml::Value::String(date.to_string()));
        TrustedKeyEntry { name: name.clone(), key: key.to_string(), until }
    }
}

/// Checks them, each and beside each other.
pub(crate) fn trusted_keys(entries: &[TrustedKeyEntry]) -> Result<Vec<TrustedKey>, ConfigError> {
    let mut names = HashSet::new();
    let mut keys = Vec::with_capacity(entries.len());
    for TrustedKeyEntry { name, key, until } in entries {
        let invalid = |problem: String| ConfigError::Invalid { name: "trusted-key", problem };
        if name.is_empty() || name.len() > 100 || name.chars().any(char::is_control) {
            return Err(invalid("a key needs a `name` of 1 to 100 bytes, such as that of its owner".into()));
        }
        if !names.insert(name) {
            return Err(invalid(format!("there are two keys `{name}`; give each a name of its own")));
        }
        let key = key.parse().map_err(|problem| invalid(format!("`{name}`: {problem}")))?;
        let until = match until {
            None => None,
            Some(toml::Value::String(text)) => Some(text.clone()),
            Some(value) => Some(value.to_string()),
        };
        let until = until.map(|text| text.parse()).transpose();
        let until = until.map_err(|_| {
            invalid(format!("`{name}`: `until` is no day; write it as year, month and day, such as 2027-12-31"))
        })?;
        keys.push(TrustedKey { name: name.clone(), key, until });
    }
    Ok(keys)
}
