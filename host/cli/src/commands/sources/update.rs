//! `autocontent provider update [ID] [--check]`

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use autocontent_content::OperateError;
use autocontent_manifest::ProviderId;
use autocontent_sources::{Fetcher, Source};
use autocontent_store::{Installed, Versions};

use super::{Door, NEWER, fetcher, source};
use crate::commands::provider::install::install;
use crate::config::Config;
use crate::host::Host;
use crate::say::say;

/// What a provider's source has, beside what is installed.
enum News {
    /// The same, or nothing that could be asked; why.
    None(String),
    /// Another version, at this source.
    Other(Source),
}

/// Asks the source of each provider; one that can't be asked doesn't keep the others from it.
pub(super) async fn run(config: &Config, only: Option<&ProviderId>, check: bool) -> Result<ExitCode> {
    let fetcher = fetcher(config)?;
    let host = Host::open(config).await?;
    let mut providers = host.store.versions().await?;
    providers.retain(|versions| only.is_none_or(|only| versions.id == *only));
    if let (Some(only), true) = (only, providers.is_empty()) {
        return Err(OperateError::NotInstalled(only.clone()).into());
    }
    let (mut failed, mut newer) = (false, false);
    for versions in providers {
        match update(config, &host, &fetcher, &versions, check).await {
            Ok(other) => newer |= other,
            Err(error) => {
                eprintln!("autocontent: {}: {}", versions.id, crate::sentence(&error));
                failed = true;
            }
        }
    }
    host.store.close().await;
    Ok(match (failed, check && newer) {
        (true, _) => ExitCode::FAILURE,
        (false, true) => ExitCode::from(NEWER),
        (false, false) => ExitCode::SUCCESS,
    })
}

/// Says what came of it; tells whether there was something else than what is installed.
async fn update(config: &Config, host: &Host, fetcher: &Fetcher, versions: &Versions, check: bool) -> Result<bool> {
    let Host { store, content, clock, .. } = host;
    let from = match news(fetcher, versions).await? {
        News::None(why) => {
            say!("{}: {why}", versions.id);
            return Ok(false);
        }
        News::Other(from) => from,
    };
    if check {
        say!("{0}: {from} has another version: `autocontent provider update {0}` installs it", versions.id);
        return Ok(true);
    }
    let door = Door { trust: &config.trust, clock: clock.as_ref(), store };
    let fetched = fetcher.fetch(&from).await?;
    let admitted = door.admit(fetched).await.with_context(|| from.to_string())?;
    install(content, admitted, false).await.with_context(|| from.to_string())?;
    Ok(true)
}

async fn news(fetcher: &Fetcher, versions: &Versions) -> Result<News> {
    let Versions { current, previous, waiting, .. } = versions;
    // What waits came last.
    let Some(last) = waiting.as_ref().or(current.as_ref()) else {
        return Ok(News::None("nothing of it is installed".to_owned()));
    };
    let Some(origin) = &last.origin else {
        return Ok(News::None("an older host installed it, which did not keep where it came from".to_owned()));
    };
    let Some(followed) = source(&origin.source)?.follow() else {
        return Ok(News::None(format!("it stays what {} says", origin.source)));
    };
    let digest = fetcher.digest(&followed).await?.to_string();
    let is = |version: &Option<Installed>| version.as_ref().is_some_and(|version| version.digest.as_str() == digest);
    if last.digest.as_str() == digest || is(current) {
        return Ok(News::None(format!("{} is what {followed} has", last.version)));
    }
    if is(previous) {
        let back = "has the version before the one that serves";
        return Ok(News::None(format!("{followed} {back}: `autocontent provider rollback {}`", versions.id)));
    }
    Ok(News::Other(followed))
}
