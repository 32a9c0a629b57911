//! A core module becomes a component.

use std::borrow::Cow;

use wasmparser::{Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata, metadata};
use wit_parser::Resolve;

use crate::PackError;

const MAGIC: &[u8] = b"\0asm";
/// Where version and layer stand, and what they are in a core module.
const KIND: std::ops::Range<usize> = 4..8;
const CORE_MODULE: &[u8] = &[1, 0, 0, 0];

const CONTRACT: &str = include_str!("../../wit/provider.wit");

/// The component of a core module, or the component that it is already.
///
/// A module that wit-bindgen had a hand in says itself which world of the contract it was made for. Any other is taken
/// for the world that fits its exports.
///
/// # Errors
///
/// Where it is no WebAssembly, wants WASI, or does not fit the contract.
pub fn component(wasm: &[u8]) -> Result<Cow<'_, [u8]>, PackError> {
    if !wasm.starts_with(MAGIC) {
        return Err(PackError::NotWasm);
    }
    if wasm.get(KIND) != Some(CORE_MODULE) {
        return Ok(Cow::Borrowed(wasm));
    }
    let names = Names::of(wasm)?;
    if let Some(module) = names.wasi {
        return Err(PackError::Wasi { module });
    }
    let described = metadata::decode(wasm).map_err(refused)?.0.is_some();
    let module = if described { Cow::Borrowed(wasm) } else { Cow::Owned(describe(wasm, names.world())?) };
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(&module).map_err(refused)?;
    encoder.encode().map(Cow::Owned).map_err(refused)
}

/// What a module's imports and exports tell.
#[derive(Default)]
struct Names {
    wasi: Option<String>,
    suggests: bool,
    acts: bool,
}

impl Names {
    fn of(module: &[u8]) -> Result<Names, PackError> {
        let mut names = Names::default();
        for payload in Parser::new(0).parse_all(module) {
            match payload.map_err(damaged)? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let module = import.map_err(damaged)?.module;
                        if module.starts_with("wasi") {
                            names.wasi.get_or_insert_with(|| module.to_owned());
                        }
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let name = export.map_err(damaged)?.name;
                        names.suggests |= name.starts_with("autocontent:provider/suggestions@");
                        names.acts |= name.starts_with("autocontent:provider/actions@");
                    }
                }
                _ => {}
            }
        }
        Ok(names)
    }

    /// The world of the contract that has these exports.
    fn world(&self) -> &'static str {
        match (self.suggests, self.acts) {
            (false, false) => "provider",
            (true, false) => "suggesting-provider",
            (false, true) => "acting-provider",
            (true, true) => "interactive-provider",
        }
    }
}

/// The module with the description of a world in it.
fn describe(module: &[u8], world: &str) -> Result<Vec<u8>, PackError> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("provider.wit", CONTRACT).map_err(refused)?;
    let world = resolve.select_world(&[package], Some(world)).map_err(refused)?;
    let mut module = module.to_vec();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).map_err(refused)?;
    Ok(module)
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn damaged(error: wasmparser::BinaryReaderError) -> PackError {
    PackError::Damaged { at: error.offset() }
}

/// Causes and all, as wit-component's first sentence rarely says enough.
fn refused(error: impl Into<anyhow::Error>) -> PackError {
    PackError::Module { reason: format!("{:#}", error.into()) }
}
