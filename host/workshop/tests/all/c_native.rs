//! The parts of the SDK for C that need no host, as a program of this machine, under the sanitizers: JSON beside
//! serde_json, formats beside the C library's, and bytes of all sorts.

use std::io::Write as _;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;
use tempfile::TempDir;

use crate::sandbox::repository;

/// `sdk/c/tests/native.c`, built.
struct Native {
    folder: TempDir,
}

impl Native {
    fn build() -> Native {
        let (sdk, folder) = (repository("sdk/c"), tempfile::tempdir().unwrap());
        let mut compiler = Command::new("cc");
        compiler
            .args(["-O1", "-g", "-std=c11", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"])
            .args(["-fsanitize=address,undefined", "-fno-sanitize-recover=all"])
            .arg("-I")
            .arg(sdk.join("include"))
            .arg("-I")
            .arg(sdk.join("bindings"));
        compiler.args(
            ["text", "format", "json_read", "json_write", "memory"]
                .map(|part| sdk.join("src").join(part).with_extension("c")),
        );
        let built = compiler.arg(sdk.join("tests/native.c")).arg("-o").arg(folder.path().join("native")).status();
        assert!(built.unwrap().success());
        Native { folder }
    }

    /// The answer to each job: a letter and its data.
    fn answers<D: AsRef<[u8]>>(&self, jobs: &[(u8, D)]) -> Vec<Vec<u8>> {
        // What is taken is given back when the call ends, so every block is a leak here.
        let mut child = Command::new(self.folder.path().join("native"))
            .env("ASAN_OPTIONS", "detect_leaks=0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let mut sent = Vec::new();
        for (letter, data) in jobs {
            sent.push(*letter);
            sent.extend(u32::try_from(data.as_ref().len()).unwrap().to_le_bytes());
            sent.extend(data.as_ref());
        }
        let writer = std::thread::spawn(move || input.write_all(&sent));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        assert!(output.status.success(), "{}", output.status);
        let mut rest = output.stdout.as_slice();
        let mut answers = Vec::new();
        while let Some((length, after)) = rest.split_first_chunk::<4>() {
            let (answer, after) = after.split_at(usize::try_from(u32::from_le_bytes(*length)).unwrap());
            answers.push(answer.to_vec());
            rest = after;
        }
        assert_eq!(answers.len(), jobs.len());
        answers
    }

    fn answer(&self, letter: u8, data: impl AsRef<[u8]>) -> String {
        String::from_utf8(self.answers(&[(letter, data)]).remove(0)).unwrap()
    }
}

/// So many inputs of a kind, the same ones in every run.
fn samples<T: std::fmt::Debug>(strategy: &impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-1000.0..1000.0).prop_map(|number: f64| Value::from(number)),
        any::<String>().prop_map(Value::String),
        "[\u{0}-\u{1f}\"\\\\/é\u{1f600}]{0,8}".prop_map(Value::String),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::vec((any::<String>(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Equal but for the last digits of numbers that are not whole.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) if one.is_f64() || other.is_f64() => {
            let (one, other) = (one.as_f64().unwrap(), other.as_f64().unwrap());
            (one - other).abs() <= one.abs().max(other.abs()) * 1e-13 + f64::MIN_POSITIVE
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

#[test]
fn json_is_read_and_written_as_serde_does() {
    let values = samples(&any_json(), 3000);
    let texts: Vec<(u8, String)> = values
        .iter()
        .enumerate()
        .map(|(index, value)| (b'j', if index % 2 == 0 { value.to_string() } else { format!("{value:#}") }))
        .collect();
    let answers = Native::build().answers(&texts);
    for ((value, (_, text)), answer) in values.iter().zip(&texts).zip(answers) {
        let read: Value = serde_json::from_slice(&answer).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert!(same(value, &read), "{text} became {read}");
    }
}

#[test]
fn damaged_json_is_refused_where_serde_refuses_it() {
    let damage = (
        any_json(),
        any::<prop::sample::Index>(),
        prop_oneof![any::<u8>(), prop::sample::select(b"\"\\{}[]:,u0-.e1 \n".to_vec())],
    );
    let texts: Vec<(u8, Vec<u8>)> = samples(&damage, 6000)
        .into_iter()
        .map(|(value, at, byte)| {
            let mut text = value.to_string().into_bytes();
            let at = at.index(text.len());
            text[at] = byte;
            (b'j', text)
        })
        .collect();
    let answers = Native::build().answers(&texts);
    for ((_, text), answer) in texts.iter().zip(answers) {
        let expected: Result<Value, _> = serde_json::from_slice(text);
        // A half of a surrogate pair becomes a replacement character here, and numbers beyond a double are rounded there.
        let told_apart =
            String::from_utf8_lossy(text).contains("\\u") || text.iter().any(|byte| matches!(byte, b'e' | b'E'));
        if !told_apart {
            assert_eq!(answer == b"!", expected.is_err(), "{}: {expected:?}", String::from_utf8_lossy(text));
        }
    }
}

#[test]
fn json_that_others_stumble_over() {
    let native = Native::build();
    let read = |text: &str| native.answer(b'j', text);
    assert_eq!(read(r#""\ud83d\ude00 \ud83d \u00e9\/""#), "\"\u{1f600} \u{fffd} é/\"");
    assert_eq!(read("\u{feff}[1]"), "[1]");
    assert_eq!(read("[\u{feff}1]"), "!");
    assert_eq!(read("9223372036854775807"), "9223372036854775807");
    assert_eq!(read("-9223372036854775808"), "-9223372036854775808");
    assert_eq!(read("9223372036854775808"), "9.22337203685478e+18");
    assert_eq!(read("0.1"), "0.1");
    assert_eq!(read("1e400"), "!");
    assert_eq!(read("123456789012345678901234567890e-10"), "1.23456789012346e+19");
    assert_eq!(read("1e-400"), "0");
    assert_eq!(read(r#"{"a":1,"a":2}"#), r#"{"a":1,"a":2}"#);
    assert_eq!(read(&format!("{}{}", "[".repeat(64), "]".repeat(64))), format!("{}{}", "[".repeat(64), "]".repeat(64)));
    for damaged in [
        "",
        " ",
        "01",
        "1.",
        ".5",
        "+1",
        "[1,]",
        "{\"a\"}",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12\"",
        "nul",
        "\"",
        "\"\\",
        "[",
        "{\"a\":1",
        "1 2",
    ] {
        assert_eq!(read(damaged), "!", "{damaged:?}");
    }
    assert_eq!(read(&format!("{}{}", "[".repeat(65), "]".repeat(65))), "!");
    assert_eq!(read(&"[".repeat(1_000_000)), "!");
}

#[test]
fn formats_are_those_of_printf() {
    let whole = samples(&any::<u64>(), 3000).into_iter().map(u64::to_le_bytes);
    let decimal = samples(&(-1e6..1e6), 3000).into_iter().map(f64::to_le_bytes);
    let quarters = samples(&any::<i32>(), 3000).into_iter().map(|number| (f64::from(number) / 4.0).to_le_bytes());
    let round = [0.0, 1.0, -1.0, 0.5, 1e15, 1e16, 1e-4, 1e-5, 1e300, 1e-300, 5e-324, f64::MAX].map(f64::to_le_bytes);
    let jobs: Vec<(u8, [u8; 8])> = whole.chain(decimal).chain(quarters).chain(round).map(|data| (b'f', data)).collect();
    for ((_, data), answer) in jobs.iter().zip(Native::build().answers(&jobs)) {
        assert!(answer.is_empty(), "{:?}: {}", f64::from_le_bytes(*data), String::from_utf8_lossy(&answer));
    }
}

#[test]
fn a_directive_that_there_is_not_stands_as_it_is() {
    assert_eq!(Native::build().answer(b'd', "four"), "4 %p %s%%");
}

#[test]
fn bytes_of_all_sorts_become_texts() {
    let bytes = samples(&prop::collection::vec(any::<u8>(), 0..40), 1000);
    let native = Native::build();
    for letter in [b'u', b'e', b'm', b't', b'c', b's', b'i'] {
        let jobs: Vec<(u8, &Vec<u8>)> = bytes.iter().map(|bytes| (letter, bytes)).collect();
        for (bytes, answer) in bytes.iter().zip(native.answers(&jobs)) {
            match letter {
                b'u' => assert!(String::from_utf8(answer).is_ok(), "{bytes:?}"),
                b'e' => assert!(answer.is_ascii()),
                b't' => assert_eq!(answer, bytes.trim_ascii_with_vertical_tab()),
                b'c' => assert!(answer.len() <= 10),
                b'i' => {
                    let number = str::from_utf8(bytes).ok().and_then(|text| text.parse::<i64>().ok());
                    assert!(number.is_none_or(|number| answer == number.to_string().as_bytes()));
                }
                _ => {}
            }
        }
    }
}

#[test]
fn texts_are_cut_joined_and_encoded() {
    let native = Native::build();
    assert_eq!(
        native.answer(b'u', b"a\xc3\xa9\xc3 \xed\xa0\x80 \xf0\x9f\x98\x80"),
        "a\u{e9}\u{fffd} \u{fffd}\u{fffd}\u{fffd} \u{1f600}"
    );
    assert_eq!(native.answer(b'c', "ééééé"), "ééééé");
    assert_eq!(native.answer(b'c', "éééééé"), "ééé…");
    assert_eq!(native.answer(b'e', "a b&ç~"), "a%20b%26%C3%A7~");
    assert_eq!(
        native.answer(b'm', "2 * 3\n# no heading\n  - no list\n1914. a_b <c>"),
        "2 \\* 3\n\\# no heading\n  \\- no list\n1914\\. a\\_b \\<c>"
    );
    assert_eq!(native.answer(b's', "in a hayneeDLE stack"), "yes");
    assert_eq!(native.answer(b's', "Needl"), "no");
    for (text, number) in [
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", "!"),
        ("-9223372036854775809", "!"),
        ("-", "!"),
        ("", "!"),
        ("007", "7"),
        ("1 ", "!"),
    ] {
        assert_eq!(native.answer(b'i', text), number, "{text:?}");
    }
}

trait TrimBytes {
    fn trim_ascii_with_vertical_tab(&self) -> &[u8];
}

impl TrimBytes for Vec<u8> {
    /// As C's `isspace` has it.
    fn trim_ascii_with_vertical_tab(&self) -> &[u8] {
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t'..=b'\r');
        let start = self.iter().position(|byte| !blank(byte)).unwrap_or(self.len());
        let end = self.iter().rposition(|byte| !blank(byte)).map_or(start, |last| last + 1);
        &self[start..end]
    }
}
