//! Compiled components that are kept: found again, and never trusted when something touched them.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use autocontent_runtime::{
    CompileLimits, Compiler, Digest, LoadError, Runtime, RuntimeConfig, RuntimeError, SeededRandom, SystemClock,
};
use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;

use crate::guest::Guest;
use crate::sandbox::{NOW, compiler, echo, find, gone, start};

/// A compiler that compiles nothing: where it is enough, nothing was compiled.
fn no_compiler() -> Compiler {
    Compiler { program: "/nonexistent/compiler".into(), args: Vec::new() }
}

fn restarted(cache: &Path, compiler: Compiler) -> Runtime {
    start(cache, 2, compiler, CompileLimits::default())
}

/// A folder with one compiled guest in it.
async fn compiled() -> (TempDir, PathBuf, Digest, Vec<u8>) {
    let folder = TempDir::new().unwrap();
    let cache = folder.path().join("new").join("cache");
    let component = Guest::default().build();
    let inspection = restarted(&cache, compiler()).compile(&component).await.unwrap();
    (folder, cache, inspection.digest, component)
}

fn only_file(cache: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_restarted_sandbox_loads_without_bytes_or_compiler() {
    let (_folder, cache, digest, component) = compiled().await;
    let runtime = restarted(&cache, no_compiler());
    let provider = runtime.load(&digest, gone).await.unwrap();
    assert_eq!(provider.digest(), &digest);
    assert_eq!(provider.manifest().provider.id.as_str(), "guest");
    assert_eq!(find(&provider, "hello").await.outcome, Ok(Ok(echo("hello"))));
    assert_eq!(runtime.compile(&component).await.unwrap().digest, digest);
}

#[tokio::test]
async fn a_provider_outlives_its_runtime() {
    let (_folder, cache, digest, _) = compiled().await;
    let provider = restarted(&cache, no_compiler()).load(&digest, gone).await.unwrap();
    assert_eq!(find(&provider, "hello").await.outcome, Ok(Ok(echo("hello"))));
}

#[tokio::test]
async fn a_file_that_was_touched_is_compiled_again_and_never_loaded() {
    let (_folder, cache, digest, component) = compiled().await;
    let file = only_file(&cache);
    let good = fs::read(&file).unwrap();
    let mut flipped = good.clone();
    let last = flipped.len() - 1000;
    flipped[last] ^= 0x80;
    for (what, bad) in [
        ("changed", flipped),
        ("cut", good[..good.len() / 2].to_vec()),
        ("empty", Vec::new()),
        ("foreign", b"\x7fELF and so on".to_vec()),
        ("longer", [&good[..], b"more"].concat()),
    ] {
        fs::write(&file, &bad).unwrap();
        let refused = restarted(&cache, no_compiler()).load(&digest, gone).await;
        assert!(matches!(refused, Err(LoadError::Bytes { .. })), "{what}");
        assert!(!file.exists(), "{what}: what is no good is removed");

        fs::write(&file, &bad).unwrap();
        let runtime = restarted(&cache, compiler());
        let provider = runtime.load(&digest, || async { Ok::<_, LoadError>(component.clone()) }).await.unwrap();
        assert_eq!(find(&provider, what).await.outcome, Ok(Ok(echo(what))));
        assert_eq!(only_file(&cache), file);
    }
}

#[tokio::test]
async fn a_file_under_another_components_name_is_not_loaded() {
    let (_folder, cache, digest, _) = compiled().await;
    let file = only_file(&cache);
    let other = Digest::of(b"another component");
    let name = file.file_name().unwrap().to_str().unwrap();
    let hex = |digest: &Digest| digest.to_string().replace("sha256:", "");
    fs::rename(&file, cache.join(name.replace(&hex(&digest), &hex(&other)))).unwrap();
    let refused = restarted(&cache, no_compiler()).load(&other, gone).await;
    assert!(matches!(refused, Err(LoadError::Bytes { .. })));
}

#[tokio::test]
async fn other_bytes_than_the_digest_says_are_refused() {
    let folder = TempDir::new().unwrap();
    let runtime = restarted(folder.path(), compiler());
    let wanted = Digest::of(b"what was installed");
    let component = Guest::default().build();
    let found = Digest::of(&component);
    match runtime.load(&wanted, || async { Ok::<_, LoadError>(component) }).await {
        Err(LoadError::Digest { wanted: w, found: f }) => assert_eq!((w, f), (wanted, found)),
        other => panic!("{:?}", other.err()),
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn the_folder_is_made_for_this_user_alone() {
    let folder = TempDir::new().unwrap();
    let cache = folder.path().join("a").join("b");
    restarted(&cache, no_compiler());
    assert_eq!(fs::metadata(&cache).unwrap().permissions().mode() & 0o777, 0o700);
}

fn refused(cache: &Path) -> RuntimeError {
    let config = RuntimeConfig::new(cache, no_compiler());
    Runtime::new(config, Arc::new(SystemClock), Arc::new(SeededRandom::new(1))).err().unwrap()
}

#[test]
fn a_folder_that_others_can_write_to_is_refused() {
    let folder = TempDir::new().unwrap();
    let link = folder.path().join("link");
    let open = folder.path().join("open");
    fs::create_dir(&open).unwrap();
    symlink(&open, &link).unwrap();
    for mode in [0o777, 0o720, 0o702] {
        fs::set_permissions(&open, fs::Permissions::from_mode(mode)).unwrap();
        for path in [&open, &link] {
            let error = refused(path);
            assert!(matches!(error, RuntimeError::CacheNotPrivate { .. }), "{error}");
        }
    }
}

#[test]
fn a_folder_that_is_none_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let error = refused(&file);
    assert!(matches!(error, RuntimeError::Cache { .. }), "{error}");
}

#[tokio::test]
async fn only_old_files_of_components_that_nobody_needs_are_removed() {
    let (_folder, cache, digest, component) = compiled().await;
    let other = Guest::finding("(i32.const 1024)").build();
    let runtime = restarted(&cache, compiler());
    let unneeded = runtime.compile(&other).await.unwrap().digest;
    let hex = |digest: &Digest| digest.to_string().split_off("sha256:".len());
    let old_host = format!("{}-0123456789abcdef.code", hex(&unneeded));
    let not_ours =
        [format!("{}.code", hex(&unneeded)), "notes.txt".to_owned(), format!("{}-beef.code", hex(&unneeded))];
    for name in not_ours.iter().chain([&old_host, &".compiling-x1".to_owned()]) {
        fs::write(cache.join(name), "x").unwrap();
    }
    fs::create_dir(cache.join(".compiling-folder")).unwrap();
    let age = |seconds: i64| {
        for entry in fs::read_dir(&cache).unwrap() {
            let at = SystemTime::UNIX_EPOCH + Duration::from_secs((NOW / 1000 - seconds).try_into().unwrap());
            fs::File::open(entry.unwrap().path()).unwrap().set_modified(at).unwrap();
        }
    };
    let keep = || runtime.keep_only([digest].into());
    age(3_599);
    assert_eq!(keep().await.unwrap(), 0);
    age(3_600);
    assert_eq!(keep().await.unwrap(), 3);
    let left = |name: &str| cache.join(name).exists();
    assert!(not_ours.iter().all(|name| left(name)) && left(".compiling-folder"));
    assert!(!left(&old_host) && !left(".compiling-x1"));
    // What is needed is there, and what isn't is compiled again for whoever does need it.
    let strict = restarted(&cache, no_compiler());
    assert_eq!(strict.compile(&component).await.unwrap().digest, digest);
    assert!(matches!(strict.compile(&other).await, Err(LoadError::Compiler { .. })));
    assert!(runtime.load(&unneeded, || async { Ok::<_, &str>(other) }).await.is_ok());
}

#[tokio::test]
async fn programs_that_know_nothing_of_each_other_remove_what_is_old_by_the_file_systems_time() {
    let (_folder, cache, digest, component) = compiled().await;
    let runtime = restarted(&cache, compiler());
    let files = || fs::read_dir(&cache).unwrap().count();
    let written = fs::read_dir(&cache).unwrap().next().unwrap().unwrap().metadata().unwrap().modified().unwrap();
    let later = |seconds: u64| Timestamp::try_from(written + Duration::from_secs(seconds)).unwrap();
    let day = SignedDuration::from_hours(24);
    assert_eq!(runtime.keep_younger(day, later(86_000)).await.unwrap(), 0);
    assert_eq!((runtime.keep_younger(day, later(86_401)).await.unwrap(), files()), (1, 0));
    assert_eq!(runtime.compile(&component).await.unwrap().digest, digest);
    runtime.forget(digest).await;
    assert_eq!(files(), 0);
    // It was gone already.
    runtime.forget(digest).await;
}
