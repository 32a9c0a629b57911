//! All that is wrong, at once, with places.

use std::path::Path;

use autocontent_pack::pack;
use autocontent_workshop::{Report, check};
use insta::assert_snapshot;

use crate::project::{Folder, manifest, module};

/// What is said of a path, one finding a line.
fn said(folder: &Folder, name: &str) -> String {
    let report = check(&folder.path(name)).unwrap();
    let own = folder.path("").display().to_string();
    shown(&report).replace(&own, "")
}

fn shown(report: &Report) -> String {
    let lines = report.findings.iter().map(|finding| format!("{:?} {finding}\n", finding.level));
    format!("{}checked {}", lines.collect::<String>(), report.checked.join(", "))
}

/// A project with this manifest, and a component of this module that was built with it.
fn project(manifest: &str, module: &[u8]) -> Folder {
    let component = pack(module, manifest).unwrap();
    Folder::with(&[
        ("provider.toml", manifest.as_bytes()),
        ("Cargo.toml", b""),
        ("src/lib.rs", b""),
        ("dist/quotes.wasm", &component),
    ])
}

const EXAMPLE: &str = "[[example]]\ncommand = \"/quotes\"\n";

#[test]
fn nothing_is_wrong_where_manifest_and_component_agree() {
    let asking = format!("{EXAMPLE}[capabilities]\nhttp = [\"example.com\"]\n");
    let project = project(&manifest("autocomplete = true", &asking), &module(&["http", "log"], true));
    assert_snapshot!(said(&project, "src"), @"checked provider.toml, dist/quotes.wasm");
    assert_snapshot!(said(&project, "provider.toml"), @"checked provider.toml");
    assert_snapshot!(said(&project, "dist/quotes.wasm"), @"checked dist/quotes.wasm");
}

