//! Each target for some seconds, with stable Rust: its seeds, changes of them, and bytes of no origin. For longer, with
//! a fuzzer that learns: `cargo xtask fuzz`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use autocontent_fuzz_targets::{TARGETS, child};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};

/// Inputs of a target, for some seconds: what compiles takes a process for each, and messages are long.
fn cases(target: &str) -> u32 {
    match target {
        "compile" => 60,
        "message" => 300,
        _ => 3_000,
    }
}

#[test]
fn the_child_that_compiles() -> ExitCode {
    child().unwrap_or(ExitCode::SUCCESS)
}

#[test]
fn button() {
    hold("button");
}

#[test]
fn compile() {
    hold("compile");
}

#[test]
fn component() {
    hold("component");
}

#[test]
fn interaction() {
    hold("interaction");
}

#[test]
fn manifest() {
    hold("manifest");
}

#[test]
fn message() {
    hold("message");
}

#[test]
fn url() {
    hold("url");
}

#[test]
fn every_target_has_a_program_for_the_fuzzer_and_seeds() {
    let names: BTreeSet<_> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let found = |folder: &str| -> BTreeSet<String> {
        let files = fs::read_dir(root().join(folder)).unwrap();
        files.map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    assert_eq!(found("fuzz/fuzz_targets"), names);
    assert_eq!(found("fuzz/seeds"), names);
    let programs = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for name in names {
        assert!(programs.contains(&format!("path = \"fuzz_targets/{name}.rs\"")), "{name} is not in fuzz/Cargo.toml");
    }
}

/// Calls a target with its seeds, and with as many inputs more.
fn hold(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let seeds = seeds(name);
    for seed in &seeds {
        (target.run)(seed);
    }
    // A failure is told with the smallest input that was found for it; it then becomes a seed.
    let config = Config { cases: cases(name), failure_persistence: None, ..Config::default() };
    let tried = TestRunner::new(config).run(&input(seeds), |input| {
        (target.run)(&input);
        Ok(())
    });
    tried.unwrap_or_else(|failure| panic!("{failure}"));
}

/// What is committed for a target, and for components those that the project builds.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let mut files = files(&root().join("fuzz/seeds").join(name));
    assert!(!files.is_empty(), "{name} has no seeds");
    if name == "component" {
        let built = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("test-guests");
        files.extend(self::files(&built));
    }
    files.into_iter().map(|file| fs::read(file).unwrap()).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder);
    let entries =
        entries.unwrap_or_else(|error| panic!("{}: {error}: run `cargo xtask build-providers`", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Bytes of no origin, and seeds with a few changes.
fn input(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let changed =
        (select(seeds.clone()), select(seeds), vec(change(), 1..6)).prop_map(|(mut bytes, other, changes)| {
            for change in changes {
                change.apply(&mut bytes, &other);
            }
            bytes
        });
    prop_oneof![1 => vec(any::<u8>(), 0..4_096), 4 => changed]
}

/// A change of an input.
#[derive(Clone, Debug)]
enum Change {
    /// A byte becomes another.
    Flip(Index, u8),
    /// Bytes come in between.
    Insert(Index, Vec<u8>),
    /// Bytes go.
    Delete(Index, usize),
    /// A part stands there again, as often.
    Repeat(Index, usize, usize),
    /// It goes on as another seed does.
    Cross(Index, Index),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<Index>;
    prop_oneof![
        4 => (place(), 1..=u8::MAX).prop_map(|(at, by)| Change::Flip(at, by)),
        2 => (place(), vec(any::<u8>(), 1..8)).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        2 => (place(), 1..40_usize).prop_map(|(at, count)| Change::Delete(at, count)),
        1 => (place(), 1..40_usize, 2..200_usize).prop_map(|(at, count, times)| Change::Repeat(at, count, times)),
        1 => (place(), place()).prop_map(|(at, from)| Change::Cross(at, from)),
    ]
}

impl Change {
    fn apply(self, bytes: &mut Vec<u8>, other: &[u8]) {
        let at = |place: Index, length: usize| place.index(length + 1);
        match self {
            Change::Flip(place, by) => {
                if !bytes.is_empty() {
                    let at = place.index(bytes.len());
                    bytes[at] ^= by;
                }
            }
            Change::Insert(place, new) => {
                let at = at(place, bytes.len());
                bytes.splice(at..at, new);
            }
            Change::Delete(place, count) => {
                let at = at(place, bytes.len());
                bytes.drain(at..(at + count).min(bytes.len()));
            }
            Change::Repeat(place, count, times) => {
                let at = at(place, bytes.len());
                let part = bytes[at..(at + count).min(bytes.len())].repeat(times);
                bytes.splice(at..at, part);
            }
            Change::Cross(place, from) => {
                bytes.truncate(at(place, bytes.len()));
                bytes.extend_from_slice(&other[at(from, other.len())..]);
            }
        }
    }
}
