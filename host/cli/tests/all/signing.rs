//! Keys, signatures and what a host that wants them installs.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use insta::assert_snapshot;

use crate::components::bytes;
use crate::host::Host;

/// The password of keys that have one.
const PASSWORD: &str = "correct horse";

/// A host with a key pair `ana` without a password, and the unsigned `parrot.wasm`.
pub(crate) async fn author() -> Host {
    let host = Host::new();
    host.succeed(&["provider", "keygen", "--out", "ana", "--no-password"]).await;
    host.write("parrot.wasm", bytes("parrot"));
    host
}

/// The public key of a pair.
pub(crate) fn public_key(host: &Host, pair: &str) -> String {
    let file = fs::read_to_string(host.path(pair).with_extension("pub")).unwrap();
    file.lines().last().unwrap().to_owned()
}

/// The same host, which wants signatures so, and trusts these keys; `until` belongs to the last of them.
pub(crate) fn wanting(host: Host, policy: &str, trusted: &[&str], until: &str) -> Host {
    let keys = trusted
        .iter()
        .map(|name| format!("[[trusted-key]]\nname = \"{name}\"\nkey = \"{}\"\n", public_key(&host, name)));
    host.write("host.toml", format!("signatures = \"{policy}\"\n{}{until}", keys.collect::<String>()));
    host.with("AUTOCONTENT_CONFIG", "host.toml")
}

/// What a command says, with what differs between keys left out.
async fn said(host: &Host, arguments: &[&str]) -> String {
    let outcome = host.run(arguments).await;
    let folder = host.path("").display().to_string();
    let mut transcript = outcome.transcript(arguments).replace(&folder, "");
    for pair in ["ana", "bob"] {
        if !host.path(pair).with_extension("pub").exists() {
            continue;
        }
        let file = fs::read_to_string(host.path(pair).with_extension("pub")).unwrap();
        let id = file.lines().next().unwrap().rsplit(' ').next().unwrap();
        transcript = transcript
            .replace(id, &format!("<{pair}'s id>"))
            .replace(&public_key(host, pair), &format!("<{pair}'s key>"));
    }
    format!("{transcript}(exit code {})\n\n", outcome.code.unwrap())
}

#[tokio::test]
async fn an_author_makes_a_key_signs_and_publishes_and_an_operator_trusts_them() {
    let host = Host::new();
    host.write("parrot.wasm", bytes("parrot"));
    let mut transcript = said(&host, &["provider", "keygen", "--out", "ana", "--no-password"]).await;
    for arguments in [
        &["provider", "verify", "parrot.wasm"][..],
        &["provider", "sign", "parrot.wasm", "--key", "ana.key"],
        &["provider", "verify", "parrot.wasm", "--key", "ana.pub"],
        &["provider", "verify", "parrot.wasm"],
        &["provider", "install", "parrot.wasm"],
    ] {
        transcript += &said(&host, arguments).await;
    }
    let host = wanting(host, "trusted", &["ana"], "");
    for arguments in [&["provider", "verify", "parrot.wasm"][..], &["provider", "install", "parrot.wasm"]] {
        transcript += &said(&host, arguments).await;
    }
    assert_snapshot!(transcript);
}

#[tokio::test]
async fn a_key_is_for_its_owner_alone_and_is_never_overwritten() {
    let host = author().await;
    let mode = |name: &str| fs::metadata(host.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("ana.key"), mode("ana.pub")), (0o600, 0o644));
    let files = host.files();
    for missing in [None, Some("ana.key"), Some("ana.pub")] {
        if let Some(missing) = missing {
            fs::rename(host.path(missing), host.path("aside")).unwrap();
        }
        let outcome = host.run(&["provider", "keygen", "--out", "ana", "--no-password"]).await;
        assert!(outcome.code == Some(1) && outcome.stderr.contains("is there already"), "{outcome:#?}");
        if let Some(missing) = missing {
            fs::rename(host.path("aside"), host.path(missing)).unwrap();
        }
    }
    assert_eq!(host.files(), files);
}

#[tokio::test]
async fn a_keys_password_comes_from_standard_input_or_a_variable_and_must_be_right() {
    let host = Host::new();
    host.write("parrot.wasm", bytes("parrot"));
    let keygen: &[&str] = &["provider", "keygen", "--out", "ana"];
    let none = host.run(keygen).await;
    assert_eq!(
        none.stderr,
        "autocontent: no password given: put it into AUTOCONTENT_KEY_PASSWORD, send it to standard input, or use a key without one (`keygen --no-password`)\n"
    );
    host.succeed_with_input(keygen, &format!("{PASSWORD}\n")).await;
    let sign: &[&str] = &["provider", "sign", "parrot.wasm", "--key", "ana.key"];
    let wrong = host.run_with_input(sign, "wrong\n").await;
    assert_eq!(wrong.stderr, "autocontent: ana.key: the password doesn't open the key; try again\n");
    assert!(!host.path("parrot.wasm.minisig").exists());
    host.succeed_with_input(sign, PASSWORD).await;
    let host = host.with("AUTOCONTENT_KEY_PASSWORD", PASSWORD);
    host.succeed(&["provider", "sign", "parrot.wasm", "--key", "ana.key"]).await;
    host.succeed(&["provider", "verify", "parrot.wasm", "--key", "ana.pub"]).await;
    assert_eq!(host.gave_away(PASSWORD), None);
}

