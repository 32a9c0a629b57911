//! `autocontent provider inspect|schema`: what a component is, before anything is done with it.

use std::path::Path;

use anyhow::{Context as _, Result};
use autocontent_manifest::{Command, Manifest};
use autocontent_runtime::{Inspection, inspect};
use serde_json::json;

use super::{join, read};
use crate::say::say;

fn inspect_file(file: &Path) -> Result<Inspection> {
    inspect(&read(file)?).with_context(|| format!("{}", file.display()))
}

/// Prints the JSON Schema of provider.toml.
pub(super) fn schema() -> Result<()> {
    say!("{}", serde_json::to_string_pretty(&Manifest::json_schema())?);
    Ok(())
}

/// Prints what a component says of itself.
pub(super) fn show(file: &Path, as_json: bool) -> Result<()> {
    let Inspection { manifest, imports, exports, size, digest, .. } = &inspect_file(file)?;
    let about = &manifest.provider;
    if as_json {
        let json = json!({
            "id": about.id, "name": about.name, "version": about.version, "description": about.description, "license": about.license,
            "contract": about.contract.to_string(), "commands": manifest.commands.iter().map(|command| command.name.as_str()).collect::<Vec<_>>(),
            "imports": imports, "suggestions": exports.suggestions, "actions": exports.actions, "size_bytes": size, "digest": digest,
            "asks": manifest.asks(), "http": manifest.capabilities.http, "further_hosts": manifest.capabilities.further_hosts, "storage_bytes": manifest.capabilities.storage.map(autocontent_manifest::ByteSize::bytes),
        });
        say!("{}", serde_json::to_string_pretty(&json)?);
        return Ok(());
    }
    say!("{} {} ({})", about.name, about.version, about.id);
    say!("{}", about.description);
    say!("licence   {}", about.license);
    say!("contract  {}", about.contract);
    say!("commands  {}", join(manifest.commands.iter().map(command_line)));
    say!(
        "answers   {}",
        join(
            ["commands"]
                .into_iter()
                .chain(exports.suggestions.then_some("autocomplete"))
                .chain(exports.actions.then_some("buttons"))
        )
    );
    say!("imports   {}", join(imports));
    say!("asks for  {}", wishes(manifest));
    say!(
        "limits    {} of memory, {:?} of processor time, {:?} in all",
        manifest.limits.memory,
        manifest.limits.cpu,
        manifest.limits.time
    );
    say!("size      {} KB", size.div_ceil(1_000));
    say!("digest    {digest}");
    Ok(())
}

fn command_line(command: &Command) -> String {
    match command.subcommands.len() {
        0 => format!("/{}", command.name),
        count => format!("/{} ({count} subcommands)", command.name),
    }
}

/// What a manifest asks an operator to grant.
fn wishes(manifest: &Manifest) -> String {
    let http = manifest.capabilities.http.iter().map(|host| format!("https://{host}"));
    let further = manifest.capabilities.further_hosts.then(|| "further hosts that you grant".to_owned());
    let storage = manifest.capabilities.storage.map(|size| format!("{size} of storage"));
    let secrets = manifest.secrets.iter().map(|secret| format!("the secret {}", secret.name));
    join(http.chain(further).chain(storage).chain(secrets))
}
