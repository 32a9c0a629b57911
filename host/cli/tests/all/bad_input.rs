//! Whatever is wrong, one clear sentence says so and what to do; the exit code tells programs; nothing is lost.
//!
//! Each snapshot is what a person would see in a terminal.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use autocontent_store::testing::TestDatabase;
use insta::assert_snapshot;
use sqlx::{ConnectOptions as _, sqlite::SqliteConnectOptions};

use crate::components::{bytes, changed_parrot};
use crate::host::{Host, PASSWORD, WRONG_TOKEN};

/// What went wrong while carrying a command out.
const FAILED: i32 = 1;
/// The command line or the configuration is wrong.
const USAGE: i32 = 2;

/// Runs commands that must end with `code` and change no file, and shows them with what they print.
async fn refused(host: &Host, code: i32, commands: &[&[&str]]) -> String {
    let mut transcript = String::new();
    for command in commands {
        let before = host.files();
        let outcome = host.run(command).await;
        assert_eq!(outcome.code, Some(code), "{command:?}: {outcome:#?}");
        assert_eq!(host.files(), before, "{command:?} changed something: {outcome:#?}");
        let words =
            command.iter().map(|word| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() });
        let words: Vec<_> = words.collect();
        writeln!(transcript, "$ autocontent {}\n{}{}", words.join(" "), outcome.stdout, outcome.stderr).unwrap();
    }
    transcript
}

