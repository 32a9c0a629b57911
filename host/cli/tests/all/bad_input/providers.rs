//! Files that are no provider, and manifests with errors.

use insta::assert_snapshot;

use super::{FAILED, refused};
use crate::components::{bytes, changed_parrot};
use crate::host::Host;

#[tokio::test]
async fn a_file_that_is_no_provider() {
    let host = Host::new();
    host.succeed(&["account", "list"]).await;
    let parrot = bytes("parrot");
    let files: [(&str, Vec<u8>); 9] = [
        ("empty.wasm", Vec::new()),
        ("letter.wasm", b"Dear operator, this is no component.".to_vec()),
        ("text.wasm", b"(component)".to_vec()),
        ("module.wasm", b"\0asm\x01\0\0\0".to_vec()),
        ("half.wasm", parrot[..parrot.len() / 2].to_vec()),
        ("damaged.wasm", [&parrot[..8], &[0xff; 64][..], &parrot[72..]].concat()),
        ("bare.wasm", b"\0asm\x0d\0\x01\0".to_vec()),
        ("newer.wasm", changed_parrot("@1.0.0", "@2.0.0")),
        ("promising.wasm", changed_parrot(r#"contract = "1.0""#, r#"contract = "2.0""#)),
    ];
    let mut transcript = String::new();
    for (name, content) in &files {
        host.write(name, content);
        transcript += &refused(&host, FAILED, &[&["provider", "install", name]]).await;
    }
    // The name that Rust's WASI target gives to a clock, of the same length.
    let wasi = changed_parrot("autocontent:provider/system@1.0.0", "wasi:clocks/monotonic-clock@0.2.0");
    host.write("wasi.wasm", wasi);
    host.write("folder.wasm/file", "");
    let others: [&[&str]; 3] = [
        &["provider", "install", "wasi.wasm"],
        &["provider", "install", "missing.wasm"],
        &["provider", "install", "folder.wasm"],
    ];
    transcript += &refused(&host, FAILED, &others).await;
    // How large the parrot is, its build tells.
    let transcript = transcript.replace(&format!("{} bytes", parrot.len() / 2), "HALF");
    assert_snapshot!(transcript, @r#"
    $ autocontent provider install empty.wasm
    autocontent: empty.wasm: this is an empty file; give a component, such as `cargo xtask build-providers` makes

    $ autocontent provider install letter.wasm
    autocontent: letter.wasm: this is no WebAssembly component: it does not begin as one; choose the file that a provider was built to, ID.wasm

    $ autocontent provider install text.wasm
    autocontent: text.wasm: this is WebAssembly as text; assemble it first, with `wasm-tools parse`

    $ autocontent provider install module.wasm
    autocontent: module.wasm: this is a core WebAssembly module and no component; make a provider of it with `autocontent provider pack`

    $ autocontent provider install half.wasm
    autocontent: half.wasm: this component is cut off: it ends after HALF in the middle of something; copy or build it again

    $ autocontent provider install damaged.wasm
    autocontent: damaged.wasm: this component is damaged at byte 8: malformed section id; copy or build it again

    $ autocontent provider install bare.wasm
    autocontent: bare.wasm: this component does not export `autocontent:provider/content@1.0.0`, which every provider must; build it for the world `provider`

    $ autocontent provider install newer.wasm
    autocontent: newer.wasm: this component asks for `autocontent:provider/http@2.0.0`, and this host speaks version 1.0 of the contract; build it with the SDK of that version

    $ autocontent provider install promising.wasm
    autocontent: promising.wasm: provider.toml:7:12: provider.contract: contract 2.0 is newer than 1.0, the newest that this version of autocontent knows; use "1.0", or update autocontent

    $ autocontent provider install wasi.wasm
    autocontent: wasi.wasm: this component imports `wasi:clocks/monotonic-clock@0.2.0`, which is not in the contract; build it with `autocontent provider build`, whose components have no WASI in any language, or for a target without WASI, such as Rust's wasm32-unknown-unknown

    $ autocontent provider install missing.wasm
    autocontent: could not read missing.wasm: No such file or directory (os error 2); check the path

    $ autocontent provider install folder.wasm
    autocontent: could not read folder.wasm: Is a directory (os error 21); check the path
    "#);

    for (name, _) in &files {
        let installing = host.run(&["provider", "install", name]).await.stderr;
        assert_eq!(host.run(&["provider", "inspect", name]).await.stderr, installing);
        // Which may find more.
        let checking = host.run(&["provider", "check", name]).await.stderr;
        assert!(checking.starts_with(installing.trim_end()), "{checking}");
    }
}

#[tokio::test]
async fn one_file_that_is_no_provider_does_not_keep_the_others_out() {
    let host = Host::new();
    host.write("empty.wasm", "");
    host.write("parrot.wasm", bytes("parrot"));
    let outcome = host.run(&["provider", "install", "empty.wasm", "parrot.wasm"]).await;
    assert_eq!(outcome.code, Some(FAILED));
    assert!(outcome.stderr.starts_with("autocontent: empty.wasm: "), "{outcome:#?}");
    assert_eq!(host.json(&["provider", "list", "--json"]).await.len(), 1);
}

#[tokio::test]
async fn a_manifest_with_errors_has_each_of_them_named_with_its_line() {
    let host = Host::new();
    host.write(
        "provider.toml",
        r#"
[provider]
id = "Bad Id"
name = "Weather"
version = "1"
description = "Tells the weather"
license = "MIT"
contract = "3.0"
kinds = ["forecast"]
colour = "red"

[[command]]
name = "Weather"
description = "Tells the weather"
[[command.option]]
name = "days"
kind = "whole"
description = "How many days"
"#,
    );
    host.write("broken.toml", "[provider\n");
    host.write("picture.toml", [0xff, 0xd8, 0xff]);
    let transcript = refused(
        &host,
        FAILED,
        &[
            &["provider", "check", "provider.toml"],
            &["provider", "check", "broken.toml"],
            &["provider", "check", "picture.toml"],
        ],
    )
    .await;
    assert_snapshot!(transcript, @r#"
    $ autocontent provider check provider.toml
    autocontent: provider.toml:3:6: provider.id: "Bad Id" is not a provider's id; use 2 to 32 of a-z, 0-9 and -, beginning with a letter
    provider.toml:5:11: provider.version: "1" is not a version; use major, minor and patch, such as "1.2.0"
    provider.toml:8:12: provider.contract: contract 3.0 is newer than 1.0, the newest that this version of autocontent knows; use "1.0", or update autocontent
    provider.toml:10:1: provider.colour: there is no such key; use id, name, version, description, license, contract, kinds or homepage
    provider.toml:13:8: command.name: "Weather" is not a command name; use 1 to 32 lower-case letters, digits, -, _ and '
    provider.toml:17:8: command.option.kind: "whole" is not a kind of option; use text, integer, number, boolean, user, channel, role or attachment

    $ autocontent provider check broken.toml
    autocontent: broken.toml:1:10: this is not TOML: unclosed table, expected `]`; see https://toml.io

    $ autocontent provider check picture.toml
    autocontent: picture.toml is not UTF-8 text; save it as UTF-8
    "#);
}
