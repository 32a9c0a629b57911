//! What a member does: runs a command, types into an option, presses a button.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::{Channel, Member, Snowflake};

/// Discord's numbers for the option types.
mod kind {
    pub(super) const SUBCOMMAND: u64 = 1;
    pub(super) const SUBCOMMAND_GROUP: u64 = 2;
    pub(super) const STRING: u64 = 3;
    pub(super) const INTEGER: u64 = 4;
    pub(super) const BOOLEAN: u64 = 5;
    pub(super) const USER: u64 = 6;
    pub(super) const CHANNEL: u64 = 7;
    pub(super) const ROLE: u64 = 8;
    pub(super) const MENTIONABLE: u64 = 9;
    pub(super) const NUMBER: u64 = 10;
    pub(super) const ATTACHMENT: u64 = 11;
}

/// A slash command as a member runs it.
#[derive(Clone, Debug)]
pub struct Invocation {
    /// The full name: "quote", or "news top" for a subcommand.
    pub command: String,
    /// The options filled in, in the order in which they were.
    pub options: Vec<(String, Input)>,
    /// Who runs it.
    pub member: Member,
    /// Where.
    pub channel: Channel,
}

/// What a member put into an option.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any number.
    Number(f64),
    /// Yes or no.
    Boolean(bool),
    /// A member.
    User(Member),
    /// A channel.
    Channel(Channel),
    /// A role, by id.
    Role(Snowflake),
    /// A file.
    Attachment(Attachment),
}

/// A file that a member uploads with a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: Snowflake,
    /// Its name.
    pub file_name: String,
    /// Its media type, such as `image/png`.
    pub content_type: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where it can be fetched.
    pub url: String,
}

/// What a Discord client would not let a member do, or what could not be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvokeError {
    /// The app has no such command.
    #[error("command {name:?} is not registered, only {registered:?}")]
    UnknownCommand {
        /// The name asked for.
        name: String,
        /// The names that are registered.
        registered: Vec<String>,
    },
    /// The command is not shown in this channel: its contexts or its age restriction forbid it.
    #[error("command {name:?} is not shown here: {reason}")]
    NotShown {
        /// The command's name.
        name: String,
        /// Why not.
        reason: String,
    },
    /// The command has no such option, a required one is missing, or the value is not what it takes.
    #[error("option {option:?} of {command:?}: {reason}")]
    Option {
        /// The command's name.
        command: String,
        /// The option's name.
        option: String,
        /// What is wrong.
        reason: String,
    },
    /// The message has no such button, or it can't be pressed.
    #[error("button {which:?} cannot be pressed, the message has {buttons:?}")]
    Button {
        /// The custom id, label or emoji asked for.
        which: String,
        /// The labels and ids that it has.
        buttons: Vec<String>,
    },
    /// The bot has neither a session nor an interactions endpoint.
    #[error("bot {name:?} is not connected and has no interactions endpoint")]
    NotConnected {
        /// The bot's name.
        name: String,
    },
}

impl Invocation {
    /// A command without options; add them [`with`](Invocation::with).
    pub fn new(command: &str, member: &Member, channel: &Channel) -> Invocation {
        Invocation {
            command: command.to_owned(),
            options: Vec::new(),
            member: member.clone(),
            channel: channel.clone(),
        }
    }

    /// Fills in an option.
    #[must_use]
    pub fn with(mut self, option: &str, value: impl Into<Input>) -> Invocation {
        self.options.push((option.to_owned(), value.into()));
        self
    }
}

impl From<&str> for Input {
    fn from(text: &str) -> Input {
        Input::Text(text.to_owned())
    }
}

impl From<String> for Input {
    fn from(text: String) -> Input {
        Input::Text(text)
    }
}

impl From<i64> for Input {
    fn from(number: i64) -> Input {
        Input::Integer(number)
    }
}

impl From<i32> for Input {
    fn from(number: i32) -> Input {
        Input::Integer(number.into())
    }
}

impl From<f64> for Input {
    fn from(number: f64) -> Input {
        Input::Number(number)
    }
}

impl From<bool> for Input {
    fn from(yes: bool) -> Input {
        Input::Boolean(yes)
    }
}

impl From<&Member> for Input {
    fn from(member: &Member) -> Input {
        Input::User(member.clone())
    }
}

impl From<&Channel> for Input {
    fn from(channel: &Channel) -> Input {
        Input::Channel(channel.clone())
    }
}

impl From<Attachment> for Input {
    fn from(file: Attachment) -> Input {
        Input::Attachment(file)
    }
}

impl Input {
    /// The value as it stands in the interaction's JSON.
    fn json(&self) -> Value {
        match self {
            Input::Text(text) => json!(text),
            Input::Integer(number) => json!(number),
            Input::Number(number) => json!(number),
            Input::Boolean(yes) => json!(yes),
            Input::User(member) => json!(member.id),
            Input::Channel(channel) => json!(channel.id),
            Input::Role(role) => json!(role),
            Input::Attachment(file) => json!(file.id),
        }
    }

