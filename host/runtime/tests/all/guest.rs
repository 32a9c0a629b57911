//! Guests written by hand in WebAssembly's text format, so that each does exactly one thing.

use wasm_encoder::{ComponentSection as _, CustomSection};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// What a hand-written guest is made of.
pub(crate) struct Guest {
    /// Body of `find`: its parameter is the address of the request, its result that of the answer. At 1024 are zeros,
    /// which read as a page without items; its `next` begins at 1036 and its `cache-for` at 1048.
    pub(crate) find: &'static str,
    /// Body of `suggest`. With one, the guest also exports `suggestions` and `actions`.
    pub(crate) suggest: Option<&'static str>,
    /// More of the module: functions, globals, a start function.
    pub(crate) more: &'static str,
    /// Pages of 64 KiB at the start.
    pub(crate) pages: u32,
    /// The table `[limits]` of its manifest.
    pub(crate) limits: &'static str,
}

/// Answers with an empty page whose `next` is the command that was asked for.
pub(crate) const ECHO: &str = "
    (i32.store8 (i32.const 1036) (i32.const 1))
    (i32.store (i32.const 1040) (i32.load (local.get $request)))
    (i32.store (i32.const 1044) (i32.load offset=4 (local.get $request)))
    (i32.const 1024)";

impl Default for Guest {
    fn default() -> Guest {
        Guest { find: ECHO, suggest: None, more: "", pages: 16, limits: "" }
    }
}

impl Guest {
    /// A guest that does this when it is asked.
    pub(crate) fn finding(find: &'static str) -> Guest {
        Guest { find, ..Guest::default() }
    }

    /// The component, with its manifest.
    pub(crate) fn build(&self) -> Vec<u8> {
        with_manifest(component(&self.module(), self.world()), manifest(self.limits))
    }

    fn world(&self) -> &'static str {
        if self.suggest.is_some() { "interactive-provider" } else { "provider" }
    }

    fn module(&self) -> String {
        let Guest { find, more, pages, .. } = self;
        let interactive = self.suggest.map(|suggest| {
            format!(
                r#"(func (export "autocontent:provider/suggestions@1.0.0#suggest")
                    (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) {suggest})
                (func (export "autocontent:provider/actions@1.0.0#act") (param $press i32) (result i32) (i32.const 1024))"#
            )
        });
        let interactive = interactive.unwrap_or_default();
        format!(
            r#"(module
            (import "autocontent:provider/http@1.0.0" "fetch"
                (func $fetch (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
            (import "autocontent:provider/http@1.0.0" "fetch-all" (func $fetch-all (param i32 i32 i32)))
            (import "autocontent:provider/storage@1.0.0" "get" (func $get (param i32 i32 i32 i32)))
            (import "autocontent:provider/storage@1.0.0" "set" (func $set (param i32 i32 i32 i32 i32 i32 i32 i32)))
            (import "autocontent:provider/storage@1.0.0" "delete" (func $delete (param i32 i32 i32 i32)))
            (import "autocontent:provider/storage@1.0.0" "increment" (func $increment (param i32 i32 i32 i64 i32)))
            (import "autocontent:provider/storage@1.0.0" "keys" (func $keys (param i32 i32 i32 i32 i32 i32 i32 i32)))
            (import "autocontent:provider/settings@1.0.0" "get" (func $setting (param i32 i32 i32)))
            (import "autocontent:provider/log@1.0.0" "write" (func $log (param i32 i32 i32)))
            (import "autocontent:provider/system@1.0.0" "now" (func $now (result i64)))
            (import "autocontent:provider/system@1.0.0" "random" (func $random (param i32 i32)))
            (memory (export "memory") {pages})
            ;; Texts for the bodies: 64 bytes from address 16.
            (data (i32.const 16) "panicked at src/lib.rs:7:13: no more quotes\ff\ff\ff")
            (global $free (mut i32) (i32.const 4096))
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (local $at i32)
                (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
                (global.set $free (i32.add (local.get $at) (local.get 3)))
                (local.get $at))
            ;; A GET of an address that the bodies don't care about; its answer goes to 2048.
            (func $get-something
                (call $fetch (i32.const 0) (i32.const 16) (i32.const 8) (i32.const 0) (i32.const 0) (i32.const 0)
                    (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2048)))
            (func (export "autocontent:provider/content@1.0.0#find") (param $request i32) (result i32) {find})
            {interactive}
            {more})"#
        )
    }
}

/// A manifest with these limits, and one command.
pub(crate) fn manifest(limits: &str) -> String {
    format!(
        r#"
[provider]
id = "guest"
name = "Guest"
version = "1.0.0"
description = "Behaves or misbehaves"
license = "MIT"
contract = "1.0"
kinds = ["quote"]

[[command]]
name = "guest"
description = "Asks the guest"

[limits]
{limits}
"#
    )
}

/// Makes a component of a module in text format for a world of the contract.
pub(crate) fn component(module: &str, world: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/wit")).unwrap();
    let world = resolve.select_world(&[package], Some(world)).unwrap();
    let mut module = wat::parse_str(module).unwrap();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}

/// Puts a manifest's text into a component, as building a provider does.
pub(crate) fn with_manifest(component: Vec<u8>, manifest: impl AsRef<[u8]>) -> Vec<u8> {
    let mut component = component;
    CustomSection { name: "autocontent:manifest".into(), data: manifest.as_ref().into() }
        .append_to_component(&mut component);
    component
}
