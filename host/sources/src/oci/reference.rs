//! References to what a registry has.

use std::fmt;
use std::str::FromStr;

use autocontent_runtime::Digest;
use url::Url;

use crate::host::is_loopback;
use crate::source::InvalidSource;

/// The longest name of a repository, in bytes, as registries take it.
const NAME_MAX: usize = 255;
/// The longest tag.
const TAG_MAX: usize = 128;
/// What is meant where neither tag nor digest is given.
const LATEST: &str = "latest";

/// `oci://REGISTRY/NAME:TAG`, `oci://REGISTRY/NAME@sha256:…`, or both: the digest says what is pulled, and the tag what is
/// followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    registry: String,
    name: String,
    tag: Option<String>,
    digest: Option<Digest>,
}

impl Reference {
    /// The registry's host, and its port where it has one.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The repository's name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The tag, if there is one.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest of the manifest, if there is one.
    pub fn digest(&self) -> Option<&Digest> {
        self.digest.as_ref()
    }

    /// The same, as a tag was found to lead to this manifest.
    pub(crate) fn at(&self, digest: Digest) -> Reference {
        Reference { digest: Some(digest), ..self.clone() }
    }

    /// What its tag leads to now; `None` where it has no tag.
    pub(crate) fn follow(&self) -> Option<Reference> {
        self.tag.is_some().then(|| Reference { digest: None, ..self.clone() })
    }

    /// Where the registry answers: over https, unless it is on this machine.
    pub(crate) fn base(&self) -> Result<Url, url::ParseError> {
        let host = if self.registry == "docker.io" { "registry-1.docker.io" } else { &self.registry };
        let mut base = Url::parse(&format!("https://{host}/"))?;
        if is_loopback(&base) {
            base = Url::parse(&format!("http://{host}/"))?;
        }
        Ok(base)
    }
}

impl FromStr for Reference {
    type Err = InvalidSource;

    fn from_str(text: &str) -> Result<Reference, InvalidSource> {
        let invalid = |problem: &str| InvalidSource::new(text, problem);
        let rest = text.strip_prefix("oci://").ok_or_else(|| invalid("write it as oci://REGISTRY/NAME:TAG"))?;
        let (registry, rest) = rest.split_once('/').ok_or_else(|| invalid("write it as oci://REGISTRY/NAME:TAG"))?;
        if let Some((_, host)) = registry.rsplit_once('@') {
            // The text may hold a password.
            let advice = "a user or password would be kept and shown as it is; put them into docker's config.json";
            return Err(InvalidSource::new(host, advice));
        }
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => {
                let digest = digest.parse().map_err(|_| {
                    invalid("what follows the @ must be a digest: sha256: and 64 digits of 0-9 and a-f")
                })?;
                (rest, Some(digest))
            }
            None => (rest, None),
        };
        let (name, tag) = match rest.split_once(':') {
            Some((name, tag)) => (name, Some(tag)),
            None => (rest, digest.is_none().then_some(LATEST)),
        };
        if !is_name(name) {
            return Err(invalid(
                "a name has lower-case letters and digits, with - . _ between them and / between its parts",
            ));
        }
        if tag.is_some_and(|tag| !is_tag(tag)) {
            return Err(invalid("a tag has 1 to 128 letters, digits and - . _, and begins with none of - and ."));
        }
        let tag = tag.map(str::to_owned);
        let reference = Reference { registry: registry.to_owned(), name: name.to_owned(), tag, digest };
        // A host may be written in many ways; only one of them is taken.
        match reference.base() {
            Ok(base)
                if registry == "docker.io"
                    || base[url::Position::BeforeHost..url::Position::AfterPort] == *registry =>
            {
                Ok(reference)
            }
            _ => Err(invalid("a registry is written as HOST or HOST:PORT, in lower case, without the usual port")),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reference { registry, name, tag, digest } = self;
        write!(f, "oci://{registry}/{name}")?;
        tag.iter().try_for_each(|tag| write!(f, ":{tag}"))?;
        digest.iter().try_for_each(|digest| write!(f, "@{digest}"))
    }
}

/// Parts of letters and digits, with single separators between them: `.`, `_`, `__` or any number of `-`.
fn is_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let alphanumeric = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let mut separators = part.split(|letter: char| letter.is_ascii() && alphanumeric(letter as u8));
        part.bytes().next().is_some_and(alphanumeric)
            && part.bytes().next_back().is_some_and(alphanumeric)
            && separators
                .all(|between| matches!(between, "" | "." | "_" | "__") || between.bytes().all(|byte| byte == b'-'))
    };
    name.len() <= NAME_MAX && name.split('/').all(is_part)
}

fn is_tag(tag: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let mut bytes = tag.bytes();
    tag.len() <= TAG_MAX
        && bytes.next().is_some_and(word)
        && bytes.all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}
