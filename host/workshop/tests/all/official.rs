//! The official providers, as built: small, with no more than they use, and each answers its own examples in the real sandbox.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use autocontent_manifest::Manifest;
use autocontent_recordings::Recording;
use autocontent_workshop::harness::{Setup, Traffic, Who};

use crate::trying::{cache, compiler};

/// What a component of an official provider has at most, in bytes.
const LARGEST: usize = 400_000;
/// What keeps something, of a provider whose examples only look.
const KEEPING: [(&str, &str); 1] = [("news", "/news follow feed:BBC News")];

#[tokio::test]
async fn each_answers_its_examples_from_its_recording_within_its_limits() {
    for provider in providers() {
        let id = provider.id();
        let traffic = Traffic::Played(provider.examples());
        let harness = Setup { traffic, ..Setup::new(provider.component(), compiler(), cache()) }.open().await.unwrap();
        // Somebody else somewhere else each time: no cooldown, and nothing that was seen.
        for (member, example) in (1..).zip(harness.manifest().examples) {
            let line = example.command.to_string();
            let who = Who { member, guild: member, ..Who::default() };
            let ran = harness.run(&who, &line).await.unwrap();
            assert!(ran.missing.is_empty(), "{id}: {line}: {:?}", ran.missing);
            assert!(ran.reply.item.is_some(), "{id}: {line}: {:?} {:?}", ran.reply.notice, ran.calls);
        }
        harness.close().await;
    }
}

#[test]
fn each_is_small() {
    for provider in providers() {
        let size = provider.component().len();
        assert!(size <= LARGEST, "{} has {size} bytes", provider.id());
    }
}

#[test]
fn each_asks_for_just_the_hosts_that_it_is_recorded_to_call() {
    for provider in providers() {
        let manifest = Manifest::parse(&std::fs::read_to_string(provider.0.join("provider.toml")).unwrap()).unwrap();
        let called = hosts(&provider.0.join("recordings"));
        for pattern in &manifest.capabilities.http {
            assert!(
                called.iter().any(|host| pattern.matches(host)),
                "{} never calls {}",
                provider.id(),
                pattern.as_str()
            );
        }
    }
}

#[tokio::test]
async fn each_asks_for_storage_where_it_keeps_something_and_nowhere_else() {
    let mut keeping = 0;
    for provider in providers() {
        let id = provider.id();
        let traffic = Traffic::Played(provider.examples());
        let harness = Setup { traffic, ..Setup::new(provider.component(), compiler(), cache()) }.open().await.unwrap();
        let manifest = harness.manifest();
        let asks = manifest.capabilities.storage.is_some();
        let imports = harness.inspection().imports.iter().any(|name| name.contains("/storage@"));
        assert_eq!(imports, asks, "{id}: whether it imports the storage, and whether it asks for it");
        if asks {
            let examples = manifest.examples.iter().map(|example| example.command.to_string());
            let more = KEEPING.iter().filter(|(other, _)| *other == id).map(|(_, line)| (*line).to_owned());
            for (member, line) in (1..).zip(examples.chain(more)) {
                harness.run(&Who { member, guild: member, ..Who::default() }, &line).await.unwrap();
            }
            assert!(harness.storage_use().await.unwrap() > 0, "{id} keeps nothing");
            keeping += 1;
        }
        harness.close().await;
    }
    assert!(keeping >= 2, "{keeping} keep something");
}

/// The folder of a provider.
struct Provider(PathBuf);

/// Those that `cargo xtask build-providers` makes.
fn providers() -> Vec<Provider> {
    let plugins = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins");
    let mut folders: Vec<PathBuf> = plugins.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.join("provider.toml").exists());
    folders.sort();
    assert!(folders.len() >= 2, "{}", plugins.display());
    folders.into_iter().map(Provider).collect()
}

impl Provider {
    fn id(&self) -> String {
        self.0.file_name().unwrap().to_str().unwrap().to_owned()
    }

    fn component(&self) -> Vec<u8> {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let file = target.join("providers").join(self.id()).with_extension("wasm");
        std::fs::read(&file)
            .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask build-providers`", file.display()))
    }

    /// The recording that answers its examples; one that asks nobody has none.
    fn examples(&self) -> Vec<PathBuf> {
        let file = self.0.join("recordings/examples.json");
        if file.exists() { vec![file] } else { Vec::new() }
    }
}

/// The hosts that are called in the recordings of a folder and those below it.
fn hosts(folder: &Path) -> BTreeSet<String> {
    let Ok(entries) = folder.read_dir() else { return BTreeSet::new() };
    let mut hosts = BTreeSet::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            hosts.extend(self::hosts(&path));
        } else {
            let exchanges = Recording::load(&path).unwrap().exchanges;
            hosts.extend(exchanges.iter().filter_map(|exchange| Some(exchange.request.url.host_str()?.to_owned())));
        }
    }
    hosts
}
