//! From what a compiler made to the one file that a provider is: a component that carries its provider.toml.
//!
//! Small on purpose: xtask and the authors' tools share it, and xtask must be quick to build.
//!
//! - `component`: a core module becomes a component of the contract
//! - `section`: custom sections at a component's top level
//! - `file`: writing it whole or not at all

mod component;
mod file;
mod section;

use autocontent_manifest::Manifest;

pub use component::component;
pub use file::write_whole;

/// The custom section of a signature, which is right for exactly the bytes before it.
const SIGNATURE_SECTION: &str = "autocontent:signature";

/// The component of a core module or component, with this text as its manifest in place of one that it may have. A
/// signature inside is dropped, as it would no longer be right. The text is taken as it is: [`Manifest::parse`] checks it.
///
/// # Errors
///
/// As for [`component`].
pub fn pack(wasm: &[u8], manifest: &str) -> Result<Vec<u8>, PackError> {
    let component = component(wasm)?;
    let component = section::without(&component, &[Manifest::SECTION, SIGNATURE_SECTION])?;
    Ok(section::with(component, Manifest::SECTION, manifest))
}

/// Why there is no component.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackError {
    /// Not WebAssembly in its binary format.
    #[error("this is no WebAssembly; give the module or component that a compiler made")]
    NotWasm,
    /// The file ends too soon, or its parts don't fit together.
    #[error("this WebAssembly is damaged at byte {at}; build it again")]
    Damaged {
        /// Where.
        at: usize,
    },
    /// The module needs files, clocks or the like.
    #[error(
        "this module imports `{module}`, which is WASI: a provider has none; build it for a target without an operating system, such as wasm32-unknown-unknown"
    )]
    Wasi {
        /// The imports' module.
        module: String,
    },
    /// The module does not fit the contract.
    #[error(
        "could not make a component of this module: {reason}; its imports and exports must be those of the contract, provider.wit"
    )]
    Module {
        /// What wit-component says.
        reason: String,
    },
}
