//! Bringing a component, and the signature beside it, from its source.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use autocontent_manifest::ByteSize;
use autocontent_runtime::{CompileLimits, Digest};
use reqwest::{Certificate, StatusCode};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;
use url::Url;

use crate::http::{self, Web, shown};
use crate::source::{Source, UrlSource};

/// Follows a component's name in that of its detached signature.
const SIGNATURE_SUFFIX: &str = ".minisig";
/// Bytes of a file that is to be a signature.
const SIGNATURE_MAX: u64 = 16 << 10;

/// Brings components from their sources.
pub struct Fetcher {
    pub(crate) web: Web,
    pub(crate) limits: Limits,
    progress: Box<dyn Fn(Progress) + Send + Sync>,
}

/// Bounds of one fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The component's bytes.
    pub size: u64,
    /// Until all of it has arrived.
    pub time: Duration,
    /// Without a byte from the other side.
    pub quiet: Duration,
}

impl Default for Limits {
    /// What may be compiled, 32 MiB, within ten minutes, and never thirty seconds without a byte.
    fn default() -> Limits {
        Limits { size: CompileLimits::default().size, time: Duration::from_secs(600), quiet: Duration::from_secs(30) }
    }
}

/// How far a transfer is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What went over the wire so far.
    pub received: u64,
    /// What is to go over it, where the other side says so.
    pub total: Option<u64>,
}

/// What a source had.
#[derive(Clone)]
pub struct Fetched {
    /// The component, or whatever it is.
    pub bytes: Vec<u8>,
    /// Exactly where it came from: paths from the root.
    pub origin: Source,
    /// The text of the signature that lay beside it.
    pub signature: Option<Vec<u8>>,
}

impl fmt::Debug for Fetched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fetched({} bytes from {}, signature: {})", self.bytes.len(), self.origin, self.signature.is_some())
    }
}

/// Nothing came from a source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// A file can't be read.
    #[error("could not read {}: {source}; check the path", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// More than a component may have.
    #[error("{from} is larger than {limit}, the most that is taken; choose the file that a provider was built to")]
    TooLarge {
        /// The file or address.
        from: String,
        /// The most that is read.
        limit: ByteSize,
    },
    /// No connection, or one that broke.
    #[error("could not get {from}: {reason}; check the address and the network, and try again")]
    Unreachable {
        /// The address.
        from: String,
        /// What the operating system or TLS says.
        reason: String,
    },
    /// Too slow.
    #[error("{from} did not arrive within {limit:?}; try again later")]
    Time {
        /// The source.
        from: String,
        /// How long it may take.
        limit: Duration,
    },
    /// A redirect to where others could change the answer, or one too many.
    #[error("{from} leads to {to}, by plain http or by too many turns; use the address where the file is, with https")]
    Redirect {
        /// The address that was asked.
        from: String,
        /// Where it led.
        to: String,
    },
    /// There is no such thing.
    #[error("there is nothing at {from}; check the address")]
    Missing {
        /// The address.
        from: String,
    },
    /// The other side wants to know who asks, or refuses who does.
    #[error(
        "{from} is not for everybody; put a user and password that may have it into docker's config.json, such as `docker login` does"
    )]
    Denied {
        /// The address.
        from: String,
    },
    /// Another answer than a success.
    #[error("{from} answered with the status {status}; try again later")]
    Status {
        /// The address.
        from: String,
        /// The status, such as 503.
        status: u16,
    },
    /// Other bytes than were asked for.
    #[error(
        "{from} is not what was asked for: it is {found} instead of {expected}; it was changed or damaged, don't use it"
    )]
    WrongDigest {
        /// The source.
        from: String,
        /// What was asked for.
        expected: Digest,
        /// What came.
        found: Digest,
    },
    /// TLS could not be set up.
    #[error("could not prepare to ask over the network: {reason}; check the file of certificates")]
    Client {
        /// What is wrong.
        reason: String,
    },
}

