//! `autocontent history`

use anyhow::Result;
use autocontent_store::{AccountName, Delivery, HistoryFilter};
use serde_json::json;

use crate::config::Config;
use crate::host;
use crate::say::say;

pub(crate) async fn run(config: &Config, limit: u32, account: Option<&AccountName>, json: bool) -> Result<()> {
    let store = host::open_store(config).await?;
    let account = match account {
        Some(name) => Some(host::account(&store, Some(name)).await?.id),
        None => None,
    };
    let deliveries = store.history(&HistoryFilter { account, limit, ..HistoryFilter::default() }).await?;
    if deliveries.is_empty() && !json {
        say!("nothing was delivered yet");
    }
    for delivery in &deliveries {
        if json {
            say!("{}", object(delivery));
        } else {
            say!("{}", line(delivery));
        }
    }
    store.close().await;
    Ok(())
}

/// One delivery for programs. Members and places are Discord's ids.
fn object(delivery: &Delivery) -> serde_json::Value {
    let items: Vec<_> = delivery
        .items
        .iter()
        .map(|item| json!({ "id": item.item, "kind": item.kind, "title": item.title, "url": item.url }))
        .collect();
    json!({
        "id": delivery.id.to_string(), "state": delivery.state.as_str(), "reason": delivery.reason, "created_at": delivery.created_at,
        "account": delivery.account.map(|account| account.to_string()), "provider": delivery.provider, "digest": delivery.digest,
        "command": delivery.command, "trigger": delivery.trigger.as_str(), "member": delivery.member, "guild": delivery.guild,
        "channel": delivery.channel, "message": delivery.message, "cached": delivery.cached, "items": items,
    })
}

/// One delivery on one line.
fn line(delivery: &Delivery) -> String {
    let Delivery { created_at, state, command, provider, trigger, items, reason, .. } = delivery;
    let when = created_at.strftime("%F %T");
    let item = items.first().map(|item| item.title.as_deref().unwrap_or(&item.item)).unwrap_or_default();
    let reason = reason.as_ref().map(|reason| format!("  ({reason})")).unwrap_or_default();
    format!("{when}  {:11} /{command} by {:8} from {provider}: {item}{reason}", state.as_str(), trigger.as_str())
}
