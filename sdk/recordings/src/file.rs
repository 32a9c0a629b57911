//! A recording's shape in JSON, and all that can be wrong with one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use url::Url;

use crate::indent::indented;
use crate::recording::{Exchange, Outcome, Recording, Request, Response, Unanswered};

/// More than any test needs; a file past it is none that somebody wrote or looked through.
const LARGEST: u64 = 64 << 20;

/// A recording that can't be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordingError {
    /// The file can't be read.
    #[error("could not read the recording {}: {problem}; check the path", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: std::io::Error,
    },
    /// The file is no JSON of a recording's shape.
    #[error("{}:{line}:{column}: {problem}", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
        /// What is wrong there.
        problem: String,
    },
    /// One of its exchanges makes no sense.
    #[error("{}: exchange {number}: {problem}", path.display())]
    Exchange {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        number: usize,
        /// What is wrong with it, and what to write.
        problem: String,
    },
    /// The file can't be written.
    #[error("could not write the recording {}: {problem}; check the folder and its permissions", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        problem: std::io::Error,
    },
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object with a list of exchanges")]
struct FileShape<'a> {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    now: Option<Timestamp>,
    #[serde(borrow)]
    exchanges: Vec<ExchangeShape<'a>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object with a request and a response or an error")]
struct ExchangeShape<'a> {
    #[serde(borrow)]
    request: RequestShape<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    response: Option<ResponseShape<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object with a method and a url")]
struct RequestShape<'a> {
    method: Cow<'a, str>,
    url: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields, expecting = "an object with a status")]
struct ResponseShape<'a> {
    status: u16,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, Values>,
    // `null` is a body, too.
    #[serde(borrow, default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    json: Option<&'a RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    base64: Option<Cow<'a, str>>,
}

/// A header's value, or its values where it comes more than once.
#[derive(Deserialize, Serialize)]
#[serde(untagged, expecting = "a header's value must be a text, or a list of texts")]
enum Values {
    One(String),
    Many(Vec<String>),
}

fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl Recording {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Where it can't be read, is no JSON of a recording's shape, or one of its exchanges makes no sense.
    pub fn load(path: &Path) -> Result<Recording, RecordingError> {
        let unreadable = |problem| RecordingError::Read { path: path.to_owned(), problem };
        if std::fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
            return Err(unreadable(std::io::Error::other("it has more than 64 MiB")));
        }
        Recording::read(&std::fs::read_to_string(path).map_err(unreadable)?, path)
    }

    /// The same where there may be no such file.
    ///
    /// # Errors
    ///
    /// As [`Recording::load`].
    pub fn load_if_there(path: &Path) -> Result<Option<Recording>, RecordingError> {
        match Recording::load(path) {
            Ok(recording) => Ok(Some(recording)),
            Err(RecordingError::Read { problem, .. }) if problem.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads a file's text; `path` is what errors call it.
    ///
    /// # Errors
    ///
    /// As [`Recording::load`].
    pub fn read(text: &str, path: &Path) -> Result<Recording, RecordingError> {
        let shape: FileShape<'_> = serde_json::from_str(text).map_err(|error| {
            let place = format!(" at line {} column {}", error.line(), error.column());
            let problem = error.to_string().replace(&place, "");
            RecordingError::Shape { path: path.to_owned(), line: error.line(), column: error.column(), problem }
        })?;
        let read = |(number, shape)| {
            exchange(shape).map_err(|problem| RecordingError::Exchange { path: path.to_owned(), number, problem })
        };
        let exchanges = (1..).zip(shape.exchanges).map(read).collect::<Result<_, _>>()?;
        Ok(Recording { now: shape.now, exchanges })
    }

    /// The text of a file that says this.
    #[must_use]
    pub fn text(&self) -> String {
        let shape = FileShape { now: self.now, exchanges: self.exchanges.iter().map(shape).collect() };
        // Texts, numbers and JSON that was read: there is nothing that could fail.
        let json = serde_json::to_string(&shape).unwrap_or_default();
        indented(&json) + "\n"
    }

    /// Writes a file, whole or not at all. Its folder is made where it isn't there.
    ///
    /// # Errors
    ///
    /// Where it can't be written.
    pub fn save(&self, path: &Path) -> Result<(), RecordingError> {
        let write = || {
            let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
            std::fs::create_dir_all(folder)?;
            let mut file = tempfile::Builder::new().permissions(readable()).tempfile_in(folder)?;
            file.write_all(self.text().as_bytes())?;
            file.persist(path)?;
            Ok(())
        };
        write().map_err(|problem| RecordingError::Write { path: path.to_owned(), problem })
    }
}

/// As any other file of a project, within the process's mask.
fn readable() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::Permissions::from_mode(0o666)
}

