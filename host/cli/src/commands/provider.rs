//! `autocontent provider inspect|check|install|enable|disable|list|remove`

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result, anyhow};
use autocontent_content::{Installation, Origin};
use autocontent_manifest::{Command, Manifest, ProviderId};
use autocontent_runtime::{Inspection, inspect};
use serde_json::json;

use crate::arguments::{Enablement, ProviderCommand};
use crate::commands::{logs, stats};
use crate::config::Config;
use crate::host::{self, Host};

pub(crate) async fn run(config: &Config, command: ProviderCommand) -> Result<ExitCode> {
    match command {
        ProviderCommand::Inspect { file, json } => show(&inspect_file(&file)?, json)?,
        ProviderCommand::Check { file } => check(&file)?,
        ProviderCommand::Schema => println!("{}", serde_json::to_string_pretty(&Manifest::json_schema())?),
        ProviderCommand::Install { files } => return install(config, &files).await,
        ProviderCommand::Enable(enablement) => enable(config, &enablement).await?,
        ProviderCommand::Disable(enablement) => disable(config, &enablement).await?,
        ProviderCommand::List { json } => list(config, json).await?,
        ProviderCommand::Stats { provider, days, json } => stats::run(config, provider.as_ref(), days, json).await?,
        ProviderCommand::Logs { provider, follow, limit, level, json } => {
            logs::run(config, &logs::Wanted { provider, follow, limit, level, json }).await?;
        }
        ProviderCommand::Remove { provider } => remove(config, &provider).await?,
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    std::fs::read(file).map_err(|error| anyhow!("could not read {}: {error}; check the path", file.display()))
}

fn inspect_file(file: &Path) -> Result<Inspection> {
    inspect(&read(file)?).with_context(|| format!("{}", file.display()))
}

fn check(file: &Path) -> Result<()> {
    if file.extension().is_some_and(|extension| extension == "toml") {
        let text = String::from_utf8(read(file)?)
            .map_err(|_| anyhow!("{} is not UTF-8 text; save it as UTF-8", file.display()))?;
        Manifest::parse(&text).map_err(|errors| errors.with_file(file.display().to_string()))?;
    } else {
        inspect_file(file)?;
    }
    println!("{} is valid", file.display());
    Ok(())
}

fn show(inspection: &Inspection, as_json: bool) -> Result<()> {
    let Inspection { manifest, imports, exports, size, digest, .. } = inspection;
    let about = &manifest.provider;
    if as_json {
        let json = json!({
            "id": about.id, "name": about.name, "version": about.version, "description": about.description, "license": about.license,
            "contract": about.contract.to_string(), "commands": manifest.commands.iter().map(|command| command.name.as_str()).collect::<Vec<_>>(),
            "imports": imports, "suggestions": exports.suggestions, "actions": exports.actions, "size_bytes": size, "digest": digest,
            "http": manifest.capabilities.http, "storage_bytes": manifest.capabilities.storage.map(autocontent_manifest::ByteSize::bytes),
        });
        println!("{}", serde_json::to_string_pretty(&json)?);
        return Ok(());
    }
    println!("{} {} ({})", about.name, about.version, about.id);
    println!("{}", about.description);
    println!("licence   {}", about.license);
    println!("contract  {}", about.contract);
    println!("commands  {}", join(manifest.commands.iter().map(command_line)));
    println!(
        "answers   {}",
        join(
            ["commands"]
                .into_iter()
                .chain(exports.suggestions.then_some("autocomplete"))
                .chain(exports.actions.then_some("buttons"))
        )
    );
    println!("imports   {}", join(imports));
    println!("asks for  {}", wishes(manifest));
    println!(
        "limits    {} of memory, {:?} of processor time, {:?} in all",
        manifest.limits.memory, manifest.limits.cpu, manifest.limits.time
    );
    println!("size      {} KB", size.div_ceil(1_000));
    println!("digest    {digest}");
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
    let storage = manifest.capabilities.storage.map(|size| format!("{size} of storage"));
    let secrets = manifest.secrets.iter().map(|secret| format!("the secret {}", secret.name));
    join(http.chain(storage).chain(secrets))
}

fn join(words: impl IntoIterator<Item = impl ToString>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| word.to_string()).collect();
    if words.is_empty() { "nothing".to_owned() } else { words.join(", ") }
}

/// Installs each file; one that can't be installed doesn't keep the others out.
async fn install(config: &Config, files: &[std::path::PathBuf]) -> Result<ExitCode> {
    let Host { store, content, .. } = Host::open(config).await?;
    let mut code = ExitCode::SUCCESS;
    for file in files {
        let installed = match read(file) {
            Ok(component) => {
                let origin = Origin { source: file.display().to_string(), signer: None };
                content.install(component, origin, &host::actor()).await.with_context(|| format!("{}", file.display()))
            }
            Err(error) => Err(error),
        };
        match installed {
            Ok(Installation { inspection: Inspection { manifest, .. }, .. }) => {
                let about = &manifest.provider;
                println!(
                    "installed {} {}: `autocontent provider enable {}` lets an account use it",
                    about.id, about.version, about.id
                );
            }
            Err(error) => {
                eprintln!("autocontent: {}", crate::sentence(&error));
                code = ExitCode::FAILURE;
            }
        }
    }
    store.close().await;
    Ok(code)
}

async fn enable(config: &Config, enablement: &Enablement) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let account = host::account(&store, enablement.account.as_ref()).await?;
    content.enable(account.id, &enablement.provider, &host::actor()).await?;
    println!("`{}` now answers members of `{}`", enablement.provider, account.name);
    store.close().await;
    Ok(())
}

async fn disable(config: &Config, enablement: &Enablement) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    let account = host::account(&store, enablement.account.as_ref()).await?;
    content.disable(account.id, &enablement.provider, &host::actor()).await?;
    println!("`{}` no longer answers members of `{}`", enablement.provider, account.name);
    store.close().await;
    Ok(())
}

async fn remove(config: &Config, provider: &ProviderId) -> Result<()> {
    let Host { store, content, .. } = Host::open(config).await?;
    content.remove(provider, &host::actor()).await?;
    println!("removed `{provider}`");
    store.close().await;
    Ok(())
}

async fn list(config: &Config, as_json: bool) -> Result<()> {
    let store = host::open_store(config).await?;
    let (installed, enabled, accounts) = (store.installed().await?, store.enabled().await?, store.accounts().await?);
    if installed.is_empty() && !as_json {
        println!("no providers yet: install one with `autocontent provider install FILE`");
    }
    for provider in installed {
        let enabled = accounts.iter().filter(|account| enabled.contains(&(account.id, provider.id.clone())));
        let enabled: Vec<_> = enabled.map(|account| account.name.as_str()).collect();
        if as_json {
            println!(
                "{}",
                json!({ "id": provider.id, "version": provider.version, "digest": provider.digest, "enabled": enabled })
            );
        } else {
            println!("{:20} {:10} enabled for {}", provider.id, provider.version, join(enabled));
        }
    }
    store.close().await;
    Ok(())
}
