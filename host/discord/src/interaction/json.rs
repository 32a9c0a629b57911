//! The parts of Discord's JSON that matter here. Every field that Discord may leave out is optional.

use std::{borrow::Cow, collections::HashMap, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{self, Visitor},
};

/// A Discord id: a number in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Snowflake(pub(super) u64);

/// An interaction.
#[derive(Deserialize)]
pub(super) struct Json<'a> {
    #[serde(rename = "type")]
    pub(super) kind: u8,
    pub(super) id: Snowflake,
    #[serde(default)]
    pub(super) application_id: Option<Snowflake>,
    #[serde(borrow)]
    pub(super) token: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) data: Option<Data<'a>>,
    #[serde(default)]
    pub(super) guild_id: Option<Snowflake>,
    #[serde(default)]
    pub(super) channel_id: Option<Snowflake>,
    #[serde(default)]
    pub(super) channel: Option<Channel>,
    #[serde(borrow, default)]
    pub(super) member: Option<Member<'a>>,
    #[serde(default)]
    pub(super) user: Option<User>,
    #[serde(borrow, default)]
    pub(super) locale: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) context: Option<u8>,
    #[serde(default)]
    pub(super) attachment_size_limit: Option<u64>,
    /// The message that carries a pressed button.
    pub(super) message: Option<Message>,
}

/// What belongs to the type of the interaction: a command with options, or a component.
#[derive(Deserialize)]
pub(super) struct Data<'a> {
    /// The type of the command; components have `component_type` instead.
    #[serde(rename = "type", default)]
    pub(super) kind: Option<u8>,
    #[serde(borrow, default)]
    pub(super) name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) options: Vec<CommandOption<'a>>,
    #[serde(default)]
    pub(super) resolved: Option<Resolved>,
    #[serde(default)]
    pub(super) custom_id: Option<String>,
}

/// A subcommand with options of its own, or an option with its value.
#[derive(Deserialize)]
pub(super) struct CommandOption<'a> {
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    #[serde(rename = "type", default)]
    pub(super) kind: u8,
    #[serde(default)]
    pub(super) value: serde_json::Value,
    #[serde(borrow, default)]
    pub(super) options: Vec<CommandOption<'a>>,
    #[serde(default)]
    pub(super) focused: bool,
}

#[derive(Deserialize)]
pub(super) struct Resolved {
    #[serde(default)]
    pub(super) attachments: HashMap<Snowflake, Attachment>,
}

#[derive(Deserialize)]
pub(super) struct Attachment {
    pub(super) url: String,
}

#[derive(Deserialize)]
pub(super) struct Channel {
    #[serde(default)]
    pub(super) id: Option<Snowflake>,
    #[serde(default)]
    pub(super) nsfw: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct Member<'a> {
    #[serde(default)]
    pub(super) user: Option<User>,
    #[serde(borrow, default)]
    pub(super) permissions: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
pub(super) struct Message {
    pub(super) id: Snowflake,
}

#[derive(Deserialize)]
pub(super) struct User {
    pub(super) id: Snowflake,
}

impl<'de> Deserialize<'de> for Snowflake {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = Snowflake;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a snowflake")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Snowflake, E> {
                text.parse().map(Snowflake).map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Snowflake, E> {
                Ok(Snowflake(number))
            }
        }
        deserializer.deserialize_any(Digits)
    }
}
