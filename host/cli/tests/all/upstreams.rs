//! A host that runs as in production, with recorded upstreams on this machine.

use std::path::Path;

use autocontent_recordings::Recording;
use autocontent_simulator::{Invocation, UpstreamFault, Upstreams};

use crate::components;
use crate::host::{Host, generous_discord};

const ANSWERS: &str = r#"{ "exchanges": [
    { "request": { "method": "POST", "url": "https://example.com/a", "body": "body" }, "response": { "status": 200, "text": "AA" } },
    { "request": { "method": "POST", "url": "https://example.com/b", "body": "body" }, "response": { "status": 200, "text": "BB" } }
] }"#;

#[tokio::test]
async fn members_get_what_recorded_upstreams_answer_and_a_sentence_where_they_fail() {
    let upstreams = Upstreams::start([Recording::read(ANSWERS, Path::new("answers.json")).unwrap()]).await.unwrap();
    let discord = generous_discord().await;
    let bot = discord.add_bot("main");
    let host = Host::with_discord(&discord).with("AUTOCONTENT_CONFIG", "settings.toml");
    host.write("settings.toml", format!("development-upstreams = ['*={}']\n", upstreams.address()));
    host.succeed_with_input(&["account", "add", "main"], &bot.token()).await;
    let probe = components::path("probe");
    host.succeed(&["provider", "install", "--grant", probe.to_str().unwrap()]).await;
    host.succeed(&["provider", "enable", "probe"]).await;
    let serving = host.serve().await;
    let warned = "development upstream: requests for this host go to this machine, secrets too; not for production";
    assert_eq!(serving.logged(warned).await["upstream"], format!("*={}", upstreams.address()));
    bot.until_ready().await.unwrap();
    bot.until_command("fetch").await.unwrap();
    let channel = discord.channel(&discord.guild("guild"), "general");
    // Each time another member, as a command has a cooldown.
    let ask = async |name: &str| {
        let member = discord.member(name, "en-US");
        bot.run(&Invocation::new("fetch", &member, &channel)).unwrap().message().await.unwrap()
    };

    let message = ask("ana").await;
    assert_eq!(message.embeds()[0]["description"], "AA BB AA BB");
    let arrived = upstreams.requests();
    assert_eq!(arrived.len(), 4);
    assert!(arrived.iter().all(|request| request.known && request.method == "POST"));
    assert_eq!(arrived[0].url.as_str(), "https://example.com/a");

    upstreams.fail("example.com", UpstreamFault::Malformed);
    assert_eq!(ask("bia").await.embeds()[0]["description"], "A B A B", "a half of each");
    upstreams.fail("example.com", UpstreamFault::Status(401));
    assert_eq!(ask("caio").await.embeds()[0]["description"].as_str().unwrap().matches("told to fail").count(), 4);
    upstreams.heal();
    assert_eq!(ask("dora").await.embeds()[0]["description"], "AA BB AA BB");
    upstreams.fail("example.com", UpstreamFault::TooManyRequests { retry_after: 60 });
    let told = ask("eva").await;
    assert!(told.is_ephemeral() && told.embeds().is_empty(), "the host leaves it alone: {}", told.content());
    serving.stop().await;
}
