//! One fetch: the guest's request, and each redirect through the same gate.

use autocontent_runtime::contract::http::{self as contract, Error, Response};
use bytes::Bytes;
use http::{Method, StatusCode};
use tokio::sync::OwnedSemaphorePermit;
use tracing::Span;

use crate::call::CallState;
use crate::exchange::{Answer, exchange};
use crate::headers::{for_another_host, from_guest, without_body};
use crate::target::Target;

/// The response, and what is held until the guest has it.
pub(crate) async fn fetch(
    call: &CallState,
    request: contract::Request,
) -> Result<(Response, Option<OwnedSemaphorePermit>), Error> {
    let mut method = method(request.method);
    let mut headers = from_guest(&request.headers)?;
    let mut body = request_body(call, &method, request.body)?;
    let mut target = call.access.grants.target(&request.url, &call.gate.development)?;
    let _places = call.places().await;
    let mut hops = 0;
    loop {
        Span::current().record("host", target.host.as_str());
        let mut answer = exchange(call, &target, &method, &headers, &body).await?;
        Span::current().record("status", answer.status.as_u16()).record("bytes", answer.body.len());
        let Some(next) = redirect(call, &target, &answer)? else {
            call.receive(answer.body.len())?;
            let permit = answer.permit.take();
            return Ok((finished(call, &target, answer), permit));
        };
        hops += 1;
        if hops > call.gate.limits.redirects {
            let most = call.gate.limits.redirects;
            return Err(Error::Unreachable(format!("{} redirects more than {most} times", target.host)));
        }
        call.spend()?;
        let becomes_get = match answer.status {
            StatusCode::SEE_OTHER => method != Method::GET && method != Method::HEAD,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => method == Method::POST,
            _ => false,
        };
        if becomes_get {
            method = Method::GET;
            body = Bytes::new();
            without_body(&mut headers);
        }
        if next.url.origin() != target.url.origin() {
            for_another_host(&mut headers);
        }
        target = next;
    }
}

/// Where the answer leads, if it leads anywhere.
fn redirect(call: &CallState, from: &Target, answer: &Answer) -> Result<Option<Target>, Error> {
    if !matches!(answer.status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(location) = answer.headers.iter().find(|header| header.name == "location") else { return Ok(None) };
    let url = from
        .url
        .join(&location.value)
        .map_err(|error| Error::Unreachable(format!("{} redirects to what is no URL: {error}", from.host)))?;
    let target = call.access.grants.check(url, &call.gate.development).map_err(|error| match error {
        Error::Denied(why) | Error::InvalidRequest(why) => Error::Denied(format!("{} redirects: {why}", from.host)),
        other => other,
    })?;
    if from.secure && !target.secure {
        return Err(Error::Denied(format!("{} redirects from https to http", from.host)));
    }
    Ok(Some(target))
}

fn finished(call: &CallState, target: &Target, answer: Answer) -> Response {
    Response {
        status: answer.status.as_u16(),
        headers: answer.headers,
        // Not copied, unless the cache has it too.
        body: answer.body.into(),
        url: call.access.secrets.blot(target.url.as_str().to_owned()),
    }
}

fn method(method: contract::Method) -> Method {
    match method {
        contract::Method::Get => Method::GET,
        contract::Method::Head => Method::HEAD,
        contract::Method::Post => Method::POST,
        contract::Method::Put => Method::PUT,
        contract::Method::Patch => Method::PATCH,
        contract::Method::Delete => Method::DELETE,
    }
}

fn request_body(call: &CallState, method: &Method, body: Option<Vec<u8>>) -> Result<Bytes, Error> {
    let body = body.unwrap_or_default();
    let most = call.gate.limits.request_body;
    if body.len() > most {
        return Err(Error::InvalidRequest(format!("a body of {} bytes; at most {most} are sent", body.len())));
    }
    if !body.is_empty() && (*method == Method::GET || *method == Method::HEAD) {
        return Err(Error::InvalidRequest(format!("a body is not sent with {method}; use post")));
    }
    Ok(Bytes::from(body))
}
