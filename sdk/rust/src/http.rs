//! HTTP, to the hosts that provider.toml names and the operator granted. Secrets are added by the host on the
//! way out.
//!
//! ```no_run
//! use autocontent_sdk::{Failure, http};
//!
//! /// A type of your own, with as much of the answer as you need; `serde` is a dependency of your crate.
//! #[derive(serde::Deserialize)]
//! struct Headline {
//!     title: String,
//!     url: Option<String>,
//! }
//!
//! fn headlines(topic: &str) -> Result<Vec<Headline>, Failure> {
//!     let request = http::Request::get("https://news.example/latest").query("about", topic).query("page", 1);
//!     request.send()?.authorised("api-key")?.success()?.json()
//! }
//! ```

use std::fmt::{self, Write as _};
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::{Failure, host};

pub use crate::bindings::autocontent::provider::http::{Error, Header, Method, Request, Response};

/// Sends all requests at once. The answers stand in the order of the requests.
pub fn fetch_all(requests: &[Request]) -> Vec<Result<Response, Error>> {
    host::http::fetch_all(requests)
}

/// `text` as it can stand in a URL: as a part of the path between two slashes, or in the query. All but letters,
/// digits, `-`, `.`, `_` and `~` is percent-encoded.
///
/// ```
/// assert_eq!(autocontent_sdk::http::encode("São Paulo/SP"), "S%C3%A3o%20Paulo%2FSP");
/// ```
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string never fails.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// `url` where it is an https address, which is all that an item may lead to or show; white space around it goes.
///
/// ```
/// use autocontent_sdk::http::https;
///
/// assert_eq!(https(" https://news.example/7 "), Some("https://news.example/7"));
/// assert_eq!(https("javascript:alert(1)"), None);
/// ```
pub fn https(url: &str) -> Option<&str> {
    let url = url.trim();
    url.strip_prefix("https://").filter(|rest| !rest.is_empty()).map(|_| url)
}

impl Request {
    /// A request without headers and body, in as much time as the host allows.
    pub fn new(method: Method, url: impl Into<String>) -> Request {
        Request { method, url: url.into(), headers: Vec::new(), body: None, timeout_ms: None }
    }

    /// A GET request.
    pub fn get(url: impl Into<String>) -> Request {
        Request::new(Method::Get, url)
    }

