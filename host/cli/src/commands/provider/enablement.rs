//! `autocontent provider enable|disable`

use anyhow::Result;

use crate::arguments::Enablement;
use crate::config::Config;
use crate::host::{self, Host};
use crate::say::say;

pub(super) async fn enable(config: &Config, enablement: &Enablement) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let account = host::account(&store, enablement.account.as_ref()).await?;
    content.enable(account.id, &enablement.provider, &host::actor()).await?;
    say!("`{}` now answers members of `{}`", enablement.provider, account.name);
    store.close().await;
    Ok(())
}

pub(super) async fn disable(config: &Config, enablement: &Enablement) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let account = host::account(&store, enablement.account.as_ref()).await?;
    content.disable(account.id, &enablement.provider, &host::actor()).await?;
    say!("`{}` no longer answers members of `{}`", enablement.provider, account.name);
    store.close().await;
    Ok(())
}
