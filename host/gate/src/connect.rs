//! Connections: looks a name up, refuses it if any of its addresses is not public, and connects to one of the very addresses
//! that were checked. This is the only place in the gate that opens a socket. No proxy of the environment is used. The name
//! of a development upstream is not looked up: its requests go to the loopback address that the operator named.

use std::error::Error as StdError;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use autocontent_runtime::contract::http::Error;
use bytes::Bytes;
use http::Uri;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ClientConfig;
use thiserror::Error;
use tokio::net::TcpStream;
use tower_service::Service;

use crate::address::is_public;
use crate::config::DevelopmentHost;
use crate::limits::{ADDRESSES, ATTEMPT, IDLE, IDLE_PER_HOST, RESPONSE_HEADER_BYTES, RESPONSE_HEADERS};
use crate::resolve::Lookups;
use crate::upstream::{DevelopmentUpstream, address_of};

/// Sends requests of one provider and keeps its connections.
pub(crate) type Sender = Client<Connector, Full<Bytes>>;

/// Makes the sender of one provider.
pub(crate) fn sender(tls: Arc<ClientConfig>, tcp: Tcp, patience: Duration) -> Sender {
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .http1_max_headers(RESPONSE_HEADERS)
        .http1_max_buf_size(2 * RESPONSE_HEADER_BYTES)
        .http2_max_header_list_size(u32::try_from(2 * RESPONSE_HEADER_BYTES).unwrap_or(u32::MAX))
        .http2_initial_stream_window_size(256 << 10)
        .http2_initial_connection_window_size(1 << 20)
        .build(Connector { https: HttpsConnector::from((tcp, tls)), patience })
}

/// TCP and TLS together, within one time.
#[derive(Clone)]
pub(crate) struct Connector {
    https: HttpsConnector<Tcp>,
    patience: Duration,
}

/// A boxed future, as `Service` wants it.
type Connecting<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = Box<dyn StdError + Send + Sync>;
    type Future = Connecting<Self::Response, Self::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.https.poll_ready(context)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = tokio::time::timeout(self.patience, self.https.call(uri));
        Box::pin(async { connecting.await.map_err(|_| Refused::Slow)? })
    }
}

/// Opens TCP connections to checked addresses.
#[derive(Clone)]
pub(crate) struct Tcp {
    pub(crate) lookups: Lookups,
    pub(crate) development: Arc<[DevelopmentHost]>,
    pub(crate) upstreams: Arc<[DevelopmentUpstream]>,
}

impl Service<Uri> for Tcp {
    type Response = TokioIo<TcpStream>;
    type Error = Refused;
    type Future = Connecting<Self::Response, Refused>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Refused>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let tcp = self.clone();
        Box::pin(async move { tcp.connect(&uri).await })
    }
}

impl Tcp {
    async fn connect(&self, uri: &Uri) -> Result<TokioIo<TcpStream>, Refused> {
        let host = uri.host().ok_or(Refused::Unknown)?;
        if let Some(address) = address_of(&self.upstreams, host) {
            return Ok(open(TcpStream::connect(address).await?)?);
        }
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        let bare = host.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')).unwrap_or(host);
        let addresses = match bare.parse::<IpAddr>() {
            Ok(address) => vec![address],
            Err(_) => self.lookups.resolve(host.to_owned()).await.map_err(|_| Refused::Unknown)?,
        };
        if addresses.is_empty() {
            return Err(Refused::Unknown);
        }
        let development = self.development.iter().any(|entry| entry.is(host, port));
        let allowed = |address: &IpAddr| if development { address.is_loopback() } else { is_public(*address) };
        if let Some(address) = addresses.iter().find(|address| !allowed(address)) {
            tracing::debug!(host, %address, development, "refused an address that a name leads to");
            return Err(if development { Refused::NotLoopback } else { Refused::NotPublic });
        }
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        let count = addresses.len().min(ADDRESSES);
        for (number, address) in (1..=count).zip(addresses) {
            let attempt = TcpStream::connect(SocketAddr::new(address, port));
            // The last one has all the time that is left.
            let patience = if number == count { Duration::MAX } else { ATTEMPT };
            match tokio::time::timeout(patience, attempt).await.unwrap_or(Err(io::ErrorKind::TimedOut.into())) {
                Ok(stream) => return Ok(open(stream)?),
                Err(error) => last = error,
            }
        }
        Err(Refused::Io(last))
    }
}

fn open(stream: TcpStream) -> io::Result<TokioIo<TcpStream>> {
    stream.set_nodelay(true)?;
    Ok(TokioIo::new(stream))
}

/// Why there is no connection.
#[derive(Debug, Error)]
pub(crate) enum Refused {
    #[error("no address is known")]
    Unknown,
    #[error("an address is not public")]
    NotPublic,
    #[error("an address of a development host is not loopback")]
    NotLoopback,
    #[error("connecting took too long")]
    Slow,
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What a guest is told about an exchange that broke off. It names no address, as what a name means inside the operator's
/// network is none of its business.
pub(crate) fn explain(host: &str, error: &legacy::Error) -> Error {
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = source {
        if let Some(refused) = error.downcast_ref::<Refused>() {
            return match refused {
                Refused::Unknown => Error::Unreachable(format!("no address of {host} is known")),
                Refused::NotPublic => Error::Denied(format!("{host} leads to an address that is not public")),
                Refused::NotLoopback => {
                    Error::Denied(format!("{host} is a development host and must lead to a loopback address"))
                }
                Refused::Slow => Error::Unreachable(format!("connecting to {host} took too long")),
                Refused::Io(error) => Error::Unreachable(format!("{host} can't be connected to: {}", error.kind())),
            };
        }
        if let Some(error) = error.downcast_ref::<hyper::Error>()
            && error.is_parse_too_large()
        {
            return Error::TooLarge;
        }
        // An I/O error shows what it carries only through `get_ref`.
        let carried = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(tls) = error.downcast_ref().or_else(|| carried.and_then(|inner| inner.downcast_ref())) {
            let tls: &rustls::Error = tls;
            return Error::Unreachable(format!("{host} can't be trusted: {tls}"));
        }
        source = match carried {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    Error::Unreachable(format!("{host} broke the exchange off, or doesn't speak HTTP"))
}
