//! Commands as they are typed.

use autocontent_manifest::{Argument, ArgumentError, CommandLine, Manifest, Value};

use crate::LEAST;

const OPTIONS: &str = r#"
[[command.option]]
name = "topic"
kind = "text"
description = "What about"
max-length = 20
[[command.option]]
name = "author"
kind = "text"
description = "By whom"
[[command.option]]
name = "genre"
kind = "text"
description = "Of which genre"
choices = ["drama", { label = "Science fiction", value = "sci-fi" }]
[[command.option]]
name = "count"
kind = "integer"
description = "How many"
min = 1
max = 10
[[command.option]]
name = "score"
kind = "number"
description = "The least score"
[[command.option]]
name = "short"
kind = "boolean"
description = "Only short ones"
[[command.option]]
name = "for"
kind = "user"
description = "For whom"
[[command.option]]
name = "in"
kind = "channel"
description = "Where"
[[command.option]]
name = "to"
kind = "role"
description = "To whom"
[[command.option]]
name = "file"
kind = "attachment"
description = "Like what"

[[command]]
name = "author"
description = "About authors"
[[command.subcommand]]
name = "born"
description = "By year of birth"
[[command.subcommand.option]]
name = "year"
kind = "integer"
description = "The year"
required = true
"#;

fn arguments(text: &str) -> Result<Vec<Argument>, ArgumentError> {
    let manifest = Manifest::parse(&format!("{LEAST}{OPTIONS}")).unwrap();
    let line = CommandLine::parse(text).unwrap();
    line.invocation(&manifest.commands)?.arguments(&line)
}

