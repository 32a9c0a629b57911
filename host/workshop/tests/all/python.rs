//! Providers in Python: built by componentize-py, run in the sandbox.

use std::fs;
use std::path::Path;
use std::process::Command;

use autocontent_runtime::contract::log::Level;
use autocontent_runtime::contract::{
    Action, ActionStyle, Blob, Choice, Failure, Field, InvalidArgument, Item, Link, Media, Page, Rating, Value, http,
};
use autocontent_runtime::{Exports, Fault};
use autocontent_workshop::WorkshopError;
use tempfile::TempDir;
use tokio::sync::OnceCell;

use crate::sandbox::{NOW, Trial, build, copy_of, repository, text};

/// The fixture that does what it is told, built once.
async fn probe() -> Trial {
    static PROBE: OnceCell<Trial> = OnceCell::const_new();
    let probe = PROBE.get_or_init(|| async {
        let project = copy_of("host/workshop/tests/projects/python");
        let (built, printed) = build(project.path());
        let built = built.unwrap_or_else(|error| panic!("{error:?}\n{printed}"));
        assert!(built.inspection.imports.iter().all(|import| import.starts_with("autocontent:provider/")));
        type_check(project.path());
        Trial::of(&built.component).await
    });
    probe.await.answered("{}")
}

impl Trial {
    async fn tells(&self, what: &str, with: &str) -> String {
        self.told("probe do", &[("what", text(what)), ("text", text(with))]).await
    }

    async fn fails(&self, what: &str, with: &str) -> Failure {
        let call = self.find("probe do", &[("what", text(what)), ("text", text(with))]).await;
        call.outcome.unwrap().unwrap_err()
    }
}

/// mypy has nothing to say of the project's sources.
fn type_check(project: &Path) {
    let python = project.join(".autocontent/venv/bin/python");
    let pip = Command::new(&python).args(["-m", "pip", "install", "-q", "mypy==2.4.1"]).status().unwrap();
    assert!(pip.success());
    let paths = ["sdk/python", "generated"].map(|folder| project.join(".autocontent").join(folder));
    let mypy = Command::new(&python)
        .args(["-m", "mypy", "--strict", "src"])
        .env("MYPYPATH", std::env::join_paths(paths).unwrap())
        .current_dir(project)
        .output()
        .unwrap();
    assert!(mypy.status.success(), "{}", String::from_utf8_lossy(&mypy.stdout));
}

#[tokio::test]
async fn the_example_finds_books() {
    let project = copy_of("examples/bookfinder-python");
    let (built, printed) = build(project.path());
    let built = built.unwrap_or_else(|error| panic!("{error:?}\n{printed}"));
    assert_eq!(built.inspection.exports, Exports::default());
    let recorded = fs::read_to_string(repository("examples/bookfinder-python/recordings/examples.json")).unwrap();
    let recorded: serde_json::Value = serde_json::from_str(&recorded).unwrap();
    let exchange = &recorded["exchanges"][0];

    let trial = Trial::of(&built.component).await.answered(&exchange["response"]["json"].to_string());
    let mut page = trial.find("bookfinder", &[("title", text("dune"))]).await.outcome.unwrap().unwrap();
    let asked = trial.requests().remove(0).url;
    assert_eq!(asked.replace("limit=5", "limit=10"), exchange["request"]["url"].as_str().unwrap());
    assert_eq!(page.next.as_deref(), Some("2"));
    let book = page.items.remove(0);
    assert_eq!(book.title.as_deref(), Some("Dune"));
    assert_eq!(book.text.as_deref(), Some("Frank Herbert"));
    assert_eq!((book.fields[0].name.as_str(), book.fields[0].value.as_str()), ("Primeira edição", "1965"));

    let damaged = trial.answered("<html>").find("bookfinder", &[("title", text("dune"))]).await.outcome.unwrap();
    assert!(matches!(&damaged, Err(Failure::Upstream(why)) if why.contains("something else than JSON")), "{damaged:?}");
    let down = trial.answered("{\"error\": \"down\"}").find("bookfinder", &[("title", text("dune"))]).await.outcome;
    assert_eq!(down.unwrap(), Err(Failure::Upstream("openlibrary.org answered without docs".into())));
}