    /// A POST request.
    pub fn post(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Request {
        Request { body: Some(body.into()), ..Request::new(Method::Post, url) }
    }

    /// Adds a parameter to the URL's query, encoded as need be. A fragment (`#…`) goes, as none is ever sent.
    #[must_use]
    pub fn query(mut self, name: &str, value: impl fmt::Display) -> Request {
        self.url.truncate(self.url.find('#').unwrap_or(self.url.len()));
        self.url.push(if self.url.contains('?') { '&' } else { '?' });
        self.url.push_str(&encode(name));
        self.url.push('=');
        self.url.push_str(&encode(&value.to_string()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Request {
        self.headers.push(Header { name: name.into(), value: value.into() });
        self
    }

    /// Limits the whole exchange, redirects included. Where the host's own limit is shorter, that one counts.
    #[must_use]
    pub fn timeout(self, time: Duration) -> Request {
        Request { timeout_ms: Some(u32::try_from(time.as_millis()).unwrap_or(u32::MAX)), ..self }
    }

    /// Sends it.
    ///
    /// # Errors
    ///
    /// Where there is no answer. An answer such as 404 is a [`Response`]; see [`Response::success`].
    pub fn send(&self) -> Result<Response, Error> {
        host::http::fetch(self)
    }
}

impl Response {
    /// The first header of this name, if there is one. Case does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value.as_str())
    }

    /// This response, unless its status says that the server did not take the key (401 or 403). `secret` is what
    /// provider.toml calls the key.
    ///
    /// # Errors
    ///
    /// [`Failure::Misconfigured`], which tells the operator to fill the secret in.
    pub fn authorised(self, secret: &str) -> Result<Response, Failure> {
        match self.status {
            401 | 403 => Err(Failure::Misconfigured(format!(
                "{} answered {}: the secret `{secret}` is missing or wrong; fill it in with `autocontent provider secret`",
                self.place(),
                self.status
            ))),
            _ => Ok(self),
        }
    }

    /// This response where its status is one of success (200 to 299).
    ///
    /// # Errors
    ///
    /// [`Failure::Busy`] for 429, and for 503 with a Retry-After header, with that header's seconds;
    /// [`Failure::Upstream`] for the rest.
    pub fn success(self) -> Result<Response, Failure> {
        let wait = self.header("retry-after").and_then(|seconds| seconds.trim().parse().ok());
        match (self.status, wait) {
            (200..=299, _) => Ok(self),
            (429, wait) | (503, wait @ Some(_)) => Err(Failure::Busy(wait)),
            (status, _) => Err(Failure::Upstream(format!("{} answered {status}", self.place()))),
        }
    }

    /// The body as JSON, in a type that derives serde's `Deserialize`. What the type doesn't name is passed over; what
    /// may be missing or null is an `Option`.
    ///
    /// # Errors
    ///
    /// [`Failure::Upstream`] where it is not JSON or not of that shape; it says what is wrong and where.
    pub fn json<T: DeserializeOwned>(self) -> Result<T, Failure> {
        // Some servers put a byte-order mark before it.
        let body = self.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&self.body);
        serde_json::from_slice(body).map_err(|error| {
            Failure::Upstream(format!("{} answered with JSON that can't be used: {error}", self.place()))
        })
    }

    /// The body as text.
    ///
    /// # Errors
    ///
    /// [`Failure::Upstream`] where it is not UTF-8.
    pub fn text(self) -> Result<String, Failure> {
        match String::from_utf8(self.body) {
            Ok(text) => Ok(text),
            Err(error) => {
                let response = Response { body: error.into_bytes(), ..self };
                Err(Failure::Upstream(format!("{} answered with text that is not UTF-8", response.place())))
            }
        }
    }

    /// The URL without its query, which may say more about a member than the log should know.
    fn place(&self) -> &str {
        self.url.split(['?', '#']).next().unwrap_or_default()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match error {
            Error::Denied(why) => Failure::Misconfigured(format!("the host refused an HTTP request: {why}")),
            Error::InvalidRequest(why) => Failure::Internal(format!("an HTTP request could not be sent: {why}")),
            Error::Timeout => Failure::Upstream("no answer in time".into()),
            Error::TooLarge => Failure::Upstream("the answer is larger than the host takes".into()),
            Error::Unreachable(why) => Failure::Upstream(format!("no answer: {why}")),
            Error::Exhausted => Failure::Internal("more HTTP requests than one call may make".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Response {
        let headers = headers.iter().map(|(name, value)| Header { name: (*name).into(), value: (*value).into() });
        let url = "https://news.example/latest?member=7".into();
        Response { status, headers: headers.collect(), body: body.into(), url }
    }

    #[test]
    fn too_many_requests_means_busy_for_as_long_as_the_server_says() {
        assert_eq!(response(429, &[("retry-after", "30")], b"").success(), Err(Failure::Busy(Some(30))));
        assert_eq!(response(429, &[("retry-after", "tomorrow")], b"").success(), Err(Failure::Busy(None)));
        assert_eq!(response(503, &[("retry-after", "5")], b"").success(), Err(Failure::Busy(Some(5))));
    }

    #[test]
    fn a_refused_key_is_for_the_operator_and_names_the_secret() {
        for status in [401, 403] {
            let Err(Failure::Misconfigured(told)) = response(status, &[], b"").authorised("api-key") else { panic!() };
            assert!(told.starts_with(&format!("https://news.example/latest answered {status}: the secret `api-key`")));
        }
        assert!(response(500, &[], b"").authorised("api-key").is_ok());
    }

    #[test]
    fn parameters_are_encoded_and_stand_before_no_fragment() {
        let request = Request::get("https://news.example/latest#top").query("about", "R&B + soul").query("page", 2);
        assert_eq!(request.url, "https://news.example/latest?about=R%26B%20%2B%20soul&page=2");
    }

    #[test]
    fn json_that_lacks_something_or_is_none_says_what_and_where() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Headline {
            title: String,
            url: Option<String>,
        }
        let read = |body: &str| response(200, &[], body.as_bytes()).json::<Headline>();
        let headline = Headline { title: "Comet seen".into(), url: None };
        assert_eq!(read(r#"{"title": "Comet seen", "more": [1]}"#).as_ref(), Ok(&headline));
        assert_eq!(read("\u{feff}{\"title\": \"Comet seen\"}"), Ok(headline));
        for (body, wrong) in [
            (r#"{"url": null}"#, "missing field `title` at line 1 column 13"),
            ("<html>", "expected value at line 1 column 1"),
            ("", "EOF while parsing a value at line 1 column 0"),
        ] {
            let told = format!("https://news.example/latest answered with JSON that can't be used: {wrong}");
            assert_eq!(read(body), Err(Failure::Upstream(told)));
        }
    }

    #[test]
    fn failures_name_the_server_without_the_query() {
        let failure = Failure::Upstream("https://news.example/latest answered 503".into());
        assert_eq!(response(503, &[], b"").success(), Err(failure));
        let failure = Failure::Upstream("https://news.example/latest answered with text that is not UTF-8".into());
        assert_eq!(response(200, &[], b"\xff").text(), Err(failure));
    }
}
