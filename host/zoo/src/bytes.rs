//! Components that no tool would make, byte by byte.

use wasm_encoder::{
    Component, ComponentExportKind, ComponentExportSection, ComponentImportSection, ComponentInstanceSection,
    ComponentTypeRef, ComponentTypeSection, CustomSection, InstanceType, Module, ModuleSection, NestedComponentSection,
    RawSection,
};

use crate::component::with_section;

const MANIFEST: &str = autocontent_manifest::Manifest::SECTION;
const CONTENT: &str = "autocontent:provider/content@1.0.0";
const HEADER: [u8; 8] = *b"\0asm\x0d\0\x01\0";

/// The bytes that the generator of this name makes; `healthy` is a component that keeps to the contract, without a
/// manifest.
pub(crate) fn make(name: &str, healthy: &[u8], manifest: &str) -> Option<Vec<u8>> {
    let healthy = healthy.to_vec();
    let whole = |component: Vec<u8>| with_section(component, MANIFEST, manifest.as_bytes());
    let toml = |text: String| with_section(healthy.clone(), MANIFEST, text.as_bytes());
    Some(match name {
        "empty" => Vec::new(),
        "core-module" => Module::new().finish(),
        "text" => b"(component (import \"x\" (func)))".to_vec(),
        "magic-alone" => b"\0asm".to_vec(),
        "layer-of-tomorrow" => whole([b"\0asm\x0d\0\x09\0", healthy.get(8..)?].concat()),
        "cut-in-half" => {
            let mut component = whole(healthy);
            component.truncate(component.len() / 2);
            component
        }
        "trailing-garbage" => [whole(healthy), b"\xffgarbage".to_vec()].concat(),
        "another-component-behind" => [whole(healthy.clone()), healthy].concat(),
        "33-mib" => with_section(whole(healthy), "padding", &vec![0; 33 << 20]),
        "custom-section-bomb" => {
            let mut component = healthy;
            component.extend(b"\0\x02\x01x".repeat(100_000));
            whole(component)
        }
        "section-longer-than-the-file" => [&HEADER[..], b"\0", &leb(u32::MAX), b"\x01x"].concat(),
        "leb-bomb" => [&HEADER[..], b"\0", &[0xff; 100_000]].concat(),
        "leb-of-overlong-zeros" => [&HEADER[..], b"\0", &[0x80; 64], b"\0"].concat(),
        "unknown-section" => {
            let mut component = Component::new();
            component.section(&RawSection { id: 200, data: b"what is this" });
            whole(followed(healthy, &component))
        }
        "nested-10000" => nested(10_000),
        "nested-beside-30000" => {
            // Each opens and closes again: wide instead of deep.
            let mut component = Component::new();
            for _ in 0..30_000 {
                component.section(&NestedComponentSection(&Component::new()));
            }
            whole(component.finish())
        }
        "imports-10000" => whole(imports((0..10_000).map(|number| format!("autocontent:provider/http{number}@1.0.0")))),
        "import-twice" => whole(imports(["autocontent:provider/log@1.0.0"; 2].into_iter().map(str::to_owned))),
        "exports-10000" => whole(exports((0..10_000).map(|number| format!("my:own/thing{number}")), 0).finish()),
        "export-look-alike" => {
            whole(exports(["autоcontent:provider/content@1.0.0".to_owned()].into_iter(), 0).finish())
        }
        "claims-4-billion-imports" => {
            let section = RawSection { id: 10, data: &leb(u32::MAX) };
            let mut component = Component::new();
            component.section(&section);
            whole(component.finish())
        }
        "import-name-not-utf8" => {
            let mut data = vec![1, 0, 4];
            data.extend(b"a\xff\xfeb\x05\x00");
            let mut component = Component::new();
            component.section(&RawSection { id: 10, data: &data });
            whole(component.finish())
        }
        "custom-name-not-utf8" => {
            let mut component = whole(healthy);
            component.extend(b"\0\x05\x03\xff\xfe\xfd!");
            component
        }
        "manifest-twice" => whole(whole(healthy)),
        "manifest-empty" => toml(String::new()),
        "manifest-in-a-nested-component" => {
            let mut inner = Component::new();
            inner.section(&CustomSection { name: MANIFEST.into(), data: manifest.as_bytes().into() });
            let mut outer = Component::new();
            outer.section(&NestedComponentSection(&inner));
            [&outer.finish()[..], healthy.get(8..)?].concat()
        }
        "manifest-in-a-core-module" => {
            let mut inner = Module::new();
            inner.section(&CustomSection { name: MANIFEST.into(), data: manifest.as_bytes().into() });
            let mut outer = Component::new();
            outer.section(&ModuleSection(&inner));
            [&outer.finish()[..], healthy.get(8..)?].concat()
        }
        "manifest-not-utf8" => with_section(healthy, MANIFEST, b"[provider]\nname = \"caf\xe9\""),
        "manifest-too-long" => toml(format!("{manifest}\n#{}", "x".repeat(64 << 10))),
        "manifest-look-alike-section" => with_section(healthy, "autocontent:manifest ", manifest.as_bytes()),
        "manifest-nested-lists" => toml(format!("x = {}", "[".repeat(60_000))),
        "manifest-nested-lists-closed" => toml(format!("x = {}{}", "[".repeat(30_000), "]".repeat(30_000))),
        "manifest-nested-tables" => toml(format!("x = {}{}", "{a=".repeat(10_000), "}".repeat(10_000))),
        "manifest-dotted-key" => toml(format!("{}a = 1", "a.".repeat(30_000))),
        "manifest-dotted-table" => toml(format!("[{}a]", "a.".repeat(30_000))),
        "manifest-60-kib-of-commands" => toml(format!("{manifest}\n{}", "[[command]]\n".repeat(4_500))),
        "manifest-with-a-byte-order-mark" => toml(format!("\u{feff}{manifest}\u{feff}")),
        "core-types-bomb" => {
            // A core type section that says it has a million types, all of them empty functions.
            let mut data = leb(1_000_001);
            data.extend(b"\x60\0\0".repeat(1_000_001));
            let mut module = Module::new();
            module.section(&RawSection { id: 1, data: &data });
            let mut component = Component::new();
            component.section(&ModuleSection(&module));
            whole(followed(healthy, &component))
        }
        "component-types-bomb" => {
            let mut data = leb(1_000_001);
            data.extend(b"\x7d".repeat(1_000_001));
            let mut component = Component::new();
            component.section(&RawSection { id: 7, data: &data });
            whole(followed(healthy, &component))
        }
        "type-doubled-60-times" => {
            // Each type is a pair of the one before: 2⁶⁰ bytes in all.
            let mut text = "(component (type $t0 (tuple u8 u8))".to_owned();
            for number in 1..60 {
                text.push_str(&format!("(type $t{number} (tuple $t{0} $t{0}))", number - 1));
            }
            text.push(')');
            let types = wat::parse_str(text).ok()?;
            whole(followed(types, &exports([CONTENT.to_owned()].into_iter(), 0)))
        }
        "function-of-50001-locals" => {
            let locals = "(local i64)".repeat(50_001);
            whole(with_module(healthy, &wat::parse_str(format!("(module (func {locals}))")).ok()?))
        }
        _ => return None,
    })
}