fn exchange(shape: ExchangeShape<'_>) -> Result<Exchange, String> {
    let request = request(&shape.request)?;
    let outcome = match (shape.response, shape.error) {
        (Some(shape), None) => Outcome::Response(response(shape)?),
        (None, Some(error)) => Outcome::Unanswered(unanswered(&error)?),
        (Some(_), Some(_)) => return Err("it has a response and an error; keep one of them".to_owned()),
        (None, None) => return Err("it has neither a response nor an error; write one of them".to_owned()),
    };
    Ok(Exchange { request, outcome })
}

fn request(shape: &RequestShape<'_>) -> Result<Request, String> {
    const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
    if !METHODS.contains(&shape.method.as_ref()) {
        return Err(format!("{:?} is no method; write one of {}", shape.method, METHODS.join(", ")));
    }
    let url = Url::parse(&shape.url).map_err(|error| format!("{:?} is no URL: {error}", shape.url))?;
    if !matches!(url.scheme(), "https" | "http") {
        return Err(format!("{:?} is no URL of the web; it begins with https://", shape.url));
    }
    let body = match (&shape.body, &shape.base64) {
        (Some(text), None) => text.as_bytes().to_vec(),
        (None, Some(text)) => decode(text)?,
        (None, None) => Vec::new(),
        (Some(_), Some(_)) => return Err("its request has a body and a base64; keep one of them".to_owned()),
    };
    Ok(Request::new(&shape.method, url, body))
}

fn response(shape: ResponseShape<'_>) -> Result<Response, String> {
    if !(100..=599).contains(&shape.status) {
        return Err(format!("{} is no status; write 100 to 599", shape.status));
    }
    let body = match (shape.json, shape.text, shape.base64) {
        (Some(json), None, None) => json.get().as_bytes().to_vec(),
        (None, Some(text), None) => text.into_owned().into_bytes(),
        (None, None, Some(text)) => decode(&text)?,
        (None, None, None) => Vec::new(),
        _ => return Err("its response has more than one of json, text and base64; keep one of them".to_owned()),
    };
    let mut headers = Vec::new();
    for (name, values) in shape.headers {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        if name.is_empty() || !name.chars().all(token) {
            return Err(format!("{name:?} is no header's name"));
        }
        let values = match values {
            Values::One(value) => vec![value],
            Values::Many(values) => values,
        };
        for value in values {
            if value.chars().any(|c| c.is_control() && c != '\t') {
                return Err(format!("the value of the header {name} has characters that no header can hold"));
            }
            headers.push((name.to_ascii_lowercase(), value));
        }
    }
    headers.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Response { status: shape.status, headers, body })
}

fn unanswered(word: &str) -> Result<Unanswered, String> {
    let known = Unanswered::ALL.map(Unanswered::as_str).join(", ");
    let found = Unanswered::ALL.into_iter().find(|one| one.as_str() == word);
    found.ok_or_else(|| format!("{word:?} is no error; write one of {known}"))
}

fn decode(text: &str) -> Result<Vec<u8>, String> {
    let text: String = text.split_ascii_whitespace().collect();
    BASE64_STANDARD.decode(text).map_err(|error| format!("its base64 can't be read: {error}"))
}

fn shape(exchange: &Exchange) -> ExchangeShape<'_> {
    let Request { method, url, body } = &exchange.request;
    let text = str::from_utf8(body).ok();
    let request = RequestShape {
        method: method.into(),
        url: url.as_str().into(),
        body: text.filter(|text| !text.is_empty()).map(Cow::from),
        base64: text.is_none().then(|| BASE64_STANDARD.encode(body).into()),
    };
    match &exchange.outcome {
        Outcome::Response(response) => ExchangeShape { request, response: Some(response_shape(response)), error: None },
        Outcome::Unanswered(why) => ExchangeShape { request, response: None, error: Some(why.as_str().into()) },
    }
}

fn response_shape(response: &Response) -> ResponseShape<'_> {
    let mut headers: BTreeMap<String, Values> = BTreeMap::new();
    for (name, value) in &response.headers {
        match headers.get_mut(name) {
            None => drop(headers.insert(name.clone(), Values::One(value.clone()))),
            Some(Values::Many(values)) => values.push(value.clone()),
            Some(one @ Values::One(_)) => {
                if let Values::One(first) = std::mem::replace(one, Values::Many(Vec::new())) {
                    *one = Values::Many(vec![first, value.clone()]);
                }
            }
        }
    }
    let text = str::from_utf8(&response.body).ok();
    let json = text.and_then(|text| serde_json::from_str::<&RawValue>(text).ok());
    let base64 = text.is_none().then(|| BASE64_STANDARD.encode(&response.body).into());
    let text = text.filter(|text| json.is_none() && !text.is_empty()).map(Cow::from);
    ResponseShape { status: response.status, headers, json, text, base64 }
}
