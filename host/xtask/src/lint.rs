//! Everything that a reviewer should not have to look for.

use anyhow::Result;

use crate::process::{self, cargo, cargo_command, succeeds};
use crate::{guide, tools};

/// Fails at the first check that does not pass.
pub(crate) fn run() -> Result<()> {
    tools::rust_component("rustfmt", "fmt")?;
    tools::rust_component("clippy", "clippy")?;
    tools::cargo_subcommand("deny", "0.20.2")?;
    cargo(["fmt", "--all", "--check"])?;
    guide::check()?;
    cargo(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"])?;
    process::run(
        cargo_command().args(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "--deny warnings"),
    )?;
    cargo(["deny", "--log-level", "error", "check", "bans", "licenses", "sources"])?;
    advisories()
}

/// Advisories come from a database that not every machine can reach.
fn advisories() -> Result<()> {
    if succeeds(cargo_command().args(["deny", "fetch", "db"])) {
        return cargo(["deny", "check", "advisories"]);
    }
    eprintln!("advisories: NOT checked, as their database can't be reached from here");
    Ok(())
}