impl Fetcher {
    /// A fetcher that trusts these authorities beside the usual ones, in PEM, and tells how far it is.
    ///
    /// # Errors
    ///
    /// [`FetchError::Client`] where the certificates are none.
    pub fn new(
        limits: Limits,
        certificates: Option<&[u8]>,
        progress: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<Fetcher, FetchError> {
        let certificates = certificates.map(Certificate::from_pem_bundle).transpose();
        let certificates =
            certificates.map_err(|error| FetchError::Client { reason: error.to_string() })?.unwrap_or_default();
        Ok(Fetcher { web: Web::new(&limits, &certificates)?, limits, progress: Box::new(progress) })
    }

    /// Brings what the source has.
    ///
    /// # Errors
    ///
    /// Where it can't be had, is too large, takes too long, or has another digest than the source says.
    pub async fn fetch(&self, source: &Source) -> Result<Fetched, FetchError> {
        let fetch = async {
            match source {
                Source::File(path) => self.file(path).await,
                Source::Url(url) => self.url(url).await,
            }
        };
        match tokio::time::timeout(self.limits.time, fetch).await {
            Ok(fetched) => fetched,
            Err(_elapsed) => Err(FetchError::Time { from: source.to_string(), limit: self.limits.time }),
        }
    }

    /// The digest of what the source has now.
    ///
    /// # Errors
    ///
    /// As for [`Fetcher::fetch`].
    pub async fn digest(&self, source: &Source) -> Result<Digest, FetchError> {
        Ok(Digest::of(&self.fetch(source).await?.bytes))
    }

    async fn file(&self, path: &Path) -> Result<Fetched, FetchError> {
        let unreadable = |source| FetchError::Read { path: path.to_owned(), source };
        let absolute = tokio::fs::canonicalize(path).await.map_err(unreadable)?;
        let bytes = read_file(path, self.limits.size).await?;
        let beside = signature_file(path);
        let signature = match read_file(&beside, SIGNATURE_MAX).await {
            Ok(text) => Some(text),
            Err(FetchError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Fetched { bytes, origin: Source::File(absolute), signature })
    }

    async fn url(&self, source: &UrlSource) -> Result<Fetched, FetchError> {
        let UrlSource { url, digest } = source;
        let response = http::send(self.web.client(url).get(url.clone()), url).await?;
        let response = http::expect_success(response, url)?;
        let bytes = http::read(response, url, self.limits.size, &self.progress).await?;
        expect_digest(&bytes, digest.as_ref(), || shown(url))?;
        let signature = self.signature_at(&signature_url(url)).await?;
        Ok(Fetched { bytes, origin: Source::Url(source.clone()), signature })
    }

    /// A signature's text, if there is one at this address. Where a file is missing, some servers say so with 403.
    async fn signature_at(&self, url: &Url) -> Result<Option<Vec<u8>>, FetchError> {
        let response = http::send(self.web.client(url).get(url.clone()), url).await?;
        if matches!(response.status(), StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        let response = http::expect_success(response, url)?;
        http::read(response, url, SIGNATURE_MAX, |_| ()).await.map(Some)
    }
}

/// Refuses bytes that have another digest than they should.
pub(crate) fn expect_digest(
    bytes: &[u8],
    expected: Option<&Digest>,
    from: impl FnOnce() -> String,
) -> Result<(), FetchError> {
    let found = Digest::of(bytes);
    match expected {
        Some(&expected) if expected != found => Err(FetchError::WrongDigest { from: from(), expected, found }),
        _ => Ok(()),
    }
}

/// Where a file's detached signature lies.
pub fn signature_file(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(SIGNATURE_SUFFIX);
    PathBuf::from(name)
}

fn signature_url(url: &Url) -> Url {
    let mut beside = url.clone();
    beside.set_path(&format!("{}{SIGNATURE_SUFFIX}", url.path()));
    beside
}

async fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, FetchError> {
    let unreadable = |source| FetchError::Read { path: path.to_owned(), source };
    let file = File::open(path).await.map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).await.map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(FetchError::TooLarge { from: path.display().to_string(), limit: ByteSize(limit) });
    }
    Ok(bytes)
}
