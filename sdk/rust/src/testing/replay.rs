//! Between the contract's words for HTTP and those of recordings.

use autocontent_recordings::{Outcome, Player, Unanswered};
use url::Url;

use crate::http::{Error, Header, Request, Response};

/// What is recorded for a request; `method` is its method as HTTP writes it.
pub(super) fn answer(recordings: &Player, request: &Request, method: &str) -> Result<Response, Error> {
    let url = Url::parse(&request.url)
        .map_err(|error| Error::InvalidRequest(format!("{:?} is no URL: {error}", request.url)))?;
    let body = request.body.as_deref().unwrap_or_default();
    let asked = autocontent_recordings::Request::new(method, url, body);
    match recordings.answer(&asked).map_err(|missing| Error::Denied(missing.to_string()))? {
        Outcome::Response(response) => Ok(Response {
            status: response.status,
            headers: response
                .headers
                .iter()
                .map(|(name, value)| Header { name: name.clone(), value: value.clone() })
                .collect(),
            body: response.body.clone(),
            url: asked.url.into(),
        }),
        Outcome::Unanswered(Unanswered::Timeout) => Err(Error::Timeout),
        Outcome::Unanswered(Unanswered::TooLarge) => Err(Error::TooLarge),
        Outcome::Unanswered(Unanswered::Unreachable) => Err(Error::Unreachable("so it is recorded".into())),
    }
}
