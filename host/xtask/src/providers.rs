//! Building providers: a crate becomes a core module, then a component that carries its provider.toml.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use autocontent_manifest::Manifest;
use autocontent_pack::write_whole;

use crate::process::{cargo_command, root, run, target};
use crate::tools::{self, GUEST_TARGET};

/// Builds what changed of the official providers and of the tests' guests.
pub(crate) fn build() -> Result<()> {
    tools::guest_target()?;
    build_folder("plugins", "providers")?;
    build_folder("host/runtime/guests", "test-guests")
}

/// Builds the crates of a folder into `target/OUTPUT/ID.wasm`.
fn build_folder(folder: &str, output: &str) -> Result<()> {
    let crates = provider_crates(&root().join(folder))?;
    let output = target().join(output);
    fs::create_dir_all(&output)?;
    let mut cargo = cargo_command();
    cargo
        .args(["build", "--quiet", "--target", GUEST_TARGET, "--profile", "guest"])
        .arg("--target-dir")
        .arg(target().join("guests"));
    // Flags for the host's own machine, such as its processor, mean nothing to a guest.
    cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    for provider in &crates {
        cargo.arg("--package").arg(&provider.package);
    }
    if crates.is_empty() {
        return Ok(());
    }
    run(&mut cargo)?;
    for provider in &crates {
        let (id, component) = provider
            .component()
            .with_context(|| format!("could not make a component of {}", provider.folder.display()))?;
        let path = output.join(format!("{id}.wasm"));
        if write_whole(&path, &component)? {
            eprintln!(
                "built {} ({} KB)",
                path.strip_prefix(root()).unwrap_or(&path).display(),
                component.len().div_ceil(1000)
            );
        }
    }
    Ok(())
}

struct ProviderCrate {
    folder: PathBuf,
    package: String,
}

fn provider_crates(folder: &Path) -> Result<Vec<ProviderCrate>> {
    let metadata = cargo_command().args(["metadata", "--no-deps", "--offline", "--format-version", "1"]).output()?;
    let metadata: serde_json::Value =
        serde_json::from_slice(&metadata.stdout).context("could not read `cargo metadata`")?;
    let packages = metadata.get("packages").and_then(serde_json::Value::as_array).into_iter().flatten();
    Ok(packages
        .filter_map(|package| {
            let manifest = Path::new(package["manifest_path"].as_str()?);
            let package = package["name"].as_str()?.to_owned();
            let own = manifest.parent()?;
            // Beside the providers stands what their builds have in common.
            (own.parent()? == folder && own.join("provider.toml").exists())
                .then(|| ProviderCrate { folder: own.to_owned(), package })
        })
        .collect())
}

impl ProviderCrate {
    /// The provider's id and its component.
    fn component(&self) -> Result<(String, Vec<u8>)> {
        let file = self.folder.join("provider.toml");
        let text = fs::read_to_string(&file).with_context(|| format!("could not read {}", file.display()))?;
        let manifest = Manifest::parse(&text)?;
        let module = target()
            .join("guests")
            .join(GUEST_TARGET)
            .join("guest")
            .join(self.package.replace('-', "_"))
            .with_extension("wasm");
        let module = fs::read(&module).with_context(|| format!("could not read {}", module.display()))?;
        Ok((manifest.provider.id.to_string(), autocontent_pack::pack(&module, &text)?))
    }
}
