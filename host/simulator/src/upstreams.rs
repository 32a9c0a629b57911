//! Upstreams of providers on this machine: a server on loopback that answers from recordings, with faults on demand.
//!
//! A host is sent here by its setting `development-upstreams`; which upstream is meant, the `Host` header says. What a host adds
//! to a query, as it does with secrets, is passed over where the rest is recorded.

use std::{
    collections::HashMap,
    future::pending,
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use autocontent_recordings::{Outcome, Player, Recording, Request as Asked, Response as Recorded, Unanswered};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;
use url::Url;

/// The most that a request's body may have.
const BODY: usize = 1 << 20;

/// A server that answers from recordings. It ends when it is dropped.
pub struct Upstreams {
    address: SocketAddr,
    shared: Arc<Shared>,
    _task: AbortOnDropHandle<()>,
}

/// What an upstream does instead of answering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpstreamFault {
    /// Answers with this status, and a sentence in plain text.
    Status(u16),
    /// Answers with the half of what is recorded, so that JSON and XML break off.
    Malformed,
    /// Answers with 429 and asks to wait for so many seconds.
    TooManyRequests {
        /// Of `Retry-After`.
        retry_after: u32,
    },
    /// Never answers.
    Hangs,
    /// Answers with 200 and nothing.
    Empty,
}

/// A request that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamRequest {
    /// In capitals.
    pub method: String,
    /// As the provider meant it, with https, and with what the host added.
    pub url: Url,
    /// Its headers: names in small letters.
    pub headers: Vec<(String, String)>,
    /// Whether it was recorded.
    pub known: bool,
}

struct Shared {
    player: Player,
    known: Vec<Asked>,
    faults: Mutex<HashMap<String, UpstreamFault>>,
    requests: Mutex<Vec<UpstreamRequest>>,
}

impl Upstreams {
    /// Answers from these recordings at a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// Where no port can be had.
    pub async fn start(recordings: impl IntoIterator<Item = Recording>) -> io::Result<Upstreams> {
        let recordings: Vec<_> = recordings.into_iter().collect();
        let known = recordings.iter().flat_map(|one| &one.exchanges).map(|one| one.request.clone()).collect();
        let named = (1..).zip(recordings).map(|(number, recording)| (format!("recording {number}"), recording));
        let shared = Shared { player: Player::new(named), known, faults: Mutex::default(), requests: Mutex::default() };
        let shared = Arc::new(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // Serving ends only when the task does.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Upstreams { address, shared, _task: AbortOnDropHandle::new(task) })
    }

    /// Where it listens, as `development-upstreams` wants it: `*=` before it sends every host here.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Has an upstream fail so from now on.
    pub fn fail(&self, host: &str, fault: UpstreamFault) {
        self.faults().insert(host.to_owned(), fault);
    }

    /// Has all upstreams answer again.
    pub fn heal(&self) {
        self.faults().clear();
    }

    /// What arrived until now.
    #[must_use]
    pub fn requests(&self) -> Vec<UpstreamRequest> {
        self.shared.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn faults(&self) -> std::sync::MutexGuard<'_, HashMap<String, UpstreamFault>> {
        self.shared.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let host = parts.headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let Ok(url) = Url::parse(&format!("https://{host}{path}")) else {
        return (StatusCode::BAD_REQUEST, "the Host header names no host").into_response();
    };
    let Ok(body) = to_bytes(body, BODY).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
    let asked = shared.recorded(Asked::new(parts.method.as_str(), url.clone(), body.to_vec()));
    let outcome = shared.player.answer(&asked);
    shared.remember(UpstreamRequest {
        method: parts.method.to_string(),
        url,
        headers: texts(&parts.headers),
        known: outcome.is_ok(),
    });
    let fault = shared.faults.lock().unwrap_or_else(PoisonError::into_inner).get(&host).cloned();
    // One that fails does so whatever it is asked, recorded or not.
    match fault {
        Some(UpstreamFault::Status(status)) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            return (status, "this upstream was told to fail").into_response();
        }
        Some(UpstreamFault::TooManyRequests { retry_after }) => {
            return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, retry_after.to_string())]).into_response();
        }
        Some(UpstreamFault::Hangs) => return pending().await,
        Some(UpstreamFault::Empty) => return StatusCode::OK.into_response(),
        Some(UpstreamFault::Malformed) | None => {}
    }
    let broken = fault.is_some();
    match outcome {
        Ok(Outcome::Response(recorded)) if broken => {
            let half = recorded.body.len() / 2;
            let body = recorded.body.get(..half).unwrap_or_default().to_vec();
            response(Recorded { body, ..recorded.clone() })
        }
        Ok(Outcome::Response(recorded)) => response(recorded.clone()),
        Ok(Outcome::Unanswered(Unanswered::Timeout)) => pending().await,
        Ok(Outcome::Unanswered(_)) => StatusCode::BAD_GATEWAY.into_response(),
        // The half of nothing.
        Err(_) if broken => StatusCode::OK.into_response(),
        Err(missing) => (StatusCode::NOT_FOUND, missing.to_string()).into_response(),
    }
}

impl Shared {
    /// The request as it is recorded: itself, or without what a host added to its query.
    fn recorded(&self, asked: Asked) -> Asked {
        if self.known.contains(&asked) {
            return asked;
        }
        let same = |known: &&Asked| {
            let all: Vec<_> = asked.url.query_pairs().collect();
            known.method == asked.method
                && known.url.host() == asked.url.host()
                && known.url.path() == asked.url.path()
                && known.body == asked.body
                && known.url.query_pairs().all(|pair| all.contains(&pair))
        };
        // Of several, the one that leaves the least over.
        let nearest = self.known.iter().filter(same).max_by_key(|known| known.url.query_pairs().count());
        nearest.cloned().unwrap_or(asked)
    }

    fn remember(&self, request: UpstreamRequest) {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    }
}

fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &axum::http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn response(recorded: Recorded) -> Response {
    let mut response = Response::builder().status(recorded.status);
    for (name, value) in &recorded.headers {
        // A body is recorded as it was unpacked.
        if !["content-encoding", "content-length", "transfer-encoding"].contains(&name.as_str()) {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(recorded.body)).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
