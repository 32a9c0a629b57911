//! Trying built components: `provider run`, and tests through `autocontent-testing`.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use autocontent_testing::{Scope, Setup, Who};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

use crate::components;
use crate::host::{Host, PATIENCE};

const ANSWERS: &str = r#"{ "exchanges": [
    { "request": { "method": "POST", "url": "https://example.com/a", "body": "body" }, "response": { "status": 200, "text": "A" } },
    { "request": { "method": "POST", "url": "https://example.com/b", "body": "body" }, "response": { "status": 200, "text": "B" } }
] }"#;

/// The program and what it printed, without what calls cost, as that differs.
async fn transcript(host: &Host, arguments: &[&str]) -> String {
    // A provider that panics is nothing of the program's.
    let outcome = host.outcome(arguments, "").await;
    let said = outcome.transcript(arguments).replace(components::path("probe").to_str().unwrap(), "probe.wasm");
    let said = said.replace(components::path("parrot").to_str().unwrap(), "parrot.wasm");
    let lines = said.lines().map(|line| match line.strip_prefix("cost   ") {
        Some(cost) if cost.ends_with(" KB") => "cost   …",
        _ => line,
    });
    format!("{}\n(exit code {:?})\n", lines.collect::<Vec<_>>().join("\n"), outcome.code.unwrap())
}

#[tokio::test]
async fn a_command_is_tried_and_shown_with_what_it_did_and_cost() {
    let host = Host::new();
    host.write("recordings.json", ANSWERS);
    host.write("other.json", ANSWERS.replace("/b\"", "/c\""));
    let (probe, parrot) = (components::path("probe"), components::path("parrot"));
    let (probe, parrot) = (probe.to_str().unwrap(), parrot.to_str().unwrap());
    let mut told = String::new();
    for arguments in [
        &[
            "provider",
            "run",
            "/parrot script:items:a,b action:again log:hello",
            parrot,
            "--press",
            "🔁",
            "--press",
            "⋯",
        ][..],
        &["provider", "run", "/fetch", probe, "--replay", "recordings.json"],
        &["provider", "run", "/fetch", probe, "--replay", "other.json"],
        &[
            "provider",
            "run",
            "/echo text:a",
            probe,
            "--sensitive",
            "--place",
            "dm",
            "--locale",
            "pt-BR",
            "--now",
            "2026-05-01T10:00:00Z",
        ],
        &["provider", "run", "/echo text:a", probe],
        &["provider", "run", "/panic", probe],
        &["provider", "run", "/ehco", probe],
        &["provider", "run", "/echo", probe, "--press", "Nothing"],
        &["provider", "run", "/echo", probe, "--replay", "nowhere.json"],
        &["provider", "run", "/echo", probe, "--set", "country=br"],
        &["provider", "run", "/echo", "nowhere.wasm"],
        &["provider", "run", "/echo", "recordings.json"],
    ] {
        told += &transcript(&host, arguments).await;
        told.push('\n');
    }
    insta::assert_snapshot!(told);
    assert!(!host.path("data").exists(), "nothing of it is the host's");
}

#[tokio::test]
async fn what_came_of_a_command_can_be_had_as_json() {
    let host = Host::new();
    let parrot = components::path("parrot");
    let said = host.succeed(&["provider", "run", "--json", "/parrot script:items:a", parrot.to_str().unwrap()]).await;
    let ran: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(ran["reply"]["message"]["embeds"][0]["title"], "a");
    assert_eq!(ran["calls"][0]["function"], "find");
}

