//! A playground of the parrot, which is built by a script of the test's own.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use autocontent_runtime::SeededRandom;
use autocontent_workshop::playground::{Builder, Playground, PlaygroundConfig, StageConfig};
use autocontent_workshop::{Project, pack};
use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinHandle;

use super::states::States;
use crate::trying::{compiler, guest};

/// Where the guests' manifests are.
const GUESTS: &str = "../runtime/guests";

/// What stands for a build: it fails where `fail` is there, with what stands in it, and waits for as long as `hold` is
/// there. Each build adds a line to `dist/builds`.
const BUILD: &str = "
    cd \"$1\"
    echo begun >> dist/builds
    while [ -e dist/hold ]; do sleep 0.02; done
    if [ -e src/warn ]; then cat src/warn >&2; fi
    if [ -e src/fail ]; then cat src/fail >&2; exit 1; fi
    cp dist/prebuilt \"dist/$(cat dist/id).wasm\"
    echo done >> dist/builds
";

/// A playground that runs until it is dropped.
pub(super) struct Ground {
    id: &'static str,
    pub(super) folder: TempDir,
    pub(super) address: SocketAddr,
    /// Ends with a slash.
    page: String,
    /// What an author reads on the terminal.
    said: Arc<Mutex<Vec<String>>>,
    running: JoinHandle<()>,
}

impl Drop for Ground {
    fn drop(&mut self) {
        self.running.abort();
    }
}

impl Ground {
    /// One whose builds go well.
    pub(super) async fn open() -> Ground {
        Ground::of("parrot", "", None).await
    }

    /// One with the probe, which can keep something, whose first version answers. Its manifest goes on so.
    pub(super) async fn probing(more: &str) -> Ground {
        let ground = Ground::of("probe", more, None).await;
        ground.states().await.build("built").await;
        ground
    }

    /// One whose first version answers.
    pub(super) async fn built() -> Ground {
        let ground = Ground::open().await;
        ground.states().await.build("built").await;
        ground
    }

    /// One whose first build fails.
    pub(super) async fn closed() -> Ground {
        Ground::of("parrot", "", Some("error: no\n")).await
    }

    async fn of(id: &'static str, more: &str, failure: Option<&str>) -> Ground {
        let folder = tempfile::tempdir().unwrap();
        for name in ["src", "dist", "recordings", ".autocontent"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(GUESTS).join(id).join("provider.toml");
        let manifest = fs::read_to_string(manifest).unwrap() + more;
        fs::write(folder.path().join("provider.toml"), manifest).unwrap();
        fs::write(folder.path().join("Cargo.toml"), "").unwrap();
        fs::write(folder.path().join("dist/id"), id).unwrap();
        prebuild(id, folder.path(), &folder.path().join("provider.toml"));
        if let Some(failure) = failure {
            fs::write(folder.path().join("src/fail"), failure).unwrap();
        }
        let said: Arc<Mutex<Vec<String>>> = Arc::default();
        let ear = Arc::clone(&said);
        let tell = Box::new(move |line: &str| ear.lock().unwrap().push(line.to_owned()));
        let config = PlaygroundConfig {
            project: Project::open(folder.path()).unwrap(),
            listen: "127.0.0.1:0".parse().unwrap(),
            builder: builder(),
            stage: stage(),
            random: Arc::new(SeededRandom::new(1)),
            tell,
        };
        let playground = Playground::open(config).await.unwrap();
        let (address, page) = (playground.address(), playground.page());
        let running = tokio::spawn(async move {
            let Err(error) = playground.run().await;
            panic!("{error}");
        });
        Ground { id, folder, address, page, said, running }
    }

    /// Saves another manifest; what is built then has it inside.
    pub(super) fn save_manifest(&self, text: &str) {
        self.write("dist/next.toml", text);
        prebuild(self.id, self.folder.path(), &self.folder.path().join("dist/next.toml"));
        self.write("provider.toml", text);
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{}", self.page, path.trim_start_matches('/'))
    }

    /// What an author reads on the terminal.
    pub(super) fn said(&self) -> Vec<String> {
        self.said.lock().unwrap().clone()
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }

    pub(super) fn remove(&self, name: &str) {
        fs::remove_file(self.folder.path().join(name)).unwrap();
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// The states that the page is told of.
    pub(super) async fn states(&self) -> States {
        States::of(&self.url("/")).await
    }

    /// What it answers to a body that is sent, with the status.
    pub(super) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let response = reqwest::Client::new().post(self.url(path)).json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }
}

/// What the next build makes: a guest with this manifest.
fn prebuild(id: &str, folder: &Path, manifest: &Path) {
    pack(&guest(id), manifest, Some(&folder.join("dist/prebuilt"))).unwrap();
}

pub(super) fn builder() -> Builder {
    Builder { program: "/bin/sh".into(), args: ["-c", BUILD, "build"].map(Into::into).into() }
}

pub(super) fn stage() -> StageConfig {
    StageConfig { compiler: compiler(), settings: BTreeMap::new() }
}
