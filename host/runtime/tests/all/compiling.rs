//! The compiling child: its bounds, its crashes, and what is left behind.

use std::fs;
use std::path::Path;
use std::time::Duration;

use autocontent_manifest::ByteSize;
use autocontent_runtime::{CompileLimits, Compiler, LoadError};
use futures_util::future::join_all;
use tempfile::TempDir;
use wasm_encoder::{ComponentSection as _, CustomSection};

use crate::guest::{Guest, component, manifest, with_manifest};
use crate::sandbox::{Sandbox, compiler, echo, find, gone, start};

fn shell(script: &str) -> Compiler {
    Compiler { program: "/bin/sh".into(), args: vec!["-c".into(), script.into()] }
}

/// Compiles a guest with this compiler within these bounds, and sees that a failure leaves nothing behind.
async fn refused(compiler: Compiler, limits: CompileLimits) -> LoadError {
    let folder = TempDir::new().unwrap();
    let runtime = start(folder.path(), 2, compiler, limits);
    let error = runtime.compile(&Guest::default().build()).await.unwrap_err();
    assert_eq!(left(folder.path()), 0, "after {error}");
    error
}

fn left(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_component_that_is_too_large_is_not_even_read() {
    let limits = CompileLimits { size: 1000, ..CompileLimits::default() };
    let error = refused(compiler(), limits).await;
    assert!(matches!(error, LoadError::TooLarge { size: 1001.., limit: 1000 }), "{error}");
}

#[tokio::test]
async fn a_compiler_that_takes_too_long_is_killed() {
    let limits = CompileLimits { time: Duration::from_millis(50), ..CompileLimits::default() };
    let error = refused(shell("exec sleep 600"), limits).await;
    assert!(matches!(error, LoadError::CompileTime { limit } if limit == limits.time), "{error}");
}

#[tokio::test]
async fn a_compiler_that_takes_too_much_memory_is_stopped() {
    // A component that alone is larger than what the child may take, most of it padding.
    let mut component = Guest::default().build();
    CustomSection { name: "padding".into(), data: vec![0; 80 << 20].into() }.append_to_component(&mut component);
    let limits = CompileLimits { memory: 64 << 20, size: 100 << 20, ..CompileLimits::default() };
    let folder = TempDir::new().unwrap();
    let error = start(folder.path(), 2, compiler(), limits).compile(&component).await.unwrap_err();
    assert!(matches!(error, LoadError::CompileMemory { limit } if limit == ByteSize(64 << 20)), "{error}");
    assert_eq!(left(folder.path()), 0);
}

#[tokio::test]
async fn a_compiler_that_crashes_is_reported_with_its_last_words() {
    let error = refused(shell("echo 'oh no' >&2; kill -SEGV $$"), CompileLimits::default()).await;
    let LoadError::CompilerCrashed { status, output } = error else { panic!("{error}") };
    assert!(status.contains("signal: 11"), "{status}");
    assert_eq!(output, "oh no");
}

#[tokio::test]
async fn a_compiler_that_floods_standard_error_is_cut_off() {
    let flood = "trap '' PIPE; i=0; while [ $i -lt 3000 ]; do echo 0123456789 >&2 || exit 3; i=$((i+1)); done; exit 4";
    let error = refused(shell(flood), CompileLimits::default()).await;
    let LoadError::CompilerCrashed { output, .. } = error else { panic!("{error}") };
    assert!(output.len() <= 2048, "{}", output.len());
}

#[tokio::test]
async fn a_compiler_that_writes_nothing_or_nonsense_is_noticed() {
    for script in ["exit 0", "echo nonsense > $0"] {
        let error = refused(shell(script), CompileLimits::default()).await;
        assert!(matches!(error, LoadError::NoCode { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_compiler_that_is_not_there_is_named() {
    let missing = Compiler { program: "/nonexistent/compiler".into(), args: Vec::new() };
    let error = refused(missing, CompileLimits::default()).await;
    assert!(error.to_string().contains("/nonexistent/compiler"), "{error}");
}

#[tokio::test]
async fn the_compiler_does_not_see_the_hosts_environment() {
    let error = refused(shell("env >&2; exit 1"), CompileLimits::default()).await;
    let LoadError::CompilerCrashed { output, .. } = error else { panic!("{error}") };
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some(), "cargo sets it for the tests");
    assert!(!output.contains("CARGO_MANIFEST_DIR"), "{output}");
}

#[tokio::test]
async fn code_that_is_not_valid_is_refused_by_the_compiler() {
    let component = Guest::default().build();
    // The body of `find` in `ECHO` ends with `i32.const 1024, end`: take the constant's place with another type's.
    let find = component.windows(4).rposition(|bytes| bytes == [0x41, 0x80, 0x08, 0x0b]).unwrap();
    let mut broken = component;
    broken[find] = 0x42;
    let sandbox = Sandbox::new();
    let error = sandbox.runtime.compile(&broken).await.unwrap_err();
    let LoadError::Compile { reason } = error else { panic!("{error}") };
    assert!(reason.contains("type mismatch"), "{reason}");
}

#[tokio::test]
async fn exports_of_other_types_than_the_contracts_are_refused() {
    // `content` as an instance whose `find` takes nothing and returns nothing.
    let wat = r#"(component
        (core module $m (func (export "f")))
        (core instance $i (instantiate $m))
        (func $f (canon lift (core func $i "f")))
        (instance $content (export "find" (func $f)))
        (export "autocontent:provider/content@1.0.0" (instance $content)))"#;
    let sandbox = Sandbox::new();
    let component = with_manifest(wat::parse_str(wat).unwrap(), manifest(""));
    let error = sandbox.runtime.compile(&component).await.unwrap_err();
    assert!(matches!(&error, LoadError::Types { reason } if reason.contains("content.find")), "{error}");
    assert_eq!(left(&sandbox.folder.path().join("cache")), 0);
}

#[tokio::test]
async fn imports_of_other_types_than_the_contracts_are_refused() {
    let wat = r#"(component
        (import "autocontent:provider/system@1.0.0" (instance $system (export "now" (func (result string)))))
        (core module $m (func (export "f")))
        (core instance $i (instantiate $m))
        (func $f (canon lift (core func $i "f")))
        (instance $content (export "find" (func $f)))
        (export "autocontent:provider/content@1.0.0" (instance $content)))"#;
    let sandbox = Sandbox::new();
    let component = with_manifest(wat::parse_str(wat).unwrap(), manifest(""));
    let error = sandbox.runtime.compile(&component).await.unwrap_err();
    assert!(matches!(&error, LoadError::Types { reason } if reason.contains("system")), "{error}");
}

#[tokio::test]
async fn the_same_component_compiled_many_times_at_once_is_kept_once() {
    let sandbox = Sandbox::new();
    let component = Guest::default().build();
    let digests = join_all((0..16).map(|_| async { sandbox.runtime.compile(&component).await.unwrap().digest })).await;
    assert!(digests.iter().all(|digest| *digest == digests[0]));
    assert_eq!(left(&sandbox.folder.path().join("cache")), 1);
    let provider = sandbox.runtime.load(&digests[0], gone).await.unwrap();
    assert_eq!(find(&provider, "once").await.outcome, Ok(Ok(echo("once"))));
}

#[tokio::test]
async fn two_hosts_may_share_a_cache() {
    let folder = TempDir::new().unwrap();
    let hosts = [(); 2].map(|()| start(folder.path(), 2, compiler(), CompileLimits::default()));
    let component = Guest::default().build();
    let compiled = join_all(hosts.iter().map(|host| host.compile(&component))).await;
    let digest = compiled.into_iter().map(|inspection| inspection.unwrap().digest).next_back().unwrap();
    assert_eq!(left(folder.path()), 1);
    for host in hosts {
        assert_eq!(find(&host.load(&digest, gone).await.unwrap(), "both").await.outcome, Ok(Ok(echo("both"))));
    }
}

#[tokio::test]
async fn a_component_of_too_many_memories_is_refused_before_it_serves() {
    let wat = format!(
        r#"(module {} (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
            (func (export "autocontent:provider/content@1.0.0#find") (param i32) (result i32) (unreachable)))"#,
        "(memory 1)".repeat(3)
    );
    let sandbox = Sandbox::new();
    let error = sandbox.install(&with_manifest(component(&wat, "provider"), manifest(""))).await.err().unwrap();
    assert!(matches!(&error, LoadError::Oversized { reason } if reason.contains("memories")), "{error}");
    assert_eq!(left(&sandbox.folder.path().join("cache")), 0);
}
