//! What to say where no recording answers a request: the nearest one, and how it differs.

use std::collections::BTreeMap;
use std::fmt;

use crate::recording::Request;

/// Characters of a value that are shown of what differs.
const SHOWN: usize = 60;

/// A request that no recording answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no recording answers {request}: {reason}")]
pub struct Missing {
    /// Its method and URL.
    pub request: String,
    /// The nearest recorded one and how it differs, or what to do where there is none.
    pub reason: String,
}

/// Where a request is recorded.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) file: String,
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) request: Request,
}

/// Says what is missing.
pub(crate) fn missing(request: &Request, places: &[Place], files: usize) -> Missing {
    let nearest = places
        .iter()
        .filter(|place| place.request.url.host() == request.url.host())
        .map(|place| (differences(request, &place.request), place))
        // The first of those that differ least.
        .min_by_key(|(differences, _)| differences.iter().map(Difference::weight).sum::<usize>());
    let reason = match nearest {
        Some((differences, Place { file, number, .. })) => {
            let differences: Vec<_> = differences.iter().map(ToString::to_string).collect();
            format!("the nearest is exchange {number} of {file}, where {}", differences.join(" and "))
        }
        None if files == 0 => {
            "nothing is recorded yet; record what it should get, with `--record FILE` or by hand".to_owned()
        }
        None => {
            let host = request.url.host_str().unwrap_or_default();
            format!("nothing is recorded of {host}; record it with `--record FILE`, or add an exchange by hand")
        }
    };
    Missing { request: request.to_string(), reason }
}

/// How a recorded request differs from the one that was asked.
enum Difference {
    Method(String),
    Origin(String),
    Path(String),
    /// A parameter with what is recorded and what was asked.
    Other(String, String, String),
    /// A parameter that is recorded and wasn't asked.
    Also(String, String),
    /// A parameter that was asked and isn't recorded.
    Lacks(String, String),
    Order,
    Body(String),
}

impl Difference {
    /// Another path makes it another request; a parameter, the same one of something else.
    fn weight(&self) -> usize {
        match self {
            Difference::Origin(_) => 10_000,
            Difference::Path(_) => 1_000,
            Difference::Method(_) => 100,
            Difference::Also(..) | Difference::Lacks(..) => 3,
            Difference::Other(..) | Difference::Body(_) => 2,
            Difference::Order => 1,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Method(method) => write!(f, "the method is {method}"),
            Difference::Origin(origin) => write!(f, "the address begins with {origin}"),
            Difference::Path(path) => write!(f, "the path is {}", cut(path)),
            Difference::Other(name, recorded, asked) => {
                write!(f, "`{name}` is {:?} and not {:?}", cut(recorded), cut(asked))
            }
            Difference::Also(name, value) => write!(f, "there is `{name}`, {:?}, too", cut(value)),
            Difference::Lacks(name, value) => write!(f, "`{name}`, {:?}, is not there", cut(value)),
            Difference::Order => f.write_str("the parameters stand in another order or are written otherwise"),
            Difference::Body(body) if body.is_empty() => f.write_str("there is no body"),
            Difference::Body(body) => write!(f, "the body is {:?}", cut(body)),
        }
    }
}

fn differences(asked: &Request, recorded: &Request) -> Vec<Difference> {
    let mut differences = Vec::new();
    if asked.method != recorded.method {
        differences.push(Difference::Method(recorded.method.clone()));
    }
    if asked.url.origin() != recorded.url.origin() {
        differences.push(Difference::Origin(recorded.url.origin().ascii_serialization()));
    }
    if asked.url.path() != recorded.url.path() {
        differences.push(Difference::Path(recorded.url.path().to_owned()));
    }
    let before = differences.len();
    let (theirs, ours) = (parameters(recorded), parameters(asked));
    for (name, value) in &theirs {
        match ours.get(name) {
            None => differences.push(Difference::Also(name.clone(), value.clone())),
            Some(asked) if asked != value => {
                differences.push(Difference::Other(name.clone(), value.clone(), asked.clone()));
            }
            Some(_) => {}
        }
    }
    for (name, value) in ours.iter().filter(|(name, _)| !theirs.contains_key(*name)) {
        differences.push(Difference::Lacks(name.clone(), value.clone()));
    }
    if differences.len() == before && asked.url.query() != recorded.url.query() {
        differences.push(Difference::Order);
    }
    if asked.body != recorded.body {
        differences.push(Difference::Body(String::from_utf8_lossy(&recorded.body).into_owned()));
    }
    differences
}

/// The parameters of the query; those of one name together.
fn parameters(request: &Request) -> BTreeMap<String, String> {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in request.url.query_pairs() {
        let values = parameters.entry(name.into_owned()).or_default();
        if !values.is_empty() {
            values.push_str(", ");
        }
        values.push_str(&value);
    }
    parameters
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
