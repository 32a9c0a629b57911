//! Harnesses for the tests: the runtime's guests, compiled by this test binary.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use autocontent_runtime::{Compiler, compile_child_main};
use autocontent_workshop::harness::{Harness, Setup, Traffic};
use tempfile::TempDir;

/// This test binary compiles for itself, by running just the test below with two arguments more.
const CHILD: [&str; 3] = ["--exact", "--nocapture", "trying::compiles_when_told_to"];

#[test]
fn compiles_when_told_to() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.len() > CHILD.len() && arguments.starts_with(&CHILD.map(Into::into)) {
        return compile_child_main(arguments.into_iter().skip(CHILD.len()));
    }
    ExitCode::SUCCESS
}

/// One for all tests, as an author's is for all runs.
static CACHE: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

pub(crate) fn compiler() -> Compiler {
    Compiler { program: std::env::current_exe().unwrap(), args: CHILD.map(Into::into).to_vec() }
}

pub(crate) fn cache() -> PathBuf {
    CACHE.path().join("compiled")
}

/// The file of a guest that `cargo xtask build-providers` made.
pub(crate) fn guest(id: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let file = target.join("test-guests").join(id).with_extension("wasm");
    assert!(file.exists(), "run `cargo xtask build-providers` first");
    file
}

pub(crate) fn setup(id: &str) -> Setup {
    Setup::new(std::fs::read(guest(id)).unwrap(), compiler(), cache())
}

pub(crate) async fn open(id: &str) -> Harness {
    setup(id).open().await.unwrap()
}

/// A guest that is played these exchanges.
pub(crate) async fn playing(id: &str, exchanges: &str) -> Harness {
    let file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    std::fs::write(file.path(), format!("{{ \"exchanges\": [{exchanges}] }}")).unwrap();
    let traffic = Traffic::Played(vec![file.path().to_owned()]);
    Setup { traffic, ..setup(id) }.open().await.unwrap()
}
