//! `autocontent history`

use anyhow::Result;
use autocontent_store::{AccountName, Delivery, HistoryFilter};

use crate::config::Config;
use crate::host;

pub async fn run(config: &Config, limit: u32, account: Option<&AccountName>, json: bool) -> Result<()> {
    let store = host::open_store(config).await?;
    let account = match account {
        Some(name) => Some(host::account(&store, Some(name)).await?.id),
        None => None,
    };
    let deliveries = store.history(&HistoryFilter { account, limit, ..HistoryFilter::default() }).await?;
    if deliveries.is_empty() && !json {
        println!("nothing was delivered yet");
    }
    for delivery in &deliveries {
        if json {
            println!("{}", serde_json::to_string(delivery)?);
        } else {
            println!("{}", line(delivery));
        }
    }
    store.close().await?;
    Ok(())
}

/// One delivery on one line.
fn line(delivery: &Delivery) -> String {
    let Delivery { created_at, state, command, provider, trigger, items, failure, tally, .. } = delivery;
    let when = created_at.strftime("%F %T");
    let item = items.first().map(|item| item.title.as_deref().unwrap_or(&item.item)).unwrap_or_default();
    let votes = if tally.up + tally.down > 0 { format!("  👍 {} 👎 {}", tally.up, tally.down) } else { String::new() };
    let failure = failure.as_ref().map(|failure| format!("  ({failure})")).unwrap_or_default();
    format!("{when}  {state:11} /{command} by {trigger:8} from {provider}: {item}{votes}{failure}")
}
