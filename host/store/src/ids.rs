//! Ids that cannot be mistaken for one another.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is no id of its kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {what}: {rule}")]
pub struct InvalidId {
    /// What was given.
    pub text: String,
    /// What it should have been, such as "account name".
    pub what: &'static str,
    /// What is allowed.
    pub rule: &'static str,
}

macro_rules! uuids {
    ($($(#[$doc:meta])* $name:ident, $what:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id (UUIDv7): the moment in milliseconds, then randomness. Ids order by moment.
            #[must_use]
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The id of these 16 bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// The 16 bytes of the id.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let invalid = |_| InvalidId { text: text.to_owned(), what: $what, rule: "a UUID is needed" };
                Uuid::try_parse(text).map(Self).map_err(invalid)
            }
        }
    )+};
}

uuids! {
    /// One registered bot.
    AccountId, "account id";
    /// Content that was sent to someone, or failed to be.
    DeliveryId, "delivery id";
}

macro_rules! snowflakes {
    ($($(#[$doc:meta])* $name:ident, $what:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(u64);

        impl $name {
            /// The id of this number.
            #[must_use]
            pub const fn new(id: u64) -> Self {
                Self(id)
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> u64 {
                self.0
            }
        }

        impl From<u64> for $name {
            fn from(id: u64) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let invalid = |_| InvalidId { text: text.to_owned(), what: $what, rule: "Discord's ids are numbers" };
                text.parse().map(Self).map_err(invalid)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }
    )+};
}

snowflakes! {
    /// Someone on Discord.
    MemberId, "member id";
    /// A Discord server.
    GuildId, "guild id";
    /// A channel, thread or DM.
    ChannelId, "channel id";
    /// A message.
    MessageId, "message id";
    /// The Discord application that a bot belongs to.
    ApplicationId, "application id";
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $what:literal, $rule:literal, $check:path;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                if $check(text) {
                    Ok(Self(text.into()))
                } else {
                    Err(InvalidId { text: text.to_owned(), what: $what, rule: $rule })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0.into()
            }
        }
    )+};
}

texts! {
    /// What an operator calls an account, such as "memes-bot".
    AccountName, "account name",
        "1 to 32 lower-case letters, digits, `-` and `_` are allowed, the first a letter or digit", is_account_name;
    /// SHA-256 of a component, "sha256:" and 64 lower-case hexadecimal digits.
    ComponentDigest, "component digest",
        "`sha256:` and 64 lower-case hexadecimal digits are needed", is_digest;
    /// Who changes something, such as "operator:root", or "host" for the host itself.
    Actor, "actor", "1 to 64 letters, digits, `.`, `_`, `-`, `@` and `:` are allowed", is_actor;
}

impl Actor {
    /// The host itself.
    #[must_use]
    pub fn host() -> Actor {
        Actor("host".into())
    }

    /// A folder that the host watches.
    #[must_use]
    pub fn watch() -> Actor {
        Actor("watch".into())
    }

    /// Whoever uses the command line as this user of the operating system.
    #[must_use]
    pub fn operator(user: &str) -> Actor {
        let user = user.chars().map(|c| if may_name_an_actor(c) { c } else { '_' }).take(48);
        Actor(format!("operator:{}", user.collect::<String>()).into())
    }
}

fn is_actor(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.chars().all(may_name_an_actor)
}

fn may_name_an_actor(c: char) -> bool {
    c.is_ascii_alphanumeric() || "._-@:".contains(c)
}

fn is_account_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.len() <= 32 && text.starts_with(plain) && text.chars().all(|c| plain(c) || c == '-' || c == '_')
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delivery_ids_order_by_moment() {
        let early = DeliveryId::new(Timestamp::from_millisecond(1_000).unwrap(), [255; 10]);
        let late = DeliveryId::new(Timestamp::from_millisecond(1_001).unwrap(), [0; 10]);
        assert!(early < late);
        assert!(early.to_string() < late.to_string());
        assert_eq!(DeliveryId::from_bytes(*early.as_bytes()), early);
        assert_eq!(early.to_string().parse(), Ok(early));
    }

    #[test]
    fn a_name_that_is_not_allowed_says_what_is() {
        for name in ["", "Memes", "-memes", "me mes", &"m".repeat(33)] {
            let error = name.parse::<AccountName>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{name}` is no account name: 1 to 32 lower-case letters")), "{error}");
        }
        assert_eq!("memes-bot_2".parse::<AccountName>().unwrap().as_str(), "memes-bot_2");
    }

    #[test]
    fn an_operator_with_any_name_is_an_actor() {
        for (user, actor) in [("root", "operator:root"), ("ana maria", "operator:ana_maria"), ("é\n", "operator:__")] {
            assert_eq!(Actor::operator(user).as_str(), actor);
        }
        for user in ["", &"x".repeat(100)] {
            let actor = Actor::operator(user);
            assert_eq!(actor.to_string().parse(), Ok(actor));
        }
        assert!("".parse::<Actor>().is_err() && "x".repeat(65).parse::<Actor>().is_err());
    }

    #[test]
    fn a_digest_is_sha256_in_lower_case() {
        let good = format!("sha256:{}", "0a".repeat(32));
        assert_eq!(good.parse::<ComponentDigest>().unwrap().as_str(), good);
        for bad in ["", "sha256:", &good[7..], &good.to_uppercase(), &format!("{good}0")] {
            assert!(bad.parse::<ComponentDigest>().is_err(), "{bad}");
        }
    }
}