#[test]
fn a_test_may_record_what_the_network_answers() {
    let script = repository("sdk/python/tests/recording.py");
    let ran =
        Command::new("python3").arg("-B").arg(script).env("PYTHONPATH", repository("sdk/python")).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
}

#[tokio::test]
async fn items_pages_and_options_cross_whole() {
    let probe = probe().await;
    assert_eq!(probe.provider().exports(), Exports { suggestions: true, actions: true });
    assert_eq!(probe.tells("echo", "çédille \u{1f600}").await, "'çédille \u{1f600}' None");
    let keyword = [("what", text("echo")), ("from", Value::Integer(-7))];
    assert_eq!(probe.told("probe do", &keyword).await, "None -7");
    let picked = [("colour", text("green")), ("member", Value::User("u2".into()))];
    assert_eq!(probe.told("probe pick-one", &picked).await, "green u2");
    let item = Item {
        id: "whole".into(),
        kind: "probe".into(),
        title: Some("Title".into()),
        text: Some("çédille \u{1f600}".into()),
        url: Some("https://example.org/item".into()),
        media: Some(Media::Blob(Blob {
            file_name: "dot.gif".into(),
            mime: "image/gif".into(),
            data: b"GIF89a\0\xff".to_vec(),
        })),
        thumbnail: Some("https://example.org/small".into()),
        author: Some(Link { label: "Ada".into(), url: None }),
        source: Some(Link { label: "The Paper".into(), url: Some("https://example.org/paper".into()) }),
        fields: vec![
            Field { name: "Score".into(), value: "97".into(), inline: true },
            Field { name: "Place".into(), value: "1".into(), inline: false },
        ],
        color: Some(0x00ab_cdef),
        published: Some(1_767_308_400_000),
        tags: vec!["one".into(), "two".into()],
        rating: Rating::Sensitive,
        actions: vec![
            Action { id: "again".into(), label: "Again".into(), style: ActionStyle::Secondary },
            Action { id: "drop".into(), label: "Drop".into(), style: ActionStyle::Danger },
        ],
        state: Some("state".into()),
    };
    let page = probe.find("probe do", &[("what", text("whole"))]).await.outcome.unwrap();
    assert_eq!(page, Ok(Page { items: vec![item], next: Some("2".into()), cache_for: Some(60) }));
}

#[tokio::test]
async fn suggestions_and_buttons_are_answered() {
    let probe = probe().await;
    let choices = probe.suggest("probe do", "text", "M").await;
    let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!(labels, ["Amor", "Tempo", "text {'what': 'echo'}"]);
    let choice = |label: &str, value| Choice { label: label.to_owned(), value };
    let kinds = [
        choice("a", text("text")),
        choice("b", Value::Integer(7)),
        choice("c", Value::Number(0.5)),
        choice("d", Value::Boolean(true)),
    ];
    assert_eq!(probe.suggest("probe do", "text", "kinds").await, kinds);
    assert_eq!(probe.suggest("probe do", "text", "epi").await[0].label, "Épica", "accents don't matter");
    assert_eq!(probe.suggest("probe do", "text", "misfit").await, []);
    let said = "TypeError: choices[0].value must be a whole number from -9223372036854775808 to 9223372036854775807, ";
    assert!(probe.log()[0].1.starts_with(said), "{:?}", probe.log());
    let probe = probe.answered("{}");
    assert_eq!(probe.suggest("probe do", "text", "fail").await, []);
    assert_eq!(probe.log()[0], (Level::Error, "ValueError: no suggestions today".to_owned()));

    let page = probe.act("probe do", "again").await.outcome.unwrap().unwrap();
    let expected = "again item state ProbeDo(what='echo', text=None, from_=None)";
    assert_eq!(page.items[0].text.as_deref(), Some(expected));
    let failure = probe.act("probe do", "fail").await.outcome.unwrap().unwrap_err();
    let expected = "ValueError: invalid literal for int() with base 10: 'seven' (src/deeper.py:6)";
    assert_eq!(failure, Failure::Internal(expected.to_owned()));
}

