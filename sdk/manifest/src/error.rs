//! What is wrong with a manifest, and where.

use std::fmt;

/// Everything that is wrong with one manifest, in the order of the text. Shown as one line for each:
/// `provider.toml:14:8: command.option.kind: "txt" is not a kind of option; use text, integer, …`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestErrors {
    file: String,
    errors: Vec<ManifestError>,
}

/// One thing that is wrong with a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestError {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The keys that lead there, such as "command.option.kind"; empty where the text is no TOML.
    pub key: String,
    /// What is wrong, with the value.
    pub problem: String,
    /// What to do instead.
    pub allowed: String,
}

impl ManifestErrors {
    pub(crate) fn new(errors: Vec<ManifestError>) -> ManifestErrors {
        ManifestErrors { file: String::from("provider.toml"), errors }
    }

    /// Names the file in messages; "provider.toml" without.
    #[must_use]
    pub fn with_file(self, name: impl Into<String>) -> ManifestErrors {
        ManifestErrors { file: name.into(), ..self }
    }

    /// The errors one by one; at least one.
    pub fn iter(&self) -> std::slice::Iter<'_, ManifestError> {
        self.errors.iter()
    }
}

impl<'a> IntoIterator for &'a ManifestErrors {
    type Item = &'a ManifestError;
    type IntoIter = std::slice::Iter<'a, ManifestError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl std::error::Error for ManifestErrors {}

impl fmt::Display for ManifestErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.errors.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{error}", self.file)?;
        }
        Ok(())
    }
}

/// Without the file: `14:8: command.option.kind: …`.
impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        write!(f, "{}; {}", self.problem, self.allowed)
    }
}
