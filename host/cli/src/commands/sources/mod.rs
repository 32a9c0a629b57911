//! `autocontent provider update|publish|keygen|sign|verify`: where components come from, and who signed them.

mod admit;
mod keys;
mod password;
mod progress;
mod publish;
mod sign;
mod update;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use autocontent_manifest::ProviderId;
use autocontent_sources::{Fetcher, Limits, Reference, Source};
use clap::Subcommand;

use crate::config::Config;

pub(crate) use admit::{Admitted, Door};

/// Commands of `autocontent provider`.
#[derive(Subcommand)]
pub(crate) enum SourcesCommand {
    /// Install what the sources of installed providers have now
    Update {
        /// Only this provider
        #[arg(value_name = "ID")]
        provider: Option<ProviderId>,
        /// Only say what there is; exits with 3 where there is something
        #[arg(long)]
        check: bool,
    },
    /// Publish a component in a registry, with its signature
    #[command(allow_missing_positional = true)]
    Publish {
        /// The component; by default that of the project here, which is built first
        file: Option<PathBuf>,
        /// Where to, such as oci://ghcr.io/ana/quote:1.0.0
        #[arg(value_name = "REFERENCE")]
        to: Reference,
    },
    /// Make a pair of keys to sign with; minisign can use them too
    Keygen {
        /// What both files' names begin with
        #[arg(long, default_value = "autocontent", value_name = "PREFIX")]
        out: PathBuf,
        /// Keep the secret key without a password
        #[arg(long)]
        no_password: bool,
    },
    /// Sign a component, into FILE.minisig
    Sign {
        /// The component
        file: PathBuf,
        /// The secret key's file
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// Put the signature into the component instead
        #[arg(long)]
        embed: bool,
    },
    /// Say who signed a component
    Verify {
        /// A path, https://HOST/FILE.wasm or oci://REGISTRY/NAME:TAG
        source: String,
        /// The public key that must have signed it, or its file; by default the trusted keys of the configuration
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
    },
}

/// There is something newer.
const NEWER: u8 = 3;

pub(crate) async fn run(config: &Config, command: SourcesCommand) -> Result<ExitCode> {
    match command {
        SourcesCommand::Update { provider, check } => return update::run(config, provider.as_ref(), check).await,
        SourcesCommand::Publish { file, to } => publish::run(config, file, &to).await?,
        SourcesCommand::Keygen { out, no_password } => keys::run(&out, no_password)?,
        SourcesCommand::Sign { file, key, embed } => sign::sign(&file, &key, embed).await?,
        SourcesCommand::Verify { source, key } => sign::verify(config, &source, key.as_deref()).await?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What asks sources as the configuration says, and shows how far it is.
pub(crate) fn fetcher(config: &Config) -> Result<Fetcher> {
    let certificates = config.certificates.as_deref().map(|path| {
        std::fs::read(path).map_err(|error| {
            anyhow!(
                "could not read the certificates {}: {error}; correct `certificates` in the configuration",
                path.display()
            )
        })
    });
    let certificates = certificates.transpose()?;
    Ok(Fetcher::new(Limits::default(), certificates.as_deref(), docker_folder(), progress::shown())?)
}

/// Where docker keeps the passwords for registries.
fn docker_folder() -> Option<PathBuf> {
    let folder = |variable| std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
    folder("DOCKER_CONFIG").or_else(|| Some(folder("HOME")?.join(".docker")))
}

/// A source as an operator wrote it.
fn source(text: &str) -> Result<Source> {
    Ok(text.parse::<Source>()?)
}
