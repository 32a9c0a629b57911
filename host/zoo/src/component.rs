//! From a case's source to the bytes that somebody would upload.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use autocontent_manifest::Manifest;
use wasm_encoder::{ComponentSection as _, CustomSection};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::{PackageId, Resolve};

use crate::bytes;
use crate::case::{Case, Source};

/// What every guest in WAT shares.
const PRELUDE: &str = include_str!("../guests/prelude.wat");

/// Makes components of cases.
pub(crate) struct Workshop {
    resolve: Resolve,
    package: PackageId,
    /// The folder of the cases.
    cases: PathBuf,
    /// The folder in which `cargo xtask build-zoo` left the core modules of what is written in C and Rust.
    modules: PathBuf,
}

impl Workshop {
    pub(crate) fn new(cases: &Path) -> Result<Workshop> {
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/wit"))?;
        let program = std::env::current_exe()?;
        let modules = program.ancestors().map(|folder| folder.join("zoo-modules")).find(|folder| folder.exists());
        Ok(Workshop { resolve, package, cases: cases.to_owned(), modules: modules.unwrap_or_default() })
    }

    /// The component of a case, with its manifest.
    pub(crate) fn component(&self, case: &Case) -> Result<Vec<u8>> {
        let manifest = case.manifest(&self.cases)?;
        let component = match &case.source {
            Source::Wat(path) => self.of_module(wat::parse_str(module(&fs::read_to_string(path)?))?)?,
            Source::C => self.of_module(self.built(&case.name)?)?,
            Source::Rust => ComponentEncoder::default().validate(true).module(&self.built(&case.name)?)?.encode()?,
            Source::Component(path) => wat::parse_file(path)?,
            Source::Manifest => self.of_module(wat::parse_str(module(""))?)?,
            Source::Bytes(name) => {
                let healthy = self.of_module(wat::parse_str(module(""))?)?;
                return bytes::make(name, &healthy, &manifest).with_context(|| format!("no generator `{name}`"));
            }
        };
        Ok(with_section(component, Manifest::SECTION, manifest.as_bytes()))
    }

    fn of_module(&self, mut module: Vec<u8>) -> Result<Vec<u8>> {
        let has = |export: &str| contains(&module, export.as_bytes());
        let world = match (has("suggestions@1.0.0#suggest"), has("actions@1.0.0#act")) {
            (false, false) => "provider",
            (true, false) => "suggesting-provider",
            (false, true) => "acting-provider",
            (true, true) => "interactive-provider",
        };
        let world = self.resolve.select_world(&[self.package], Some(world))?;
        embed_component_metadata(&mut module, &self.resolve, world, StringEncoding::UTF8)?;
        ComponentEncoder::default().validate(true).module(&module)?.encode()
    }

    fn built(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.modules.join(name).with_extension("wasm");
        fs::read(&path).with_context(|| format!("{} isn't there: run `cargo xtask build-zoo`", path.display()))
    }
}

/// Appends a custom section to a component.
pub(crate) fn with_section(mut component: Vec<u8>, name: &str, data: &[u8]) -> Vec<u8> {
    CustomSection { name: name.into(), data: data.into() }.append_to_component(&mut component);
    component
}

/// The module of a guest: what it doesn't define itself, the prelude does.
fn module(guest: &str) -> String {
    let mut text = format!("(module\n{PRELUDE}\n{guest}\n");
    let mut unless = |has: &str, default: &str| {
        if !guest.contains(has) {
            text.push_str(default);
            text.push('\n');
        }
    };
    unless("(export \"memory\")", "(memory (export \"memory\") 16)");
    unless(
        "cabi_realloc",
        "(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (local $at i32)
            (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
            (global.set $free (i32.add (local.get $at) (local.get 3)))
            (local.get $at))",
    );
    unless("(func $find ", "(func $find (param i32) (result i32) (call $item))");
    text.push_str("(export \"autocontent:provider/content@1.0.0#find\" (func $find))\n");
    if guest.contains("(func $suggest ") {
        text.push_str("(export \"autocontent:provider/suggestions@1.0.0#suggest\" (func $suggest))\n");
    }
    if guest.contains("(func $act ") {
        text.push_str("(export \"autocontent:provider/actions@1.0.0#act\" (func $act))\n");
    }
    text.push(')');
    text
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
