//! A provider's life as an operator leads it, and what is refused on the way.

use insta::assert_snapshot;

use crate::components::bytes;
use crate::edited::edited;
use crate::host::{Host, WRONG_TOKEN};

/// What nobody may ever read.
const CANARY: &str = "canary-4f1c9e7a2b";

const SETTINGS: &str = "\
[[setting]]
name = \"country\"
kind = \"text\"
default = \"us\"
choices = [\"us\", \"br\", \"gb\"]
description = \"Edition\"
[[setting]]
name = \"count\"
kind = \"integer\"
min = 1
description = \"How many\"
";

const SECRET: &str = "\
[[secret]]
name = \"api-key\"
description = \"Key from example.com\"
host = \"example.com\"
header = \"X-Api-Key\"
";

/// The parrot in this version, with this before its first command and this example.
fn parrot(version: &str, sections: &str, example: &str) -> Vec<u8> {
    edited(
        &bytes("parrot"),
        &[
            ("version = \"1.0.0\"", &format!("version = \"{version}\"")),
            ("[[example]]", &format!("{sections}[[example]]")),
            ("/parrot script:items:a", example),
        ],
    )
}

/// Runs commands and shows them with what they print, whatever their code.
async fn said(host: &Host, commands: &[&[&str]]) -> String {
    let mut transcript = String::new();
    for command in commands {
        transcript += &host.run(command).await.transcript(command);
    }
    transcript
}

/// A host with the parrot, which serves and has settings and a secret.
async fn furnished() -> Host {
    let host = Host::new();
    host.succeed_with_input(&["account", "add", "main"], WRONG_TOKEN).await;
    let sections = format!("[capabilities]\nhttp = [\"example.com\"]\n{SETTINGS}{SECRET}");
    host.write("parrot.wasm", parrot("1.0.0", &sections, "/parrot script:items:a"));
    host.succeed(&["provider", "install", "parrot.wasm", "--grant"]).await;
    host.succeed(&["provider", "enable", "parrot"]).await;
    host
}

#[tokio::test]
async fn a_provider_is_granted_upgraded_and_taken_back() {
    let host = Host::new();
    host.write("first.wasm", parrot("1.0.0", "[capabilities]\nhttp = [\"*.example.com\"]\n", "/parrot script:items:a"));
    let more = "[capabilities]\nhttp = [\"api.example.com\", \"example.org\"]\n";
    host.write("second.wasm", parrot("2.0.0", more, "/parrot script:items:a"));
    host.write("broken.wasm", parrot("3.0.0", "", "/parrot script:fail:internal"));
    let transcript = said(
        &host,
        &[
            &["provider", "install", "first.wasm"],
            &["provider", "list"],
            &["provider", "grant", "parrot"],
            &["provider", "install", "second.wasm"],
            &["provider", "list"],
            &["provider", "grant", "parrot", "http:example.org"],
            &["provider", "list"],
            &["provider", "rollback", "parrot"],
            &["provider", "rollback", "parrot"],
            &["provider", "revoke", "parrot", "http:example.org"],
            &["provider", "install", "broken.wasm"],
            &["provider", "list"],
        ],
    )
    .await;
    assert_snapshot!(transcript);
    let entries = host.json(&["audit", "--json", "--provider", "parrot", "--limit", "100"]).await;
    let actions: Vec<_> = entries.iter().rev().map(|entry| entry["action"].as_str().unwrap()).collect();
    let expected = "install grant serve install grant serve roll-back roll-back revoke install drop";
    assert_eq!(actions.join(" "), expected);
    let actor = entries[0]["actor"].as_str().unwrap();
    assert!(entries.iter().all(|entry| entry["actor"] == actor) && actor.starts_with("operator:"), "{actor}");
    let kinds = |found: &[serde_json::Value]| {
        found.iter().map(|one| one["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&host.json(&["notifications", "--json", "--clear"]).await), ["smoke-failed"]);
    assert_eq!(host.succeed(&["notifications"]).await, "nothing needs you\n");
    let grants = host.json(&["provider", "grants", "parrot", "--json"]).await;
    assert_eq!(grants[0]["in_force"], serde_json::json!(["http:api.example.com"]));
}

#[tokio::test]
async fn what_is_refused_says_why_and_changes_nothing() {
    let host = furnished().await;
    let commands: [&[&str]; 17] = [
        &["provider", "grant", "owl"],
        &["provider", "revoke", "owl"],
        &["provider", "grants", "owl"],
        &["provider", "rollback", "owl"],
        &["provider", "settings", "owl"],
        &["provider", "secrets", "owl"],
        &["provider", "rollback", "parrot"],
        &["provider", "grant", "parrot", "http:example.org"],
        &["provider", "grant", "parrot", "storage:1 MiB"],
        &["provider", "revoke", "parrot", "schedule"],
        &["provider", "set", "parrot", "colour=red"],
        &["provider", "set", "parrot", "country=br", "count=0"],
        &["provider", "set", "parrot", "country=br", "--account", "mian"],
        &["provider", "unset", "parrot", "country"],
        &["provider", "secret", "parrot", "password"],
        &["provider", "secret", "parrot", "api-key"],
        &["provider", "secret", "parrot", "api-key", "--forget"],
    ];
    let mut transcript = String::new();
    for command in commands {
        let before = host.files();
        // The second last has nothing to read.
        let short = if command.contains(&"password") { "a value that is long enough" } else { "" };
        let outcome = host.run_with_input(command, short).await;
        assert_eq!(outcome.code, Some(1), "{command:?}: {outcome:#?}");
        assert_eq!(host.files(), before, "{command:?} changed something");
        transcript += &outcome.transcript(command);
    }
    let short = host.run_with_input(&["provider", "secret", "parrot", "api-key"], "1234567").await;
    assert_eq!(short.code, Some(1));
    transcript += &short.transcript(&["provider", "secret", "parrot", "api-key"]);
    let usage = host.run(&["provider", "grant", "parrot", "files:/etc"]).await;
    assert_eq!(usage.code, Some(2));
    transcript += &usage.transcript(&["provider", "grant", "parrot", "files:/etc"]);
    assert_snapshot!(transcript);
}

#[tokio::test]
async fn settings_and_secrets_are_set_for_one_account_and_for_all_and_no_secret_is_ever_shown() {
    let host = furnished().await;
    let mut transcript = said(
        &host,
        &[
            &["provider", "set", "parrot", "country=br", "count=7"],
            &["provider", "set", "parrot", "country=gb", "--account", "main"],
            &["provider", "settings", "parrot"],
            &["provider", "settings", "parrot", "--account", "main"],
            &["provider", "unset", "parrot", "country", "--account", "main"],
            &["provider", "secrets", "parrot"],
        ],
    )
    .await;
    let fill_in: &[&str] = &["provider", "secret", "parrot", "api-key"];
    transcript += &host.run_with_input(fill_in, &format!("{CANARY}\n")).await.transcript(fill_in);
    let host = host.with("AUTOCONTENT_SECRET", CANARY);
    transcript += &said(&host, &[&["provider", "secret", "parrot", "api-key", "--account", "main"]]).await;
    let host = host.without("AUTOCONTENT_SECRET");
    transcript +=
        &said(&host, &[&["provider", "secrets", "parrot"], &["provider", "secret", "parrot", "api-key", "--forget"]])
            .await;
    host.succeed(&["ask", "/parrot script:items:a"]).await;
    assert_snapshot!(transcript);
    host.hear(&transcript);
    host.hear(&host.succeed(&["audit", "--json"]).await);
    assert_eq!(host.gave_away(CANARY), None);
}
