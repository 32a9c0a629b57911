//! The ways of authors, with the program and the real tools of each language.

mod dev;
mod mistakes;
mod newcomer;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::Command;

use crate::host::Outcome;

/// The first build compiles the SDK and all that it depends on.
const PATIENCE: Duration = Duration::from_secs(900);

/// A folder that an author works in, and the environment that they have.
struct Author {
    folder: PathBuf,
    home: TempDir,
    path: String,
}

impl Author {
    /// The folder is the same in each run, so that cargo does not keep what it built for others.
    fn new(name: &str) -> Author {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Author { folder, home: tempfile::tempdir().unwrap(), path: std::env::var("PATH").unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces a text in a file.
    fn edit(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert!(text.contains(old), "{text}");
        fs::write(self.path(name), text.replace(old, new)).unwrap();
    }

    /// Puts a program before all others.
    fn put_on_path(&mut self, program: &str, script: &str) {
        let folder = self.home.path().join("bin");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(program), format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(folder.join(program), fs::Permissions::from_mode(0o755)).unwrap();
        if !self.path.starts_with(folder.to_str().unwrap()) {
            self.path = format!("{}:{}", folder.display(), self.path);
        }
    }

    /// Runs `autocontent provider …` in a folder.
    async fn provider(&self, folder: &str, arguments: &[&str]) -> Outcome {
        let program = env!("CARGO_BIN_EXE_autocontent");
        self.run(program, folder, &[&["provider"], arguments].concat()).await
    }

    async fn succeed(&self, folder: &str, arguments: &[&str]) -> String {
        let outcome = self.provider(folder, arguments).await;
        assert_eq!(outcome.code, Some(0), "{arguments:?}: {outcome:#?}");
        outcome.stdout
    }

    fn command(&self, program: &str, folder: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path(folder))
            .env("PATH", &self.path)
            .env("AUTOCONTENT_DATA", self.home.path().join("data"))
            .env("XDG_CACHE_HOME", self.home.path().join("cache"))
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors-target"))
            // There, no snapshot is kept unasked.
            .env_remove("CI")
            // What the cargo that runs this test has set for it.
            .env_remove("CARGO")
            .env_remove("RUSTC")
            .kill_on_drop(true);
        command
    }

    async fn run(&self, program: &str, folder: &str, arguments: &[&str]) -> Outcome {
        let mut command = self.command(program, folder);
        command.args(arguments);
        let output = tokio::time::timeout(PATIENCE, command.output()).await.unwrap().unwrap();
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// What is said of a command that must fail, in one line or a few.
fn failure(outcome: &Outcome) -> &str {
    assert_eq!(outcome.code, Some(1), "{outcome:#?}");
    let (_, said) = outcome.stderr.split_once("autocontent: ").unwrap_or_else(|| panic!("{outcome:#?}"));
    said
}
