//! Providers in C: built by clang, run in the sandbox.

use std::fs;
use std::path::Path;

use autocontent_runtime::contract::log::Level;
use autocontent_runtime::contract::{
    Action, ActionStyle, Blob, Choice, Failure, Field, InvalidArgument, Item, Link, Media, Page, Rating, Value, http,
};
use autocontent_runtime::{Exports, Fault};
use autocontent_workshop::{Packed, WorkshopError};
use tokio::sync::OnceCell;

use crate::sandbox::{NOW, Trial, build, copy_of, repository, text};

/// The fixture that does what it is told, built once.
async fn probe() -> Trial {
    static PROBE: OnceCell<Trial> = OnceCell::const_new();
    let probe = PROBE.get_or_init(|| async {
        let project = copy_of("host/workshop/tests/projects/c");
        let (built, printed) = build(project.path());
        let built = built.unwrap_or_else(|error| panic!("{error:?}\n{printed}"));
        assert!(!printed.contains("warning"), "{printed}");
        Trial::of(&built.component).await
    });
    probe.await.answered("")
}

impl Trial {
    async fn does(&self, what: &str, with: &str, number: i64) -> String {
        self.told("probe", &[("what", text(what)), ("text", text(with)), ("number", Value::Integer(number))]).await
    }

    /// How a call ends that does not answer.
    async fn ends(&self, what: &str, with: &str) -> Fault {
        let call = self.find("probe", &[("what", text(what)), ("text", text(with))]).await;
        call.outcome.unwrap_err()
    }
}

#[tokio::test]
async fn the_example_finds_books() {
    let project = copy_of("examples/bookfinder-c");
    let (built, printed) = build(project.path());
    let Packed { component, inspection } = built.unwrap_or_else(|error| panic!("{error:?}\n{printed}"));
    assert!(!printed.contains("warning"), "{printed}");
    assert!(inspection.imports.iter().all(|import| import.starts_with("autocontent:provider/")), "{inspection:?}");
    assert!(inspection.size < 60_000, "a provider in C should be small, and this one has {} bytes", inspection.size);
    let recorded = fs::read_to_string(repository("examples/bookfinder-c/recordings/examples.json")).unwrap();
    let recorded: serde_json::Value = serde_json::from_str(&recorded).unwrap();
    let exchange = &recorded["exchanges"][0];

    let trial = Trial::of(&component).await.answered(&exchange["response"]["json"].to_string());
    let mut page = trial.find("bookfinder", &[("title", text("dune"))]).await.outcome.unwrap().unwrap();
    let asked = trial.requests().remove(0).url;
    assert_eq!(asked.replace("limit=5", "limit=10"), exchange["request"]["url"].as_str().unwrap());
    assert_eq!(page.next.as_deref(), Some("2"));
    let book = page.items.remove(0);
    assert_eq!(book.title.as_deref(), Some("Dune"));
    assert_eq!(book.text.as_deref(), Some("Frank Herbert"));
    assert_eq!(book.fields[0].value, "1965");
    assert_eq!(book.url.as_deref(), Some("https://openlibrary.org/works/OL893415W"));
    let cover = "https://covers.openlibrary.org/b/id/11481354-L.jpg".to_owned();
    assert_eq!(book.media, Some(Media::Url(cover)));
    assert_eq!((&page.items[1].media, page.items[1].fields.len()), (&None, 0), "what is not known is left out");

    let damaged = trial.answered("<html>").find("bookfinder", &[("title", text("dune"))]).await.outcome.unwrap();
    assert!(matches!(damaged, Err(Failure::Upstream(_))), "{damaged:?}");
    let down = trial.answered("{\"error\": \"down\"}").find("bookfinder", &[("title", text("dune"))]).await.outcome;
    assert_eq!(down.unwrap(), Err(Failure::Upstream("openlibrary.org answered without docs".into())));
}

