//! One request and its response: the cache, the host's pace, the secrets, the wire or a recording in its place.

use std::time::Duration;

use autocontent_runtime::contract::http::{Error, Header};
use bytes::Bytes;
use http::header::{self, HeaderMap, HeaderValue};
use http::uri::Scheme;
use http::{Method, Request, StatusCode, Uri, response};
use http_body_util::Full;
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use crate::body::{self, Body, Room};
use crate::cache::Key;
use crate::call::CallState;
use crate::connect::explain;
use crate::headers::for_guest;
use crate::network::{self, Content, Keeping, Network};
use crate::target::Target;
use crate::upstream::address_of;

/// A response as the guest may have it.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: Vec<Header>,
    pub(crate) body: Bytes,
    /// Given back when the guest has the body.
    pub(crate) permit: Option<OwnedSemaphorePermit>,
}

/// Answers from memory where that is allowed, and from the server otherwise; keeps what came of it where that is recorded.
pub(crate) async fn exchange(
    call: &CallState,
    target: &Target,
    method: &Method,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Answer, Error> {
    let keeping = Keeping::begin(&call.gate.network, target, method, body);
    let outcome = answer(call, target, method, headers, body).await;
    keeping.end(outcome.as_ref());
    outcome
}

async fn answer(
    call: &CallState,
    target: &Target,
    method: &Method,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Answer, Error> {
    let (provider, secrets) = (&call.provider, &call.access.secrets);
    let network = &call.gate.network;
    let key = Key::new(method, &target.url, headers, &secrets.identity).filter(|_| network.may_remember());
    let stored = key.and_then(|key| provider.memory.get(&key));
    if let Some(stored) = stored.as_ref().filter(|stored| stored.is_fresh(call.gate.clock.now())) {
        call.used(|usage| usage.cache_hits += 1);
        return Ok(from_memory(stored));
    }
    if let Some(left) = provider.waiting.left(secrets.identity, &target.host, call.gate.clock.now()) {
        let seconds = left.as_secs().saturating_add(1);
        return Err(Error::Unreachable(format!("{} asked to be left alone for {seconds} s more", target.host)));
    }
    let turn = match network {
        // There is nobody to be spared, and its clock may stand.
        Network::Played(_) => Some(Duration::ZERO),
        Network::Wire | Network::Recorded(_) => call.gate.turns.take(&target.host, &provider.id, call.gate.clock.now()),
    };
    match turn {
        Some(wait) if wait.is_zero() => {}
        Some(wait) => tokio::time::sleep(wait).await,
        None => return Err(Error::Unreachable(format!("{} is asked too often; try again later", target.host))),
    }

    let mut sent = headers.clone();
    if let Some(stored) = &stored {
        stored.make_conditional(&mut sent);
    }
    let request = request(call, target, method, sent, body)?;
    call.used(|usage| {
        usage.requests += 1;
        usage.bytes_sent += body.len() as u64;
    });
    let (parts, content) = match network {
        Network::Played(player) => network::play(player, target, method, body)?,
        Network::Wire | Network::Recorded(_) => send(call, target, request).await?,
    };
    let (status, now) = (parts.status, call.gate.clock.now());
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        provider.waiting.note(secrets.identity, &target.host, &parts.headers, now);
    }
    let headers = for_guest(&parts.headers, secrets)?;
    if let (StatusCode::NOT_MODIFIED, Some(key), Some(stored)) = (status, key, stored) {
        provider.memory.renew(key, &stored, &parts.headers, now);
        call.used(|usage| usage.cache_hits += 1);
        return Ok(from_memory(&stored));
    }
    let most = call.gate.limits.response_body.min(call.left_to_receive());
    let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if *method != Method::HEAD && announced.is_some_and(|length: usize| length > most) {
        return Err(Error::TooLarge);
    }
    let received = |bytes: usize| call.used(|usage| usage.bytes_received += bytes as u64);
    let body = match content {
        Content::Wire(incoming) => {
            let room = Room { most, held: &provider.held, received: &received };
            body::read(incoming, &parts.headers, room).await?
        }
        Content::Played(bytes) if bytes.len() > most => return Err(Error::TooLarge),
        Content::Played(bytes) => {
            received(bytes.len());
            Body { bytes, permit: None }
        }
    };
    let bytes = Bytes::from(secrets.blot_bytes(body.bytes));
    if let Some(key) = key {
        provider.memory.keep(key, status, &parts.headers, &headers, &bytes, now);
    }
    Ok(Answer { status, headers, body: bytes, permit: body.permit })
}

/// Sends a request over the wire.
async fn send(
    call: &CallState,
    target: &Target,
    request: Request<Full<Bytes>>,
) -> Result<(response::Parts, Content), Error> {
    let response = call.provider.sender.request(request).await.map_err(|error| explain(&target.host, &error))?;
    let (parts, incoming) = response.into_parts();
    Ok((parts, Content::Wire(incoming)))
}

fn from_memory(stored: &crate::cache::Stored) -> Answer {
    Answer {
        status: StatusCode::from_u16(stored.status).unwrap_or(StatusCode::OK),
        headers: stored.headers.clone(),
        body: stored.body.clone(),
        permit: None,
    }
}

/// What goes over the wire.
fn request(
    call: &CallState,
    target: &Target,
    method: &Method,
    mut headers: HeaderMap,
    body: &Bytes,
) -> Result<Request<Full<Bytes>>, Error> {
    headers.insert(header::USER_AGENT, call.provider.user_agent.clone());
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(body::ACCEPT_ENCODING));
    headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
    let url = call.access.secrets.attach(target, &mut headers)?;
    let mut request = Request::new(Full::new(body.clone()));
    *request.method_mut() = method.clone();
    let uri = uri(&url, target)?;
    *request.uri_mut() = if address_of(&call.gate.upstreams, &target.host).is_some() { in_plain(uri)? } else { uri };
    *request.headers_mut() = headers;
    Ok(request)
}

/// The URL in hyper's form; refused where the two don't agree on the host.
fn uri(url: &Url, target: &Target) -> Result<Uri, Error> {
    let invalid = || Error::InvalidRequest("the URL has characters that can't be sent".into());
    let uri: Uri = url.as_str().parse().map_err(|_| invalid())?;
    let agree = uri.host() == Some(target.host.as_str())
        && uri.port_u16() == url.port()
        && uri.scheme_str() == Some(url.scheme())
        && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'));
    if agree { Ok(uri) } else { Err(invalid()) }
}

/// The same in plain HTTP, as a development upstream speaks it.
fn in_plain(uri: Uri) -> Result<Uri, Error> {
    let mut parts = uri.into_parts();
    parts.scheme = Some(Scheme::HTTP);
    Uri::from_parts(parts).map_err(|_| Error::InvalidRequest("the URL has characters that can't be sent".into()))
}
