//! Interactions as they reach the bot.

use autocontent_simulator::{Attachment, Invocation, Snowflake};
use serde_json::{Value, json};

use crate::client::{Scene, Socket, scene};

async fn everything_command(scene: &Scene) -> Socket {
    let option = |kind: u64, name: &str| json!({ "type": kind, "name": name, "description": "d" });
    let options =
        json!([option(6, "who"), option(7, "where"), option(8, "role"), option(11, "file"), option(10, "number")]);
    scene.register(&json!({ "name": "all", "description": "d", "options": options })).await;
    scene.connected().await
}

#[tokio::test]
async fn a_guild_interaction_has_all_that_discord_sends() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let (sent, interaction) = scene.run_quote(&mut socket).await;
    let guild = scene.channel.guild().unwrap();
    let expected = json!({
        "id": sent.id(), "token": sent.token(), "application_id": scene.bot.application_id(), "type": 2, "version": 1,
        "guild_id": guild.id, "channel_id": scene.channel.id, "locale": "pt-BR", "guild_locale": "en-US", "context": 0,
        "entitlements": [], "authorizing_integration_owners": { "0": guild.id }, "attachment_size_limit": 10_485_760,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&interaction[field], value, "{field}");
    }
    assert!(interaction["app_permissions"].is_string());
    assert_eq!(interaction["channel"]["nsfw"], false);
    assert_eq!(interaction["member"]["user"]["id"], scene.member.id.to_string());
    assert_eq!(interaction["member"]["permissions"], scene.member.permissions.to_string());
    assert!(interaction.get("user").is_none());
    assert_eq!(interaction["data"]["id"], scene.bot.commands()[0]["id"]);
}

#[tokio::test]
async fn outside_guilds_there_is_a_user_and_no_member() {
    let scene = scene().await;
    let mut socket = scene.connected().await;
    let dm = scene.sim.dm(&scene.member);
    let private = scene.sim.private_channel();
    for (channel, context, owners) in [(dm, 1, json!({ "0": "0" })), (private, 2, json!({ "1": scene.member.id }))] {
        scene.bot.run(&Invocation::new("quote", &scene.member, &channel)).unwrap();
        let interaction = socket.event("INTERACTION_CREATE").await;
        assert_eq!(interaction["context"], context);
        assert_eq!(interaction["authorizing_integration_owners"], owners);
        assert_eq!(interaction["user"]["id"], scene.member.id.to_string());
        for absent in ["member", "guild", "guild_id", "guild_locale"] {
            assert!(interaction.get(absent).is_none(), "{absent}");
        }
    }
}

#[tokio::test]
async fn what_options_name_is_resolved() {
    let scene = scene().await;
    let mut socket = everything_command(&scene).await;
    let file = Attachment {
        id: Snowflake::new(7),
        file_name: "cat.png".to_owned(),
        content_type: "image/png".to_owned(),
        size: 10,
        url: "https://example.com/cat.png".to_owned(),
    };
    let friend = scene.sim.member("bea", "en-US");
    let all = Invocation::new("all", &scene.member, &scene.channel);
    let all = all.with("who", &friend).with("where", &scene.channel).with("file", file).with("number", 1.5);
    scene.bot.run(&all).unwrap();
    let data: Value = socket.event("INTERACTION_CREATE").await["data"].clone();
    let resolved = &data["resolved"];
    assert_eq!(resolved["users"][friend.id.to_string()]["username"], "bea");
    assert!(resolved["members"][friend.id.to_string()].get("user").is_none());
    assert_eq!(resolved["channels"][scene.channel.id.to_string()]["name"], "general");
    assert_eq!(resolved["attachments"]["7"]["filename"], "cat.png");
    assert_eq!(data["options"][3], json!({ "name": "number", "type": 10, "value": 1.5 }));
}
