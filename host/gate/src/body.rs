//! Reads a response's body: unpacks it while it comes and stops where it grows too large, before or after unpacking. A body may
//! be small and unpack to gigabytes, or be endless and unpack to nothing.

use std::error::Error as StdError;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use autocontent_runtime::contract::http::Error;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http::header::{CONTENT_ENCODING, HeaderMap};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::io::StreamReader;

/// What we say we can unpack, best first.
pub(crate) const ACCEPT_ENCODING: &str = "zstd, br, gzip";
/// Zstandard's window may grow to 2 GiB; RFC 9659 allows 8 MiB over HTTP.
const ZSTD_WINDOW_LOG: u32 = 23;
/// How much is unpacked at once.
const STEP: usize = 16 << 10;
/// What a permit of the provider's semaphore stands for.
pub(crate) const PERMIT: usize = 1 << 10;

/// What a body may take.
pub(crate) struct Room<'a> {
    /// Bytes, packed and unpacked.
    pub(crate) most: usize,
    /// One permit for each KiB of bodies that the provider may have under way.
    pub(crate) held: &'a Arc<Semaphore>,
    /// Told of each piece as it comes, packed.
    pub(crate) received: &'a (dyn Fn(usize) + Send + Sync),
}

/// A complete body.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// Belongs to the bytes until the guest has them.
    pub(crate) permit: Option<OwnedSemaphorePermit>,
}

/// Packed bytes passed the bound.
#[derive(Debug, thiserror::Error)]
#[error("the body is too large")]
struct Overflow;

/// Reads all of it.
pub(crate) async fn read(body: Incoming, headers: &HeaderMap, room: Room<'_>) -> Result<Body, Error> {
    let most = room.most;
    let mut received = 0_usize;
    let stream = body.into_data_stream().map_err(io::Error::other).map(move |chunk| {
        let chunk = chunk?;
        received = received.saturating_add(chunk.len());
        (room.received)(chunk.len());
        if received > most {
            return Err(io::Error::other(Overflow));
        }
        Ok(chunk)
    });
    let mut packed = StreamReader::new(stream);
    let mut reader: Pin<Box<dyn AsyncRead + Send + '_>> = if packed.fill_buf().await.map_err(failure)?.is_empty() {
        // Nothing is no valid archive, but what answers to HEAD and 304 have.
        Box::pin(tokio::io::empty())
    } else {
        match coding(headers)? {
            Coding::Plain => Box::pin(packed),
            Coding::Gzip => {
                let mut decoder = GzipDecoder::new(packed);
                decoder.multiple_members(true);
                Box::pin(decoder)
            }
            Coding::Brotli => Box::pin(BrotliDecoder::new(packed)),
            Coding::Zstd => {
                let mut decoder = ZstdDecoder::with_params(packed, &[DParameter::window_log_max(ZSTD_WINDOW_LOG)]);
                decoder.multiple_members(true);
                Box::pin(decoder)
            }
        }
    };
    let mut bytes = Vec::new();
    let mut permit: Option<OwnedSemaphorePermit> = None;
    loop {
        let held = permit.as_ref().map_or(0, |permit| permit.num_permits() * PERMIT);
        if held < bytes.len() + STEP {
            let more =
                Arc::clone(room.held)
                    .try_acquire_many_owned(u32::try_from(STEP / PERMIT).unwrap_or(u32::MAX))
                    .map_err(|_| Error::Unreachable("this provider has too many bytes under way; try again".into()))?;
            match &mut permit {
                Some(permit) => permit.merge(more),
                None => permit = Some(more),
            }
        }
        let start = bytes.len();
        bytes.reserve(STEP);
        let read = (&mut reader).take(STEP as u64).read_buf(&mut bytes).await.map_err(failure)?;
        if bytes.len() > most {
            return Err(Error::TooLarge);
        }
        if read == 0 && bytes.len() == start {
            break;
        }
    }
    drop(reader);
    Ok(Body { bytes, permit })
}

enum Coding {
    Plain,
    Gzip,
    Brotli,
    Zstd,
}

fn coding(headers: &HeaderMap) -> Result<Coding, Error> {
    let mut names = headers.get_all(CONTENT_ENCODING).iter().map(|value| value.to_str().unwrap_or("?").trim());
    let name = names.next().unwrap_or_default().to_ascii_lowercase();
    match (name.as_str(), names.next()) {
        ("" | "identity", None) => Ok(Coding::Plain),
        ("gzip" | "x-gzip", None) => Ok(Coding::Gzip),
        ("br", None) => Ok(Coding::Brotli),
        ("zstd", None) => Ok(Coding::Zstd),
        _ => Err(Error::Unreachable("the response is packed in a way that was not asked for".into())),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "so it fits `map_err`")]
fn failure(error: io::Error) -> Error {
    let inner = error.get_ref();
    if inner.is_some_and(<dyn StdError + Send + Sync>::is::<Overflow>) {
        Error::TooLarge
    } else {
        Error::Unreachable("the response broke off, or its packing is broken".into())
    }
}