#[tokio::test]
async fn items_pages_and_options_cross_whole() {
    let probe = probe().await;
    assert_eq!(probe.provider().exports(), Exports { suggestions: true, actions: true });
    assert_eq!(probe.does("echo", "çédille \u{1f600}", -(1 << 52)).await, "çédille \u{1f600} -4503599627370496");
    assert_eq!(probe.told("probe", &[("what", text("echo"))]).await, "none 0");
    assert_eq!(probe.does("speaks", "", 0).await, "yes");
    let field = |index: i32| Field { name: "Score".into(), value: index.to_string(), inline: index % 2 == 0 };
    let item = Item {
        id: "whole".into(),
        kind: "probe".into(),
        title: Some("Title".into()),
        text: Some("1\\. a \\*star\\*".into()),
        url: Some("https://example.org/item".into()),
        media: Some(Media::Blob(Blob {
            file_name: "dot.gif".into(),
            mime: "image/gif".into(),
            data: b"GIF89a\0\xff".to_vec(),
        })),
        thumbnail: None,
        author: Some(Link { label: "Ada".into(), url: None }),
        source: Some(Link { label: "The Paper".into(), url: Some("https://example.org/paper".into()) }),
        fields: (0..5).map(field).collect(),
        color: Some(0x00ab_cdef),
        published: Some(NOW.unsigned_abs()),
        tags: vec!["tag0".into(), "tag1".into(), "tag2".into()],
        rating: Rating::Sensitive,
        actions: vec![
            Action { id: "again".into(), label: "Again".into(), style: ActionStyle::Secondary },
            Action { id: "drop".into(), label: "Drop".into(), style: ActionStyle::Danger },
        ],
        state: Some("state".into()),
    };
    let page = probe.find("probe", &[("what", text("whole"))]).await.outcome.unwrap();
    assert_eq!(page, Ok(Page { items: vec![item], next: Some("2".into()), cache_for: Some(60) }));
}

#[tokio::test]
async fn suggestions_and_buttons_are_answered() {
    let probe = probe().await;
    let choice = |label: &str, value| Choice { label: label.to_owned(), value };
    let expected = [
        choice("Amor", text("word")),
        choice("Mar", text("word")),
        choice("text", Value::Integer(-7)),
        choice("probe", Value::Number(0.5)),
    ];
    let choices = probe.suggest("probe", "text", "M").await;
    assert_eq!(choices[..2], expected[..2]);
    assert_eq!(choices[choices.len() - 2..], expected[2..]);
    assert_eq!(probe.suggest("probe", "text", "nothing").await, []);
    let page = probe.act("probe", "again").await.outcome.unwrap().unwrap();
    assert_eq!(page.items[0].text.as_deref(), Some("again item state probe"));
    let fault = probe.act("probe", "fail").await.outcome.unwrap_err();
    assert_eq!(fault, Fault::Trap { message: "not this button".into() });
}

#[tokio::test]
async fn the_host_is_asked_and_answers() {
    let probe = probe().await;
    assert_eq!(probe.does("clock", "", 0).await, NOW.to_string());
    assert_eq!(probe.does("storage", "", 0).await, "1 é 5 1 seen");
    assert_eq!(probe.does("settings", "", 0).await, "hello 7 2 b 0.125");
    let (one, other) = (probe.does("random", "", 0).await, probe.does("random", "", 0).await);
    assert_ne!(one, other);
    assert_eq!(probe.does("log", "", 0).await, "logged");
    let line = |level, line: &str| (level, line.to_owned());
    let expected = [
        line(Level::Trace, "a trace"),
        line(Level::Debug, "1"),
        line(Level::Info, "half a character: \u{fffd}"),
        line(Level::Warn, "a warning"),
        line(Level::Error, "an error"),
    ];
    assert_eq!(probe.log(), expected);
}