    /// The option type that this value has by itself.
    fn natural_kind(&self) -> u64 {
        match self {
            Input::Text(_) => kind::STRING,
            Input::Integer(_) => kind::INTEGER,
            Input::Number(_) => kind::NUMBER,
            Input::Boolean(_) => kind::BOOLEAN,
            Input::User(_) => kind::USER,
            Input::Channel(_) => kind::CHANNEL,
            Input::Role(_) => kind::ROLE,
            Input::Attachment(_) => kind::ATTACHMENT,
        }
    }

    fn fits(&self, kind: u64) -> bool {
        let own = self.natural_kind();
        own == kind
            || (own == kind::INTEGER && kind == kind::NUMBER)
            || (matches!(own, kind::USER | kind::ROLE) && kind == kind::MENTIONABLE)
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Text(text) => f.write_str(text),
            Input::Integer(number) => number.fmt(f),
            Input::Number(number) => number.fmt(f),
            Input::Boolean(yes) => yes.fmt(f),
            Input::User(member) => write!(f, "@{}", member.username),
            Input::Channel(channel) => write!(f, "#{}", channel.name),
            Input::Role(role) => write!(f, "@&{role}"),
            Input::Attachment(file) => f.write_str(&file.file_name),
        }
    }
}

/// How strictly an invocation is held against what is registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strictness<'a> {
    /// As a Discord client does when the command is sent.
    Sent,
    /// While this option is being typed: others may be missing, this one may be anything.
    Typing(&'a str),
    /// Not at all; what is not registered gets made-up ids and natural types.
    Unchecked,
}

/// The `data` of the interaction, made from the command as it is registered.
pub(crate) fn command_data(
    registered: &[Value],
    invocation: &Invocation,
    strictness: Strictness<'_>,
) -> Result<Value, InvokeError> {
    let mut words = invocation.command.split(' ');
    let name = words.next().unwrap_or_default();
    let found = registered.iter().find(|command| command["name"] == name && command["type"] == 1);
    let Some(command) = found else {
        if strictness == Strictness::Unchecked {
            let options = unchecked_options(invocation, None);
            return Ok(json!({ "id": "1", "name": name, "type": 1, "options": options }));
        }
        let registered = registered.iter().filter_map(|command| command["name"].as_str()).map(str::to_owned).collect();
        return Err(InvokeError::UnknownCommand { name: name.to_owned(), registered });
    };
    if strictness != Strictness::Unchecked {
        shown_here(command, invocation)?;
    }
    let mut level = command;
    let mut path = Vec::new();
    for word in words {
        let inner = level["options"].as_array().into_iter().flatten();
        let next = inner.filter(|option| is_container(option)).find(|option| option["name"] == word);
        let Some(next) = next else {
            return Err(InvokeError::UnknownCommand {
                name: invocation.command.clone(),
                registered: full_names(command),
            });
        };
        path.push((word, next["type"].clone()));
        level = next;
    }
    let options = level["options"].as_array().map_or(&[][..], Vec::as_slice);
    if strictness != Strictness::Unchecked && options.iter().any(is_container) {
        return Err(InvokeError::UnknownCommand { name: invocation.command.clone(), registered: full_names(command) });
    }
    let mut given = match strictness {
        Strictness::Unchecked => unchecked_options(invocation, Some(options)),
        Strictness::Sent => checked_options(invocation, options, None)?,
        Strictness::Typing(focused) => checked_options(invocation, options, Some(focused))?,
    };
    for (word, kind) in path.into_iter().rev() {
        given = json!([{ "name": word, "type": kind, "options": given }]);
    }
    let mut data = json!({ "id": command["id"], "name": command["name"], "type": 1, "options": given });
    let resolved = resolved(invocation);
    if let (Some(data), false) = (data.as_object_mut(), resolved.is_empty()) {
        data.insert("resolved".to_owned(), Value::Object(resolved));
    }
    Ok(data)
}

fn is_container(option: &Value) -> bool {
    matches!(option["type"].as_u64(), Some(kind::SUBCOMMAND | kind::SUBCOMMAND_GROUP))
}

fn full_names(command: &Value) -> Vec<String> {
    let name = command["name"].as_str().unwrap_or_default();
    let inner = command["options"].as_array().into_iter().flatten().filter(|option| is_container(option));
    let mut names: Vec<String> = inner.flat_map(full_names).map(|inner| format!("{name} {inner}")).collect();
    if names.is_empty() {
        names.push(name.to_owned());
    }
    names
}

fn shown_here(command: &Value, invocation: &Invocation) -> Result<(), InvokeError> {
    let hidden =
        |reason: &str| Err(InvokeError::NotShown { name: invocation.command.clone(), reason: reason.to_owned() });
    let channel = &invocation.channel;
    if let Some(contexts) = command["contexts"].as_array()
        && !contexts.contains(&json!(channel.context()))
    {
        return hidden("its contexts do not name this kind of channel");
    }
    if command["nsfw"] == true && channel.guild().is_some() && !channel.nsfw {
        return hidden("it is age-restricted and the channel is not");
    }
    Ok(())
}

