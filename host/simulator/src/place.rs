//! Who is on Discord, and where.

use serde_json::{Value, json};

use crate::Snowflake;

/// What an ordinary member may do in a guild: view, send, embed, attach, read history, use application commands.
const ORDINARY_PERMISSIONS: u64 = 0x0000_0000_8001_CC40;
/// The permission bit "manage messages".
const MANAGE_MESSAGES: u64 = 1 << 13;

/// A guild ("server"). Every bot of the simulator is in every guild.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guild {
    /// Its id.
    pub id: Snowflake,
    /// Its name.
    pub name: String,
    /// Its preferred locale, such as `en-US`.
    pub locale: String,
}

/// Someone on Discord.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their user id.
    pub id: Snowflake,
    /// Their user name.
    pub username: String,
    /// The locale of their client, such as `pt-BR`.
    pub locale: String,
    /// What they may do in a guild's channels, as Discord's permission bits.
    pub permissions: u64,
}

/// Where a command is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: Snowflake,
    /// Its name; direct messages have none.
    pub name: String,
    /// Whether it is age-restricted.
    pub nsfw: bool,
    /// What sort of channel it is.
    pub kind: ChannelKind,
}

/// The sorts of channels, as command contexts tell them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChannelKind {
    /// A text channel in a guild.
    Guild(Guild),
    /// The direct messages between a member and a bot.
    BotDm {
        /// The member that the bot talks with.
        with: Snowflake,
    },
    /// Direct messages between members; the app comes with the member who installed it.
    Private,
}

impl Member {
    pub(crate) fn new(id: Snowflake, username: &str, locale: &str) -> Member {
        let permissions = ORDINARY_PERMISSIONS;
        Member { id, username: username.to_owned(), locale: locale.to_owned(), permissions }
    }

    /// The same member, allowed to manage messages in guilds.
    #[must_use]
    pub fn moderator(mut self) -> Member {
        self.permissions |= MANAGE_MESSAGES;
        self
    }

    pub(crate) fn user_json(&self) -> Value {
        json!({
            "id": self.id,
            "username": self.username,
            "global_name": self.username,
            "discriminator": "0",
            "avatar": null,
            "avatar_decoration_data": null,
            "collectibles": null,
            "primary_guild": null,
            "clan": null,
            "public_flags": 0,
        })
    }

    /// The member object without `user`, which is what `resolved.members` holds.
    pub(crate) fn partial_json(&self) -> Value {
        json!({
            "avatar": null,
            "banner": null,
            "communication_disabled_until": null,
            "flags": 0,
            "joined_at": "2024-01-01T00:00:00.000000+00:00",
            "nick": null,
            "pending": false,
            "permissions": self.permissions.to_string(),
            "premium_since": null,
            "roles": [],
            "unusual_dm_activity_until": null,
        })
    }

    pub(crate) fn member_json(&self) -> Value {
        let mut json = self.partial_json();
        if let Some(fields) = json.as_object_mut() {
            fields.insert("user".to_owned(), self.user_json());
            fields.insert("deaf".to_owned(), Value::Bool(false));
            fields.insert("mute".to_owned(), Value::Bool(false));
        }
        json
    }
}

impl Channel {
    /// The guild that it is in.
    pub fn guild(&self) -> Option<&Guild> {
        match &self.kind {
            ChannelKind::Guild(guild) => Some(guild),
            ChannelKind::BotDm { .. } | ChannelKind::Private => None,
        }
    }

    /// Discord's number for the context: 0 guild, 1 direct messages with the bot, 2 between members.
    pub(crate) fn context(&self) -> u8 {
        match self.kind {
            ChannelKind::Guild(_) => 0,
            ChannelKind::BotDm { .. } => 1,
            ChannelKind::Private => 2,
        }
    }

    /// Discord's number for the channel's type: 0 text, 1 direct messages, 3 a group's.
    pub(crate) fn type_number(&self) -> u8 {
        match self.kind {
            ChannelKind::Guild(_) => 0,
            ChannelKind::BotDm { .. } => 1,
            ChannelKind::Private => 3,
        }
    }

    pub(crate) fn json(&self, permissions: u64) -> Value {
        match &self.kind {
            ChannelKind::Guild(guild) => json!({
                "id": self.id,
                "type": self.type_number(),
                "guild_id": guild.id,
                "name": self.name,
                "nsfw": self.nsfw,
                "topic": null,
                "parent_id": null,
                "position": 0,
                "flags": 0,
                "rate_limit_per_user": 0,
                "last_message_id": null,
                "permissions": permissions.to_string(),
                "theme_color": null,
                "icon_emoji": null,
            }),
            ChannelKind::BotDm { .. } | ChannelKind::Private => {
                json!({ "id": self.id, "type": self.type_number(), "flags": 0, "last_message_id": null })
            }
        }
    }
}