#[tokio::test]
async fn http_is_spoken_in_json() {
    let probe = probe().await;
    let answer = r#"{ "docs": [1, -2.5, "é\n", [], {}, null, { "deep": [true] }] }"#;
    let compact = r#"[1,-2.5,"é\u000a",[],{},null,{"deep":[true]}]"#;
    assert_eq!(probe.answered(answer).does("fetch", "a b/ç", 0).await, compact);
    assert_eq!(probe.does("post", "", 0).await, "200 0 30");
    let requests = probe.requests();
    let post = requests.iter().find(|request| request.method == http::Method::Post).unwrap();
    assert_eq!(post.headers.len(), 2);
    let body = String::from_utf8(post.body.clone().unwrap()).unwrap();
    assert_eq!(body, r#"{"é":[1,0.25,"\"\u000a",true,null],"empty":{}}"#);

    let failures = [
        ("busy", Failure::Busy(Some(30))),
        ("resting", Failure::Busy(Some(30))),
        ("broken", Failure::Upstream("https://example.org/broken answered 500".into())),
        ("timeout", Failure::Upstream("no answer in time".into())),
        ("denied", Failure::Misconfigured("the host refused an HTTP request: example.net".into())),
    ];
    for (path, failure) in failures {
        let outcome = probe.find("probe", &[("what", text("fetch")), ("text", text(path))]).await.outcome;
        assert_eq!(outcome, Ok(Err(failure)), "{path}");
    }
    let refused = "https://example.org/refused answered 401: the secret `api-key` is missing or wrong; fill it in with `autocontent provider secret`";
    let outcome = probe.find("probe", &[("what", text("secret"))]).await.outcome;
    assert_eq!(outcome, Ok(Err(Failure::Misconfigured(refused.into()))));
}

#[tokio::test]
async fn what_is_added_to_a_copy_is_not_seen_in_another() {
    let probe = probe().await;
    let page = probe.find("probe", &[("what", text("copies"))]).await.outcome.unwrap().unwrap();
    for (item, id) in page.items.iter().zip(["one", "two"]) {
        let fields: Vec<&str> = item.fields.iter().map(|field| field.value.as_str()).collect();
        let buttons: Vec<&str> = item.actions.iter().map(|action| action.id.as_str()).collect();
        assert_eq!((item.id.as_str(), &item.tags[..]), (id, &["both".to_owned(), id.to_owned()][..]));
        assert_eq!((fields, buttons), (vec!["both", id], vec!["both", id]));
    }
    let headers = probe.requests().into_iter().map(|request| request.headers[1].value.clone());
    assert_eq!(headers.collect::<Vec<_>>(), ["one", "two"]);
}

#[tokio::test]
async fn failures_are_answers() {
    let probe = probe().await;
    let failures = [
        ("nothing", Failure::NothingFound),
        (
            "argument",
            Failure::InvalidArgument(InvalidArgument { name: "text".into(), reason: "must be shorter".into() }),
        ),
        ("busy", Failure::Busy(Some(30))),
        ("upstream", Failure::Upstream("it is down".into())),
        ("misconfigured", Failure::Misconfigured("no key".into())),
        ("other", Failure::Internal("no such kind: other".into())),
    ];
    for (kind, failure) in failures {
        let outcome = probe.find("probe", &[("what", text("failure")), ("text", text(kind))]).await.outcome;
        assert_eq!(outcome, Ok(Err(failure)));
    }
}

#[tokio::test]
async fn what_ends_a_call_says_why_in_the_log() {
    let probe = probe().await;
    let trap = |message: &str| Fault::Trap { message: message.to_owned() };
    assert_eq!(probe.ends("fail", "ç").await, trap("there is nothing for ç"));
    assert_eq!(probe.ends("abort", "").await, trap("abort was called"));
    let Fault::Trap { message } = probe.ends("assert", "").await else { panic!("an assertion must trap") };
    assert!(message.starts_with("src/probe.c:") && message.ends_with(": assertion failed: number == 7"), "{message}");
    let kinds = "the setting \"text\" is of kind text in provider.toml, and was read as boolean";
    assert_eq!(probe.ends("wrong setting", "").await, trap(kinds));
    let kinds = "the option \"text\" is of kind text in provider.toml, and was read as boolean";
    assert_eq!(probe.ends("wrong option", "").await, trap(kinds));
    assert!(matches!(probe.ends("exhaust", "").await, Fault::Memory));
    let said = probe.log().into_iter().any(|(_, line)| line.starts_with("out of memory: 100000 bytes"));
    assert!(said, "{:?}", probe.log());
    // Whatever it is called: the stack lies before everything else, so that nothing was overwritten.
    assert!(matches!(probe.ends("recurse", "").await, Fault::Stack | Fault::Trap { .. }));
    assert!(matches!(probe.ends("half", "").await, Fault::Trap { .. } | Fault::Invalid { .. }));
}

#[tokio::test]
async fn nothing_is_too_long_or_too_many_for_the_helpers() {
    let probe = probe().await;
    for number in [0, 1, 2, 3, 1000] {
        let arguments = [("what", text("many")), ("number", Value::Integer(number))];
        let page = probe.find("probe", &arguments).await.outcome.unwrap().unwrap();
        let expected: Vec<String> = (0..number).map(|number| number.to_string()).collect();
        assert_eq!(page.items.into_iter().map(|item| item.id).collect::<Vec<_>>(), expected);
    }
    assert_eq!(probe.find("probe", &[("what", text("empty"))]).await.outcome.unwrap().unwrap().items, []);
    assert_eq!(probe.does("long", "", 300_000).await.chars().count(), 300_000);
    assert_eq!(probe.does("echo", &"é".repeat(200_000), 0).await.chars().count(), 200_002);
    assert_eq!(probe.does("memory", "", 4_000).await, "kept");
}

#[tokio::test]
async fn only_what_the_author_defines_is_exported() {
    let project = copy_of("examples/bookfinder-c");
    let packed = build(project.path()).0.unwrap();
    assert_eq!(packed.inspection.exports, Exports::default());
    append(project.path(), "ac_answer act(const ac_press *press) { return find(&press->request); }");
    let packed = build(project.path()).0.unwrap();
    assert_eq!(packed.inspection.exports, Exports { suggestions: false, actions: true });
}

#[test]
fn mistakes_are_told_with_file_and_line() {
    let project = copy_of("examples/bookfinder-c");
    append(project.path(), "int broken(void) { return title; }");
    fs::write(project.path().join("src/second.c"), "#include <stdio.h>\n").unwrap();
    let (built, printed) = build(project.path());
    assert!(matches!(built, Err(WorkshopError::Tool { .. })), "{built:?}");
    let line = fs::read_to_string(project.path().join("src/bookfinder.c")).unwrap().lines().count();
    assert!(printed.contains(&format!("src/bookfinder.c:{line}:")), "{printed}");
    assert!(printed.contains("src/second.c:1:10:"), "every file is compiled: {printed}");
}

#[test]
fn each_source_becomes_a_part_of_the_component_whatever_its_name_and_what_editors_leave_does_not() {
    let project = copy_of("examples/bookfinder-c");
    let source = |name: &str, text: &str| {
        let path = project.path().join("src").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    source("a-b.c", "int one(void);\nint one(void) { return 1; }\n");
    source("a/b.c", "int two(void);\nint two(void) { return 2; }\n");
    append(
        project.path(),
        "int one(void); int two(void); int sum(void); int sum(void) { return one() + two() + SOME; }",
    );
    // As an editor marks a file that is open: a link that leads nowhere.
    std::os::unix::fs::symlink("me@here.1", project.path().join("src/.#bookfinder.c")).unwrap();
    let flags = project.path().join("compile_flags.txt");
    let before = fs::read_to_string(&flags).unwrap();
    fs::write(flags, format!("{before}\n-flto\n-DSOME=sizeof(\"a b\")\n")).unwrap();
    let (built, printed) = build(project.path());
    built.unwrap_or_else(|error| panic!("{error:?}\n{printed}"));
}

#[test]
fn a_missing_function_is_named() {
    let project = copy_of("examples/bookfinder-c");
    let source = project.path().join("src/bookfinder.c");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, text.replace("ac_answer find(", "ac_answer found(")).unwrap();
    let error = build(project.path()).0.unwrap_err().to_string();
    let expected = "src/ has no `ac_answer find(const ac_request *request)`: every provider answers its commands there";
    assert_eq!(error, expected);

    fs::write(&source, &text).unwrap();
    let manifest = project.path().join("provider.toml");
    let described = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, described.replace("max-length = 100", "max-length = 100\nautocomplete = true")).unwrap();
    let error = build(project.path()).0.unwrap_err().to_string();
    assert!(error.contains("`ac_choices suggest(const ac_partial *partial)`"), "{error}");
    assert!(error.ends_with("marks the option `title` of `/bookfinder` autocomplete"), "{error}");
}

fn append(project: &Path, line: &str) {
    let source = project.join("src/bookfinder.c");
    let text = fs::read_to_string(&source).unwrap();
    fs::write(&source, format!("{text}{line}\n")).unwrap();
}
