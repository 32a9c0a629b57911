//! The JSON that describes a component in a registry.

use std::collections::BTreeMap;

use autocontent_runtime::Digest;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where in a manifest's annotations the text of a detached signature stands.
pub const SIGNATURE_ANNOTATION: &str = "autocontent.signature";

/// What a manifest is.
pub(crate) const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
/// What the configuration of a Wasm artifact is.
pub(crate) const CONFIG_TYPE: &str = "application/vnd.wasm.config.v0+json";
/// What its layer is.
pub(crate) const LAYER_TYPE: &str = "application/wasm";

/// What a tag leads to.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub(crate) schema_version: u8,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media_type: Option<String>,
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: BTreeMap<String, String>,
}

/// Some bytes in the repository.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) digest: Digest,
    pub(crate) size: u64,
}

/// What registries and their pages show of a component.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Config {
    pub(crate) created: Timestamp,
    /// Always `wasm`.
    pub(crate) architecture: &'static str,
    /// The layout knows no other word for a component, although ours have nothing of WASI.
    pub(crate) os: &'static str,
    pub(crate) layer_digests: Vec<Digest>,
    pub(crate) component: Interfaces,
}

/// What goes in and out of a component.
#[derive(Debug, Serialize)]
pub(crate) struct Interfaces {
    pub(crate) exports: Vec<String>,
    pub(crate) imports: Vec<String>,
    pub(crate) target: Option<String>,
}

/// The JSON of one of these.
pub(crate) fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::json!(value).to_string().into_bytes()
}

impl Descriptor {
    pub(crate) fn of(media_type: &str, bytes: &[u8]) -> Descriptor {
        Descriptor { media_type: media_type.to_owned(), digest: Digest::of(bytes), size: bytes.len() as u64 }
    }
}
