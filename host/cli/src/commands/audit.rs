//! `autocontent audit`: who changed what, and when.

use anyhow::Result;
use autocontent_manifest::ProviderId;
use autocontent_store::AuditEntry;
use serde_json::json;

use crate::config::Config;
use crate::host;
use crate::say::say;

pub(crate) async fn run(config: &Config, provider: Option<&ProviderId>, limit: u32, as_json: bool) -> Result<()> {
    let store = host::open_store(config).await?;
    let entries = store.audit(provider.map(ProviderId::as_str), limit).await?;
    if entries.is_empty() && !as_json {
        say!("nothing was changed yet");
    }
    for AuditEntry { position, at, actor, action, subject, detail } in entries {
        if as_json {
            say!(
                "{}",
                json!({ "position": position, "at": at, "actor": actor, "action": action, "subject": subject, "detail": detail })
            );
        } else {
            say!("{at}  {actor:20} {:12} {subject} {detail}", action.as_str());
        }
    }
    store.close().await;
    Ok(())
}