/// `name=value` for each argument.
fn shown(text: &str) -> String {
    let arguments = arguments(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    arguments.iter().map(|argument| format!("{}={}", argument.name, argument.value)).collect::<Vec<_>>().join(" ")
}

fn refusal(text: &str) -> String {
    arguments(text).expect_err(text).to_string()
}

#[test]
fn names_end_where_options_begin() {
    for (text, name) in [
        ("/quote", "quote"),
        ("  /quote  ", "quote"),
        ("/quote topic:x", "quote"),
        ("/author born year:1775", "author born"),
        ("/author   born", "author born"),
        ("/quote \"a\"", "quote \"a\""),
    ] {
        assert_eq!(CommandLine::parse(text).unwrap().name(), name, "{text}");
    }
    for text in ["", "quote", "/", "/ quote", "/topic:x", &format!("/{}", "a ".repeat(5000))] {
        assert!(CommandLine::parse(text).is_err(), "{text}");
    }
}

#[test]
fn texts_run_on_until_the_next_option_or_are_quoted() {
    assert_eq!(shown("/quote"), "");
    assert_eq!(shown("/quote topic:courage"), r#"topic="courage""#);
    assert_eq!(shown(r#"/quote topic:courage author:"Jane Austen""#), r#"topic="courage" author="Jane Austen""#);
    assert_eq!(
        shown("/quote author:Jane Austen   topic: love  and war "),
        r#"author="Jane Austen" topic="love  and war""#
    );
    assert_eq!(shown(r#"/quote author:"a \"b\" \\ \n topic:x""#), r#"author="a \"b\" \\ \\n topic:x""#);
    assert_eq!(shown("/quote author:at 10:30 re: it"), r#"author="at 10:30 re: it""#);
    assert_eq!(shown(r#"/quote topic:"" count:1"#), r#"topic="" count=1"#);
    assert_eq!(shown("/quote topic:a\tauthor:b\ncount:2"), r#"topic="a" author="b" count=2"#);
}

#[test]
fn values_are_of_the_kind_of_their_option() {
    assert_eq!(shown("/quote count:3 score:-0.5 short:true"), "count=3 score=-0.5 short=true");
    assert_eq!(shown("/quote genre:drama"), r#"genre="drama""#);
    assert_eq!(shown("/quote genre:Science fiction count:1"), r#"genre="sci-fi" count=1"#);
    assert_eq!(shown("/author born year:1775"), "year=1775");
    let found = arguments("/quote for:<@!42> in:<#43> to:<@&44> file:https://example.com/a.png").unwrap();
    let values: Vec<Value> = found.into_iter().map(|argument| argument.value).collect();
    let text = String::from;
    let expected = [
        Value::User(text("42")),
        Value::Channel(text("43")),
        Value::Role(text("44")),
        Value::Attachment(text("https://example.com/a.png")),
    ];
    assert_eq!(values, expected);
}

#[test]
fn while_one_option_is_typed_the_others_are_read_as_far_as_they_can_be() {
    let manifest = Manifest::parse(&format!("{LEAST}{OPTIONS}")).unwrap();
    let partial = |text: &str, typing: &str| {
        let line = CommandLine::parse(text).unwrap();
        let (typed, others) = line.invocation(&manifest.commands).unwrap().partial(&line, typing)?;
        let others: Vec<_> = others.iter().map(|argument| format!("{}={}", argument.name, argument.value)).collect();
        Ok::<_, ArgumentError>(format!("{typed}|{}", others.join(" ")))
    };
    assert_eq!(partial("/quote topic:cou count:3", "topic").unwrap(), "cou|count=3");
    assert_eq!(partial("/quote topic:", "topic").unwrap(), "|");
    assert_eq!(partial("/quote count:3 topic:\"old cou", "topic").unwrap(), "old cou|count=3");
    assert_eq!(partial("/quote topic:\"", "topic").unwrap(), "|");
    partial("/quote topic:\"old cou", "count").unwrap_err();
    assert_eq!(partial("/quote", "topic").unwrap(), "|");
    assert_eq!(partial("/quote count:x topic:a author:", "topic").unwrap(), "a|", "what can't be read is left out");
    assert_eq!(partial("/quote count:x", "count").unwrap(), "x|", "and what is typed may be anything");
    assert_eq!(partial("/author born year:17", "year").unwrap(), "17|");
    let error = partial("/quote topic:a", "tpoic").unwrap_err().to_string();
    assert!(error.contains("tpoic") && error.contains("topic"), "{error}");
}

#[test]
fn what_does_not_fit_is_refused_with_what_does() {
    let lines = [
        "/quote courage",
        "/quote courage topic:love",
        "/qoute topic:courage",
        "/author",
        "/author topic:x",
        "/author dead",
        "/author brn year:1775",
        "/quote autor:Jane",
        "/quote colour:red",
        "/quote topic:courage autor:Jane",
        "/quote topic:a topic:b",
        "/quote topic:",
        "/quote topic: author:x",
        "/quote topic:a text that is much too long",
        "/quote topic:\"open",
        "/quote topic:\"a\"b",
        "/quote genre:comedy",
        "/quote count:many",
        "/quote count:11",
        "/quote count:99999999999999999999",
        "/quote score:NaN",
        "/quote score:1e300",
        "/quote short:yes",
        "/quote for:somebody",
        "/quote to:<@42>",
        "/quote file:a.png",
        "/author born",
        "/author born yaer:1775",
    ];
    let shown: Vec<String> = lines.iter().map(|line| format!("{line}\n  {}", refusal(line))).collect();
    crate::snapshots().bind(|| insta::assert_snapshot!(shown.join("\n")));
}

#[test]
fn arguments_from_elsewhere_are_checked_alike() {
    let manifest = Manifest::parse(&format!("{LEAST}{OPTIONS}")).unwrap();
    let argument = |name: &str, value| Argument { name: name.parse().unwrap(), value };
    let quote = manifest.invocation("quote").unwrap();
    let born = manifest.invocation("author born").unwrap();
    assert_eq!(quote.check(&[argument("count", Value::Integer(10))]), Ok(()));
    assert!(matches!(quote.check(&[argument("count", Value::Integer(0))]), Err(ArgumentError::Wrong { .. })));
    assert!(matches!(quote.check(&[argument("count", Value::Text("3".into()))]), Err(ArgumentError::Wrong { .. })));
    assert!(matches!(quote.check(&[argument("score", Value::Number(f64::NAN))]), Err(ArgumentError::Wrong { .. })));
    assert!(matches!(quote.check(&[argument("year", Value::Integer(1))]), Err(ArgumentError::Unknown { .. })));
    let twice = [argument("short", Value::Boolean(true)), argument("short", Value::Boolean(false))];
    assert!(matches!(quote.check(&twice), Err(ArgumentError::Repeated { .. })));
    assert!(matches!(born.check(&[]), Err(ArgumentError::Missing { .. })));
}
