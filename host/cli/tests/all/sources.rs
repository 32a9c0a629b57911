//! Components from registries: published, installed, updated.

use autocontent_sources::testing::Registry;
use insta::assert_snapshot;

use crate::components::{bytes, changed_parrot};
use crate::host::Host;
use crate::signing::{author, wanting};

/// The parrot's next version.
fn newer() -> Vec<u8> {
    changed_parrot(r#"version = "1.0.0""#, r#"version = "1.0.1""#)
}

/// Publishes this as the parrot under the tag `latest`.
async fn publish(host: &Host, registry: &Registry, component: &[u8]) -> String {
    host.write("parrot.wasm", component);
    host.succeed(&["provider", "publish", "parrot.wasm", &registry.reference("ana/parrot:latest")]).await
}

/// Commands and what they say, with the registry's address and digests left out.
async fn story(host: &Host, registry: &Registry, commands: &[&[&str]]) -> String {
    let mut transcript = String::new();
    for command in commands {
        let outcome = host.run(command).await;
        transcript += &format!("{}(exit code {})\n\n", outcome.transcript(command), outcome.code.unwrap());
    }
    let transcript = transcript.replace(&registry.address, "registry");
    let mut words = transcript.split("sha256:");
    let mut hidden = words.next().unwrap().to_owned();
    for word in words {
        hidden += &format!("sha256:…{}", &word[64..]);
    }
    hidden
}

#[tokio::test]
async fn a_provider_is_published_installed_and_updated() {
    let registry = Registry::start().await;
    let host = Host::new();
    let reference = registry.reference("ana/parrot:latest");
    host.write("parrot.wasm", bytes("parrot"));
    let update: &[&str] = &["provider", "update"];
    let check: &[&str] = &["provider", "update", "--check"];
    let list: &[&str] = &["provider", "list"];
    let mut transcript = story(
        &host,
        &registry,
        &[
            update,
            &["provider", "update", "parrot"],
            &["provider", "publish", "parrot.wasm", &reference],
            &["provider", "install", &reference],
            check,
            update,
        ],
    )
    .await;
    publish(&host, &registry, &newer()).await;
    transcript += &story(&host, &registry, &[check, list, update, list, check]).await;
    publish(&host, &registry, &bytes("parrot")).await;
    transcript += &story(&host, &registry, &[check, update]).await;
    assert_snapshot!(transcript);
}

#[tokio::test]
async fn what_a_registry_lacks_or_a_source_that_is_none_changes_nothing() {
    let mut registry = Registry::start().await;
    let host = Host::new();
    publish(&host, &registry, &bytes("parrot")).await;
    host.succeed(&["provider", "install", &registry.reference("ana/parrot:latest")]).await;
    let missing = registry.reference("ana/parrot:2.0.0");
    let before = host.files();
    let mut transcript = story(
        &host,
        &registry,
        &[
            &["provider", "install", &missing],
            &["provider", "install", "http://example.com/parrot.wasm"],
            &["provider", "install", "ftp://example.com/parrot.wasm"],
            &["provider", "install", "oci://parrot"],
            &["provider", "publish", "parrot.wasm", "parrot:1"],
            &["provider", "publish", "host.toml", &missing],
        ],
    )
    .await;
    registry.stop().await;
    transcript += &story(
        &host,
        &registry,
        &[
            &["provider", "install", &registry.reference("ana/parrot:latest")],
            &["provider", "update"],
            &["provider", "update", "--check"],
            &["provider", "publish", "parrot.wasm", &missing],
        ],
    )
    .await;
    assert_eq!(host.files(), before);
    assert_snapshot!(transcript);
}

#[tokio::test]
async fn a_provider_that_is_installed_by_digest_stays_at_it() {
    let registry = Registry::start().await;
    let host = Host::new();
    let published = publish(&host, &registry, &bytes("parrot")).await;
    let digest = published.split_once('@').unwrap().1.split_once(',').unwrap().0.to_owned();
    host.succeed(&["provider", "install", &registry.reference(&format!("ana/parrot@{digest}"))]).await;
    publish(&host, &registry, &newer()).await;
    let said = host.succeed(&["provider", "update", "--check"]).await;
    assert_eq!(said, format!("parrot: it stays what {} says\n", registry.reference(&format!("ana/parrot@{digest}"))));
}

#[tokio::test]
async fn a_provider_is_updated_from_the_file_that_it_was_installed_from() {
    let host = Host::new();
    host.write("parrot.wasm", bytes("parrot"));
    host.succeed(&["provider", "install", "parrot.wasm"]).await;
    host.write("parrot.wasm", newer());
    let said = host.succeed(&["provider", "update", "parrot"]).await;
    assert_eq!(said, "installed parrot 1.0.1: `autocontent provider enable parrot` lets an account use it\n");
}

#[tokio::test]
async fn a_signature_travels_with_what_is_published() {
    let registry = Registry::start().await;
    let reference = registry.reference("ana/parrot:1.0.0");
    let host = author().await;
    host.succeed(&["provider", "sign", "parrot.wasm", "--key", "ana.key"]).await;
    host.succeed(&["provider", "publish", "parrot.wasm", &reference]).await;
    let host = wanting(host, "trusted", &["ana"], "");
    let said = host.succeed(&["provider", "install", &reference]).await;
    assert!(said.contains(" is signed by `ana` (key "), "{said}");
    // What is signed wrongly is not published.
    host.write("parrot.wasm", newer());
    let outcome = host.run(&["provider", "publish", "parrot.wasm", &reference]).await;
    assert!(outcome.code == Some(1) && outcome.stderr.contains("it is not what key"), "{outcome:#?}");
}
