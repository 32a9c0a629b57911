//! Providers from other tools' work.

use autocontent_workshop::{WorkshopError, check, manifest_of, pack};

use crate::project::{Folder, manifest, module};

fn said(error: &WorkshopError) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    format!("{error}{}", cause.unwrap_or_default())
}

#[test]
fn a_module_and_the_manifest_above_it_become_one_file_that_hosts_take() {
    let folder =
        Folder::with(&[("provider.toml", manifest("", "").as_bytes()), ("out/module.wasm", &module(&["log"], false))]);
    let file = folder.path("out/module.wasm");
    let manifest_file = manifest_of(&file).unwrap();
    assert_eq!(manifest_file, folder.path("provider.toml"));
    let packed = pack(&file, &manifest_file, Some(&folder.path("quotes.wasm"))).unwrap();
    assert_eq!(packed.inspection.manifest.provider.id.as_str(), "quotes");
    assert!(check(&folder.path("quotes.wasm")).unwrap().is_valid());
}

#[test]
fn what_hosts_would_refuse_is_not_written() {
    let promising = manifest("autocomplete = true", "");
    let folder = Folder::with(&[
        ("provider.toml", manifest("", "").as_bytes()),
        ("broken.toml", b"[provider]"),
        ("promising.toml", promising.as_bytes()),
        ("module.wasm", &module(&[], false)),
        ("letter.wasm", b"Dear host"),
    ]);
    let refused = |file: &str, manifest: &str| {
        let output = folder.path("output.wasm");
        let error = said(&pack(&folder.path(file), &folder.path(manifest), Some(&output)).unwrap_err());
        assert!(!output.exists());
        error
    };
    assert!(refused("letter.wasm", "provider.toml").contains("letter.wasm: this is no WebAssembly; "));
    assert!(refused("module.wasm", "broken.toml").contains("broken.toml:1:1: provider.id: it is missing; "));
    assert!(refused("module.wasm", "promising.toml").contains("option `topic` of `quotes` is marked `autocomplete`"));
    assert!(refused("missing.wasm", "provider.toml").starts_with("could not read "));
    assert!(refused("module.wasm", "missing.toml").starts_with("could not read "));
}
