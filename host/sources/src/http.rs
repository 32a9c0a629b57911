//! Asking web servers and registries: https only, except on this machine, whatever they redirect to; nothing is read that
//! is larger than expected.

use std::error::Error as _;
use std::time::Duration;

use autocontent_manifest::ByteSize;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder, Response, StatusCode};
use url::Url;

use crate::error::SourceError;
use crate::fetch::{Limits, Progress};
use crate::host::{is_loopback, may_be_asked};

/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// Redirects that are followed. Registries and file hosts use one or two.
const REDIRECTS: usize = 5;

/// The two ways to ask.
pub(crate) struct Web {
    /// Over https, through the proxy that the environment names, if it does.
    outside: Client,
    /// On this machine.
    local: Client,
}

/// A redirect was not followed.
#[derive(Debug, thiserror::Error)]
#[error("{to}")]
struct Refused {
    to: String,
}

impl Web {
    pub(crate) fn new(limits: &Limits, certificates: &[Certificate]) -> Result<Web, SourceError> {
        let client = |builder: ClientBuilder, policy| {
            let builder = certificates.iter().cloned().fold(builder, ClientBuilder::add_root_certificate);
            builder
                .redirect(policy)
                .connect_timeout(CONNECT)
                .read_timeout(limits.quiet)
                .user_agent(concat!("autocontent/", env!("CARGO_PKG_VERSION")))
                // A component has the digest of the bytes as they lie on the server.
                .no_gzip()
                .no_brotli()
                .no_zstd()
                .no_deflate()
                .build()
                .map_err(|error| SourceError::Client { reason: innermost(&error) })
        };
        Ok(Web {
            outside: client(Client::builder(), redirects(|to| to.scheme() == "https"))?,
            local: client(Client::builder().no_proxy(), redirects(may_be_asked))?,
        })
    }

    /// How to ask this address.
    pub(crate) fn client(&self, url: &Url) -> &Client {
        if is_loopback(url) { &self.local } else { &self.outside }
    }
}

/// Follows only where `allowed`.
fn redirects(allowed: fn(&Url) -> bool) -> Policy {
    Policy::custom(move |attempt| {
        let to = shown(attempt.url());
        if attempt.previous().len() > REDIRECTS || !allowed(attempt.url()) {
            attempt.error(Refused { to })
        } else {
            attempt.follow()
        }
    })
}

/// Sends a request; any answer will do. `from` is what errors call the other side.
pub(crate) async fn send(request: RequestBuilder, from: &str) -> Result<Response, SourceError> {
    request.send().await.map_err(|error| failed(&error, from))
}

/// Refuses an answer that is no success.
pub(crate) fn expect_success(response: Response, from: &str) -> Result<Response, SourceError> {
    let from = from.to_owned();
    match response.status() {
        status if status.is_success() => Ok(response),
        StatusCode::NOT_FOUND | StatusCode::GONE => Err(SourceError::Missing { from }),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err(SourceError::Denied { from }),
        status => Err(SourceError::Status { from, status: status.as_u16() }),
    }
}

/// Reads an answer's body of at most `limit` bytes.
pub(crate) async fn read(
    mut response: Response,
    from: &str,
    limit: u64,
    progress: impl Fn(Progress),
) -> Result<Vec<u8>, SourceError> {
    let too_large = || SourceError::TooLarge { from: from.to_owned(), limit: ByteSize(limit) };
    let total = response.content_length();
    if total.is_some_and(|total| total > limit) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error, from))? {
        body.extend_from_slice(&chunk);
        let received = body.len() as u64;
        if received > limit {
            return Err(too_large());
        }
        progress(Progress { received, total });
    }
    Ok(body)
}

/// An address without its query, which may hold what gives access.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

fn failed(error: &reqwest::Error, from: &str) -> SourceError {
    let from = from.to_owned();
    if error.is_redirect() {
        return SourceError::Redirect { from, to: innermost(error) };
    }
    // A connection that can't be made in time says nothing better.
    let reason = if error.is_timeout() { "it did not answer in time".to_owned() } else { innermost(error) };
    SourceError::Unreachable { from, reason }
}

/// The cause of all causes, which is what the operating system or TLS said. The others repeat the address.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    match error.source() {
        Some(_) => cause.to_string(),
        None => "the answer was cut off or is none of HTTP".to_owned(),
    }
}