#[tokio::test]
async fn time_is_the_hosts_whatever_it_is_asked_by() {
    let told = probe().await.tells("clock", "").await;
    let date = "2026-11-18";
    let expected = format!(
        "{} | {date}T11:06:40.123000+00:00 | {date}T11:06:40.123000 | {date} | {date} 11:06 | 2026 | 1795305600.0",
        f64::from(u32::try_from(NOW / 1000).unwrap()) + 0.123,
    );
    assert_eq!(told, expected);
}

#[tokio::test]
async fn randomness_is_the_hosts_and_another_in_each_call() {
    let probe = probe().await;
    let (one, other) = (probe.tells("random", "").await, probe.tells("random", "").await);
    let (one, other) = (one.split(", ").collect::<Vec<_>>(), other.split(", ").collect::<Vec<_>>());
    assert_eq!(one.len(), 5);
    assert!(one.iter().zip(&other).filter(|(one, other)| one == other).count() <= 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn what_is_printed_or_logged_reaches_the_operator() {
    let probe = probe().await;
    assert_eq!(probe.tells("log", "").await, "logged");
    let line = |level, line: &str| (level, line.to_owned());
    let expected = [
        line(Level::Info, "printed 1 at once"),
        line(Level::Info, "and again"),
        line(Level::Warn, "to standard error"),
        line(Level::Info, "informed of something"),
        line(Level::Warn, "library: warned"),
        line(Level::Error, "went wrong"),
        line(Level::Error, "ValueError: invalid literal for int() with base 10: 'x'"),
    ];
    let log = probe.log();
    assert_eq!(log[..expected.len()], expected);
    let (level, misfit) = &log[log.len() - 7];
    assert!(
        *level == Level::Warn && misfit.starts_with("%d books (its values don't fit it, at src/main.py:"),
        "{log:?}"
    );
    let levels: Vec<Level> = log[log.len() - 6..].iter().map(|(level, _)| *level).collect();
    assert_eq!(levels, [Level::Trace, Level::Debug, Level::Info, Level::Warn, Level::Error, Level::Info]);
    assert_eq!(log[log.len() - 2].1, "half ?");
    assert_eq!(log[log.len() - 1].1, "without an end");
}

#[tokio::test]
async fn stray_exceptions_reach_the_log_with_files_and_lines() {
    let probe = probe().await;
    let failure = probe.fails("fail", "x").await;
    assert!(matches!(&failure, Failure::Internal(why) if why.starts_with("KeyError: 'no such number' (src/main.py:")));
    let log: Vec<String> = probe.log().into_iter().map(|(_, line)| line).collect();
    assert_eq!(log[0], "KeyError: 'no such number'");
    assert!(
        log.iter().any(|line| line == "caused by ValueError: invalid literal for int() with base 10: 'x'"),
        "{log:?}"
    );
    assert_eq!(log.last().unwrap(), "  at src/deeper.py:6 in fail: return int(text)");

    let failure = probe.fails("none", "").await;
    assert_eq!(failure, Failure::Internal("TypeError: find must return a Page, and returned nothing".to_owned()));
    let failure = probe.fails("recurse", "").await;
    assert!(matches!(&failure, Failure::Internal(why) if why.starts_with("RecursionError")), "{failure:?}");
    let failure = probe.fails("refused", "exit").await;
    assert!(matches!(&failure, Failure::Internal(why) if why.starts_with("SystemExit: 1")), "{failure:?}");
}

#[tokio::test]
async fn what_does_not_fit_the_contract_is_named_with_its_place() {
    let probe = probe().await;
    let misfits = [
        ("id", "items[0].id must be a text, not int: 5"),
        ("kind", "items[0].kind must be a text, not None"),
        ("title", "items[0].title must be a text, not int: 5"),
        ("url", "items[0].url must be a text, not bytes: b'https://example.org'"),
        ("media", "items[0].media must be a text, not int: 5"),
        ("data", "items[0].media.data must be bytes, not int: 5"),
        ("author", "items[0].author.url must be a text, not int: 5"),
        ("fields", "items[0].fields[1].value must be a text, not int: 5"),
        ("inline", "items[0].fields[0].inline must be True or False, not int: 5"),
        ("no field", "items[0].fields[0] must be a Field, not tuple: ('Year', '1965')"),
        ("color", "items[0].color must be a whole number from 0 to 16777215, not int: -1"),
        ("published", "items[0].published must be a datetime, not str: 'today'"),
        ("tags", "items[0].tags must be a list, not str: 'one'"),
        ("action", "items[0].actions[0].label must be a text, not int: 5"),
        ("style", "items[0].actions[0].style must be an ActionStyle, not int: 5"),
        ("state", "items[0].state must be a text, not dict: {}"),
        ("next", "next must be a text, not int: 5"),
        ("cache_for", "cache_for must be a timedelta or a number of seconds, and not below 0, not timedelta: "),
        ("items", "items must be a list, not int: 5"),
        ("value", "what the storage keeps must be a text or bytes, not int: 5 (src/main.py:"),
        ("key", "a key of the storage must be a text, not int: 5 (src/main.py:"),
        ("ttl", "ttl must be a timedelta or a number of seconds, and not below 0, not int: -1 (src/main.py:"),
        ("by", "by must be a whole number from -9223372036854775808 to 9223372036854775807, not int: "),
        ("after", "after must be a text, not int: 5 (src/main.py:"),
        ("limit", "limit must be a whole number from 0 to 4294967295, not int: -1 (src/main.py:"),
        ("setting", "the name of a setting must be a text, not int: 5 (src/main.py:"),
        ("header", "the header 'X' of an HTTP request must be a text, not int: 5 (src/main.py:"),
        ("url of a request", "an HTTP request's URL must be a text, not int: 5 (src/main.py:"),
        ("body", "an HTTP request's body must be a text or bytes, not int: 5 (src/main.py:"),
    ];
    for (misfit, said) in misfits {
        let failure = probe.fails("misfit", misfit).await;
        let Failure::Internal(why) = &failure else { panic!("{misfit}: {failure:?}") };
        assert!(why.starts_with(&format!("TypeError: {said}")), "{misfit}: {why}");
    }
    let taken = probe.find("probe do", &[("what", text("taken"))]).await.outcome.unwrap().unwrap();
    let item = &taken.items[0];
    assert_eq!((item.title.as_deref(), item.published), (Some("half ?"), None));
    assert_eq!(item.tags, ["one"]);
}

#[tokio::test]
async fn whatever_a_server_answers_is_no_mistake_of_the_providers() {
    let probe = probe().await;
    let title = async |body: &str| {
        let probe = probe.answered(body);
        let outcome = probe.find("probe do", &[("what", text("odd"))]).await.outcome.unwrap();
        assert_eq!(probe.requests()[0].url, "https://example.org/odd?q=a%20b", "without the fragment");
        outcome.map(|mut page| page.items.remove(0).title.unwrap_or_default())
    };
    assert_eq!(title("\u{feff}{\"title\": \"marked\"}").await.unwrap(), "marked");
    assert_eq!(title(r#"{"title": "half \ud83d"}"#).await.unwrap(), "half ?");
    let deep = probe.answered(&"[".repeat(100_000)).fails("odd", "deep").await;
    assert!(matches!(&deep, Failure::Upstream(why) if why.ends_with("it is nested more than 500 deep")), "{deep:?}");
    for taken in [format!("{}1{}", "[".repeat(500), "]".repeat(500)), format!(r#"["{}"]"#, r#"[\""#.repeat(600))] {
        assert_eq!(probe.answered(&taken).tells("odd", "deep").await, "1");
    }

    let refused = "https://example.org/refused answered 401: the secret `api-key` is missing or wrong; fill it in with `autocontent provider secret`";
    assert_eq!(probe.fails("key", "refused").await, Failure::Misconfigured(refused.to_owned()));
    assert_eq!(probe.tells("key", "broken").await, "500");
}

#[tokio::test]
async fn failures_are_answers() {
    let probe = probe().await;
    let argument = InvalidArgument { name: "text".into(), reason: "must be shorter".into() };
    let odd_argument = InvalidArgument { name: "5".into(), reason: "5".into() };
    let unspeakable = "something of the class Unspeakable that can't be shown".to_owned();
    let failures = [
        ("nothing", Failure::NothingFound),
        ("argument", Failure::InvalidArgument(argument)),
        ("busy", Failure::Busy(Some(30))),
        ("long", Failure::Busy(Some(u32::MAX))),
        ("odd busy", Failure::Busy(None)),
        ("odd argument", Failure::InvalidArgument(odd_argument)),
        ("unspeakable", Failure::Upstream(unspeakable)),
        ("upstream", Failure::Upstream("down".into())),
        ("misconfigured", Failure::Misconfigured("no key".into())),
    ];
    for (kind, failure) in failures {
        assert_eq!(probe.fails("failures", kind).await, failure);
    }
}

#[tokio::test]
async fn the_host_is_asked_and_answers() {
    let probe = probe().await;
    let kept = "[['é', 1], b'plain', 5, None, ['seen'], TooLarge('a storage key, value or number is beyond what the contract allows')]";
    assert_eq!(probe.tells("storage", "").await, kept);
    let set = "['hello', 7, ['a', 'b'], None, TypeError(\"the setting 'text' has the value 'hello', which is not of kind boolean: see provider.toml\")]";
    assert_eq!(probe.tells("settings", "").await, set);
    assert_eq!(probe.answered(r#"{"é": [1]}"#).tells("http", "x").await, "{'é': [1]}");
    assert_eq!(probe.tells("post", "").await, "200 ['Response', 'Timeout']");
    let requests = probe.requests();
    let post = requests.iter().find(|request| request.method == http::Method::Post).unwrap();
    assert_eq!((post.timeout_ms, post.body.as_deref()), (Some(1500), Some(r#"{"é": [1]}"#.as_bytes())));
    let failures = [
        ("busy", Failure::Busy(Some(30))),
        ("resting", Failure::Busy(Some(30))),
        ("broken", Failure::Upstream("https://example.org/broken answered 500".into())),
        ("timeout", Failure::Upstream("no answer in time".into())),
        ("denied", Failure::Misconfigured("the host refused an HTTP request: example.net".into())),
    ];
    for (path, failure) in failures {
        assert_eq!(probe.fails("http", path).await, failure, "{path}");
    }
}

#[tokio::test]
async fn what_a_provider_does_not_have_is_refused_in_words() {
    let probe = probe().await;
    let refused = [
        ("file", "OSError: a provider has no files while it runs"),
        ("folder", "OSError: a provider has no files while it runs"),
        ("path", "OSError: a provider has no files while it runs"),
        ("stat", "OSError: a provider has no files while it runs"),
        ("sleep", "OSError: a provider can't sleep"),
        ("connection", "OSError: a provider has no sockets"),
        ("socket", "OSError: a provider has no sockets"),
        ("module", "ModuleNotFoundError: the module 'wave' was not imported when the component was built"),
        ("input", "OSError: nobody types into a provider"),
        ("thread", "RuntimeError: can't start new thread"),
        ("process", "OSError: "),
        ("url", "URLError: "),
        ("asyncio", "OSError: a provider has no event loop"),
        ("environment", "did it: None"),
        ("exists", "did it: False"),
    ];
    for (attempt, expected) in refused {
        let told = probe.tells("refused", attempt).await;
        assert!(told.starts_with(expected), "{attempt}: {told}");
    }
}

#[tokio::test]
async fn many_items_are_answered_and_too_many_end_the_call() {
    let probe = probe().await;
    let large = |count| [("what", text("large")), ("from", Value::Integer(count))];
    for count in [0, 200] {
        let page = probe.find("probe do", &large(count)).await.outcome.unwrap().unwrap();
        assert_eq!(page.items.len(), usize::try_from(count).unwrap());
    }
    let call = probe.find("probe do", &large(10_000)).await;
    assert_eq!(call.outcome.unwrap_err(), Fault::ResultTooLarge);
}

#[test]
fn mistakes_are_told_before_anything_is_built() {
    let project = copy_of("examples/bookfinder-python");
    let append = |file: &str, line: &str| {
        let path = project.path().join(file);
        let before = fs::read_to_string(&path).unwrap_or_default();
        fs::write(&path, format!("{before}{line}\n")).unwrap();
        before.lines().count() + 1
    };
    let main = fs::read_to_string(project.path().join("src/main.py")).unwrap();
    let line = append("src/main.py", "def broken(:");
    append("src/second.py", "return 1");
    let (built, printed) = build(project.path());
    assert!(matches!(built, Err(WorkshopError::Tool { .. })), "{built:?}");
    assert!(printed.contains(&format!("src/main.py:{line}: SyntaxError")), "{printed}");
    assert!(printed.contains("src/second.py:1: SyntaxError: 'return' outside function"), "{printed}");
    fs::remove_file(project.path().join("src/second.py")).unwrap();

    fs::write(project.path().join("src/main.py"), main.replace("def find(", "def found(")).unwrap();
    let error = build(project.path()).0.unwrap_err().to_string();
    assert_eq!(error, "src/main.py has no `def find(request)`: every provider answers its commands there");

    fs::write(project.path().join("src/main.py"), &main).unwrap();
    let line = append("src/main.py", "import nothing_of_that_name");
    let (built, printed) = build(project.path());
    assert!(matches!(built, Err(WorkshopError::Tool { .. })), "{built:?}");
    assert!(printed.contains(&format!("File \"src/main.py\", line {line}")), "{printed}");
    assert!(printed.contains("No module named 'nothing_of_that_name'"), "{printed}");
    assert!(!printed.contains("_component") && !printed.contains("Stack backtrace"), "{printed}");

    let manifest = fs::read_to_string(project.path().join("provider.toml")).unwrap();
    let manifest = manifest.replace("max-length = 100", "max-length = 100\nautocomplete = true");
    fs::write(project.path().join("provider.toml"), manifest).unwrap();
    let renamed = main.replace("def find(", "def found(");
    let annotated = format!("{renamed}\nfind: object = found\n");
    let derived =
        format!("{renamed}\nfrom base import Base\nclass Mine(Base):\n    def find(self, request): return 1\n");
    for with_find in [main, annotated, derived] {
        fs::write(project.path().join("src/main.py"), with_find).unwrap();
        let error = build(project.path()).0.unwrap_err().to_string();
        assert!(error.starts_with("src/main.py has no `def suggest(partial)`: provider.toml marks"), "{error}");
    }
}

#[test]
fn only_what_is_python_alone_can_be_depended_on() {
    let project = copy_of("examples/bookfinder-python");
    depend_on(&project, "lxml==6.1.3");
    let (built, printed) = build(project.path());
    let error = built.unwrap_err().to_string();
    assert!(error.contains("pyproject.toml: one of the dependencies could not be installed"), "{error}\n{printed}");
    depend_on(&project, "tomli==2.5.0");
    let main = project.path().join("src/main.py");
    let text = fs::read_to_string(&main).unwrap();
    fs::write(&main, text.replace("from typing import Any", "from typing import Any\nimport tomli")).unwrap();
    let (built, printed) = build(project.path());
    built.unwrap_or_else(|error| panic!("{error:?}\n{printed}"));
}

fn depend_on(project: &TempDir, package: &str) {
    let file = project.path().join("pyproject.toml");
    let text = fs::read_to_string(repository("examples/bookfinder-python/pyproject.toml")).unwrap();
    fs::write(&file, text.replace("dependencies = []", &format!("dependencies = [\"{package}\"]"))).unwrap();
}