#[test]
fn what_is_asked_for_and_not_used_is_found_with_its_place() {
    let asking = r#"[capabilities]
http = ["example.com"]
storage = "64 KiB"
[data]
stores = "What was asked."
[[setting]]
name = "country"
kind = "text"
description = "Edition"
"#;
    let project = project(&manifest("", asking), &module(&["log"], false));
    assert_snapshot!(said(&project, ""), @r#"
    Advice provider.toml: there is no [[example]]; with one, hosts try a new version before it serves, and so does `autocontent provider test`
    Error provider.toml:19:8: capabilities.http: the component never calls `http`, so operators would grant it for nothing; leave it out
    Error provider.toml:20:11: capabilities.storage: the component never calls `storage`, so operators would grant it for nothing; leave it out
    Error provider.toml:23:1: setting: the component never calls `settings`, so what operators set would change nothing; leave them out
    checked provider.toml, dist/quotes.wasm
    "#);
}

#[test]
fn what_is_used_and_not_asked_for_is_advice_unless_the_tool_imports_everything() {
    let wants = ["http", "storage", "settings"];
    let wanting = project(&manifest("", EXAMPLE), &module(&wants, false));
    assert_snapshot!(said(&wanting, ""), @r#"
    Advice dist/quotes.wasm: it calls `http`, and provider.toml names no host, so each request will be denied; name them in [capabilities] http = ["…"]
    Advice dist/quotes.wasm: it calls `storage`, and provider.toml asks for none, so each use will fail; ask for it in [capabilities] storage = "64 KiB"
    Advice dist/quotes.wasm: it calls `settings`, and provider.toml has no [[setting]], so there will never be a value; add them
    checked provider.toml, dist/quotes.wasm
    "#);

    let interpreted =
        project(&manifest("", EXAMPLE), &module(&["http", "storage", "settings", "log", "system"], false));
    assert_snapshot!(said(&interpreted, ""), @"checked provider.toml, dist/quotes.wasm");
}

#[test]
fn suggestions_and_options_that_are_completed_need_each_other() {
    let suggesting = project(&manifest("", EXAMPLE), &module(&[], true));
    assert_snapshot!(said(&suggesting, ""), @r#"
    Error dist/quotes.wasm: it exports suggestions, and provider.toml marks no option `autocomplete`, so nobody asks for them; mark one, or remove `suggest`
    checked provider.toml, dist/quotes.wasm
    "#);

    let promising = project(&manifest("autocomplete = true", EXAMPLE), &module(&[], false));
    assert_snapshot!(said(&promising, ""), @r#"
    Error provider.toml:17:16: the option `topic` is marked `autocomplete`, and the component exports no suggestions; write `suggest`, or take the mark away
    checked provider.toml, dist/quotes.wasm
    "#);
    assert_snapshot!(said(&promising, "dist/quotes.wasm"), @r#"
    Error dist/quotes.wasm: provider.toml:17:16: the option `topic` is marked `autocomplete`, and the component exports no suggestions; write `suggest`, or take the mark away
    checked dist/quotes.wasm
    "#);
}

#[test]
fn errors_of_the_manifest_and_of_the_component_come_together() {
    let built = manifest("", EXAMPLE);
    let project = project(&built, &module(&["log"], false));
    // As tools do that know no better.
    let component = pack(&module(&["system"], false), &built).unwrap();
    let wasi = replaced(&component, "autocontent:provider/system@1.0.0", "wasi:clocks/monotonic-clock@0.2.0");
    let wasi = replaced(&wasi, "autocontent:provider/content@1.0.0", "autocontent:provider/content@3.0.0");
    project.write("dist/quotes.wasm", wasi);
    project.write("provider.toml", built.replace("\"text\"", "\"word\"").replace("\"MIT\"", "7"));
    assert_snapshot!(said(&project, ""), @r#"
    Error provider.toml:6:11: provider.license: this is a whole number; use text in quotes
    Error provider.toml:15:8: command.option.kind: "word" is not a kind of option; use text, integer, number, boolean, user, channel, role or attachment
    Error dist/quotes.wasm: this component imports `wasi:clocks/monotonic-clock@0.2.0`, which is not in the contract; build it with `autocontent provider build`, whose components have no WASI in any language, or for a target without WASI, such as Rust's wasm32-unknown-unknown
    Error dist/quotes.wasm: this component asks for `autocontent:provider/content@3.0.0`, and this host speaks version 1.0 of the contract; build it with the SDK of that version
    checked provider.toml, dist/quotes.wasm
    "#);
}

#[test]
fn a_component_that_was_built_with_another_manifest_is_told_apart() {
    let project = project(&manifest("", EXAMPLE), &module(&[], false));
    project.write("provider.toml", manifest("max-length = 60", EXAMPLE));
    assert_snapshot!(said(&project, ""), @r#"
    Error dist/quotes.wasm: it was built with another provider.toml; build it again with `autocontent provider build`
    checked provider.toml, dist/quotes.wasm
    "#);
}

#[test]
fn what_is_not_built_yet_is_no_error() {
    let folder = Folder::with(&[("provider.toml", manifest("", "").as_bytes()), ("Cargo.toml", b"")]);
    assert_snapshot!(said(&folder, ""), @r#"
    Advice provider.toml: there is no [[example]]; with one, hosts try a new version before it serves, and so does `autocontent provider test`
    Advice dist: nothing is built yet; `autocontent provider build` does
    checked provider.toml
    "#);
    assert!(check(&folder.path("")).unwrap().is_valid());
}

#[test]
fn a_very_large_component_is_noticed_where_the_language_makes_small_ones() {
    let text = manifest("", EXAMPLE);
    let large = pack(&module(&[], false), &text).unwrap();
    let padding = [b"\x00\xc1\x84\x3d\x00".as_slice(), &vec![0; 1_000_000]].concat();
    let folder = project(&text, &module(&[], false));
    folder.write("dist/quotes.wasm", [large, padding].concat());
    assert_snapshot!(said(&folder, ""), @r#"
    Advice dist/quotes.wasm: it has 1005 KB, and most need a tenth of that: every call maps it; see that it is built for size and stripped, and which library is so large
    checked provider.toml, dist/quotes.wasm
    "#);
}

#[test]
fn what_cannot_be_read_is_named() {
    let folder = Folder::with(&[("picture.toml", b"\xff\xd8")]);
    let error = |path: &Path| check(path).unwrap_err().to_string();
    assert!(error(&folder.path("missing.wasm")).starts_with("could not read "));
    assert!(error(&folder.path("picture.toml")).ends_with("picture.toml is not UTF-8 text; save it as UTF-8"));
}

/// The bytes with a text replaced by another of the same length, wherever it stands.
fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let mut bytes = bytes.to_vec();
    for at in 0..=bytes.len() - old.len() {
        if bytes[at..].starts_with(old.as_bytes()) {
            bytes[at..at + new.len()].copy_from_slice(new.as_bytes());
        }
    }
    bytes
}
