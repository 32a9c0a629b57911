//! `autocontent export` and `autocontent erase`: what members, and those who run a guild, may ask of the operator.

use std::io::{BufRead as _, IsTerminal as _};

use anyhow::{Result, bail};
use autocontent_content::{Clock as _, SystemClock};
use autocontent_store::{Delivery, Erased, GuildId, HistoryFilter, MemberId, Store, Vote};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::config::Config;
use crate::host;
use crate::say::say;

/// How many rows are read at once.
const PAGE: u32 = 500;

/// Whose data is erased.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Guild(GuildId),
    Member(MemberId),
}

/// Prints all that is kept about a member, one JSON object a line.
pub(crate) async fn export(config: &Config, member: MemberId) -> Result<()> {
    let store = host::open_store(config).await?;
    let printed = print(&store, member).await;
    store.close().await;
    printed
}

async fn print(store: &Store, member: MemberId) -> Result<()> {
    let mut filter = HistoryFilter { member: Some(member), limit: PAGE, ..HistoryFilter::default() };
    loop {
        let page = store.history(&filter).await?;
        let Some(last) = page.last() else { break };
        filter.before = Some(last.id);
        for delivery in &page {
            say!("{}", object(delivery));
        }
    }
    for vote in store.votes_of(member).await? {
        let word = if vote.vote == Vote::Up { "up" } else { "down" };
        say!("{}", json!({ "kept": "vote", "delivery": vote.delivery, "vote": word, "at": vote.voted_at }));
    }
    for report in store.reports_of(member).await? {
        say!("{}", json!({ "kept": "report", "delivery": report.delivery, "at": report.reported_at }));
    }
    for offset in (0..).step_by(PAGE as usize) {
        let page = store.favourites(member, PAGE, offset).await?;
        if page.is_empty() {
            break;
        }
        for saved in page {
            let (provider, delivery, item) = (saved.provider, saved.delivery, parsed(&saved.json));
            let at = saved.saved_at;
            say!(
                "{}",
                json!({ "kept": "favourite", "provider": provider, "delivery": delivery, "item": item, "at": at })
            );
        }
    }
    for entry in store.kept_about(member, SystemClock.now()).await? {
        let (encoding, value) = match String::from_utf8(entry.value) {
            Ok(text) => ("text", text),
            Err(error) => ("base64", BASE64_STANDARD.encode(error.as_bytes())),
        };
        say!(
            "{}",
            json!({ "kept": "storage", "provider": entry.provider, "owner": entry.owner, "key": entry.key, "encoding": encoding, "value": value, "expires_at": entry.expires_at })
        );
    }
    Ok(())
}

fn object(delivery: &Delivery) -> Value {
    let items: Vec<_> = delivery.items.iter().map(|item| parsed(&item.json)).collect();
    json!({
        "kept": "delivery", "delivery": delivery.id, "at": delivery.created_at, "provider": delivery.provider,
        "command": delivery.command, "arguments": parsed(&delivery.arguments), "trigger": delivery.trigger, "locale": delivery.locale,
        "guild": delivery.guild, "channel": delivery.channel, "message": delivery.message, "state": delivery.state, "items": items,
    })
}

/// The JSON that the store has as text.
fn parsed(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_else(|_| json.into())
}

/// Erases what is kept about a guild or a member, once the operator confirmed it.
pub(crate) async fn erase(config: &Config, subject: Option<Subject>, confirmed: bool) -> Result<()> {
    let Some(subject) = subject else { bail!("say whose data shall go: --guild ID or --member ID") };
    if !confirmed && !confirm(subject)? {
        bail!("nothing was erased");
    }
    let store = host::open_store(config).await?;
    let erased = match subject {
        Subject::Guild(guild) => store.erase_guild(guild).await,
        Subject::Member(member) => store.erase_member(member).await,
    };
    store.close().await;
    say!("{}", sentence(erased?));
    Ok(())
}

fn confirm(subject: Subject) -> Result<bool> {
    let whose = match subject {
        Subject::Guild(guild) => format!("guild {guild}"),
        Subject::Member(member) => format!("member {member}"),
    };
    if !std::io::stdin().is_terminal() {
        bail!("what is erased can't be brought back: say --yes if all that is kept about {whose} shall go");
    }
    eprint!("Erase all that is kept about {whose}? It can't be brought back. Type yes: ");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(answer.trim().eq_ignore_ascii_case("yes"))
}

fn sentence(erased: Erased) -> String {
    let Erased { deliveries, anonymised, votes, reports, favourites, entries } = erased;
    let counted = [
        (deliveries, "deliveries erased"),
        (anonymised, "deliveries in guilds made anonymous"),
        (votes, "votes erased"),
        (reports, "reports erased"),
        (favourites, "favourites erased"),
        (entries, "entries of providers erased"),
    ];
    let said: Vec<_> =
        counted.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{what}: {count}")).collect();
    if said.is_empty() { "nothing was kept".to_owned() } else { said.join(", ") }
}
