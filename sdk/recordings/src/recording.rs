//! What a recording is made of.

use std::fmt;

use jiff::Timestamp;
use url::Url;

/// Exchanges with upstreams, in the order in which they happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// What time it was; a provider that is played this is told the same, so that dates in its requests fit.
    pub now: Option<Timestamp>,
    /// The exchanges.
    pub exchanges: Vec<Exchange>,
}

/// A request and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What was asked.
    pub request: Request,
    /// What came of it.
    pub outcome: Outcome,
}

/// What is asked of an upstream, without any secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Request {
    /// In capitals, such as "GET".
    pub method: String,
    /// Without its fragment.
    pub url: Url,
    /// Empty where there is none.
    pub body: Vec<u8>,
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The upstream answered.
    Response(Response),
    /// It didn't.
    Unanswered(Unanswered),
}

/// What an upstream answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// 100 to 599.
    pub status: u16,
    /// Names in small letters, with their values, in the order of the names; a name may come more than once.
    pub headers: Vec<(String, String)>,
    /// Unpacked.
    pub body: Vec<u8>,
}

/// Why an upstream gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unanswered {
    /// It took too long.
    Timeout,
    /// It sent more than is taken.
    TooLarge,
    /// It couldn't be reached, or broke off.
    Unreachable,
}

impl Request {
    /// A request with its method in capitals and its URL without the fragment, which is never sent.
    #[must_use]
    pub fn new(method: &str, mut url: Url, body: impl Into<Vec<u8>>) -> Request {
        url.set_fragment(None);
        Request { method: method.to_ascii_uppercase(), url, body: body.into() }
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}

impl Unanswered {
    /// All of them.
    pub const ALL: [Unanswered; 3] = [Unanswered::Timeout, Unanswered::TooLarge, Unanswered::Unreachable];

    /// As it stands in a file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Unanswered::Timeout => "timeout",
            Unanswered::TooLarge => "too-large",
            Unanswered::Unreachable => "unreachable",
        }
    }
}
