//! HTTP, to the hosts that provider.toml names and the operator granted. Secrets are added by the host on the
//! way out.
//!
//! ```no_run
//! use autocontent_sdk::{Failure, http};
//!
//! fn headlines() -> Result<String, Failure> {
//!     http::Request::get("https://news.example/latest").header("Accept", "application/json").send()?.success()?.text()
//! }
//! ```

use std::time::Duration;

use crate::{Failure, host};

pub use crate::bindings::autocontent::provider::http::{Error, Header, Method, Request, Response};

/// Sends all requests at once. The answers stand in the order of the requests.
pub fn fetch_all(requests: &[Request]) -> Vec<Result<Response, Error>> {
    host::http::fetch_all(requests)
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

    /// This response where its status is one of success (200 to 299).
    ///
    /// # Errors
    ///
    /// [`Failure::Busy`] for 429, with the seconds of a Retry-After header; [`Failure::Upstream`] for the rest.
    pub fn success(self) -> Result<Response, Failure> {
        match self.status {
            200..=299 => Ok(self),
            429 => Err(Failure::Busy(self.header("retry-after").and_then(|seconds| seconds.trim().parse().ok()))),
            status => Err(Failure::Upstream(format!("{} answered {status}", self.place()))),
        }
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
    }

    #[test]
    fn failures_name_the_server_without_the_query() {
        let failure = Failure::Upstream("https://news.example/latest answered 503".into());
        assert_eq!(response(503, &[], b"").success(), Err(failure));
        let failure = Failure::Upstream("https://news.example/latest answered with text that is not UTF-8".into());
        assert_eq!(response(200, &[], b"\xff").text(), Err(failure));
    }
}
