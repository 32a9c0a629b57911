//! What becomes a component, and what is refused with what to do.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use autocontent_pack::{PackError, component, pack, write_whole};
use wasmparser::{Parser, Payload};

/// What every provider has.
const CONTENT: &str = r#"
    (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "autocontent:provider/content@1.0.0#find") (param i32) (result i32) unreachable)"#;

const SUGGESTIONS: &str = r#"
    (func (export "autocontent:provider/suggestions@1.0.0#suggest")
        (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) unreachable)"#;

fn module(parts: &[&str]) -> Vec<u8> {
    wat::parse_str(format!("(module {})", parts.concat())).unwrap()
}

/// The outermost imports and exports in the order of the alphabet, and custom sections with their texts.
fn surface(component: &[u8]) -> (Vec<String>, Vec<(String, String)>) {
    let (mut names, mut sections, mut depth) = (Vec::new(), Vec::new(), 0);
    for payload in Parser::new(0).parse_all(component) {
        match payload.unwrap() {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(imports) if depth == 0 => {
                names.extend(imports.into_iter().map(|import| import.unwrap().name.name.to_owned()));
            }
            Payload::ComponentExportSection(exports) if depth == 0 => {
                names.extend(exports.into_iter().map(|export| export.unwrap().name.name.to_owned()));
            }
            Payload::CustomSection(section) if depth == 0 && section.name().starts_with("autocontent:") => {
                sections.push((section.name().to_owned(), String::from_utf8(section.data().to_vec()).unwrap()));
            }
            _ => {}
        }
    }
    names.retain(|name| !name.ends_with("/requests@1.0.0") && !name.ends_with("/items@1.0.0"));
    names.sort();
    (names, sections)
}

#[test]
fn a_module_of_any_compiler_becomes_a_component_of_the_world_that_fits_its_exports() {
    let names = surface(&component(&module(&[CONTENT])).unwrap()).0;
    assert_eq!(names, ["autocontent:provider/content@1.0.0"]);

    let log = r#"(import "autocontent:provider/log@1.0.0" "write" (func (param i32 i32 i32)))"#;
    let names = surface(&component(&module(&[log, CONTENT, SUGGESTIONS])).unwrap()).0;
    assert_eq!(
        names,
        [
            "autocontent:provider/content@1.0.0",
            "autocontent:provider/log@1.0.0",
            "autocontent:provider/suggestions@1.0.0"
        ]
    );
}

#[test]
fn a_component_gets_the_manifest_in_place_of_its_own_and_loses_its_signature() {
    let first = pack(&module(&[CONTENT]), "first").unwrap();
    let (_, sections) = surface(&first);
    assert_eq!(sections, [("autocontent:manifest".to_owned(), "first".to_owned())]);

    let signature = b"\x00\x1d\x15autocontent:signaturesigned!";
    let second = pack(&[first.as_slice(), signature].concat(), "second, longer").unwrap();
    let (names, sections) = surface(&second);
    assert_eq!(sections, [("autocontent:manifest".to_owned(), "second, longer".to_owned())]);
    assert_eq!(names, ["autocontent:provider/content@1.0.0"]);
    assert_eq!(pack(&second, "first").unwrap(), first);
}

#[test]
fn what_cannot_become_a_provider_is_refused_with_what_to_do() {
    let said = |wasm: &[u8]| pack(wasm, "").unwrap_err().to_string();
    assert_eq!(said(b"#!/bin/sh"), "this is no WebAssembly; give the module or component that a compiler made");
    assert_eq!(said(b""), "this is no WebAssembly; give the module or component that a compiler made");

    let wasi = r#"(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))"#;
    assert!(
        said(&module(&[wasi, CONTENT])).starts_with("this module imports `wasi_snapshot_preview1`, which is WASI: ")
    );

    let other = r#"(import "env" "print" (func (param i32)))"#;
    assert!(said(&module(&[other, CONTENT])).contains("module requires an import interface named `env`"));
    assert!(said(&module(&[])).contains("its imports and exports must be those of the contract"));

    let whole = module(&[CONTENT]);
    for end in 8..whole.len() {
        // Where a section ends the module is whole, and lacks something.
        let error = pack(&whole[..end], "").unwrap_err();
        assert!(matches!(error, PackError::Damaged { .. } | PackError::Module { .. }), "{end}: {error}");
    }
    let whole = component(&whole).unwrap();
    assert!(matches!(pack(&whole[..whole.len() - 1], ""), Err(PackError::Damaged { .. })));
    assert!(matches!(pack(&whole[..7], ""), Err(PackError::Damaged { .. })));
}

#[test]
fn a_file_is_replaced_whole_and_only_where_it_changes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dist/quote.wasm");
    assert!(write_whole(&file, b"one").unwrap());
    assert!(!write_whole(&file, b"one").unwrap());
    assert!(write_whole(&file, b"two").unwrap());
    assert_eq!(std::fs::read(&file).unwrap(), b"two");
    assert_eq!(file.parent().unwrap().read_dir().unwrap().count(), 1);
    assert!(write_whole(&folder.path().join("dist"), b"a folder is in the way").is_err());
}
