//! `autocontent provider publish [FILE] oci://…`

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use autocontent_runtime::{Clock as _, Inspection, SystemClock, inspect};
use autocontent_sources::{Fetched, Publication, Reference, Signature, SignaturePolicy, Source, Trust};

use super::fetcher;
use crate::commands::author;
use crate::config::Config;
use crate::say::say;

/// Publishes a provider that is one, with the signature that lies beside it, which must be right as far as can be told.
/// Where no file is named, the project here is built, and its component published.
pub(super) async fn run(config: &Config, file: Option<PathBuf>, to: &Reference) -> Result<()> {
    let fetcher = fetcher(config)?;
    let file = file.map_or_else(author::build_here, Ok)?;
    let Fetched { bytes, signature, .. } = fetcher.fetch(&Source::File(file.clone())).await?;
    let name = || file.display().to_string();
    let inspection = inspect(&bytes).with_context(name)?;
    let trust = Trust { policy: SignaturePolicy::Any, ..config.trust.clone() };
    let verdict = trust.judge(&bytes, signature.as_deref(), SystemClock.now()).with_context(name)?;
    let signature = signature.as_deref().map(Signature::parse).transpose()?;
    let published = fetcher.publish(to, publication(bytes, signature, &inspection)).await?;
    say!("published {published}, {verdict}");
    Ok(())
}

fn publication(component: Vec<u8>, signature: Option<Signature>, inspection: &Inspection) -> Publication {
    let about = &inspection.manifest.provider;
    let annotations = [
        ("org.opencontainers.image.title", about.name.clone()),
        ("org.opencontainers.image.version", about.version.to_string()),
        ("org.opencontainers.image.description", about.description.clone()),
        ("org.opencontainers.image.licenses", about.license.clone()),
    ];
    let exports = ["content"]
        .into_iter()
        .chain(inspection.exports.suggestions.then_some("suggestions"))
        .chain(inspection.exports.actions.then_some("actions"));
    Publication {
        component,
        signature,
        exports: exports.map(|name| format!("autocontent:provider/{name}@{}.0", about.contract)).collect(),
        imports: inspection.imports.clone(),
        annotations: BTreeMap::from(annotations.map(|(key, value)| (key.to_owned(), value))),
        created: SystemClock.now(),
    }
}
