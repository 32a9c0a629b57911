//! Whatever is wrong, one clear sentence says so and what to do; the exit code tells programs; nothing is lost.
//!
//! Each snapshot is what a person would see in a terminal.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use autocontent_store::testing::TestDatabase;
use insta::assert_snapshot;
use serde_json::Value;
use sqlx::{ConnectOptions as _, Connection as _, sqlite::SqliteConnectOptions};

use crate::components::{bytes, changed_parrot};
use crate::crowd::Crowd;
use crate::host::{Host, PASSWORD, WRONG_TOKEN, generous_discord};

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
        transcript += &outcome.transcript(command);
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

/// Does to a host's database, which is made where it is missing, what another program would.
pub(crate) async fn change_database(host: &Host, change: &'static str) {
    let file = SqliteConnectOptions::new().filename(host.path("data/autocontent.db")).create_if_missing(true);
    let mut database = file.connect().await.unwrap();
    sqlx::query(change).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
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
    assert_snapshot!(transcript, @r#"
    $ autocontent frobnicate
    error: unrecognized subcommand 'frobnicate'

    Usage: autocontent [OPTIONS] <COMMAND>

    For more information, try '--help'.

    $ autocontent ask
    error: the following required arguments were not provided:
      <LINE>

    Usage: autocontent ask --data <FOLDER> --listen <ADDRESS> --discord-api <URL> <LINE>

    For more information, try '--help'.

    $ autocontent ask /parrot --jsn
    error: unexpected argument '--jsn' found

      tip: a similar argument exists: '--json'

    Usage: autocontent ask --json <LINE>

    For more information, try '--help'.

    $ autocontent history --limit 0
    error: invalid value '0' for '--limit <COUNT>': 0 is not in 1..=1000

    For more information, try '--help'.

    $ autocontent account add 'No Name!'
    error: invalid value 'No Name!' for '<NAME>': `No Name!` is no account name: 1 to 32 lower-case letters, digits, `-` and `_` are allowed, the first a letter or digit

    For more information, try '--help'.

    $ autocontent provider enable 'No Id!'
    error: invalid value 'No Id!' for '<PROVIDER>': "No Id!" is not a provider's id; use 2 to 32 of a-z, 0-9 and -, beginning with a letter

    For more information, try '--help'.
    "#);
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
            &["ask", "/parrot script:fail:busy"],
            &["ask", "/parrot script:nothing"],
        ],
    )
    .await;
    assert_snapshot!(transcript, @r#"
    $ autocontent ask '/prrot script:items:a'
    autocontent: there is no command /prrot; did you mean /parrot? use /favourites, /parrot, /patient-parrot or /rude-parrot

    $ autocontent ask parrot
    autocontent: "parrot" is not a command; begin with / and the command's name, such as "/quote topic:courage"

    $ autocontent ask /parrot
    autocontent: /parrot needs the option script; add script: (Words such as items:a,b next:x cache:60 sensitive:b fail:busy)

    $ autocontent ask '/parrot scrip:items:a'
    autocontent: /parrot has no option "scrip"; did you mean script? use script: or friend:

    $ autocontent ask '/parrot script:items:a script:items:b'
    autocontent: the option script is filled in twice; do so once, and quote a text that contains "script:"

    $ autocontent ask '/parrot script:items:a friend:nobody'
    autocontent: the option friend: "nobody" is not of the kind user; use a user's id or mention, such as 80351110224678912 or <@80351110224678912>

    $ autocontent ask '/parrot script:fail:busy'
    The source is busy. Please try again in 7 s.

    $ autocontent ask '/parrot script:nothing'
    Nothing found. Try other words?
    "#);
}

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
    assert_snapshot!(transcript, @r#"
    $ autocontent provider install empty.wasm
    autocontent: empty.wasm: this is an empty file; give a component, such as `cargo xtask build-providers` makes

    $ autocontent provider install letter.wasm
    autocontent: letter.wasm: this is no WebAssembly component: it does not begin as one

    $ autocontent provider install text.wasm
    autocontent: text.wasm: this is WebAssembly as text; assemble it first, with `wasm-tools parse`

    $ autocontent provider install module.wasm
    autocontent: module.wasm: this is a core WebAssembly module and no component; make one of it with `wasm-tools component new`, or build the provider with its SDK

    $ autocontent provider install half.wasm
    autocontent: half.wasm: this component is cut off: it ends after 36079 bytes in the middle of something; copy or build it again

    $ autocontent provider install damaged.wasm
    autocontent: damaged.wasm: this component is damaged at byte 8: malformed section id; copy or build it again

    $ autocontent provider install bare.wasm
    autocontent: bare.wasm: this component does not export `autocontent:provider/content@1.0.0`, which every provider must; build it for the world `provider`

    $ autocontent provider install newer.wasm
    autocontent: newer.wasm: this component asks for `autocontent:provider/http@2.0.0`, and this host speaks version 1.0 of the contract; build it with the SDK of that version

    $ autocontent provider install promising.wasm
    autocontent: promising.wasm: provider.toml:7:12: provider.contract: contract 2.0 is newer than 1.0, the newest that this version of autocontent knows; use "1.0", or update autocontent

    $ autocontent provider install wasi.wasm
    autocontent: wasi.wasm: this component imports `wasi:clocks/monotonic-clock@0.2.0`, which is not in the contract; build it without WASI: for Rust the target wasm32-unknown-unknown, for JavaScript `componentize-js` with all features disabled, for Python `componentize-py` with `--stub-wasi`

    $ autocontent provider install missing.wasm
    autocontent: could not read missing.wasm: No such file or directory (os error 2); check the path

    $ autocontent provider install folder.wasm
    autocontent: could not read folder.wasm: Is a directory (os error 21); check the path
    "#);

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
    assert_snapshot!(transcript, @r"
    $ autocontent account add main
    autocontent: there is an account named `main` already; choose another name, or remove that account first

    $ autocontent account add third
    autocontent: no token given: put the bot's token into DISCORD_TOKEN or send it to standard input

    $ autocontent account start mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent account stop mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent account token mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent account remove mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent history --account mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent provider enable parrot
    autocontent: there are several accounts (main, second): say which one with --account NAME

    $ autocontent provider enable parrot --account mian
    autocontent: there is no account `mian`; there are: main, second

    $ autocontent provider enable quote --account main
    autocontent: no provider `quote` is installed: `autocontent provider list` shows those that are

    $ autocontent provider enable magpie --account main
    autocontent: `magpie` has a command `/parrot`, and so has `parrot`, which is enabled there: disable one of them first

    $ autocontent provider disable quote --account main
    autocontent: no provider `quote` is installed: `autocontent provider list` shows those that are

    $ autocontent provider remove quote
    autocontent: no provider `quote` is installed: `autocontent provider list` shows those that are
    ");
}

#[tokio::test]
async fn a_host_without_accounts_and_providers_says_how_to_get_them() {
    let host = Host::new();
    // The first that needs them makes the service's own keys.
    host.succeed(&["account", "list"]).await;
    let transcript = refused(
        &host,
        FAILED,
        &[
            &["provider", "enable", "parrot"],
            &["account", "start", "main"],
            &["history", "--account", "main"],
            &["ask", "/quote"],
        ],
    )
    .await;
    assert_snapshot!(transcript, @r"
    $ autocontent provider enable parrot
    autocontent: there is no account yet: add one with `autocontent account add NAME`

    $ autocontent account start main
    autocontent: there is no account `main`, nor any other: add one with `autocontent account add NAME`

    $ autocontent history --account main
    autocontent: there is no account `main`, nor any other: add one with `autocontent account add NAME`

    $ autocontent ask /quote
    autocontent: no provider is installed yet: install one with `autocontent provider install FILE`
    ");
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
        ("scheme.toml", "database = 'mysql://nina:hunter2@db.example/content'\n"),
        ("quote.toml", "database = 'postgres://nina:hunter2@db.example/content\n"),
    ];
    for (name, content) in files {
        let host = Host::new().without("AUTOCONTENT_LISTEN");
        host.write(name, content);
        transcript += &refused(&host, USAGE, &[&["config", "check", "--config", name]]).await;
    }
    assert_snapshot!(transcript, @r#"
    $ autocontent config check --config missing.toml
    autocontent: could not read the configuration file missing.toml: No such file or directory (os error 2); correct the path in --config or AUTOCONTENT_CONFIG, or the file's permissions

    $ autocontent config check --config broken.toml
    autocontent: broken.toml:1:8: string values must be quoted, expected literal string

    $ autocontent config check --config unknown.toml
    autocontent: unknown.toml:2:1: unknown field `lissten`, expected one of `data`, `database`, `log`, `log-format`, `listen`, `discord-api`, `concurrency`

    $ autocontent config check --config kind.toml
    autocontent: kind.toml:1:15: invalid type: string "many", expected u32

    $ autocontent config check --config none.toml
    autocontent: setting `concurrency`: 0 is out of range: write a number from 1 to 4096

    $ autocontent config check --config address.toml
    autocontent: setting `listen`: `localhost` is no address: write it as IP:PORT, such as 127.0.0.1:8080

    $ autocontent config check --config scheme.toml
    autocontent: setting `database`: the database URL begins with neither `sqlite:` nor `postgres://`; write `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`

    $ autocontent config check --config quote.toml
    autocontent: quote.toml:1:55: invalid literal string, expected `'`
    "#);
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
        ("AUTOCONTENT_DISCORD_API", "mailto:nina@discord.example"),
        ("AUTOCONTENT_CONFIG", "missing.toml"),
    ];
    for (variable, value) in variables {
        transcript = format!("{transcript}# {variable}={}\n", value.replace(PASSWORD, "…"));
        transcript += &refused(&Host::new().with(variable, value), USAGE, &[&["config", "check"]]).await;
    }
    let homeless = Host::new().without("AUTOCONTENT_DATA");
    transcript += &refused(&homeless, USAGE, &[&["config", "check"]]).await;
    assert_snapshot!(transcript, @r#"
    $ autocontent config check --listen 8080
    autocontent: setting `listen`: `8080` is no address: write it as IP:PORT, such as 127.0.0.1:8080

    $ autocontent config check --database data.db
    autocontent: setting `database`: the database URL begins with neither `sqlite:` nor `postgres://`; write `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`

    $ autocontent config check --database sqlite::memory:
    autocontent: setting `database`: a database in memory would lose everything at the end; write `sqlite:PATH` with the path of a file

    $ autocontent config check --discord-api discord
    autocontent: setting `discord-api`: that is no address of a web server: write it as http://HOST:PORT/ or https://HOST/

    $ autocontent config check --log loud=very
    autocontent: setting `log`: error parsing level filter: expected one of "off", "error", "warn", "info", "debug", "trace", or a number 0-5; write a level, such as `info`, or `warn,provider=debug`

    $ autocontent config check --log-format xml
    error: invalid value 'xml' for '--log-format <FORMAT>'
      [possible values: auto, text, json]

    For more information, try '--help'.

    # AUTOCONTENT_LISTEN=8080
    $ autocontent config check
    autocontent: setting `listen`: `8080` is no address: write it as IP:PORT, such as 127.0.0.1:8080

    # AUTOCONTENT_DATABASE=postgres://nina:…@db.example:many/content
    $ autocontent config check
    autocontent: setting `database`: the PostgreSQL URL cannot be read (invalid port number); write `postgres://USER:PASSWORD@HOST:PORT/NAME`, with `%40` for an `@` in the password

    # AUTOCONTENT_LOG_FORMAT=xml
    $ autocontent config check
    error: invalid value 'xml' for '--log-format <FORMAT>'
      [possible values: auto, text, json]

    For more information, try '--help'.

    # AUTOCONTENT_DISCORD_API=mailto:nina@discord.example
    $ autocontent config check
    autocontent: setting `discord-api`: that is no address of a web server: write it as http://HOST:PORT/ or https://HOST/

    # AUTOCONTENT_CONFIG=missing.toml
    $ autocontent config check
    autocontent: could not read the configuration file missing.toml: No such file or directory (os error 2); correct the path in --config or AUTOCONTENT_CONFIG, or the file's permissions

    $ autocontent config check
    autocontent: setting `data`: there is no home folder to put it into: name one with --data FOLDER
    "#);
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
    transcript += &refused(&host, FAILED, &[list, &["serve"], &["ask", "/quote"], &["doctor"]]).await;

    let host = Host::new();
    host.write("data/autocontent.db/file", "");
    host.write_key();
    transcript += &refused(&host, FAILED, &[list]).await;

    let host = Host::new();
    host.write_key();
    change_database(&host, "CREATE TABLE recipes (name TEXT)").await;
    transcript += &refused(&host, FAILED, &[list]).await;

    let host = furnished().await;
    change_database(&host, "INSERT INTO migrations (version, checksum) VALUES (99, '')").await;
    transcript += &refused(&host, FAILED, &[list, &["serve"]]).await;

    let host = Host::new().with("AUTOCONTENT_DATA", "file/data");
    host.write("file", "");
    transcript += &refused(&host, FAILED, &[list]).await;

    let host = Host::new().with("AUTOCONTENT_DATABASE", "sqlite:nowhere/at/all/autocontent.db");
    host.write_key();
    transcript += &refused(&host, FAILED, &[list]).await;
    assert_snapshot!(transcript, @r"
    $ autocontent account list
    autocontent: `sqlite:data/autocontent.db` is not an SQLite database and was left as it is; name another file, or move this one away

    $ autocontent serve
    autocontent: `sqlite:data/autocontent.db` is not an SQLite database and was left as it is; name another file, or move this one away

    $ autocontent ask /quote
    autocontent: `sqlite:data/autocontent.db` is not an SQLite database and was left as it is; name another file, or move this one away

    $ autocontent doctor
    ✓ configuration: data in data
    ✓ port: 127.0.0.1:0 is free
    ✗ discord: http://127.0.0.1:9 can't be reached (error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)): look at the network, proxy and firewall
    ✗ database: `sqlite:data/autocontent.db` is not an SQLite database and was left as it is; name another file, or move this one away
    2 of these need you

    $ autocontent account list
    autocontent: cannot open the file of `sqlite:data/autocontent.db`; this user needs to read and write it and its folder

    $ autocontent account list
    autocontent: `data/autocontent.db` is another program's database and was left as it is; name another file

    $ autocontent account list
    autocontent: `sqlite:data/autocontent.db` was last used by a newer version (its schema is 99, this version knows 1); start the newer version, or restore a backup from before

    $ autocontent serve
    autocontent: `sqlite:data/autocontent.db` was last used by a newer version (its schema is 99, this version knows 1); start the newer version, or restore a backup from before

    $ autocontent account list
    autocontent: could not make the data folder file/data: Not a directory (os error 20); name another with --data

    $ autocontent account list
    autocontent: cannot create `nowhere/at/all/autocontent.db`: the folder above its folder does not exist; create it, or correct the path
    ");
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
    assert_snapshot!(transcript, @r"
    $ autocontent account list
    autocontent: cannot reach `postgres://127.0.0.1:PORT/content`: Connection refused (os error 111); check that PostgreSQL runs there and that the address is right

    $ autocontent serve
    autocontent: cannot reach `postgres://127.0.0.1:PORT/content`: Connection refused (os error 111); check that PostgreSQL runs there and that the address is right

    $ autocontent account list
    autocontent: `postgres://SOCKET/NAME` does not exist; create it with `createdb`, or correct the name
    ");
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

    std::fs::write(&key, &backup).unwrap();
    assert_eq!(host.json(&["account", "list", "--json"]).await.len(), 2);
    let id = backup.lines().last().unwrap().split_once(' ').unwrap().0;
    assert_snapshot!(transcript.replace(id, "KEY"), @r"
    $ autocontent account list
    autocontent: other users can read the key file `data/autocontent.key` (mode 644); run `chmod 600 data/autocontent.key`, and if they may have read it, rotate the keys and replace the tokens

    $ autocontent account list
    autocontent: line 1 of the key file `data/autocontent.key` is no key (8 hexadecimal digits, a space and 64 more); restore the file from its backup

    $ autocontent account list
    autocontent: a secret was encrypted with the key KEY, which is not in the key file `data/autocontent.key`; restore that file from its backup

    $ autocontent serve
    autocontent: a secret was encrypted with the key KEY, which is not in the key file `data/autocontent.key`; restore that file from its backup

    $ autocontent account list
    autocontent: a secret was encrypted with the key KEY, which is not in the key file `data/autocontent.key`; restore that file from its backup
    ");
}

#[tokio::test]
async fn a_port_that_is_in_use() {
    let host = furnished().await;
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let host = host.with("AUTOCONTENT_LISTEN", &format!("127.0.0.1:{port}"));
    let transcript = refused(&host, FAILED, &[&["serve"]]).await;
    assert_snapshot!(transcript.replace(&port, "PORT"), @r"
    $ autocontent serve
    autocontent: could not listen on 127.0.0.1:PORT: Address already in use (os error 98); choose another address with --listen, or stop what uses it
    ");
}

#[tokio::test]
async fn a_wrong_token_stops_its_own_bot_only() {
    let discord = generous_discord().await;
    let bot = discord.add_bot("good");
    let host = Host::with_discord(&discord);
    host.succeed_with_input(&["account", "add", "good"], &bot.token()).await;
    host.succeed_with_input(&["account", "add", "bad"], WRONG_TOKEN).await;
    host.provide("good", &["parrot"]).await;
    let serving = host.serve().await;
    host.account_when("bad", "failed").await;
    bot.until_ready().await.unwrap();
    bot.until_command("parrot").await.unwrap();
    host.account_when("good", "running").await;
    let list: &[&str] = &["account", "list"];
    assert_snapshot!(host.run(list).await.transcript(list), @r"
    $ autocontent account list
    bad                  gateway  failed: discord refuses the bot's token (401): copy the token from the developer portal again, or reset it there
    good                 gateway  running
    ");
    let crowd = Crowd::new(discord, bot);
    crowd.bot.run(&crowd.command).unwrap().message().await.unwrap();

    // A right one helps, without a restart.
    let other = crowd.discord.add_bot("bad");
    host.succeed_with_input(&["account", "token", "bad"], &other.token()).await;
    other.until_ready().await.unwrap();
    assert_eq!(host.account_when("bad", "running").await["reason"], Value::Null);
    host.hear(&serving.stop().await);
}
