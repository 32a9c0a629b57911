//! `autocontent provider install SOURCE…`

use std::collections::BTreeSet;
use std::io::IsTerminal as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use autocontent_content::{Advance, Content, Inspection, Installation};
use autocontent_manifest::{Capability, ProviderId};
use autocontent_sources::Fetcher;

use super::join;
use crate::commands::sources::{Admitted, Door, fetcher};
use crate::config::Config;
use crate::host::{self, Host};
use crate::say::say;

/// Installs what each source has; one that can't be installed doesn't keep the others out.
pub(super) async fn run(config: &Config, sources: &[String], grant: bool) -> Result<ExitCode> {
    let fetcher = fetcher(config)?;
    let host = Host::open(config).await?;
    let mut code = ExitCode::SUCCESS;
    for source in sources {
        if let Err(error) = from(config, &host, &fetcher, source, grant).await {
            eprintln!("autocontent: {}", crate::sentence(&error));
            code = ExitCode::FAILURE;
        }
    }
    host.store.close().await;
    Ok(code)
}

async fn from(config: &Config, host: &Host, fetcher: &Fetcher, text: &str, grant: bool) -> Result<()> {
    let door = Door { trust: &config.trust, clock: &*host.clock, store: &host.store };
    let fetched = fetcher.fetch(&text.parse()?).await?;
    let admitted = door.admit(fetched).await.with_context(|| text.to_owned())?;
    install(&host.content, admitted, grant).await.with_context(|| text.to_owned())
}

/// Installs a component that came from there, and says how far it got. What it asks for is granted where the operator said
/// so, on the command line or when asked in the terminal.
pub(crate) async fn install(content: &Content, admitted: Admitted, grant: bool) -> Result<()> {
    let actor = host::actor();
    let Admitted { component, origin, verdict } = admitted;
    if origin.signer.is_some() {
        say!("{} is {verdict}", origin.source);
    }
    let Installation { inspection: Inspection { manifest, .. }, advance } =
        content.install(component, origin, &actor).await?;
    let (id, version) = (&manifest.provider.id, &manifest.provider.version);
    let Advance::Waits { missing } = advance else {
        say!("installed {id} {version}: `autocontent provider enable {id}` lets an account use it");
        return Ok(());
    };
    say!("{id} {version} asks for {}", join(&missing));
    if grant || agreed()? {
        let outcome = content.grant(id, &BTreeSet::new(), &actor).await?;
        tell(id, &version.to_string(), &outcome.granted, &outcome.advance);
    } else {
        say!("it waits: `autocontent provider grant {id}` grants it that and lets it serve");
    }
    Ok(())
}

/// Says what came of granting.
pub(super) fn tell(id: &ProviderId, version: &str, granted: &BTreeSet<Capability>, advance: &Advance) {
    match advance {
        Advance::Serves => say!(
            "granted {}; {id} {version} serves: `autocontent provider enable {id}` lets an account use it",
            join(granted)
        ),
        Advance::Waits { missing } => {
            say!("granted {}; {id} {version} still waits, as it asks for {} too", join(granted), join(missing));
        }
    }
}

/// Where there is a terminal, whoever sits there decides.
fn agreed() -> Result<bool> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() || !std::io::stdout().is_terminal() {
        return Ok(false);
    }
    crate::say::text(format_args!("grant it that? [y/N] "));
    let mut answer = String::new();
    stdin.read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
