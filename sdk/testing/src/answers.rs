//! What the harness tells.

use serde::Deserialize;
use serde_json::Value;

/// What came of a command or a pressed button.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Ran {
    /// What the member gets.
    pub reply: Reply,
    /// What the provider logged.
    pub logs: Vec<Log>,
    /// What it fetched.
    pub fetches: Vec<Fetch>,
    /// How often it was asked, and what it answered.
    pub calls: Vec<Call>,
    /// What all of that cost.
    pub usage: Usage,
}

/// What came of typing an option.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Suggested {
    /// At most 25 choices: `label` and `value`.
    pub choices: Vec<Value>,
    /// What the provider logged.
    pub logs: Vec<Log>,
    /// What it fetched.
    pub fetches: Vec<Fetch>,
    /// How often it was asked, and what it answered.
    pub calls: Vec<Call>,
    /// What all of that cost.
    pub usage: Usage,
}

/// What a member gets.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Reply {
    /// `post`, `notice`, `menu`, `items`, `buttons` or `delete`.
    pub kind: String,
    /// Whether only the member sees it.
    pub private: bool,
    /// The message as Discord would be sent it; the same each time, so that it can be compared with a snapshot.
    pub message: Value,
    /// The item of a post, in the contract's words.
    #[serde(default)]
    pub item: Value,
    /// The items of a list.
    #[serde(default)]
    pub items: Vec<Value>,
    /// The host's own sentence to the member.
    pub notice: Option<String>,
    /// Which notice it is, such as `nothing_found`.
    pub code: Option<String>,
    /// All buttons.
    #[serde(default)]
    pub buttons: Vec<Button>,
    /// What would be uploaded.
    #[serde(default)]
    pub files: Vec<File>,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Button {
    /// Its message and its place there, such as `2.1`.
    pub id: String,
    /// May be empty where there is an emoji.
    pub label: String,
    /// One Unicode emoji.
    pub emoji: Option<String>,
    /// `primary`, `secondary`, `success` or `danger`.
    pub style: String,
}

/// A file that would be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct File {
    /// As the message refers to it.
    pub name: String,
    /// Such as `image/png`.
    pub mime: String,
    /// Its size.
    pub bytes: u64,
}

/// A line that the provider logged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Log {
    /// `trace`, `debug`, `info`, `warn` or `error`.
    pub level: String,
    /// Its text.
    pub message: String,
}

/// A request of the provider's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Fetch {
    /// In capitals.
    pub method: String,
    /// As the provider wrote it, without secrets.
    pub url: String,
    /// The answer's status.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
    /// Bytes of the answer's body.
    pub bytes: u64,
}

/// A call of the provider.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Call {
    /// `find`, `suggest` or `act`.
    pub function: String,
    /// The command's full name.
    pub command: String,
    /// What it answered, before the host did anything with it: an object with one of `page`, `choices`, `failure` and `fault`.
    pub answer: Value,
    /// What it cost.
    pub usage: Usage,
}

/// What a call cost, or several together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Usage {
    /// Calls of the provider.
    pub calls: u32,
    /// From the asking to the answer, in microseconds.
    pub time_us: u64,
    /// Ticks of 10 ms that fell while the provider's own code ran.
    pub cpu_ticks: u32,
    /// The most memory in use at any time, in bytes.
    pub memory_bytes: u64,
    /// HTTP requests, redirects included.
    pub requests: u32,
}

/// What a provider keeps.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Storage {
    /// By key.
    pub entries: Vec<Entry>,
    /// Bytes of keys and values in all, as the quota counts them.
    pub bytes: u64,
}

/// A value that is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// Its name.
    pub key: String,
    /// What is kept, where it is text.
    pub text: Option<String>,
    /// What is kept, where it is none.
    pub base64: Option<String>,
}
