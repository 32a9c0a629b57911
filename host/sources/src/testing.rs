//! A registry for tests, of this crate and of those above it: Debian's `docker-registry`, on a port of its own and in a
//! folder of its own. Only with the feature `testing`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use autocontent_runtime::Digest;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Who may use a registry that wants a login.
pub const USER: &str = "ana";
/// Her password.
pub const PASSWORD: &str = "correct horse";
/// The two as the registry is told, with bcrypt.
const HTPASSWD: &str = "ana:$2b$04$Mvm8oUEoHcc/UIoYPwH1uOREKHOQHJgxhvUIP6qfuMro5UluzoBCy\n";

/// A running registry. It ends with its owner.
#[derive(Debug)]
pub struct Registry {
    /// Such as `127.0.0.1:40000`.
    pub address: String,
    folder: TempDir,
    program: Child,
}

impl Registry {
    /// One that everybody may use.
    pub async fn start() -> Registry {
        Registry::start_with("").await
    }

    /// One that only [`USER`] may use.
    pub async fn start_private() -> Registry {
        Registry::start_with("auth: {htpasswd: {realm: registry, path: htpasswd}}\n").await
    }

    async fn start_with(more: &str) -> Registry {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("htpasswd"), HTPASSWD).unwrap();
        let configuration = format!(
            "version: 0.1\nlog: {{level: info}}\nstorage: {{filesystem: {{rootdirectory: data}}}}\nhttp: {{addr: '127.0.0.1:0'}}\n{more}"
        );
        fs::write(folder.path().join("config.yml"), configuration).unwrap();
        let started = Command::new("docker-registry")
            .args(["serve", "config.yml"])
            .current_dir(folder.path())
            .env_clear()
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut program =
            started.unwrap_or_else(|_| panic!("`docker-registry` isn't installed: run `cargo xtask test`"));
        let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
        let address = loop {
            let line = lines.next_line().await.unwrap().unwrap();
            if let Some((_, rest)) = line.split_once("listening on ") {
                break rest.split('"').next().unwrap().to_owned();
            }
        };
        // Its log must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Registry { address, folder, program }
    }

    /// A reference to what is here, such as `quote:1.0.0`.
    pub fn reference(&self, what: &str) -> String {
        format!("oci://{}/{what}", self.address)
    }

    /// The file that the registry keeps bytes in.
    pub fn file(&self, digest: &Digest) -> PathBuf {
        let digest = digest.to_string();
        let hex = digest.strip_prefix("sha256:").unwrap();
        let blobs = Path::new("data/docker/registry/v2/blobs/sha256");
        self.folder.path().join(blobs).join(hex.get(..2).unwrap()).join(hex).join("data")
    }

    /// Ends it.
    pub async fn stop(&mut self) {
        self.program.kill().await.unwrap();
    }
}
