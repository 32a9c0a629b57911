//! What arrives from Discord, by gateway or HTTP, read from its JSON into what the content service is asked.
//!
//! The types are our own: serenity's fail where a field is missing that Discord leaves out at times, and silently drop
//! what they don't know. These take the few things that matter, tolerate the rest, and fail only where there is nobody
//! to answer.

mod json;
mod options;

use autocontent_content::{
    AccountId, Ask, Asker, ChannelId, GuildId, MemberId, Press, Trigger, Typing,
    contract::{Argument, Place},
};
use serenity::model::permissions::Permissions;

use json::Json;

/// What members may upload where Discord does not say, and so the largest file that surely can be sent: 10 MiB.
pub(crate) const DEFAULT_ATTACHMENT_LIMIT: u64 = 10 << 20;
/// Where Discord does not say which language the member speaks.
const DEFAULT_LOCALE: &str = "en-US";

/// An interaction: what it takes to answer it.
#[derive(Debug)]
pub(crate) struct Interaction {
    /// Its snowflake.
    pub(crate) id: u64,
    /// The snowflake of the application that it is for.
    pub(crate) application: u64,
    /// Lets whoever has it answer, for 15 minutes.
    pub(crate) token: String,
    /// The member's language, for what is said before the content service is asked.
    pub(crate) locale: String,
    /// The largest file that may be uploaded in answer, in bytes.
    pub(crate) attachment_limit: u64,
}

/// What a member did.
#[derive(Debug)]
pub(crate) enum Deed {
    /// Nobody did anything: Discord looks whether the HTTP endpoint is there.
    Ping,
    /// Used a command.
    Command(Ask),
    /// Is typing an option.
    Typing(Typing),
    /// Pressed a button.
    Press(Press),
    /// Something that this host never offers; the interaction's type.
    Other(u8),
}

/// An interaction that can't be answered because it can't be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error("not an interaction")]
    Json(#[from] serde_json::Error),
    #[error("an interaction of type {kind} without {what}")]
    Lacks { kind: u8, what: &'static str },
}

/// Reads an interaction that came for an account's bot, and what the member did.
///
/// # Errors
///
/// Where it lacks what an answer needs. Unknown types, fields and values are no error.
pub(crate) fn read(text: &str, account: AccountId) -> Result<(Interaction, Deed), Unreadable> {
    let json: Json<'_> = serde_json::from_str(text)?;
    let kind = json.kind;
    let deed = match kind {
        1 => Deed::Ping,
        2..=4 => deed(&json, account)?,
        other => Deed::Other(other),
    };
    let interaction = Interaction {
        id: json.id.0,
        application: json.application_id.map_or(0, |id| id.0),
        token: json.token.into_owned(),
        locale: json.locale.map_or_else(|| DEFAULT_LOCALE.to_owned(), String::from),
        attachment_limit: json.attachment_size_limit.unwrap_or(DEFAULT_ATTACHMENT_LIMIT),
    };
    Ok((interaction, deed))
}

fn deed(json: &Json<'_>, account: AccountId) -> Result<Deed, Unreadable> {
    let kind = json.kind;
    let lacks = |what| Unreadable::Lacks { kind, what };
    let data = json.data.as_ref().ok_or_else(|| lacks("data"))?;
    let asker = asker(json, account).ok_or_else(|| lacks("a member"))?;
    if kind == 3 {
        let button = data.custom_id.clone().ok_or_else(|| lacks("a custom_id"))?;
        let message = json.message.as_ref().map(|message| message.id.0.into());
        return Ok(Deed::Press(Press { asker, button, message }));
    }
    // 1 is a slash command; the menus on users and messages are others.
    if data.kind.is_some_and(|kind| kind != 1) {
        return Ok(Deed::Other(kind));
    }
    let name = data.name.as_deref().ok_or_else(|| lacks("a command"))?;
    let (command, options) = options::full_name(name, &data.options);
    if kind == 2 {
        let arguments = options.iter().filter_map(|option| options::argument(option, data)).collect();
        return Ok(Deed::Command(Ask { asker, command, arguments, trigger: Trigger::Command }));
    }
    let typed = options.iter().find(|option| option.focused).ok_or_else(|| lacks("a focused option"))?;
    let filled_in: Vec<Argument> =
        options.iter().filter(|option| !option.focused).filter_map(|option| options::argument(option, data)).collect();
    let (option, typed) = (typed.name.clone().into_owned(), options::typed(typed));
    Ok(Deed::Typing(Typing { asker, command, option, typed, arguments: filled_in }))
}

fn asker(json: &Json<'_>, account: AccountId) -> Option<Asker> {
    let user = json.member.as_ref().and_then(|member| member.user.as_ref()).or(json.user.as_ref())?;
    let permissions = json.member.as_ref().and_then(|member| member.permissions.as_deref());
    let permissions = Permissions::from_bits_truncate(permissions.and_then(|bits| bits.parse().ok()).unwrap_or(0));
    let place = match json.context {
        Some(0) => Place::Guild,
        Some(1) => Place::BotDm,
        Some(2) => Place::PrivateChannel,
        _ if json.guild_id.is_some() => Place::Guild,
        _ => Place::BotDm,
    };
    let nsfw = json.channel.as_ref().and_then(|channel| channel.nsfw);
    let channel = json.channel_id.or_else(|| json.channel.as_ref().and_then(|channel| channel.id));
    Some(Asker {
        account: Some(account),
        member: Some(MemberId::new(user.id.0)),
        guild: json.guild_id.map(|id| GuildId::new(id.0)),
        channel: channel.map(|id| ChannelId::new(id.0)),
        place,
        locale: json.locale.as_deref().unwrap_or(DEFAULT_LOCALE).to_owned(),
        // What is not known to be age-restricted is not.
        age_restricted: place == Place::Guild && nsfw == Some(true),
        moderator: permissions.intersects(Permissions::MANAGE_MESSAGES | Permissions::ADMINISTRATOR),
    })
}

#[cfg(test)]
mod tests;
