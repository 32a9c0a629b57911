//! Pushing: layer and configuration first, then the manifest that names them, then the tag leads to it.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, LOCATION};

use super::artifact::{
    CONFIG_TYPE, Config, Descriptor, Interfaces, LAYER_TYPE, MANIFEST_TYPE, Manifest, SIGNATURE_ANNOTATION, json,
};
use super::{Reference, registry::Registry};
use crate::error::SourceError;
use crate::fetch::Fetcher;
use crate::http;
use crate::signature::Signature;

/// A component and what its registry is to say of it.
#[derive(Debug, Clone)]
pub struct Publication {
    /// The component.
    pub component: Vec<u8>,
    /// Its detached signature.
    pub signature: Option<Signature>,
    /// The interfaces that it exports.
    pub exports: Vec<String>,
    /// The interfaces that it imports.
    pub imports: Vec<String>,
    /// Annotations, such as `org.opencontainers.image.version`.
    pub annotations: BTreeMap<String, String>,
    /// When it is published.
    pub created: Timestamp,
}

impl Fetcher {
    /// Publishes a component under a reference's tag, and says what it is there: the reference with its digest. What the
    /// registry has already is not sent again.
    ///
    /// # Errors
    ///
    /// Where the registry can't be reached, wants somebody else, or refuses. A tag leads where it led before then.
    pub async fn publish(&self, reference: &Reference, publication: Publication) -> Result<Reference, SourceError> {
        self.in_time(reference, self.push(reference, publication)).await
    }

    async fn push(&self, reference: &Reference, publication: Publication) -> Result<Reference, SourceError> {
        let from = reference.to_string();
        let Publication { component, signature, exports, imports, mut annotations, created } = publication;
        let Some(tag) = reference.tag().filter(|_| reference.digest().is_none()) else {
            return Err(SourceError::NoTag { from });
        };
        if let Some(signature) = signature {
            annotations.insert(SIGNATURE_ANNOTATION.to_owned(), signature.text().to_owned());
        }
        let layer = Descriptor::of(LAYER_TYPE, &component);
        let config = json(&Config {
            created,
            architecture: "wasm",
            os: "wasip2",
            layer_digests: vec![layer.digest],
            component: Interfaces { exports, imports, target: None },
        });
        let config_descriptor = Descriptor::of(CONFIG_TYPE, &config);
        let registry = Registry::new(self, reference, "pull,push")?;
        put_blob(&registry, &layer, component.into(), &from).await?;
        put_blob(&registry, &config_descriptor, config.into(), &from).await?;
        let manifest = json(&Manifest {
            schema_version: 2,
            media_type: Some(MANIFEST_TYPE.to_owned()),
            config: config_descriptor,
            layers: vec![layer],
            annotations,
        });
        let digest = Descriptor::of(MANIFEST_TYPE, &manifest).digest;
        let manifest = Bytes::from(manifest);
        let url = registry.url(&format!("manifests/{tag}"))?;
        let put = |client: &reqwest::Client| {
            client.put(url.clone()).header(CONTENT_TYPE, MANIFEST_TYPE).body(manifest.clone())
        };
        http::expect_success(registry.send(&url, put).await?, &from)?;
        Ok(reference.at(digest))
    }
}

/// Sends bytes, unless the registry has them.
async fn put_blob(
    registry: &Registry<'_>,
    descriptor: &Descriptor,
    bytes: Bytes,
    from: &str,
) -> Result<(), SourceError> {
    let digest = descriptor.digest;
    let blob = registry.url(&format!("blobs/{digest}"))?;
    let there = registry.send(&blob, |client| client.head(blob.clone())).await?;
    if there.status() == StatusCode::OK {
        return Ok(());
    }
    let uploads = registry.url("blobs/uploads/")?;
    let begun = registry.send(&uploads, |client| client.post(uploads.clone()).body(Bytes::new())).await?;
    let begun = http::expect_success(begun, from)?;
    let location = begun.headers().get(LOCATION).and_then(|location| location.to_str().ok());
    let mut upload = location
        .and_then(|location| uploads.join(location).ok())
        .filter(crate::host::may_be_asked)
        .ok_or_else(|| SourceError::NoRegistry {
            from: from.to_owned(),
            reason: "it did not say where to send the component to, or names an address of plain http",
        })?;
    upload.query_pairs_mut().append_pair("digest", &digest.to_string());
    let put = |client: &reqwest::Client| {
        client.put(upload.clone()).header(CONTENT_TYPE, "application/octet-stream").body(bytes.clone())
    };
    http::expect_success(registry.send(&upload, put).await?, from)?;
    Ok(())
}
