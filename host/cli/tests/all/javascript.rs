//! Providers in JavaScript and TypeScript: built by the real tools, installed, and asked by the real host.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::OnceCell;

use crate::host::{Host, Outcome};

/// The program as an author calls it, with node and npm where they are.
async fn author(folder: &Path, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(env!("CARGO_BIN_EXE_autocontent"));
    // Where CI runs, answers that were never kept are not kept either.
    command.args(arguments).current_dir(folder).env_remove("CI").kill_on_drop(true);
    let output = command.output().await.unwrap();
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

async fn builds(folder: &Path) {
    let built = author(folder, &["provider", "build"]).await;
    assert_eq!(built.code, Some(0), "{built:#?}");
}

/// Checks the types as an author's editor does.
async fn has_right_types(folder: &Path) {
    let checked = types(folder).await;
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

async fn types(folder: &Path) -> Output {
    Command::new("npm").args(["run", "--silent", "types"]).current_dir(folder).output().await.unwrap()
}

/// The provider that does what it is told: `host/cli/tests/projects/javascript`.
struct Probe {
    component: Vec<u8>,
    /// What its own tests said.
    tested: Outcome,
}

/// Builds it once, and runs its tests.
async fn probe() -> &'static Probe {
    static PROBE: OnceCell<Probe> = OnceCell::const_new();
    PROBE
        .get_or_init(|| async {
            let folder = tempfile::tempdir().unwrap();
            copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/projects/javascript"), folder.path());
            builds(folder.path()).await;
            has_right_types(folder.path()).await;
            let tested = author(folder.path(), &["provider", "test"]).await;
            Probe { component: fs::read(folder.path().join("dist/jsprobe.wasm")).unwrap(), tested }
        })
        .await
}

/// A host with the probe.
async fn host_with_probe() -> Host {
    let host = Host::new();
    host.write("jsprobe.wasm", &probe().await.component);
    host.succeed(&["provider", "install", "--grant", "jsprobe.wasm"]).await;
    host
}

/// What the probe found, or the code of the notice to the member.
async fn done(host: &Host, deed: &str) -> Result<Value, String> {
    let line = format!("/jsprobe deed:{deed} count:3");
    let reply: Value = serde_json::from_str(&host.run(&["ask", "--json", &line]).await.stdout).unwrap();
    match &reply["item"]["text"] {
        Value::String(text) => Ok(serde_json::from_str(text).unwrap()),
        _ => Err(reply["code"].as_str().unwrap().to_owned()),
    }
}

/// The lines that the provider logged, oldest first.
async fn logged(host: &Host) -> Vec<String> {
    let lines = host.json(&["provider", "logs", "jsprobe", "--json"]).await;
    lines
        .iter()
        .map(|line| format!("{}: {}", line["level"].as_str().unwrap(), line["line"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_new_project_builds_and_has_its_types() {
    let host = Host::new();
    let made = author(&host.path(""), &["provider", "new", "my-books", "--language", "javascript"]).await;
    assert_eq!(made.code, Some(0), "{made:#?}");
    let folder = host.path("my-books");
    builds(&folder).await;
    has_right_types(&folder).await;

    let shown = host.succeed(&["provider", "inspect", "my-books/dist/my-books.wasm"]).await;
    assert!(!shown.contains("wasi"), "{shown}");
    assert!(fs::metadata(folder.join("dist/my-books.wasm")).unwrap().len() < 3_000_000);

    let again = author(&folder, &["provider", "build"]).await;
    assert!(!again.stderr.contains("installing"), "what is installed already is left alone: {again:#?}");

    let tested = author(&folder, &["provider", "test"]).await;
    assert!(tested.code == Some(0) && tested.stdout.contains("fail 0"), "{tested:#?}");

    // The types know the options of provider.toml.
    let main = folder.join("src/main.js");
    let source = fs::read_to_string(&main).unwrap();
    fs::write(&main, source.replace("request.options.title", "request.options.titel")).unwrap();
    let checked = types(&folder).await;
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(said.contains("src/main.js") && said.contains("'titel' does not exist"), "{said}");

    in_typescript(&folder, &source).await;
    for (wrong, expected) in MISTAKES {
        fs::write(&main, wrong).unwrap();
        let built = author(&folder, &["provider", "build"]).await;
        assert!(
            built.code == Some(1) && built.stderr.contains(expected),
            "{wrong}\nshould say: {expected}\n{built:#?}"
        );
    }
}

/// The way that the template's README describes.
async fn in_typescript(folder: &Path, source: &str) {
    let (javascript, typescript) = (folder.join("src/main.js"), folder.join("src/main.ts"));
    let package = folder.join("package.json");
    let described = fs::read_to_string(&package).unwrap();
    fs::remove_file(&javascript).unwrap();
    let built = author(folder, &["provider", "build"]).await;
    assert!(built.stderr.contains("package.json: \"main\" names src/main.js, and there is no such file"), "{built:#?}");
    fs::write(&typescript, source).unwrap();
    fs::write(&package, described.replace("src/main.js", "src/main.ts")).unwrap();
    builds(folder).await;
    has_right_types(folder).await;
    // What a provider does not have is not there for the types either.
    fs::write(&typescript, format!("{source}process.exit();\n")).unwrap();
    let checked = types(folder).await;
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(said.contains("src/main.ts") && said.contains("Cannot find name 'process'"), "{said}");
    fs::remove_file(&typescript).unwrap();
    fs::write(&package, described).unwrap();
}

/// What an author may write, and what they then read.
const MISTAKES: [(&str, &str); 12] = [
    (
        "import { provider } from \"autocontent\";\nexport default provider({ find() { return [; } });\n",
        "src/main.js:2:44: ",
    ),
    ("import left from \"left-pad-of-mine\";\n", "install it with `npm install left-pad-of-mine`"),
    ("import fp from \"lodash/fp\";\nfp();\n", "install it with `npm install lodash`\n"),
    ("import { readFile } from \"fs/promises\";\nreadFile();\n", "\"fs/promises\" is a part of node"),
    ("throw null;\n", "src/main.js: Error: null"),
    ("import fs from \"node:fs\";\nexport default fs;\n", "src/main.js:1:16: \"node:fs\" is a part of node"),
    ("export const find = () => [];\n", "src/main.js: the default export is no provider"),
    (
        "import { provider } from \"autocontent\";\nexport default provider({ find: () => [], sugest() {} });\n",
        "provider() knows no \"sugest\"",
    ),
    (
        "import { provider } from \"autocontent\";\nexport default provider({ async find() { return []; } });\n",
        "find is async",
    ),
    (
        "import { provider } from \"autocontent\";\nconst start = Date.now();\nexport default provider({ find: () => [] });\n",
        "src/main.js:2:20: Error: the clock and randomness can't be had while the file is loaded",
    ),
    (
        "import { provider } from \"autocontent\";\nnew Intl.Collator();\nexport default provider({ find: () => [] });\n",
        "src/main.js:2:1: ReferenceError: Intl is not defined",
    ),
    // What only the component's engine has, so that it is the one to stumble.
    (
        "import { provider } from \"autocontent\";\nif (typeof SuppressedError === \"function\" && typeof __cqjs !== \"undefined\") throw new Error(\"boom\");\nexport default provider({ find: () => [] });\n",
        "Error: boom",
    ),
];

/// What only members do, typing and pressing, is in `tests/probe.test.js`: through the harness, by node's test runner.
#[tokio::test]
async fn the_tests_of_a_project_run_in_the_sandbox() {
    let Probe { tested, .. } = probe().await;
    assert_eq!(tested.code, Some(0), "{tested:#?}");
    assert!(tested.stdout.contains("pass 11") && tested.stdout.contains("fail 0"), "{tested:#?}");
}

#[tokio::test]
async fn the_language_and_the_contract_are_as_the_sdk_says() {
    let host = host_with_probe().await;

    let request = done(&host, "request").await.unwrap();
    assert_eq!(request["options"], json!({ "deed": "request", "count": 3 }));
    assert_eq!((&request["trigger"], &request["command"]), (&json!({ "kind": "preview" }), &json!("jsprobe")));
    assert!(request.get("cursor").is_none());

    clock_and_randomness(&host).await;

    let text = done(&host, "text").await.unwrap();
    assert_eq!(text["bytes"], json!("é€😀\u{fffd}".as_bytes()));
    assert_eq!((&text["back"], &text["bad"]), (&json!("é€😀\u{fffd}"), &json!("a\u{fffd}(\u{fffd}")));
    assert!(text["fatal"].as_str().unwrap().starts_with("TypeError"));

    let url = done(&host, "url").await.unwrap();
    assert_eq!(url["url"], "https://user@example.org/b?x=1&q=%C3%A9+%26#y");
    assert_eq!(url["query"], "a=b+c");
    assert_eq!(done(&host, "absent").await.unwrap(), json!([]));

    let stored = done(&host, "storage").await.unwrap();
    assert_eq!((&stored["text"], &stored["bytes"]), (&json!("kept é"), &json!([1, 2, 3])));
    assert_eq!((&stored["json"], &stored["counted"]), (&json!({ "a": [1, null] }), &json!([1, 10])));
    assert_eq!((&stored["keys"], &stored["after"]), (&json!(["bytes", "count", "json", "text"]), &json!(["json"])));
    assert_eq!((&stored["none"], &stored["refused"]), (&json!([true, true]), &json!("StorageError: too-large")));
    assert_eq!(done(&host, "storage").await.unwrap()["counted"], json!([11, 20]), "it is kept between calls");

    assert_eq!(done(&host, "settings").await.unwrap(), json!(["us", true]));
    host.succeed(&["provider", "set", "jsprobe", "edition=br"]).await;
    assert_eq!(done(&host, "settings").await.unwrap(), json!(["br", true]));

    let denied = done(&host, "denied").await.unwrap();
    assert_eq!(
        (&denied["right"], &denied["kind"], &denied["all"]),
        (&json!(true), &json!("denied"), &json!([true, true]))
    );
    assert!(!denied["message"].as_str().unwrap().contains("secret"), "the query stays out of messages: {denied}");

    let words = done(&host, "words").await.unwrap();
    assert_eq!(words[1], "2 \\* 3 = snake\\_case\n\\- no list\n10\\. no number");
    assert_eq!((&words[0], &words[2]), (&json!("Hello"), &json!("> one\n> two")));
    assert_eq!(words[3], "S%C3%A3o%20Paulo%2FSP%20%28it%27s%29");
    assert_eq!(done(&host, "deal").await.unwrap(), json!({ "seen": 23, "different": 23 }));
}

/// They are the host's, and not those of the moment in which the component was built.
async fn clock_and_randomness(host: &Host) {
    let (first, second) = (done(host, "clock").await.unwrap(), done(host, "clock").await.unwrap());
    let times = |clock: &Value| ["now", "made", "performance"].map(|name| clock[name].as_f64().unwrap());
    assert!(times(&second)[0] > times(&first)[0] && times(&first)[0] > 1_700_000_000_000.0);
    assert!(times(&first).is_sorted_by(|earlier, later| (later - earlier).abs() < 1_000.0), "{first}");
    assert_eq!((&first["isDate"], &first["parsed"]), (&json!(true), &json!(1_577_836_800_000_i64)));
    assert!(first["fixed"].as_str().unwrap().starts_with("2020-02-0"));

    let (first, second) = (done(host, "random").await.unwrap(), done(host, "random").await.unwrap());
    for what in ["first", "mean", "bytes", "id"] {
        assert_ne!(first[what], second[what], "{what}");
    }
    assert!(first["within"] == true && (0.4..0.6).contains(&first["mean"].as_f64().unwrap()), "{first}");
    assert!(first["many"].as_u64().unwrap() > 4_600, "5,000 of 65,536 numbers are mostly different: {first}");
    assert_eq!(first["id"].as_str().unwrap().len(), 36);
}

#[tokio::test]
async fn what_goes_wrong_is_told_to_the_member_and_logged_with_its_place() {
    let host = host_with_probe().await;
    for (deed, code) in [
        ("throw-in-another-file", "provider_failed"),
        ("throw-text", "provider_failed"),
        ("timer", "provider_failed"),
        ("fetch", "provider_failed"),
        ("a-deed-that-nobody-knows", "provider_failed"),
        ("deep", "provider_failed"),
        ("misspelt-request", "provider_failed"),
        ("throw-failure", "invalid_option"),
        ("halves", "invalid_option"),
        ("throw-busy", "busy"),
        ("throw-nothing", "nothing_found"),
        ("denied-and-not-caught", "misconfigured"),
    ] {
        assert_eq!(done(&host, deed).await, Err(code.to_owned()), "{deed}");
    }
    assert_eq!(done(&host, "console").await, Ok(json!("logged")));

    let lines = logged(&host).await;
    let expected = [
        "error: uncaught TypeError: cannot read property 'book' of undefined at fail (src/fail.js:5:10) at \
         throw-in-another-file (src/deeds.ts:",
        "error: uncaught: only a text",
        "error: uncaught Error: setTimeout: a provider has no timers",
        "error: uncaught Error: fetch: ask with http.get",
        "error: uncaught TypeError: items[0] has no property \"titel\"",
        "info: a line {\"of\":[\"1n\",[[\"a\",1]]]} undefined null 1",
        "info: [function without a name]",
        "warn: RangeError: told at console (src/deeds.ts:",
        "error: an error",
        "info: half a \u{fffd}",
        "error: uncaught TypeError: an HTTP request has no property \"quer\"",
    ];
    for start in expected {
        assert!(lines.iter().any(|line| line.starts_with(start)), "{start}\nin {lines:#?}");
    }
    assert!(lines.iter().any(|line| line.ends_with("; caused by a cause")), "{lines:#?}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
