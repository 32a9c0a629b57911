//! Reading a request. What is misspelt is refused, as a test that asks for something else than it means is worse than none. The
//! values of secrets are never repeated.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use autocontent_manifest::Capability;
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::harness::{StorageScope, Time, Traffic, Who};

/// What is wanted.
pub(super) enum Request {
    Open(Box<Open>),
    Run { who: Who, line: String },
    Press { who: Who, button: String },
    Suggest { who: Who, line: String, option: String },
    Storage { who: Who, scope: StorageScope },
    Advance(SignedDuration),
    Unasked,
}

/// A harness to be opened.
pub(super) struct Open {
    /// A component, or a project whose component is built.
    pub(super) component: PathBuf,
    pub(super) traffic: Traffic,
    pub(super) time: Time,
    pub(super) seed: u64,
    pub(super) settings: BTreeMap<String, String>,
    pub(super) grants: BTreeSet<Capability>,
    pub(super) secrets: BTreeMap<String, SecretString>,
}

const REQUESTS: [&str; 7] = ["open", "run", "press", "suggest", "storage", "advance", "unasked"];

/// Reads a line.
pub(super) fn read(line: &str) -> Result<Request, String> {
    let value = serde_json::from_str::<Value>(line).map_err(|error| format!("a request is a line of JSON: {error}"))?;
    let request = match value {
        Value::Object(request) if request.len() == 1 => request.into_iter().next(),
        _ => None,
    };
    let Some((name, Value::Object(fields))) = request else {
        let known = REQUESTS.join(", ");
        return Err(format!("a request is an object with one key, one of {known}, and an object under it"));
    };
    let mut fields = Fields { request: name, fields, known: Vec::new() };
    let request = match fields.request.as_str() {
        "open" => Request::Open(Box::new(open(&mut fields)?)),
        "run" => Request::Run { who: fields.who()?, line: fields.needed("line")? },
        "press" => Request::Press { who: fields.who()?, button: fields.needed("button")? },
        "suggest" => {
            Request::Suggest { who: fields.who()?, line: fields.needed("line")?, option: fields.needed("option")? }
        }
        "storage" => Request::Storage { who: fields.who()?, scope: fields.needed("scope")? },
        "advance" => Request::Advance(seconds(fields.needed("seconds")?)?),
        "unasked" => Request::Unasked,
        other => return Err(format!("there is no request `{other}`; there are {}", REQUESTS.join(", "))),
    };
    fields.nothing_left()?;
    Ok(request)
}

fn open(fields: &mut Fields) -> Result<Open, String> {
    // First of all, so that no error can repeat one.
    let secrets = match fields.take("secrets") {
        Value::Null => BTreeMap::new(),
        Value::Object(secrets) => secrets
            .into_iter()
            .map(|(name, value)| match value {
                Value::String(value) => Ok((name, SecretString::from(value))),
                _ => Err(format!("the value of the secret `{name}` must be a text")),
            })
            .collect::<Result<_, _>>()?,
        _ => return Err("`secrets` of `open` must be an object of names and texts".to_owned()),
    };
    let recordings: Option<Vec<PathBuf>> = fields.optional("recordings")?;
    let live: Option<bool> = fields.optional("live")?;
    let record = match fields.take("record") {
        Value::Null | Value::Bool(false) => None,
        Value::String(file) => Some(PathBuf::from(file)),
        _ => return Err("`record` of `open` must be the file to write, such as \"recordings/search.json\"".to_owned()),
    };
    let traffic = match (recordings, record, live.unwrap_or_default()) {
        (None, Some(file), _) => Traffic::Recorded(file),
        (None, None, true) => Traffic::Live,
        (recordings, None, false) => Traffic::Played(recordings.unwrap_or_default()),
        _ => return Err("`recordings` are played without a network; leave out `record` and `live`".to_owned()),
    };
    let settings: Option<BTreeMap<String, Value>> = fields.optional("settings")?;
    Ok(Open {
        component: fields.needed("component")?,
        traffic,
        time: Time::Standing(fields.optional::<Timestamp>("now")?),
        seed: fields.optional("seed")?.unwrap_or_default(),
        settings: settings
            .unwrap_or_default()
            .into_iter()
            .map(|(name, value)| typed(&name, value).map(|value| (name, value)))
            .collect::<Result<_, _>>()?,
        grants: fields.optional("grants")?.unwrap_or_default(),
        secrets,
    })
}

/// A setting's value as an operator would type it: texts of a list have commas between, so that none can have one itself.
fn typed(name: &str, value: Value) -> Result<String, String> {
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let Value::Array(values) = value else { return Ok(plain(&value)) };
    let values: Vec<_> = values.iter().map(plain).collect();
    match values.iter().find(|value| value.is_empty() || value.contains(',')) {
        Some(value) => Err(format!(
            "the setting `{name}` can't have {value:?} in its list: its texts have no comma and are not empty"
        )),
        None => Ok(values.join(",")),
    }
}

fn seconds(seconds: f64) -> Result<SignedDuration, String> {
    let by = SignedDuration::try_from_secs_f64(seconds).ok().filter(|by| !by.is_negative());
    by.ok_or_else(|| "`seconds` of `advance` must be a number that is not negative".to_owned())
}

/// The fields of a request, taken one by one.
struct Fields {
    request: String,
    fields: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Fields {
    fn take(&mut self, name: &'static str) -> Value {
        self.known.push(name);
        self.fields.remove(name).unwrap_or_default()
    }

    fn optional<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<Option<T>, String> {
        let value = self.take(name);
        serde_json::from_value(value).map_err(|error| format!("`{name}` of `{}`: {error}", self.request))
    }

    fn needed<T: DeserializeOwned>(&mut self, name: &'static str) -> Result<T, String> {
        self.optional(name)?.ok_or_else(|| format!("`{}` needs `{name}`", self.request))
    }

    fn who(&mut self) -> Result<Who, String> {
        let fields = Who::FIELDS.into_iter().map(|name| (name.to_owned(), self.take(name)));
        let given = fields.filter(|(_, value)| !value.is_null()).collect();
        serde_json::from_value(Value::Object(given)).map_err(|error| format!("who asks in `{}`: {error}", self.request))
    }

    fn nothing_left(&self) -> Result<(), String> {
        let Some(name) = self.fields.keys().next() else { return Ok(()) };
        let known = if self.known.is_empty() { "nothing".to_owned() } else { self.known.join(", ") };
        Err(format!("`{}` has no `{name}`; it has {known}", self.request))
    }
}
