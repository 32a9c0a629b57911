//! Components in OCI registries, laid out as the CNCF's "Wasm OCI artifact" says, so that other tools such as `wkg` can push
//! and pull them: a manifest that names a configuration (`application/vnd.wasm.config.v0+json`) and one layer
//! (`application/wasm`), the component. A detached signature stands in an annotation of the manifest, as tools refuse a
//! second layer.
//!
//! - `reference`: `oci://REGISTRY/NAME:TAG` or `@DIGEST`
//! - `artifact`: manifest and configuration
//! - `pull`, `push`: what is done with them
//! - `registry`: requests to one repository, with whatever login it wants
//! - `credentials`: users and passwords, as docker keeps them
//!
//! The crates `oci-client` and `oci-wasm` were looked at: they bring a second reqwest with another TLS backend, follow
//! redirects to plain http, read manifests and tokens of any size, and `oci-wasm` wants another wit-component.

mod artifact;
mod credentials;
mod pull;
mod push;
mod reference;
mod registry;

pub use artifact::SIGNATURE_ANNOTATION;
pub(crate) use credentials::Credentials;
pub use push::Publication;
pub use reference::Reference;
