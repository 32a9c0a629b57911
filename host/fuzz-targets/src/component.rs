//! Files that are said to be components.

use std::sync::{Arc, OnceLock};

use arbitrary::Unstructured;
use autocontent_manifest::Manifest;
use autocontent_runtime::{Compiler, Digest, LoadError, Runtime, RuntimeConfig, SeededRandom, SystemClock, inspect};
use tempfile::TempDir;
use wasm_encoder::{
    Component, ComponentExportKind, ComponentExportSection, ComponentInstanceSection, ComponentSection as _,
    ComponentSectionId, CustomSection, RawSection,
};
use wasm_smith::{Config, Module};

use crate::CHILD;

/// A manifest that nothing is wrong with.
const MANIFEST: &str = r#"
[provider]
id = "guest"
name = "Guest"
version = "1.0.0"
description = "Made of random bytes"
license = "MIT"
contract = "1.0"
kinds = ["quote"]

[[command]]
name = "guest"
description = "Asks the guest"
"#;

/// Any bytes, and any component of wasm-smith's, is refused with a reason, or is what it is said to be.
pub fn component(data: &[u8]) {
    check(data);
    let input = &mut Unstructured::new(data);
    if let Ok(made) = wasm_smith::Component::new(Config::default(), input) {
        let mut bytes = made.to_bytes();
        check(&bytes);
        manifest_section().append_to_component(&mut bytes);
        check(&bytes);
    }
}

fn check(bytes: &[u8]) {
    match inspect(bytes) {
        Err(error) => assert!(!error.to_string().trim().is_empty(), "refused without a reason"),
        Ok(inspection) => {
            assert_eq!(Manifest::parse(&inspection.manifest_text).as_ref(), Ok(&inspection.manifest));
            assert_eq!(inspection.size, bytes.len() as u64);
            let contracts = |name: &String| name.starts_with("autocontent:provider/");
            assert!(inspection.imports.iter().all(contracts), "{:?}", inspection.imports);
        }
    }
}

/// The child compiles or refuses what passes for a provider from outside, and what is loaded then exports what the
/// contract has. The first byte says what the others are: a component, a core module, or what wasm-smith makes one of.
pub fn compile(data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    match how % 3 {
        0 => {
            if let Ok(inspection) = inspect(rest) {
                assert!(compiled(rest).is_none_or(|digest| digest == inspection.digest));
            }
        }
        1 => pretends(rest),
        _ => {
            let config = Config { max_memories: 3, ..Config::default() };
            if let Ok(module) = Module::new(config, &mut Unstructured::new(rest)) {
                pretends(&module.to_bytes());
            }
        }
    }
}

/// A core module in a component that looks like a provider and has none of its functions.
fn pretends(module: &[u8]) {
    let component = provider(module);
    let inspected = inspect(&component);
    assert!(inspected.is_ok(), "{inspected:?}");
    assert_eq!(compiled(&component), None, "loaded without the contract's functions");
}

/// The digest of a component that was compiled, none where it was refused for what it is.
#[expect(clippy::panic, reason = "a target panics where a promise is broken")]
fn compiled(component: &[u8]) -> Option<Digest> {
    let sandbox = Sandbox::get();
    match sandbox.tokio.block_on(sandbox.runtime.compile(component)) {
        Ok(inspection) => Some(inspection.digest),
        Err(
            LoadError::Compile { .. }
            | LoadError::CompileMemory { .. }
            | LoadError::Oversized { .. }
            | LoadError::Types { .. },
        ) => None,
        // The compiler crashed, took for ever, or could not be started at all.
        Err(error) => panic!("{error}"),
    }
}

fn provider(module: &[u8]) -> Vec<u8> {
    let mut component = Component::new();
    component.section(&RawSection { id: ComponentSectionId::CoreModule.into(), data: module });
    let mut instances = ComponentInstanceSection::new();
    instances.export_items(std::iter::empty::<(&str, ComponentExportKind, u32)>());
    component.section(&instances);
    let mut exports = ComponentExportSection::new();
    exports.export("autocontent:provider/content@1.0.0", ComponentExportKind::Instance, 0, None);
    component.section(&exports);
    component.section(&manifest_section());
    component.finish()
}

fn manifest_section() -> CustomSection<'static> {
    CustomSection { name: Manifest::SECTION.into(), data: MANIFEST.as_bytes().into() }
}

/// The sandbox, made once for the process; its program compiles as [`crate::child`].
struct Sandbox {
    runtime: Runtime,
    tokio: tokio::runtime::Runtime,
    _cache: TempDir,
}

impl Sandbox {
    #[expect(clippy::expect_used, reason = "without a sandbox there is nothing to try")]
    fn get() -> &'static Sandbox {
        static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
        SANDBOX.get_or_init(|| {
            let cache = tempfile::tempdir().expect("a temporary folder can be made");
            let program = std::env::current_exe().expect("this program has a file");
            let compiler = Compiler { program, args: CHILD.map(Into::into).to_vec() };
            let config = RuntimeConfig { concurrency: 1, ..RuntimeConfig::new(cache.path(), compiler) };
            let runtime = Runtime::new(config, Arc::new(SystemClock), Arc::new(SeededRandom::new(1)));
            let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
            Sandbox {
                runtime: runtime.expect("the sandbox starts"),
                tokio: tokio.expect("tokio starts"),
                _cache: cache,
            }
        })
    }
}
