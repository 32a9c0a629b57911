//! A sandbox in a folder of its own, with what its calls need; and the child that it compiles with.

use std::path::Path;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};

use autocontent_runtime::contract::{Audience, Failure, Page, Partial, Place, Request, Trigger, log::Level};
use autocontent_runtime::{
    Call, Capabilities, Clock, CompileLimits, Compiler, LoadError, Log, Provider, Runtime, RuntimeConfig, SeededRandom,
    compile_child_main,
};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::guest::Guest;

/// What `system.now` tells, in milliseconds.
pub(crate) const NOW: i64 = 1_795_000_000_123;

/// This test binary is its own compiler: it starts itself to run just this test, with the two arguments that the
/// sandbox adds after these.
const CHILD: [&str; 3] = ["--exact", "--nocapture", "sandbox::the_compiler_asks_for_its_arguments"];

#[test]
fn the_compiler_asks_for_its_arguments() -> ExitCode {
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    if args.len() == CHILD.len() + 2 && args.starts_with(&CHILD.map(Into::into)) {
        return compile_child_main(args.into_iter().skip(CHILD.len()));
    }
    assert_eq!(compile_child_main([]), ExitCode::FAILURE);
    assert_eq!(compile_child_main(["output".into(), "much".into()]), ExitCode::FAILURE);
    ExitCode::SUCCESS
}

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(NOW).unwrap()
    }
}

/// A sandbox and the folder of its cache.
pub(crate) struct Sandbox {
    pub(crate) runtime: Runtime,
    pub(crate) folder: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Sandbox {
        Sandbox::of(8)
    }

    /// With room for so many calls at the same time.
    pub(crate) fn of(concurrency: u32) -> Sandbox {
        let folder = TempDir::new().unwrap();
        let runtime = start(&folder.path().join("cache"), concurrency, compiler(), CompileLimits::default());
        Sandbox { runtime, folder }
    }

    /// Compiles and loads a hand-written guest.
    pub(crate) async fn provider(&self, guest: &Guest) -> Provider {
        self.install(&guest.build()).await.unwrap()
    }

    /// Compiles a component and loads it without its bytes.
    pub(crate) async fn install(&self, component: &[u8]) -> Result<Provider, LoadError> {
        let inspection = self.runtime.compile(component).await?;
        self.runtime.load(&inspection.digest, gone).await
    }
}

/// The store that has lost its components: loading must not need them.
pub(crate) async fn gone() -> Result<Vec<u8>, &'static str> {
    Err("the bytes were asked for")
}

pub(crate) fn compiler() -> Compiler {
    Compiler { program: std::env::current_exe().unwrap(), args: CHILD.map(Into::into).to_vec() }
}

pub(crate) fn start(cache: &Path, concurrency: u32, compiler: Compiler, compile: CompileLimits) -> Runtime {
    let config = RuntimeConfig { cache: cache.to_owned(), compiler, concurrency, compile };
    Runtime::new(config, Arc::new(FixedClock), Arc::new(SeededRandom::new(7))).unwrap()
}

/// Keeps what guests log.
#[derive(Default)]
pub(crate) struct KeptLog(pub(crate) Mutex<Vec<(Level, String)>>);

impl KeptLog {
    pub(crate) fn lines(&self) -> Vec<(Level, String)> {
        self.0.lock().unwrap().clone()
    }
}

impl Log for KeptLog {
    fn write(&self, level: Level, line: &str) {
        self.0.lock().unwrap().push((level, line.to_owned()));
    }
}

/// Nothing is granted, and nobody reads the log.
pub(crate) fn denied() -> Capabilities {
    Capabilities::denied(Arc::new(KeptLog::default()))
}

pub(crate) fn audience() -> Audience {
    Audience {
        user: "u1".into(),
        scope: "s1".into(),
        place: Place::Guild,
        locale: "pt-BR".into(),
        sensitive_allowed: false,
    }
}

pub(crate) fn request(command: &str) -> Request {
    Request {
        command: command.to_owned(),
        arguments: Vec::new(),
        trigger: Trigger::Command,
        audience: audience(),
        limit: 5,
        cursor: None,
    }
}

pub(crate) fn partial() -> Partial {
    Partial {
        command: "guest".into(),
        name: "topic".into(),
        typed: "co".into(),
        arguments: Vec::new(),
        audience: audience(),
    }
}

/// Asks a guest for this command.
pub(crate) async fn find(provider: &Provider, command: &str) -> Call<Result<Page, Failure>> {
    provider.find(&request(command), &denied()).await
}

/// What [`crate::guest::ECHO`] answers to this command.
pub(crate) fn echo(command: &str) -> Page {
    Page { items: Vec::new(), next: Some(command.to_owned()), cache_for: None }
}