#[tokio::test]
async fn a_test_in_rust_runs_the_component_through_the_program() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("answers.json"), ANSWERS).unwrap();
    let path = folder.path().to_owned();
    let test = move || {
        let program = env!("CARGO_BIN_EXE_autocontent");
        let setup = Setup::project(&path).component(components::path("probe")).program(program);
        let mut harness = setup.clone().recording("answers.json").seed(3).now("2027-02-03T04:05:06Z").open().unwrap();
        let ran = harness.run("/fetch").unwrap();
        assert_eq!(ran.reply.item["text"], "A B A B");
        assert_eq!((ran.fetches.len(), ran.fetches[0].status, ran.usage.requests), (4, Some(200), 4));
        assert_eq!(harness.unasked().unwrap(), Vec::<String>::new());
        harness.with(Who::member(2)).run("/keep").unwrap();
        let kept = harness.storage(Scope::Member).unwrap();
        assert_eq!((kept.entries.len(), kept.entries[0].text.as_deref()), (1, Some("\t")));
        harness.advance(Duration::from_secs(61)).unwrap();
        assert_eq!(harness.storage(Scope::Provider).unwrap().entries, []);
        let quiet = harness.run("/panic").unwrap();
        assert_eq!((quiet.reply.kind.as_str(), quiet.reply.private), ("notice", true));
        assert!(quiet.calls[0].answer["fault"].as_str().unwrap().contains("there is nothing"));
        let choices = harness.suggest("/echo text:ab", "text").unwrap().choices;
        assert_eq!(choices[0]["value"], "ab");
        let missing = setup.open().unwrap().run("/fetch").unwrap_err();
        assert!(missing.to_string().starts_with("no recording answers POST https://example.com/a"), "{missing}");
    };
    tokio::task::spawn_blocking(test).await.unwrap();
}

#[tokio::test]
async fn a_trial_that_is_interrupted_leaves_nothing_behind() {
    let host = Host::new();
    fs::create_dir(host.path("temporary")).unwrap();
    let temporary = host.path("temporary");
    let cache = host.path("cache");
    let host = host.with("TMPDIR", temporary.to_str().unwrap()).with("XDG_CACHE_HOME", cache.to_str().unwrap());
    let mut command = host.command(&["provider", "harness"]);
    let mut harness = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let open = format!("{{ \"open\": {{ \"component\": {:?} }} }}\n", components::path("parrot"));
    harness.stdin.as_mut().unwrap().write_all(open.as_bytes()).await.unwrap();
    let mut answers = BufReader::new(harness.stdout.take().unwrap()).lines();
    assert!(answers.next_line().await.unwrap().unwrap().starts_with("{\"ok\":"));
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 1);
    kill(Pid::from_raw(harness.id().unwrap().try_into().unwrap()), Signal::SIGINT).unwrap();
    let status = tokio::time::timeout(PATIENCE, harness.wait()).await.unwrap().unwrap();
    assert_eq!((status.code(), fs::read_dir(&temporary).unwrap().count()), (Some(130), 0));
}

#[tokio::test]
async fn what_is_not_recorded_is_told_with_the_nearest_whatever_was_to_be_pressed() {
    let host = Host::new();
    host.write("other.json", ANSWERS.replace("/b\"", "/c\""));
    let probe = components::path("probe");
    let arguments = ["provider", "run", "/fetch", probe.to_str().unwrap(), "--replay", "other.json", "--press", "🔁"];
    let outcome = host.outcome(&arguments, "").await;
    assert_eq!(outcome.code, Some(1), "{outcome:#?}");
    assert!(outcome.stderr.contains("the nearest is exchange 1 of other.json"), "{outcome:#?}");
    assert!(!outcome.stdout.contains("presses"), "{outcome:#?}");
}

#[tokio::test]
async fn what_asks_nothing_is_not_said_to_be_recorded_and_leaves_what_was() {
    let host = Host::new();
    host.write("recordings.json", ANSWERS);
    let parrot = components::path("parrot");
    let ask = ["provider", "run", "/parrot script:items:a", parrot.to_str().unwrap(), "--record", "recordings.json"];
    let outcome = host.outcome(&ask, "").await;
    let said = "autocontent: nothing was asked, so nothing was recorded\n";
    assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), said));
    assert_eq!(fs::read_to_string(host.path("recordings.json")).unwrap(), ANSWERS);
}
