//! A source as an operator writes it and as the database keeps it.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use autocontent_runtime::Digest;
use url::Url;

use crate::host::may_be_asked;
use crate::oci::Reference;

/// Where a component comes from: a path, `https://HOST/FILE.wasm` or `oci://REGISTRY/NAME:TAG`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file on this machine.
    File(PathBuf),
    /// A file on a web server.
    Url(UrlSource),
    /// A component in a registry.
    Oci(Reference),
}

/// A file on a web server, by https; by plain http from this machine only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlSource {
    /// Without user, password and fragment.
    pub url: Url,
    /// What the file must be, from a fragment such as `#sha256:…`, which the server never sees.
    pub digest: Option<Digest>,
}

/// A text names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no source: {problem}")]
pub struct InvalidSource {
    /// The text, without what follows a user's name in it.
    text: String,
    /// What is wrong, and what to write.
    problem: String,
}

impl InvalidSource {
    pub(crate) fn new(text: &str, problem: impl Into<String>) -> InvalidSource {
        InvalidSource { text: text.to_owned(), problem: problem.into() }
    }
}

impl FromStr for Source {
    type Err = InvalidSource;

    fn from_str(text: &str) -> Result<Source, InvalidSource> {
        match text.split_once("://") {
            Some(("https" | "http", _)) => UrlSource::parse(text).map(Source::Url),
            Some(("oci", _)) => text.parse().map(Source::Oci),
            Some((scheme, _)) if !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                Err(InvalidSource::new(text, "write a path, https://HOST/FILE.wasm or oci://REGISTRY/NAME:TAG"))
            }
            _ if text.is_empty() => {
                Err(InvalidSource::new(text, "write a path, https://HOST/FILE.wasm or oci://REGISTRY/NAME:TAG"))
            }
            _ => Ok(Source::File(PathBuf::from(text))),
        }
    }
}

impl UrlSource {
    fn parse(text: &str) -> Result<UrlSource, InvalidSource> {
        let mut url =
            Url::parse(text).map_err(|error| InvalidSource::new(text, format!("{error}; correct the address")))?;
        if !url.username().is_empty() || url.password().is_some() {
            // The text may hold a password.
            return Err(InvalidSource::new(
                url.host_str().unwrap_or_default(),
                "an address with a user or password would be kept and shown as it is; leave them out",
            ));
        }
        if !may_be_asked(&url) {
            return Err(InvalidSource::new(text, "others could change it on the way; use https"));
        }
        let digest = url.fragment().map(str::parse).transpose();
        let digest = digest.map_err(|_| {
            InvalidSource::new(
                text,
                "what follows the # must be the file's digest: sha256: and 64 digits of 0-9 and a-f",
            )
        })?;
        url.set_fragment(None);
        Ok(UrlSource { url, digest })
    }
}

impl Source {
    /// Where to look for a newer version; `None` where the source names one version for good.
    pub fn follow(&self) -> Option<Source> {
        match self {
            Source::File(_) => Some(self.clone()),
            Source::Url(source) => source.digest.is_none().then(|| self.clone()),
            Source::Oci(reference) => reference.follow().map(Source::Oci),
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::File(path) => write!(f, "{}", path.display()),
            Source::Oci(reference) => write!(f, "{reference}"),
            Source::Url(UrlSource { url, digest: None }) => write!(f, "{url}"),
            Source::Url(UrlSource { url, digest: Some(digest) }) => write!(f, "{url}#{digest}"),
        }
    }
}
