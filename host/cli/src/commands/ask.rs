//! `autocontent ask LINE`: the whole way of a command, without Discord.

use std::process::ExitCode;

use anyhow::{Result, bail};
use autocontent_content::contract::Place;
use autocontent_content::{Ask, Asker, Reply, Settled, Trigger};

use crate::config::Config;
use crate::host::Host;
use crate::say::say;
use crate::show;

/// What is asked.
pub(crate) struct Question {
    pub(crate) line: String,
    pub(crate) json: bool,
    pub(crate) locale: String,
    pub(crate) sensitive: bool,
}

pub(crate) async fn run(config: &Config, question: &Question) -> Result<ExitCode> {
    let Host { store, content, .. } = Host::open(config).await?;
    for unusable in content.reload().await? {
        eprintln!("autocontent: provider `{}` can't be used: {}", unusable.provider, unusable.reason);
    }
    let (command, arguments) = match content.read_line(None, &question.line) {
        Err(_) if store.installed().await?.is_empty() => {
            bail!("no provider is installed yet: install one with `autocontent provider install FILE`")
        }
        read => read?,
    };
    let asker = Asker {
        account: None,
        member: None,
        guild: None,
        channel: None,
        place: Place::BotDm,
        locale: question.locale.clone(),
        age_restricted: question.sensitive,
        moderator: false,
    };
    let reply = match content.admit(Ask { asker, command, arguments, trigger: Trigger::Preview }) {
        Ok(admitted) => admitted.answer().await,
        Err(notice) => Reply::Notice(notice),
    };
    if question.json {
        say!("{}", serde_json::to_string_pretty(&show::json(&reply)?)?);
    } else {
        say!("{}", show::reply(&reply));
    }
    if let Reply::Post(post) = &reply {
        content.settle(post.delivery, Settled::Delivered { message: None }).await;
    }
    content.flush().await;
    store.close().await;
    Ok(if matches!(reply, Reply::Notice(_)) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
