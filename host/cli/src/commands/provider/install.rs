//! `autocontent provider install`

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use autocontent_content::{Advance, Content, Inspection, Installation, Origin};
use autocontent_manifest::{Capability, ProviderId};

use super::{join, read};
use crate::config::Config;
use crate::host::{self, Host};

/// Installs each file; one that can't be installed doesn't keep the others out.
pub(super) async fn run(config: &Config, files: &[PathBuf], grant: bool) -> Result<ExitCode> {
    let Host { store, content, .. } = Host::open(config).await?;
    let mut code = ExitCode::SUCCESS;
    for file in files {
        let component = read(file);
        let origin = Origin { source: origin(file), signer: None };
        let installed = match component {
            Ok(component) => {
                install(&content, component, origin, grant).await.with_context(|| file.display().to_string())
            }
            Err(error) => Err(error),
        };
        if let Err(error) = installed {
            eprintln!("autocontent: {}", crate::sentence(&error));
            code = ExitCode::FAILURE;
        }
    }
    store.close().await;
    Ok(code)
}

/// Installs a component that came from there, and says how far it got. What it asks for is granted where the operator said
/// so, on the command line or when asked in the terminal.
pub(super) async fn install(content: &Content, component: Vec<u8>, origin: Origin, grant: bool) -> Result<()> {
    let actor = host::actor();
    let Installation { inspection: Inspection { manifest, .. }, advance } =
        content.install(component, origin, &actor).await?;
    let (id, version) = (&manifest.provider.id, &manifest.provider.version);
    let Advance::Waits { missing } = advance else {
        println!("installed {id} {version}: `autocontent provider enable {id}` lets an account use it");
        return Ok(());
    };
    println!("{id} {version} asks for {}", join(&missing));
    if grant || agreed()? {
        let outcome = content.grant(id, &BTreeSet::new(), &actor).await?;
        tell(id, &version.to_string(), &outcome.granted, &outcome.advance);
    } else {
        println!("it waits: `autocontent provider grant {id}` grants it that and lets it serve");
    }
    Ok(())
}

/// Says what came of granting.
pub(super) fn tell(id: &ProviderId, version: &str, granted: &BTreeSet<Capability>, advance: &Advance) {
    match advance {
        Advance::Serves => println!(
            "granted {}; {id} {version} serves: `autocontent provider enable {id}` lets an account use it",
            join(granted)
        ),
        Advance::Waits { missing } => {
            println!("granted {}; {id} {version} still waits, as it asks for {} too", join(granted), join(missing));
        }
    }
}

/// Where there is a terminal, whoever sits there decides.
fn agreed() -> Result<bool> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() || !std::io::stdout().is_terminal() {
        return Ok(false);
    }
    print!("grant it that? [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    stdin.read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// A file by its whole path, so that it can be found again from anywhere.
fn origin(file: &Path) -> String {
    let whole = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    whole.display().to_string()
}
