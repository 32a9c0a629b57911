//! Where answers come from: the wire, or recordings in its place.
//!
//! A recording stands behind everything that the gate checks and counts, and before the secrets: what it is asked has none,
//! and what is put into it was rid of them.

use std::fmt;
use std::sync::Arc;

use autocontent_recordings::{Exchange, Outcome, Player, Recorder, Request, Response as Recorded, Unanswered};
use autocontent_runtime::contract::http::Error;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue, Method, Response, response};
use hyper::body::Incoming;

use crate::exchange::Answer;
use crate::target::Target;

/// Where answers come from.
#[derive(Clone, Default)]
pub enum Network {
    /// From the servers that are asked.
    #[default]
    Wire,
    /// From recordings and nowhere else: what none of them has ends in `unreachable`, with the nearest that there is. Nothing
    /// is paced, as nobody is asked.
    Played(Arc<Player>),
    /// From the servers that are asked, and kept. Nothing comes from memory.
    Recorded(Arc<Recorder>),
}

/// Where a body comes from.
pub(crate) enum Content {
    Wire(Incoming),
    Played(Vec<u8>),
}

impl Network {
    /// Whether an answer may come from memory.
    pub(crate) fn may_remember(&self) -> bool {
        !matches!(self, Network::Recorded(_))
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Network::Wire => "Wire",
            Network::Played(_) => "Played",
            Network::Recorded(_) => "Recorded",
        })
    }
}

/// What is recorded.
pub(crate) fn play(
    player: &Player,
    target: &Target,
    method: &Method,
    body: &Bytes,
) -> Result<(response::Parts, Content), Error> {
    let request = Request::new(method.as_str(), target.url.clone(), body.to_vec());
    let recorded = match player.answer(&request) {
        Ok(Outcome::Response(recorded)) => recorded,
        Ok(Outcome::Unanswered(Unanswered::Timeout)) => return Err(Error::Timeout),
        Ok(Outcome::Unanswered(Unanswered::TooLarge)) => return Err(Error::TooLarge),
        Ok(Outcome::Unanswered(Unanswered::Unreachable)) => {
            return Err(Error::Unreachable(format!("{} can't be connected to: its recording says so", target.host)));
        }
        Err(missing) => return Err(Error::Unreachable(missing.to_string())),
    };
    let mut response = Response::builder().status(recorded.status);
    for (name, value) in &recorded.headers {
        let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(value).ok());
        // A body is recorded as it was unpacked.
        if let Some((name, value)) = header
            && ![CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name)
        {
            response = response.header(name, value);
        }
    }
    let body = if *method == Method::HEAD { Vec::new() } else { recorded.body.clone() };
    let response = response.body(()).map_err(|_| Error::Unreachable("its recording is no answer".into()))?;
    Ok((response.into_parts().0, Content::Played(body)))
}

/// Keeps what comes of a request, where that is recorded. One that is given up took too long.
pub(crate) struct Keeping<'a>(Option<(&'a Recorder, Request)>);

impl<'a> Keeping<'a> {
    pub(crate) fn begin(network: &'a Network, target: &Target, method: &Method, body: &Bytes) -> Keeping<'a> {
        let Network::Recorded(recorder) = network else { return Keeping(None) };
        Keeping(Some((recorder, Request::new(method.as_str(), target.url.clone(), body.to_vec()))))
    }

    /// What a provider was refused is none of an upstream's doing, and is not kept.
    pub(crate) fn end(mut self, outcome: Result<&Answer, &Error>) {
        match outcome {
            Ok(answer) => self.keep(Outcome::Response(Recorded {
                status: answer.status.as_u16(),
                headers: answer.headers.iter().map(|header| (header.name.clone(), header.value.clone())).collect(),
                body: answer.body.to_vec(),
            })),
            Err(Error::Timeout) => self.keep(Outcome::Unanswered(Unanswered::Timeout)),
            Err(Error::TooLarge) => self.keep(Outcome::Unanswered(Unanswered::TooLarge)),
            Err(Error::Unreachable(_)) => self.keep(Outcome::Unanswered(Unanswered::Unreachable)),
            Err(Error::Denied(_) | Error::InvalidRequest(_) | Error::Exhausted) => self.0 = None,
        }
    }

    fn keep(&mut self, outcome: Outcome) {
        if let Some((recorder, request)) = self.0.take() {
            recorder.add(Exchange { request, outcome });
        }
    }
}

impl Drop for Keeping<'_> {
    fn drop(&mut self) {
        self.keep(Outcome::Unanswered(Unanswered::Timeout));
    }
}
