//! What can be told of a component without running or compiling it.

use autocontent_runtime::{Digest, Exports, LoadError, inspect};
use proptest::prelude::*;
use wasm_encoder::{Component, CustomSection, NestedComponentSection};

use crate::guest::{Guest, manifest, with_manifest};

fn parse(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap()
}

fn error(component: &[u8]) -> LoadError {
    inspect(component).unwrap_err()
}

/// A component of these imports and exports, with a manifest.
fn shell(names: &str) -> Vec<u8> {
    with_manifest(parse(&format!("(component {names})")), manifest(""))
}

fn export(name: &str) -> String {
    format!(r#"(instance $e{0}) (export "{1}" (instance $e{0}))"#, name.len(), name)
}

const CONTENT: &str = "autocontent:provider/content@1.0.0";

#[test]
fn a_provider_is_told_with_its_manifest_imports_and_exports() {
    let component = Guest::default().build();
    let inspection = inspect(&component).unwrap();
    assert_eq!(inspection.manifest.provider.name.as_str(), "Guest");
    assert_eq!(inspection.manifest_text, manifest(""));
    assert_eq!(inspection.exports, Exports { suggestions: false, actions: false });
    assert_eq!((inspection.size, inspection.digest), (component.len() as u64, Digest::of(&component)));
    for import in ["http", "storage", "settings", "log", "system"] {
        let import = format!("autocontent:provider/{import}@1.0.0");
        assert!(inspection.imports.contains(&import), "{import} in {:?}", inspection.imports);
    }
}

#[test]
fn optional_exports_are_found() {
    let component = Guest { suggest: Some("(i32.const 1024)"), ..Guest::default() }.build();
    assert_eq!(inspect(&component).unwrap().exports, Exports { suggestions: true, actions: true });
}

#[test]
fn what_is_no_component_is_told_apart() {
    assert!(matches!(error(b""), LoadError::Empty));
    assert!(matches!(error(&parse("(module)")), LoadError::CoreModule));
    assert!(matches!(error(b"  (module)"), LoadError::Text));
    assert!(matches!(error(b"(component (import \"x\" (func)))"), LoadError::Text));
    assert!(matches!(error(b"[provider]\nid = \"news\""), LoadError::NotWasm));
    assert!(matches!(error(b"PK\x03\x04"), LoadError::NotWasm));
    assert!(matches!(error(b"\0as"), LoadError::Truncated { size: 3 }));
    assert!(matches!(error(b"\0asm\x09\0\0\0"), LoadError::Malformed { .. }));
}

#[test]
fn a_component_that_is_cut_off_anywhere_is_refused() {
    let component = Guest::default().build();
    let mut cut_off = 0;
    for end in 1..component.len() {
        match error(&component[..end]) {
            LoadError::Truncated { size } => {
                assert_eq!(size, end);
                cut_off += 1;
            }
            // A cut between two sections leaves a whole component that lacks what came after it.
            LoadError::NoContent | LoadError::NoManifest => {}
            other => panic!("cut at {end}: {other}"),
        }
    }
    assert!(cut_off > component.len() * 9 / 10, "{cut_off} of {}", component.len());
}

#[test]
fn a_component_without_a_manifest_or_with_two_is_refused() {
    let plain = parse(&format!("(component {})", export(CONTENT)));
    assert!(matches!(error(&plain), LoadError::NoManifest));
    let one = with_manifest(plain, manifest(""));
    assert!(inspect(&one).is_ok());
    assert!(matches!(error(&with_manifest(one, manifest(""))), LoadError::TwoManifests));
}

#[test]
fn a_manifest_inside_of_an_inner_component_does_not_count() {
    let mut inner = Component::new();
    inner.section(&CustomSection { name: "autocontent:manifest".into(), data: manifest("").into_bytes().into() });
    let mut outer = Component::new();
    outer.section(&NestedComponentSection(&inner));
    let mut outer = outer.finish();
    outer.extend_from_slice(&parse(&format!("(component {})", export(CONTENT)))[8..]);
    assert!(matches!(error(&outer), LoadError::NoManifest));
}

#[test]
fn a_manifest_that_cannot_be_read_is_refused() {
    let plain = parse(&format!("(component {})", export(CONTENT)));
    let long = with_manifest(plain.clone(), vec![b' '; (64 << 10) + 1]);
    assert!(matches!(error(&long), LoadError::ManifestTooLong { size: 65537, limit: 65536 }));
    let latin = with_manifest(plain.clone(), b"name = \"caf\xe9\"");
    assert!(matches!(error(&latin), LoadError::ManifestNotUtf8));
    let wrong = error(&with_manifest(plain, manifest("memory = \"9 GiB\"")));
    assert!(wrong.to_string().contains("limits.memory"), "{wrong}");
}

#[test]
fn imports_beyond_the_contract_are_named() {
    for (import, advice) in [
        ("wasi:cli/stdout@0.2.0", "`autocontent provider build`"),
        ("my:own/thing", "nothing but `autocontent:provider`"),
        ("autocontent:provider/discord@1.0.0", "world `imports`"),
        ("autocontent:provider/content@1.0.0", "world `imports`"),
    ] {
        let component = shell(&format!(r#"(import "{import}" (instance)) {}"#, export(CONTENT)));
        let error = error(&component).to_string();
        assert!(error.contains(&format!("imports `{import}`")) && error.contains(advice), "{error}");
    }
    let function = shell(&format!(r#"(import "print" (func)) {}"#, export(CONTENT)));
    assert!(error(&function).to_string().contains("imports `print`"));
}

#[test]
fn another_version_of_the_contract_is_named() {
    for version in ["0.9.0", "1.1.0", "2.0.0"] {
        let import = format!("autocontent:provider/log@{version}");
        let component = shell(&format!(r#"(import "{import}" (instance)) {}"#, export(CONTENT)));
        assert!(matches!(error(&component), LoadError::ContractVersion { name } if name == import), "{version}");
        let export_ = format!("autocontent:provider/content@{version}");
        let component = shell(&export(&export_));
        assert!(matches!(error(&component), LoadError::ContractVersion { name } if name == export_), "{version}");
    }
    let patch = shell(&format!(r#"(import "autocontent:provider/log@1.0.3" (instance)) {}"#, export(CONTENT)));
    assert!(inspect(&patch).is_ok());
}

#[test]
fn a_component_must_export_content() {
    assert!(matches!(error(&shell("")), LoadError::NoContent));
    assert!(matches!(error(&shell(&export("my:own/content@1.0.0"))), LoadError::NoContent));
}

#[test]
fn an_option_marked_autocomplete_needs_suggestions() {
    let option =
        "\n[[command.option]]\nname = \"topic\"\nkind = \"text\"\ndescription = \"What about\"\nautocomplete = true\n";
    let manifest = manifest("").replace("\n[limits]", &format!("{option}\n[limits]"));
    let plain = parse(&format!("(component {})", export(CONTENT)));
    let error = error(&with_manifest(plain, &manifest)).to_string();
    assert!(error.contains("`topic` of `guest`"), "{error}");
    let suggestions = export("autocontent:provider/suggestions@1.0.0");
    let whole = parse(&format!("(component {} {suggestions})", export(CONTENT)));
    assert!(inspect(&with_manifest(whole, &manifest)).is_ok());
}

#[test]
fn bombs_are_refused() {
    assert!(matches!(error(&vec![0; (32 << 20) + 1]), LoadError::TooLarge { .. }));

    let mut many = Component::new();
    for _ in 0..20_001 {
        many.section(&CustomSection { name: "x".into(), data: (&[]).into() });
    }
    assert!(matches!(error(&many.finish()), LoadError::TooComplex { what: "sections", .. }));

    let mut deep = Component::new();
    for _ in 0..9 {
        let mut outer = Component::new();
        outer.section(&NestedComponentSection(&deep));
        deep = outer;
    }
    assert!(matches!(error(&deep.finish()), LoadError::TooComplex { limit: 8, .. }));

    let imports: String = (0..101).map(|n| format!(r#"(import "my:own/thing{n}" (instance))"#)).collect();
    assert!(matches!(error(&shell(&imports)), LoadError::TooComplex { what: "imports", .. }));
}

fn providers() -> Vec<Vec<u8>> {
    vec![Guest::default().build(), Guest { suggest: Some("(i32.const 1024)"), ..Guest::default() }.build()]
}

proptest! {
    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..4096), magic in any::<bool>()) {
        let beginning: &[u8] = if magic { b"\0asm\x0d\0\x01\0" } else { b"" };
        prop_assert!(inspect(&[beginning, &bytes].concat()).is_err());
    }

    #[test]
    fn components_with_changed_bytes_are_inspected_without_a_panic(
        which in 0..2_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..16),
        cut in any::<prop::sample::Index>(),
        twice in any::<prop::sample::Index>(),
    ) {
        thread_local!(static PROVIDERS: Vec<Vec<u8>> = providers());
        let mut component = PROVIDERS.with(|providers| providers[which].clone());
        for (at, byte) in changes {
            let at = at.index(component.len());
            component[at] = byte;
        }
        // Sometimes a part comes twice, or the end is missing.
        let (from, to) = (twice.index(component.len()), cut.index(component.len()));
        if from < to {
            component.extend_from_within(from..to);
        }
        component.truncate(component.len() - cut.index(component.len()) / 8);
        if let Ok(inspection) = inspect(&component) {
            prop_assert_eq!(inspection.size, component.len() as u64);
            prop_assert_eq!(inspection.digest, Digest::of(&component));
        }
    }
}
