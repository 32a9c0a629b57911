//! Where components come from, and who vouches for them.
//!
//! - [`Source`]: a file, a URL or a reference to a registry, as an operator writes it
//! - [`Fetcher`]: brings a component and its detached signature from a source, within limits, and publishes to registries
//! - `signature`: minisign's signatures, detached or embedded into the component
//! - [`Trust`]: which signatures this host wants, and whose
//!
//! Nothing here looks into a component beyond its outermost sections: whether it is a provider is for
//! `autocontent_runtime::inspect` to say. Whatever is fetched was written by strangers and is bounded before it is read.

mod error;
mod fetch;
mod host;
mod http;
mod oci;
mod signature;
mod source;
#[cfg(feature = "testing")]
pub mod testing;
mod trust;

pub use error::SourceError;
pub use fetch::{Fetched, Fetcher, Limits, Progress, signature_beside, signature_file};
pub use oci::{Publication, Reference, SIGNATURE_ANNOTATION};
pub use signature::{
    InvalidPublicKey, KeyId, PublicKey, SIGNATURE_SECTION, SecretKey, SecretKeyError, Signature, SignatureError, embed,
    sign, signed_part,
};
pub use source::{InvalidSource, Source, UrlSource};
pub use trust::{SignaturePolicy, Trust, TrustedKey, Untrusted, Verdict};
