//! `autocontent notifications`: what operators should know.

use anyhow::Result;
use autocontent_store::Notification;
use serde_json::json;

use crate::config::Config;
use crate::host;
use crate::say::say;

/// Shows the notifications, and forgets those that it showed where `clear` says so.
pub(crate) async fn run(config: &Config, clear: bool, as_json: bool) -> Result<()> {
    let store = host::open_store(config).await?;
    let (found, accounts) = (store.notifications().await?, store.accounts().await?);
    if found.is_empty() && !as_json {
        say!("nothing needs you");
    }
    for Notification { kind, provider, account, detail, times, first_at, last_at } in &found {
        let account = accounts.iter().find(|one| Some(one.id) == *account).map(|one| &one.name);
        if as_json {
            say!(
                "{}",
                json!({
                    "kind": kind, "provider": provider, "account": account, "detail": detail, "times": times,
                    "first_at": first_at, "last_at": last_at,
                })
            );
            continue;
        }
        let account = account.map(|account| format!(" for {account}")).unwrap_or_default();
        let often = if *times > 1 { format!(" ({times} times since {first_at})") } else { String::new() };
        say!("{last_at}  {:14} {provider}{account}: {detail}{often}", kind.as_str());
    }
    if clear {
        store.clear_notifications(&found).await?;
    }
    store.close().await;
    Ok(())
}
