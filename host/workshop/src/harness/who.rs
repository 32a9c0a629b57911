//! Who asks, and where: the members and places of a harness are numbered.

use autocontent_content::contract::Place;
use autocontent_content::{AccountId, Asker, ChannelId, GuildId, MemberId};
use serde::{Deserialize, Serialize};

/// Who asks, and where.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Who {
    /// Which member; default 1.
    pub member: u64,
    /// The kind of place; default a guild.
    pub place: PlaceKind,
    /// Which guild, where the place is one; default 1.
    pub guild: u64,
    /// The member's language; default "en-US".
    pub locale: String,
    /// Whether age-restricted content may be shown there; default no.
    pub sensitive: bool,
    /// Whether the member may delete what others asked for; default no.
    pub moderator: bool,
}

/// A kind of place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlaceKind {
    /// A guild's channel.
    #[default]
    Guild,
    /// The direct messages between the member and the bot.
    Dm,
    /// Direct messages between members.
    PrivateChannel,
}

impl Default for Who {
    fn default() -> Who {
        Who {
            member: 1,
            place: PlaceKind::Guild,
            guild: 1,
            locale: "en-US".to_owned(),
            sensitive: false,
            moderator: false,
        }
    }
}

impl Who {
    /// What each field is called in JSON.
    pub(crate) const FIELDS: [&str; 6] = ["member", "place", "guild", "locale", "sensitive", "moderator"];

    pub(super) fn asker(&self, account: AccountId) -> Asker {
        // No channel is another's.
        let (guild, channel, place) = match self.place {
            PlaceKind::Guild => (Some(self.guild), self.guild.saturating_mul(4), Place::Guild),
            PlaceKind::Dm => (None, self.member.saturating_mul(4).saturating_add(1), Place::BotDm),
            PlaceKind::PrivateChannel => (None, 2, Place::PrivateChannel),
        };
        Asker {
            account: Some(account),
            member: Some(MemberId::new(self.member)),
            guild: guild.map(GuildId::new),
            channel: Some(ChannelId::new(channel)),
            place,
            locale: self.locale.clone(),
            age_restricted: self.sensitive,
            moderator: self.moderator,
        }
    }
}
