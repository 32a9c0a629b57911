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

use crate::error::SourceError;
use crate::http::{self, Web, shown};
use crate::oci::Credentials;
use crate::source::{Source, UrlSource};

/// Follows a component's name in that of its detached signature.
const SIGNATURE_SUFFIX: &str = ".minisig";
/// Bytes of a file that is to be a signature.
const SIGNATURE_MAX: u64 = 16 << 10;

/// Brings components from their sources.
pub struct Fetcher {
    pub(crate) web: Web,
    pub(crate) limits: Limits,
    pub(crate) credentials: Credentials,
    pub(crate) progress: Box<dyn Fn(Progress) + Send + Sync>,
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

impl Fetcher {
    /// A fetcher that trusts these authorities beside the usual ones, in PEM, logs in to registries with what docker's
    /// `config.json` in this folder has, and tells how far it is.
    ///
    /// # Errors
    ///
    /// [`SourceError::Client`] where the certificates are none.
    pub fn new(
        limits: Limits,
        certificates: Option<&[u8]>,
        docker: Option<PathBuf>,
        progress: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<Fetcher, SourceError> {
        let certificates = certificates.map(Certificate::from_pem_bundle).transpose();
        let certificates =
            certificates.map_err(|error| SourceError::Client { reason: error.to_string() })?.unwrap_or_default();
        let web = Web::new(&limits, &certificates)?;
        Ok(Fetcher { web, limits, credentials: Credentials::new(docker), progress: Box::new(progress) })
    }

    /// Brings what the source has.
    ///
    /// # Errors
    ///
    /// Where it can't be had, is too large, takes too long, or has another digest than the source says.
    pub async fn fetch(&self, source: &Source) -> Result<Fetched, SourceError> {
        self.in_time(source, async {
            match source {
                Source::File(path) => self.file(path).await,
                Source::Url(url) => self.url(url).await,
                Source::Oci(reference) => self.pull(reference).await,
            }
        })
        .await
    }

    /// The digest of what the source has now.
    ///
    /// # Errors
    ///
    /// As for [`Fetcher::fetch`].
    pub async fn digest(&self, source: &Source) -> Result<Digest, SourceError> {
        match source {
            // A registry knows without sending it.
            Source::Oci(reference) => self.in_time(source, self.component_digest(reference)).await,
            Source::File(_) | Source::Url(_) => Ok(Digest::of(&self.fetch(source).await?.bytes)),
        }
    }

    /// Whatever it is, not for ever.
    pub(crate) async fn in_time<T>(
        &self,
        source: &impl fmt::Display,
        work: impl Future<Output = Result<T, SourceError>>,
    ) -> Result<T, SourceError> {
        let limit = self.limits.time;
        let late = || SourceError::Time { from: source.to_string(), limit };
        tokio::time::timeout(limit, work).await.map_err(|_elapsed| late())?
    }

    async fn file(&self, path: &Path) -> Result<Fetched, SourceError> {
        let unreadable = |source| SourceError::Read { path: path.to_owned(), source };
        let absolute = tokio::fs::canonicalize(path).await.map_err(unreadable)?;
        let bytes = read_file(path, self.limits.size).await?;
        let signature = signature_beside(path).await?;
        Ok(Fetched { bytes, origin: Source::File(absolute), signature })
    }

    async fn url(&self, source: &UrlSource) -> Result<Fetched, SourceError> {
        let UrlSource { url, digest } = source;
        let from = shown(url);
        let response = http::send(self.web.client(url).get(url.clone()), &from).await?;
        let response = http::expect_success(response, &from)?;
        let bytes = http::read(response, &from, self.limits.size, &self.progress).await?;
        expect_digest(&bytes, digest.as_ref(), &from)?;
        let signature = self.signature_at(&signature_url(url)).await?;
        Ok(Fetched { bytes, origin: Source::Url(source.clone()), signature })
    }

    /// A signature's text, if there is one at this address. Where a file is missing, some servers say so with 403.
    async fn signature_at(&self, url: &Url) -> Result<Option<Vec<u8>>, SourceError> {
        let from = shown(url);
        let response = http::send(self.web.client(url).get(url.clone()), &from).await?;
        if matches!(response.status(), StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(None);
        }
        let response = http::expect_success(response, &from)?;
        http::read(response, &from, SIGNATURE_MAX, |_| ()).await.map(Some)
    }
}

/// Refuses bytes that have another digest than they should.
pub(crate) fn expect_digest(bytes: &[u8], expected: Option<&Digest>, from: &str) -> Result<(), SourceError> {
    let found = Digest::of(bytes);
    match expected {
        Some(&expected) if expected != found => {
            Err(SourceError::WrongDigest { from: from.to_owned(), expected, found })
        }
        _ => Ok(()),
    }
}

/// The text of a file's detached signature, if there is one.
///
/// # Errors
///
/// Where there is one that can't be read, or has more than 16 KiB.
pub async fn signature_beside(path: &Path) -> Result<Option<Vec<u8>>, SourceError> {
    match read_file(&signature_file(path), SIGNATURE_MAX).await {
        Ok(text) => Ok(Some(text)),
        Err(SourceError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
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

async fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, SourceError> {
    let unreadable = |source| SourceError::Read { path: path.to_owned(), source };
    let file = File::open(path).await.map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).await.map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(SourceError::TooLarge { from: path.display().to_string(), limit: ByteSize(limit) });
    }
    Ok(bytes)
}