/// A component and these sections behind it.
fn followed(mut component: Vec<u8>, sections: &Component) -> Vec<u8> {
    component.extend(sections.as_slice().iter().skip(HEADER.len()));
    component
}

/// A component with this core module, which nobody instantiates and the compiler compiles all the same.
fn with_module(component: Vec<u8>, module: &[u8]) -> Vec<u8> {
    let mut section = Component::new();
    section.section(&RawSection { id: 1, data: module });
    followed(component, &section)
}

/// Components inside of each other.
fn nested(levels: u32) -> Vec<u8> {
    // From the inside, backwards, so that nothing is moved.
    let mut backwards: Vec<u8> = HEADER.iter().rev().copied().collect();
    for _ in 0..levels {
        let size = u32::try_from(backwards.len()).unwrap_or(u32::MAX);
        backwards.extend(leb(size).iter().rev());
        backwards.push(4);
        backwards.extend(HEADER.iter().rev());
    }
    backwards.reverse();
    backwards
}

/// A component with these imports that exports an empty `content`.
fn imports(names: impl Iterator<Item = String>) -> Vec<u8> {
    let mut component = Component::new();
    let mut section = ComponentTypeSection::new();
    section.instance(&InstanceType::new());
    component.section(&section);
    let mut section = ComponentImportSection::new();
    let mut instances = 0;
    for name in names {
        section.import(name.as_str(), ComponentTypeRef::Instance(0));
        instances += 1;
    }
    component.section(&section);
    followed(component.finish(), &exports([CONTENT.to_owned()].into_iter(), instances))
}

/// A component with these exports, all of one empty instance, which comes after so many others.
fn exports(names: impl Iterator<Item = String>, instance: u32) -> Component {
    let mut component = Component::new();
    component.section(&NestedComponentSection(&Component::new()));
    let mut section = ComponentInstanceSection::new();
    section.instantiate::<[(&str, ComponentExportKind, u32); 0], &str>(0, []);
    component.section(&section);
    let mut section = ComponentExportSection::new();
    for name in names {
        section.export(name.as_str(), ComponentExportKind::Instance, instance, None);
    }
    component.section(&section);
    component
}

fn leb(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