fn unchecked_options(invocation: &Invocation, registered: Option<&[Value]>) -> Value {
    let one = |(name, value): &(String, Input)| {
        let known = registered.into_iter().flatten().find(|option| option["name"] == name.as_str());
        let kind = known.map_or_else(|| json!(value.natural_kind()), |option| option["type"].clone());
        json!({ "name": name, "type": kind, "value": value.json() })
    };
    invocation.options.iter().map(one).collect()
}

fn checked_options(invocation: &Invocation, registered: &[Value], focused: Option<&str>) -> Result<Value, InvokeError> {
    let refuse = |option: &str, reason: String| InvokeError::Option {
        command: invocation.command.clone(),
        option: option.to_owned(),
        reason,
    };
    let mut given = Vec::new();
    for (name, value) in &invocation.options {
        let Some(option) = registered.iter().find(|option| option["name"] == name.as_str()) else {
            return Err(refuse(name, "is not registered".to_owned()));
        };
        let mut json = json!({ "name": name, "type": option["type"], "value": value.json() });
        if focused == Some(name) {
            if option["autocomplete"] != true {
                return Err(refuse(name, "is not registered with autocomplete".to_owned()));
            }
            // What is being typed is text, whatever it will be.
            json["value"] = json!(value.to_string());
            json["focused"] = json!(true);
        } else {
            check_value(option, value).map_err(|reason| refuse(name, reason))?;
        }
        given.push(json);
    }
    match focused {
        Some(focused) if !invocation.options.iter().any(|(name, _)| name == focused) => {
            return Err(refuse(focused, "is the one being typed but has no value".to_owned()));
        }
        Some(_) => {}
        None => {
            let is_missing = |option: &&Value| {
                option["required"] == true
                    && !invocation.options.iter().any(|(name, _)| option["name"] == name.as_str())
            };
            if let Some(missing) = registered.iter().find(is_missing) {
                return Err(refuse(missing["name"].as_str().unwrap_or_default(), "is required".to_owned()));
            }
        }
    }
    Ok(Value::Array(given))
}

fn check_value(option: &Value, value: &Input) -> Result<(), String> {
    let kind = option["type"].as_u64().unwrap_or_default();
    if !value.fits(kind) {
        return Err(format!("takes type {kind}, not {value:?}"));
    }
    if let Some(choices) = option["choices"].as_array()
        && !choices.is_empty()
        && !choices.iter().any(|choice| choice["value"] == value.json())
    {
        return Err(format!("takes one of its choices, not {value}"));
    }
    let number = match value {
        Input::Text(text) => {
            let length = text.chars().count() as u64;
            let at_least = option["min_length"].as_u64().unwrap_or(0);
            let at_most = option["max_length"].as_u64().unwrap_or(6000);
            return if (at_least..=at_most).contains(&length) {
                Ok(())
            } else {
                Err(format!("takes {at_least} to {at_most} characters, not {length}"))
            };
        }
        #[expect(clippy::cast_precision_loss, reason = "Discord keeps integers within 2^53")]
        Input::Integer(number) => *number as f64,
        Input::Number(number) => *number,
        _ => return Ok(()),
    };
    let (low, high) = (option["min_value"].as_f64(), option["max_value"].as_f64());
    if low.is_some_and(|low| number < low) || high.is_some_and(|high| number > high) {
        return Err(format!("takes {low:?} to {high:?}, not {number}"));
    }
    Ok(())
}

fn resolved(invocation: &Invocation) -> Map<String, Value> {
    let mut resolved = Map::new();
    let mut put = |table: &str, id: Snowflake, object: Value| {
        let table = resolved.entry(table).or_insert_with(|| json!({}));
        table[id.to_string()] = object;
    };
    let in_guild = invocation.channel.guild().is_some();
    for (_, value) in &invocation.options {
        match value {
            Input::User(member) => {
                put("users", member.id, member.user_json());
                if in_guild {
                    put("members", member.id, member.partial_json());
                }
            }
            Input::Channel(channel) => {
                let object = json!({
                    "id": channel.id,
                    "name": channel.name,
                    "type": channel.type_number(),
                    "permissions": invocation.member.permissions.to_string(),
                    "nsfw": channel.nsfw,
                    "parent_id": null,
                    "flags": 0,
                });
                put("channels", channel.id, object);
            }
            Input::Role(role) => {
                let object = json!({
                    "id": role, "name": "role", "color": 0, "colors": { "primary_color": 0 }, "hoist": false,
                    "icon": null, "unicode_emoji": null, "position": 1, "permissions": "0", "managed": false,
                    "mentionable": false, "flags": 0,
                });
                put("roles", *role, object);
            }
            Input::Attachment(file) => {
                let object = json!({
                    "id": file.id, "filename": file.file_name, "content_type": file.content_type, "size": file.size,
                    "url": file.url, "proxy_url": file.url, "ephemeral": true,
                });
                put("attachments", file.id, object);
            }
            Input::Text(_) | Input::Integer(_) | Input::Number(_) | Input::Boolean(_) => {}
        }
    }
    resolved
}
