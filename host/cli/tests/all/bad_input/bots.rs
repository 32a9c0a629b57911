//! What keeps a host, or one of its bots, from serving.

use std::net::TcpListener;

use insta::assert_snapshot;
use serde_json::Value;

use super::{FAILED, furnished, refused};
use crate::crowd::Crowd;
use crate::host::{Host, WRONG_TOKEN, generous_discord};

#[tokio::test]
async fn a_port_that_is_in_use() {
    let host = furnished().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let host = host.with("AUTOCONTENT_LISTEN", &format!("127.0.0.1:{port}"));
    let transcript = refused(&host, FAILED, &[&["serve"]]).await;
    assert_snapshot!(transcript.replace(&port, "PORT"), @r"
    $ autocontent serve
    autocontent: could not listen on 127.0.0.1:PORT: Address already in use (os error 98); choose another address with --listen, or stop what uses it
    ");
}

#[tokio::test]
async fn a_wrong_token_stops_its_own_bot_only() {
    let discord = generous_discord().await;
    let bot = discord.add_bot("good");
    let host = Host::with_discord(&discord);
    host.succeed_with_input(&["account", "add", "good"], &bot.token()).await;
    host.succeed_with_input(&["account", "add", "bad"], WRONG_TOKEN).await;
    host.provide("good", &["parrot"]).await;
    let serving = host.serve().await;
    host.account_when("bad", "failed").await;
    bot.until_ready().await.unwrap();
    bot.until_command("parrot").await.unwrap();
    host.account_when("good", "running").await;
    let list: &[&str] = &["account", "list"];
    assert_snapshot!(host.run(list).await.transcript(list), @r"
    $ autocontent account list
    bad                  gateway  failed: discord refuses the bot's token (401): copy the token from the developer portal again, or reset it there
    good                 gateway  running
    ");
    let crowd = Crowd::new(discord, bot);
    crowd.bot.run(&crowd.command).unwrap().message().await.unwrap();

    // A right one helps, without a restart.
    let other = crowd.discord.add_bot("bad");
    host.succeed_with_input(&["account", "token", "bad"], &other.token()).await;
    other.until_ready().await.unwrap();
    assert_eq!(host.account_when("bad", "running").await["reason"], Value::Null);
    host.hear(&serving.stop().await);
}
