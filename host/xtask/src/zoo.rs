//! Building the hostile zoo's guests in C and Rust: each becomes a core module in target/zoo-modules.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use autocontent_pack::write_whole;

use crate::process::{cargo_command, root, run, target};
use crate::tools::{self, GUEST_TARGET};

/// Freestanding, with a small stack, and every warning an error.
const C_FLAGS: [&str; 12] = [
    "--target=wasm32",
    "-O1",
    "-std=c11",
    "-ffreestanding",
    "-fno-builtin",
    "-nostdlib",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Wno-unused-function",
    "-Wl,--no-entry",
    "-Wl,-z,stack-size=65536",
];

/// Builds what changed.
pub(crate) fn build() -> Result<()> {
    tools::guest_target()?;
    let zoo = root().join("host/zoo");
    let output = target().join("zoo-modules");
    fs::create_dir_all(&output)?;
    let cases = fs::read_dir(zoo.join("cases"))?.map(|case| Ok(case?.path())).collect::<Result<Vec<PathBuf>>>()?;
    let with = |file: &str| -> Vec<&PathBuf> { cases.iter().filter(|case| case.join(file).exists()).collect() };
    build_rust(&with("guest.rs"), &output)?;
    for case in with("guest.c") {
        build_c(case, &zoo.join("guests"), &output).with_context(|| format!("{}", case.display()))?;
    }
    Ok(())
}

/// All at once: cargo knows what changed.
fn build_rust(cases: &[&PathBuf], output: &Path) -> Result<()> {
    let mut cargo = cargo_command();
    cargo
        .args(["build", "--quiet", "--package", "autocontent-zoo-guests", "--examples"])
        .args(["--target", GUEST_TARGET, "--profile", "guest", "--target-dir"])
        .arg(target().join("guests"));
    // Flags for the host's own machine mean nothing to a guest.
    run(cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS"))?;
    let built = target().join("guests").join(GUEST_TARGET).join("guest/examples");
    for case in cases {
        let name = name(case)?;
        let module = built.join(name.replace('-', "_")).with_extension("wasm");
        let module = fs::read(&module).with_context(|| {
            format!("{} isn't there: name the case in host/zoo/guests/Cargo.toml", module.display())
        })?;
        write_whole(&output.join(name).with_extension("wasm"), &module)?;
    }
    Ok(())
}

fn build_c(case: &Path, include: &Path, output: &Path) -> Result<()> {
    let source = case.join("guest.c");
    let module = output.join(name(case)?).with_extension("wasm");
    let mut hasher = DefaultHasher::new();
    (fs::read(&source)?, fs::read(include.join("provider.h"))?, C_FLAGS).hash(&mut hasher);
    let (made_of, note) = (format!("{:016x}", hasher.finish()), module.with_extension("made-of"));
    if module.exists() && fs::read_to_string(&note).is_ok_and(|note| note == made_of) {
        return Ok(());
    }
    tools::clang()?;
    run(Command::new("clang").args(C_FLAGS).arg("-I").arg(include).arg("-o").arg(&module).arg(&source))?;
    Ok(fs::write(note, made_of)?)
}

fn name(case: &Path) -> Result<&str> {
    case.file_name().and_then(|name| name.to_str()).context("a case needs a name")
}
