//! Members act, and what they see is printed as a person would read it.

use anyhow::Result;
use autocontent_simulator::{Bot, Input, Invocation, Member, Message};
use serde_json::Value;

use crate::host::text;

const INDENT: &str = "    ";

pub(crate) fn title(title: &str) {
    println!("\n━━ {title}\n");
}

/// A member runs a command; prints it and its answer.
pub(crate) async fn command(bot: &Bot, invocation: &Invocation) -> Result<Message> {
    println!("{}", line(invocation));
    let message = bot.run(invocation)?.message().await?;
    show(&message);
    Ok(message)
}

/// A member types an option; prints what is suggested.
pub(crate) async fn autocomplete(bot: &Bot, invocation: &Invocation, focused: &str) -> Result<()> {
    println!("{}▏", line(invocation));
    for choice in bot.autocomplete(invocation, focused).await? {
        println!("{INDENT}{}", choice.name);
    }
    println!();
    Ok(())
}

/// A member presses a button; prints what it does.
pub(crate) async fn press(bot: &Bot, message: &Message, which: &str, member: &Member) -> Result<Message> {
    println!("{} presses [{which}]", member.username);
    let message = bot.press(message, which, member)?.message().await?;
    show(&message);
    Ok(message)
}

fn line(invocation: &Invocation) -> String {
    let options = invocation.options.iter().map(|(name, value)| match value {
        Input::Text(text) => format!(" {name}:{text}"),
        other => format!(" {name}:{other:?}"),
    });
    format!(
        "{} ({}) types /{}{}",
        invocation.member.username,
        invocation.member.locale,
        invocation.command,
        options.collect::<String>()
    )
}

/// A message as Discord shows it, as near as a terminal gets.
fn show(message: &Message) {
    let mut lines: Vec<String> = message.content().lines().map(str::to_owned).collect();
    for embed in message.embeds() {
        for part in ["/author/name", "/title", "/description"] {
            lines.extend(text(embed, part).unwrap_or_default().lines().map(str::to_owned));
        }
        for field in embed.get("fields").and_then(Value::as_array).into_iter().flatten() {
            let named =
                format!("{}: {}", text(field, "/name").unwrap_or_default(), text(field, "/value").unwrap_or_default());
            lines.extend(named.lines().map(str::to_owned));
        }
        lines.extend(text(embed, "/footer/text").map(str::to_owned));
    }
    let buttons: Vec<_> = message
        .buttons()
        .iter()
        .map(|button| format!("[{}]", [button.emoji.as_deref().unwrap_or_default(), &button.label].join(" ").trim()))
        .collect();
    if !buttons.is_empty() {
        lines.push(buttons.join(" "));
    }
    if message.is_ephemeral() {
        lines.push("(only they see this)".to_owned());
    }
    for line in lines {
        println!("{INDENT}{line}");
    }
    println!();
}
