//! What the other commands need on the machine, installed where that can be done without asking.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{cargo_command, root, run, succeeds};

/// The target that providers are built for.
pub(crate) const GUEST_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that Rust can build for [`GUEST_TARGET`].
pub(crate) fn guest_target() -> Result<()> {
    let libraries = Command::new("rustc").args(["--print", "target-libdir", "--target", GUEST_TARGET]).output();
    let installed =
        libraries.is_ok_and(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()).is_dir());
    if !installed && run(Command::new("rustup").args(["target", "add", GUEST_TARGET])).is_err() {
        bail!(
            "Rust can't build for {GUEST_TARGET} here: install that target with your toolchain's own means (with rustup: `rustup target add {GUEST_TARGET}`)"
        );
    }
    Ok(())
}

/// Makes sure that the tests find the programs that they start: a PostgreSQL server, a registry, minisign, a browser,
/// and the compilers of providers.
pub(crate) fn programs() -> Result<()> {
    debian_package("postgresql", "initdb", has_postgresql)?;
    debian_package("docker-registry", "docker-registry", || {
        succeeds(Command::new("docker-registry").arg("--version"))
    })?;
    debian_package("minisign", "minisign", || succeeds(Command::new("minisign").arg("-v")))?;
    // The driver brings the browser of its own version.
    debian_package("chromium-driver", "chromedriver", || succeeds(Command::new("chromedriver").arg("--version")))?;
    // Debian's own node is new enough from Debian 13 on.
    debian_package("npm", "node 20 with npm", has_node)?;
    debian_package("python3-venv", "python3 -m venv", || {
        succeeds(Command::new("python3").args(["-c", "import ensurepip, venv"]))
    })?;
    clang()
}

/// Installs a package on Debian, unless what it brings is there.
fn debian_package(package: &str, program: &str, is_there: impl Fn() -> bool) -> Result<()> {
    if is_there() {
        return Ok(());
    }
    if succeeds(Command::new("sh").args(["-c", "test $(id -u) = 0 && command -v apt-get"])) {
        eprintln!("installing {package} for the tests");
        let install =
            "apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends \"$0\"";
        run(Command::new("sh").args(["-c", install, package]))?;
        if is_there() {
            return Ok(());
        }
    }
    bail!("the tests start `{program}` and did not find it: install it (Debian: `apt-get install {package}`)")
}

/// Makes sure that C can be compiled for wasm32.
pub(crate) fn clang() -> Result<()> {
    debian_package("clang", "clang", || succeeds(Command::new("clang").arg("--version")))?;
    debian_package("lld", "wasm-ld", || succeeds(Command::new("wasm-ld").arg("--version")))
}

fn has_node() -> bool {
    let is_new_enough = "process.exit(Number(process.versions.node.split('.')[0]) >= 20 ? 0 : 1)";
    succeeds(Command::new("node").args(["--eval", is_new_enough])) && succeeds(Command::new("npm").arg("--version"))
}

fn has_postgresql() -> bool {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    succeeds(Command::new("initdb").arg("--version"))
        || debian.into_iter().any(|version| version.path().join("bin/initdb").exists())
}

/// Makes sure that a component of the toolchain, such as clippy, is there.
pub(crate) fn rust_component(name: &str, subcommand: &str) -> Result<()> {
    if succeeds(cargo_command().args([subcommand, "--version"]))
        || run(Command::new("rustup").args(["component", "add", name])).is_ok()
    {
        return Ok(());
    }
    bail!(
        "`cargo {subcommand}` is missing: install {name} with your toolchain's own means (with rustup: `rustup component add {name}`)"
    )
}

/// Makes sure that a nightly toolchain is there, which the fuzzer's probes need.
pub(crate) fn nightly() -> Result<()> {
    let install = ["toolchain", "install", "nightly", "--profile", "minimal"];
    if succeeds(nightly_cargo().arg("--version")) || run(Command::new("rustup").args(install)).is_ok() {
        return Ok(());
    }
    bail!("fuzzing needs a nightly toolchain: install rustup, then `rustup {}`", install.join(" "))
}

/// Cargo of the nightly toolchain, to be run in the workspace.
pub(crate) fn nightly_cargo() -> Command {
    let mut command = Command::new("rustup");
    // Both would name the toolchain that runs this program.
    command.args(["run", "nightly", "cargo"]).current_dir(root()).env_remove("CARGO").env_remove("RUSTC");
    command
}

/// Makes sure that a cargo subcommand from crates.io is there.
pub(crate) fn cargo_subcommand(subcommand: &str, version: &str) -> Result<()> {
    if succeeds(cargo_command().args([subcommand, "--version"])) {
        return Ok(());
    }
    install(&format!("cargo-{subcommand}"), version)
}

/// Makes sure that a program from crates.io is there.
pub(crate) fn cargo_program(program: &str, version: &str) -> Result<()> {
    if succeeds(Command::new(program).arg("--version")) {
        return Ok(());
    }
    install(program, version)
}

fn install(package: &str, version: &str) -> Result<()> {
    eprintln!("installing {package}, once; this takes some minutes");
    run(cargo_command().args(["install", "--locked", "--quiet", package, "--version", version]))
}
