//! The interaction object as Discord sends it.

use serde_json::{Value, json};

use crate::{
    ChannelKind, Snowflake,
    live::{InteractionKind, Scene},
};

/// What a bot may do in a channel: everything that an interaction's answer can need.
const APP_PERMISSIONS: u64 = 0x0000_0000_8005_FC40;
/// Files up to 10 MiB may be attached.
const ATTACHMENT_SIZE_LIMIT: u64 = 10 * 1024 * 1024;

/// What differs between two interactions of the same making.
pub(crate) struct Identity<'a> {
    pub(crate) id: &'a str,
    pub(crate) token: &'a str,
}

/// The whole object; `message` is the one that carries the component.
pub(crate) fn interaction(
    identity: &Identity<'_>,
    application: Snowflake,
    kind: InteractionKind,
    data: &Value,
    scene: &Scene,
    message: Option<&Value>,
) -> Value {
    let Scene { channel, member } = scene;
    let mut json = json!({
        "id": identity.id,
        "application_id": application,
        "type": kind as u8,
        "token": identity.token,
        "version": 1,
        "data": data,
        "channel_id": channel.id,
        "channel": channel.json(member.permissions),
        "locale": member.locale,
        "app_permissions": APP_PERMISSIONS.to_string(),
        "context": channel.context(),
        "authorizing_integration_owners": owners(scene),
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
    });
    let Some(fields) = json.as_object_mut() else { return json };
    if let Some(guild) = channel.guild() {
        fields.insert("guild_id".to_owned(), json!(guild.id));
        fields.insert("guild_locale".to_owned(), json!(guild.locale));
        fields.insert("guild".to_owned(), json!({ "id": guild.id, "locale": guild.locale, "features": [] }));
        fields.insert("member".to_owned(), member.member_json());
    } else {
        fields.insert("user".to_owned(), member.user_json());
    }
    if let Some(message) = message {
        fields.insert("message".to_owned(), message.clone());
    }
    json
}

/// By which installation the app is here: a guild's, its own direct messages, or the member's.
pub(crate) fn owners(scene: &Scene) -> Value {
    match &scene.channel.kind {
        ChannelKind::Guild(guild) => json!({ "0": guild.id }),
        ChannelKind::BotDm { .. } => json!({ "0": "0" }),
        ChannelKind::Private => json!({ "1": scene.member.id }),
    }
}

/// The `data` of a pressed button.
pub(crate) fn press(custom_id: &str) -> Value {
    json!({ "custom_id": custom_id, "component_type": 2, "id": 1 })
}
