//! Pulling: the manifest tells the digest of everything, so a registry can't give anything else.

use autocontent_manifest::ByteSize;
use autocontent_runtime::Digest;
use reqwest::header::ACCEPT;

use super::artifact::{CONFIG_TYPE, Descriptor, LAYER_TYPE, MANIFEST_TYPE, Manifest, SIGNATURE_ANNOTATION};
use super::{Reference, registry::Registry};
use crate::error::SourceError;
use crate::fetch::{Fetched, Fetcher, expect_digest};
use crate::http;
use crate::source::Source;

/// The largest manifest, in bytes. Registries take none above 4 MiB; a component's has 1 KiB.
const MANIFEST_MAX: u64 = 256 << 10;

impl Fetcher {
    /// The component that a reference leads to.
    pub(crate) async fn pull(&self, reference: &Reference) -> Result<Fetched, SourceError> {
        let from = reference.to_string();
        let registry = Registry::new(self, reference, "pull")?;
        let (digest, manifest) = manifest(&registry, reference, &from).await?;
        let layer = component(&manifest, &from)?;
        if layer.size > self.limits.size {
            return Err(SourceError::TooLarge { from, limit: ByteSize(self.limits.size) });
        }
        let blob = registry.url(&format!("blobs/{}", layer.digest))?;
        let response = registry.send(&blob, |client| client.get(blob.clone())).await?;
        let response = http::expect_success(response, &from)?;
        let bytes = http::read(response, &from, layer.size, &self.progress).await?;
        expect_digest(&bytes, Some(&layer.digest), &from)?;
        let signature = manifest.annotations.get(SIGNATURE_ANNOTATION).map(|text| text.clone().into_bytes());
        Ok(Fetched { bytes, origin: Source::Oci(reference.at(digest)), signature })
    }

    /// The digest of the component that a reference leads to, which is that of its layer.
    pub(crate) async fn component_digest(&self, reference: &Reference) -> Result<Digest, SourceError> {
        let from = reference.to_string();
        let registry = Registry::new(self, reference, "pull")?;
        let (_, manifest) = manifest(&registry, reference, &from).await?;
        Ok(component(&manifest, &from)?.digest)
    }
}

/// The manifest with its digest, which is the one that the reference asks for, if it does.
async fn manifest(
    registry: &Registry<'_>,
    reference: &Reference,
    from: &str,
) -> Result<(Digest, Manifest), SourceError> {
    let which = match (reference.digest(), reference.tag()) {
        (Some(digest), _) => digest.to_string(),
        (None, tag) => tag.unwrap_or_default().to_owned(),
    };
    let url = registry.url(&format!("manifests/{which}"))?;
    let response = registry.send(&url, |client| client.get(url.clone()).header(ACCEPT, MANIFEST_TYPE)).await?;
    let response = http::expect_success(response, from)?;
    let bytes = http::read(response, from, MANIFEST_MAX, |_| ()).await?;
    expect_digest(&bytes, reference.digest(), from)?;
    let manifest = serde_json::from_slice(&bytes).map_err(|_| SourceError::NoArtifact {
        from: from.to_owned(),
        reason: "it has no manifest of the kind that a component has".to_owned(),
    })?;
    Ok((Digest::of(&bytes), manifest))
}

/// The only layer of an artifact that is a component.
fn component<'a>(manifest: &'a Manifest, from: &str) -> Result<&'a Descriptor, SourceError> {
    let no_artifact = |reason: String| SourceError::NoArtifact { from: from.to_owned(), reason };
    if manifest.media_type.as_deref().is_some_and(|kind| kind != MANIFEST_TYPE) || manifest.schema_version != 2 {
        return Err(no_artifact("it has no manifest of the kind that a component has".to_owned()));
    }
    if manifest.config.media_type != CONFIG_TYPE {
        return Err(no_artifact(format!("its configuration is `{}`", printable(&manifest.config.media_type))));
    }
    match manifest.layers.as_slice() {
        [layer] if layer.media_type == LAYER_TYPE => Ok(layer),
        [layer] => Err(no_artifact(format!("its layer is `{}`", printable(&layer.media_type)))),
        layers => Err(no_artifact(format!("it has {} layers instead of one", layers.len()))),
    }
}

/// A stranger's word, fit for a terminal.
fn printable(word: &str) -> String {
    word.chars().filter(|character| !character.is_control()).take(100).collect()
}
