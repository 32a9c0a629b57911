//! Servers on loopback that remember what they were asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use autocontent_gate::CertificateDer;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{HeaderMap, Method, Request, Response, Uri, Version};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::task::AbortOnDropHandle;

/// What a server was asked.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) version: Version,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

pub(crate) type Answer = Response<Full<Bytes>>;
type Handler = Arc<dyn Fn(Seen) -> BoxFuture<'static, Answer> + Send + Sync>;

/// A running server; it ends when it is dropped.
pub(crate) struct Upstream {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
    _task: AbortOnDropHandle<()>,
}

/// A response.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(Full::new(body.into())).unwrap()
}

impl Upstream {
    /// Speaks HTTP/1 and HTTP/2 over TLS.
    pub(crate) async fn https(handler: impl Fn(Seen) -> Answer + Send + Sync + 'static) -> Upstream {
        let handler = ready(handler);
        Upstream::start(move |stream, seen| {
            let handler = Arc::clone(&handler);
            Box::pin(async move {
                if let Ok(stream) = TlsAcceptor::from(Arc::clone(&AUTHORITY.server)).accept(stream).await {
                    serve(stream, handler, seen).await;
                }
            })
        })
        .await
    }

    /// Speaks HTTP without TLS.
    pub(crate) async fn http(handler: impl Fn(Seen) -> Answer + Send + Sync + 'static) -> Upstream {
        let handler = ready(handler);
        Upstream::waiting(move |seen| handler(seen)).await
    }

    /// Speaks HTTP without TLS, and answers when it likes.
    pub(crate) async fn waiting(
        handler: impl Fn(Seen) -> BoxFuture<'static, Answer> + Send + Sync + 'static,
    ) -> Upstream {
        let handler: Handler = Arc::new(handler);
        Upstream::start(move |stream, seen| Box::pin(serve(stream, Arc::clone(&handler), seen))).await
    }

    /// Does as it likes with each connection.
    pub(crate) async fn raw(talk: impl Fn(TcpStream) -> BoxFuture<'static, ()> + Send + Sync + 'static) -> Upstream {
        Upstream::start(move |stream, _| talk(stream)).await
    }

    async fn start(
        talk: impl Fn(TcpStream, Arc<Mutex<Vec<Seen>>>) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Upstream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (seen, connections) = (Arc::default(), Arc::new(AtomicUsize::new(0)));
        let (log, count) = (Arc::clone(&seen), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                open.spawn(talk(stream, Arc::clone(&log)));
            }
        });
        Upstream { port, seen, connections, _task: AbortOnDropHandle::new(task) }
    }

    /// What it was asked until now.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// How many connections were opened until now.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn ready(handler: impl Fn(Seen) -> Answer + Send + Sync + 'static) -> Handler {
    Arc::new(move |seen| {
        let answer = handler(seen);
        Box::pin(async { answer })
    })
}

async fn serve<S>(stream: S, handler: Handler, log: Arc<Mutex<Vec<Seen>>>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let (handler, log) = (Arc::clone(&handler), Arc::clone(&log));
        async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await?.to_bytes();
            let seen =
                Seen { method: parts.method, uri: parts.uri, headers: parts.headers, body, version: parts.version };
            log.lock().unwrap().push(seen.clone());
            Ok::<_, hyper::Error>(handler(seen).await)
        }
    });
    // A client may hang up whenever it likes.
    let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// The tests' certificate authority, and a server's certificate by it.
pub(crate) struct Authority {
    pub(crate) root: CertificateDer<'static>,
    server: Arc<ServerConfig>,
}

pub(crate) static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let names = ["*.example.com", "example.org", "127.0.0.1"].map(str::to_owned);
    let leaf = CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Authority { root: issuer.der().clone(), server: Arc::new(server) }
});