#[tokio::test]
async fn an_embedded_signature_needs_no_file_beside_the_component() {
    let host = author().await;
    host.succeed(&["provider", "sign", "parrot.wasm", "--key", "ana.key", "--embed"]).await;
    // Again, in place of the first.
    host.succeed(&["provider", "sign", "parrot.wasm", "--key", "ana.key", "--embed"]).await;
    assert!(!host.path("parrot.wasm.minisig").exists());
    let host = wanting(host, "trusted", &["ana"], "");
    host.succeed(&["provider", "install", "parrot.wasm"]).await;
    assert_eq!(host.json(&["provider", "list", "--json"]).await.len(), 1);
}

#[tokio::test]
async fn a_signature_in_a_file_keeps_one_from_being_embedded() {
    let host = author().await;
    host.succeed(&["provider", "sign", "parrot.wasm", "--key", "ana.key"]).await;
    let files = host.files();
    let outcome = host.run(&["provider", "sign", "parrot.wasm", "--key", "ana.key", "--embed"]).await;
    assert!(outcome.stderr.contains("parrot.wasm.minisig would no longer be right"), "{outcome:#?}");
    assert_eq!(host.files(), files);
}

#[tokio::test]
async fn what_does_not_show_what_the_policy_wants_is_refused_and_nothing_changes() {
    let host = author().await;
    host.succeed(&["provider", "keygen", "--out", "bob", "--no-password"]).await;
    let parrot = bytes("parrot");
    host.write("unsigned.wasm", &parrot);
    for (file, key) in [("tampered.wasm", "ana.key"), ("stranger.wasm", "bob.key"), ("good.wasm", "ana.key")] {
        host.write(file, &parrot);
        host.succeed(&["provider", "sign", file, "--key", key]).await;
    }
    // Another component than was signed, though a good one.
    host.succeed(&["provider", "sign", "parrot.wasm", "--key", "ana.key", "--embed"]).await;
    fs::copy(host.path("parrot.wasm"), host.path("tampered.wasm")).unwrap();
    host.write("garbage.wasm", &parrot);
    host.write("garbage.wasm.minisig", "<html>");
    host.succeed(&["account", "list"]).await;

    let mut transcript = String::new();
    let mut host = host;
    for (policy, until, files) in [
        ("any", "", &["tampered.wasm", "garbage.wasm"][..]),
        ("signed", "", &["unsigned.wasm", "tampered.wasm", "garbage.wasm"]),
        ("trusted", "", &["unsigned.wasm", "tampered.wasm", "garbage.wasm", "stranger.wasm"]),
        ("trusted", "until = 2001-12-31\n", &["good.wasm"]),
        ("any", "until = '2001-12-31'\n", &["good.wasm"]),
    ] {
        host = wanting(host, policy, &["ana"], until);
        transcript += &format!("signatures = \"{policy}\" {until}\n");
        for file in files {
            let before = host.files();
            transcript += &said(&host, &["provider", "install", file]).await;
            assert_eq!(host.files(), before, "{policy} {file}");
        }
    }
    assert_snapshot!(transcript);
}

#[tokio::test]
async fn where_any_signer_will_do_a_provider_stays_its_first_signers() {
    let host = author().await;
    host.succeed(&["provider", "keygen", "--out", "bob", "--no-password"]).await;
    let host = wanting(host, "signed", &[], "");
    host.succeed(&["provider", "sign", "parrot.wasm", "--key", "ana.key"]).await;
    host.succeed(&["provider", "install", "parrot.wasm"]).await;
    host.succeed(&["provider", "sign", "parrot.wasm", "--key", "bob.key"]).await;
    let before = host.files();
    let refused = said(&host, &["provider", "install", "parrot.wasm"]).await;
    assert_eq!(host.files(), before);
    // Unless the operator says that they are trusted.
    let host = wanting(host, "signed", &["bob"], "");
    let transcript = refused + &said(&host, &["provider", "install", "parrot.wasm"]).await;
    assert_snapshot!(transcript);
}

#[tokio::test]
async fn trusted_keys_that_are_none_are_refused_with_the_configuration() {
    let host = author().await;
    let key = public_key(&host, "ana");
    let mut transcript = String::new();
    for text in [
        "signatures = 'some'\n".to_owned(),
        "[[trusted-key]]\nname = 'ana'\nkey = 'RWQ'\n".to_owned(),
        "[[trusted-key]]\nname = 'ana'\n".to_owned(),
        format!("[[trusted-key]]\nname = ''\nkey = '{key}'\n"),
        format!("[[trusted-key]]\nname = 'ana'\nkey = '{key}'\nuntil = 'soon'\n"),
        format!("[[trusted-key]]\nname = 'ana'\nkey = '{key}'\nuntil = 7\n"),
        format!("[[trusted-key]]\nname = 'ana'\nkey = '{key}'\n").repeat(2),
    ] {
        host.write("host.toml", &text);
        let arguments = ["config", "check", "--config", "host.toml"];
        transcript += &said(&host, &arguments).await;
    }
    assert_snapshot!(transcript);
}

#[tokio::test]
async fn trusted_keys_are_shown_with_the_configuration_which_can_be_used_again() {
    let host = wanting(author().await, "trusted", &["ana"], "until = 2031-12-31\n");
    let shown = host.succeed(&["config", "show"]).await;
    let expected =
        format!("[[trusted-key]]\nname = \"ana\"\nkey = \"{}\"\nuntil = \"2031-12-31\"\n", public_key(&host, "ana"));
    assert!(shown.contains("signatures = \"trusted\"\n") && shown.ends_with(&expected), "{shown}");
    host.write("host.toml", &shown);
    assert_eq!(host.succeed(&["config", "show"]).await, shown);
}