/// A host with two accounts, the parrot and the magpie, which has the same commands; the first account has the parrot.
async fn furnished() -> Host {
    let host = Host::new();
    for account in ["main", "second"] {
        host.succeed_with_input(&["account", "add", account], WRONG_TOKEN).await;
    }
    host.provide("main", &["parrot"]).await;
    host.write("magpie.wasm", changed_parrot(r#"id = "parrot""#, r#"id = "magpie""#));
    host.succeed(&["provider", "install", "magpie.wasm"]).await;
    host
}

#[tokio::test]
async fn a_command_line_that_the_program_does_not_know() {
    let transcript = refused(
        &Host::new(),
        USAGE,
        &[
            &["frobnicate"],
            &["ask"],
            &["ask", "/parrot", "--jsn"],
            &["history", "--limit", "0"],
            &["account", "add", "No Name!"],
            &["provider", "enable", "No Id!"],
        ],
    )
    .await;
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn a_command_that_members_do_not_have_or_that_is_filled_in_wrongly() {
    let host = furnished().await;
    let transcript = refused(
        &host,
        FAILED,
        &[
            &["ask", "/prrot script:items:a"],
            &["ask", "parrot"],
            &["ask", "/parrot"],
            &["ask", "/parrot scrip:items:a"],
            &["ask", "/parrot script:items:a script:items:b"],
            &["ask", "/parrot script:items:a friend:nobody"],
            &["ask", "/rude-parrot script:items:a"],
            &["ask", "/parrot script:fail:busy"],
            &["ask", "/parrot script:nothing"],
        ],
    )
    .await;
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn a_file_that_is_no_provider() {
    let host = Host::new();
    host.succeed(&["provider", "list"]).await;
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
    assert_snapshot!(transcript, @"");

    for (name, _) in &files {
        let installing = host.run(&["provider", "install", name]).await.stderr;
        for command in ["check", "inspect"] {
            assert_eq!(host.run(&["provider", command, name]).await.stderr, installing);
        }
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
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn names_that_are_taken_or_that_nobody_has() {
    let host = furnished().await.with("DISCORD_TOKEN", WRONG_TOKEN);
    let mut transcript = refused(&host, FAILED, &[&["account", "add", "main"]]).await;
    let host = host.without("DISCORD_TOKEN");
    transcript += &refused(
        &host,
        FAILED,
        &[
            &["account", "add", "third"],
            &["account", "start", "mian"],
            &["account", "stop", "mian"],
            &["account", "token", "mian"],
            &["account", "remove", "mian"],
            &["history", "--account", "mian"],
            &["provider", "enable", "parrot"],
            &["provider", "enable", "parrot", "--account", "mian"],
            &["provider", "enable", "quote", "--account", "main"],
            &["provider", "enable", "magpie", "--account", "main"],
            &["provider", "disable", "quote", "--account", "main"],
            &["provider", "remove", "quote"],
        ],
    )
    .await;
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn an_account_is_missed_where_there_is_none() {
    let host = Host::new();
    host.succeed(&["account", "list"]).await;
    let transcript = refused(
        &host,
        FAILED,
        &[&["provider", "enable", "parrot"], &["account", "start", "main"], &["history", "--account", "main"]],
    )
    .await;
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn a_configuration_file_that_can_not_be_used() {
    let mut transcript = refused(&Host::new(), USAGE, &[&["config", "check", "--config", "missing.toml"]]).await;
    let files = [
        ("broken.toml", "data = \n"),
        ("unknown.toml", "log = 'info'\nlissten = '0.0.0.0:80'\n"),
        ("kind.toml", "concurrency = 'many'\n"),
        ("none.toml", "concurrency = 0\n"),
        ("address.toml", "listen = 'localhost'\n"),
        ("password.toml", "database = 'mysql://nina:hunter2@db.example/content'\n"),
    ];
    for (name, content) in files {
        let host = Host::new().without("AUTOCONTENT_LISTEN");
        host.write(name, content);
        transcript += &refused(&host, USAGE, &[&["config", "check", "--config", name]]).await;
    }
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn a_flag_or_a_variable_that_can_not_be_used() {
    let password = format!("postgres://nina:{PASSWORD}@db.example:many/content");
    let flags: [&[&str]; 6] = [
        &["config", "check", "--listen", "8080"],
        &["config", "check", "--database", "data.db"],
        &["config", "check", "--database", "sqlite::memory:"],
        &["config", "check", "--discord-api", "discord"],
        &["config", "check", "--log", "loud=very"],
        &["config", "check", "--log-format", "xml"],
    ];
    let mut transcript = refused(&Host::new(), USAGE, &flags).await;
    let variables = [
        ("AUTOCONTENT_LISTEN", "8080"),
        ("AUTOCONTENT_DATABASE", password.as_str()),
        ("AUTOCONTENT_LOG_FORMAT", "xml"),
        ("AUTOCONTENT_CONFIG", "missing.toml"),
    ];
    for (variable, value) in variables {
        writeln!(transcript, "# {variable}={}", value.replace(PASSWORD, "…")).unwrap();
        transcript += &refused(&Host::new().with(variable, value), USAGE, &[&["config", "check"]]).await;
    }
    let homeless = Host::new().without("AUTOCONTENT_DATA");
    transcript += &refused(&homeless, USAGE, &[&["config", "check"]]).await;
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn a_database_that_can_not_be_used() {
    let mut transcript = String::new();
    let list: &[&str] = &["account", "list"];

    let host = Host::new();
    host.write(
        "data/autocontent.db",
        "Dear operator, this is no database, but long enough to be looked at.".repeat(20),
    );
    host.write_key();
    transcript += &refused(&host, FAILED, &[list, &["serve"], &["ask", "/quote"]]).await;

    let host = Host::new();
    host.write("data/autocontent.db/file", "");
    host.write_key();
    transcript += &refused(&host, FAILED, &[list]).await;

    let host = Host::new();
    host.write_key();
    let other = SqliteConnectOptions::new().filename(host.path("data/autocontent.db")).create_if_missing(true);
    sqlx::query("CREATE TABLE recipes (name TEXT)").execute(&mut other.connect().await.unwrap()).await.unwrap();
    transcript += &refused(&host, FAILED, &[list]).await;

    let host = furnished().await;
    let newer = SqliteConnectOptions::new().filename(host.path("data/autocontent.db"));
    let insert = sqlx::query("INSERT INTO migrations (version, checksum) VALUES (99, '')");
    insert.execute(&mut newer.connect().await.unwrap()).await.unwrap();
    transcript += &refused(&host, FAILED, &[list, &["serve"]]).await;

    let host = Host::new().with("AUTOCONTENT_DATABASE", "sqlite:nowhere/at/all/autocontent.db");
    host.write_key();
    transcript += &refused(&host, FAILED, &[list]).await;
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn a_postgresql_that_can_not_be_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Now nobody listens there.
    drop(listener);
    let url = format!("postgres://nina:{PASSWORD}@127.0.0.1:{port}/content");
    let host = Host::new().with("AUTOCONTENT_DATABASE", &url);
    host.write_key();
    let transcript = refused(&host, FAILED, &[&["account", "list"], &["serve"]]).await;
    let database = TestDatabase::postgres().await;
    let missing = database.url_text().replace("/test_", "/nothing_");
    let host = host.with("AUTOCONTENT_DATABASE", &missing);
    let transcript = transcript + &refused(&host, FAILED, &[&["account", "list"]]).await;
    let socket = database.url_text().split_once("host=").unwrap().1;
    let name = missing.split_once("localhost/").unwrap().1.split_once('?').unwrap().0;
    let transcript = transcript.replace(&port.to_string(), "PORT").replace(socket, "SOCKET").replace(name, "NAME");
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn a_key_that_others_can_read_or_that_is_gone() {
    let list: &[&str] = &["account", "list"];
    let host = furnished().await;
    let key = host.path("data/autocontent.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut transcript = refused(&host, FAILED, &[list]).await;

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let backup = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, "this is no key\n").unwrap();
    transcript += &refused(&host, FAILED, &[list]).await;

    // A new key is made where there is none, before the database is looked at.
    std::fs::remove_file(&key).unwrap();
    assert_eq!(host.run(list).await.code, Some(FAILED));
    transcript += &refused(&host, FAILED, &[list, &["serve"]]).await;

    let other = Host::new();
    other.write_key();
    std::fs::copy(other.path("data/autocontent.key"), &key).unwrap();
    transcript += &refused(&host, FAILED, &[list]).await;

    std::fs::write(&key, backup).unwrap();
    assert_eq!(host.json(&["account", "list", "--json"]).await.len(), 2);
    assert_snapshot!(transcript, @"");
}

#[tokio::test]
async fn a_port_that_is_in_use() {
    let host = furnished().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let host = host.with("AUTOCONTENT_LISTEN", &format!("127.0.0.1:{port}"));
    let transcript = refused(&host, FAILED, &[&["serve"]]).await;
    assert_snapshot!(transcript.replace(&port, "PORT"), @"");
}
