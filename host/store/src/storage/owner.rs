//! Whose data an entry is. It decides who sees it, and with whom it is erased.

use std::fmt;

use crate::ids::{ChannelId, GuildId, MemberId};

/// Whose data a provider keeps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DataOwner {
    /// The whole provider's; erased with it.
    Provider,
    /// A guild's; erased with it.
    Guild(GuildId),
    /// A channel's where members talk among themselves. It belongs to none of them alone.
    Channel(ChannelId),
    /// That of the direct messages between a member and a bot; erased with the member.
    Direct {
        /// The member.
        member: MemberId,
        /// The channel, which each bot has its own of.
        channel: Option<ChannelId>,
    },
    /// A member's, wherever they are; erased with them.
    Member(MemberId),
    /// The place of an operator's previews.
    PreviewPlace,
    /// The member of an operator's previews.
    PreviewMember,
}

/// As it stands in the database.
impl fmt::Display for DataOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DataOwner::Provider => f.write_str("provider"),
            DataOwner::Guild(guild) => write!(f, "guild:{guild}"),
            DataOwner::Channel(channel) => write!(f, "channel:{channel}"),
            DataOwner::Direct { member, channel: Some(channel) } => write!(f, "direct:{member}:{channel}"),
            DataOwner::Direct { member, channel: None } => write!(f, "direct:{member}:"),
            DataOwner::Member(member) => write!(f, "member:{member}"),
            DataOwner::PreviewPlace => f.write_str("preview-place"),
            DataOwner::PreviewMember => f.write_str("preview-member"),
        }
    }
}

/// The owners that are erased together, as a text and a range of texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owners {
    pub(crate) one: String,
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Owners {
    pub(crate) fn of_guild(guild: GuildId) -> Owners {
        Owners { one: DataOwner::Guild(guild).to_string(), from: String::new(), to: String::new() }
    }

    /// The member's own, and their direct messages with any bot: `;` comes after `:`.
    pub(crate) fn of_member(member: MemberId) -> Owners {
        Owners {
            one: DataOwner::Member(member).to_string(),
            from: format!("direct:{member}:"),
            to: format!("direct:{member};"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_members_owners_are_theirs_and_nobody_elses() {
        let owners = Owners::of_member(MemberId::new(7));
        let within = |owner: &DataOwner| {
            let owner = owner.to_string();
            owner == owners.one || (owners.from <= owner && owner < owners.to)
        };
        let direct = |member, channel| DataOwner::Direct { member: MemberId::new(member), channel };
        for own in [DataOwner::Member(MemberId::new(7)), direct(7, None), direct(7, Some(ChannelId::new(u64::MAX)))] {
            assert!(within(&own), "{own}");
        }
        for other in [
            DataOwner::Provider,
            DataOwner::Guild(GuildId::new(7)),
            DataOwner::Channel(ChannelId::new(7)),
            DataOwner::Member(MemberId::new(70)),
            direct(70, None),
            direct(6, Some(ChannelId::new(7))),
            DataOwner::PreviewMember,
        ] {
            assert!(!within(&other), "{other}");
        }
    }
}
