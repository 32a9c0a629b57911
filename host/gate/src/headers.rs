//! Which headers a guest may send, and which it is given.

use autocontent_runtime::contract::http::{Error, Header};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::limits::{REQUEST_HEADER_BYTES, REQUEST_HEADERS, RESPONSE_HEADER_BYTES, RESPONSE_HEADERS};
use crate::secrets::Secrets;

/// What the host decides: where a request goes, how it is framed, how an answer is packed, and who asks.
const HOSTS_OWN: [HeaderName; 12] = [
    header::HOST,
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::CONTENT_LENGTH,
    header::EXPECT,
    HeaderName::from_static("http2-settings"),
    header::ACCEPT_ENCODING,
    header::USER_AGENT,
];

/// What of a guest's headers goes along to another host: nothing that could be a credential.
const HARMLESS: [HeaderName; 3] = [header::ACCEPT, header::ACCEPT_LANGUAGE, header::CONTENT_TYPE];

/// What describes the connection or the packing, which the guest doesn't see.
const OF_THE_CONNECTION: [HeaderName; 8] = [
    header::CONNECTION,
    HeaderName::from_static("keep-alive"),
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
];

/// A guest's headers, checked.
pub(crate) fn from_guest(given: &[Header]) -> Result<HeaderMap, Error> {
    let invalid = |what: String| Err(Error::InvalidRequest(what));
    let bytes = given.iter().map(|header| header.name.len() + header.value.len()).sum::<usize>();
    if given.len() > REQUEST_HEADERS || bytes > REQUEST_HEADER_BYTES {
        return invalid(format!(
            "{} headers of {bytes} bytes; at most {REQUEST_HEADERS} of {REQUEST_HEADER_BYTES} bytes are sent",
            given.len()
        ));
    }
    let mut headers = HeaderMap::with_capacity(given.len());
    for header in given {
        let Ok(name) = HeaderName::from_bytes(header.name.as_bytes()) else {
            return invalid(format!("{:?} is no header's name", header.name));
        };
        if HOSTS_OWN.contains(&name) || name.as_str().starts_with("proxy-") {
            return invalid(format!("the header {name} is the host's own; leave it out"));
        }
        let Ok(value) = HeaderValue::from_str(&header.value) else {
            return invalid(format!("the value of the header {name} has characters that no header can hold"));
        };
        headers.append(name, value);
    }
    Ok(headers)
}

/// Drops what must not go along to another host.
pub(crate) fn for_another_host(headers: &mut HeaderMap) {
    keep_only(headers, |name| HARMLESS.contains(name));
}

/// Drops what describes a body that isn't sent any more.
pub(crate) fn without_body(headers: &mut HeaderMap) {
    keep_only(headers, |name| !name.as_str().starts_with("content-"));
}

fn keep_only(headers: &mut HeaderMap, keep: impl Fn(&HeaderName) -> bool) {
    let dropped: Vec<HeaderName> = headers.keys().filter(|name| !keep(name)).cloned().collect();
    for name in dropped {
        headers.remove(name);
    }
}

/// A server's headers for the guest, without secrets.
pub(crate) fn for_guest(headers: &HeaderMap, secrets: &Secrets) -> Result<Vec<Header>, Error> {
    let bytes = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum::<usize>();
    if headers.len() > RESPONSE_HEADERS || bytes > RESPONSE_HEADER_BYTES {
        return Err(Error::TooLarge);
    }
    let seen =
        headers.iter().filter(|(name, _)| !OF_THE_CONNECTION.contains(name) && !name.as_str().starts_with("proxy-"));
    Ok(seen
        .map(|(name, value)| Header {
            name: secrets.blot(name.as_str().to_owned()),
            value: secrets.blot(String::from_utf8_lossy(value.as_bytes()).into_owned()),
        })
        .collect())
}
