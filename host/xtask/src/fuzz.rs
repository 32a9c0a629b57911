//! Letting libFuzzer look for inputs that break a promise. What is called stands in `host/fuzz-targets`, whose tests
//! try the same for seconds.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::{root, run, target};
use crate::{providers, tools};

/// cargo-fuzz's version.
const CARGO_FUZZ: &str = "0.13.2";
/// An input that takes longer is a finding, in seconds.
const LONGEST: u32 = 25;
/// Bytes of an input: a small component, or an item with long texts.
const LARGEST: u32 = 64 << 10;

/// Runs one target, or each, for so many minutes.
pub(crate) fn fuzz(name: Option<&str>, minutes: u32) -> Result<()> {
    let names = names()?;
    let chosen: Vec<_> = names.iter().filter(|one| name.is_none_or(|name| name == *one)).collect();
    if chosen.is_empty() {
        bail!("there is no fuzz target `{}`; there are: {}", name.unwrap_or_default(), names.join(", "));
    }
    tools::nightly()?;
    tools::cargo_subcommand("fuzz", CARGO_FUZZ)?;
    providers::build()?;
    // The versions that the host itself is built with.
    std::fs::copy(root().join("Cargo.lock"), root().join("fuzz/Cargo.lock")).context("could not copy Cargo.lock")?;
    for name in chosen {
        eprintln!("{name}: {minutes} minutes");
        let corpus = root().join("fuzz/corpus").join(name);
        std::fs::create_dir_all(&corpus).with_context(|| format!("could not make {}", corpus.display()))?;
        if run(&mut command(name, &corpus, minutes)).is_err() {
            bail!(
                "`{name}` broke a promise: the input is in fuzz/artifacts/{name}; mend the cause, and put the input into fuzz/seeds/{name} under a name that says what it was"
            );
        }
    }
    Ok(())
}

fn names() -> Result<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let files = std::fs::read_dir(&folder).with_context(|| format!("could not read {}", folder.display()))?;
    let mut names = Vec::new();
    for file in files {
        names.extend(file?.path().file_stem().and_then(|stem| stem.to_str()).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn command(name: &str, corpus: &Path, minutes: u32) -> Command {
    let mut command = tools::nightly_cargo();
    command.args(["fuzz", "run", "--target-dir"]).arg(target().join("fuzz"));
    // The host is Rust without `unsafe`, so a sanitizer would only slow the search down; and the child that compiles
    // limits its address space, of which AddressSanitizer takes terabytes.
    command.args(["--sanitizer", "none", name]).arg(corpus).arg(root().join("fuzz/seeds").join(name));
    if name == "component" {
        command.arg(target().join("test-guests")).arg(target().join("providers"));
    }
    command.arg("--").args([
        format!("-max_total_time={}", minutes.saturating_mul(60)),
        format!("-timeout={LONGEST}"),
        format!("-max_len={LARGEST}"),
        "-rss_limit_mb=4096".to_owned(),
        "-print_final_stats=1".to_owned(),
    ]);
    command
}
