//! `autocontent provider dev`: a project on its page, built whenever it is saved.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context as _, Result, anyhow};
use autocontent_runtime::SystemRandom;
use autocontent_workshop::Project;
use autocontent_workshop::playground::{Builder, Playground, PlaygroundConfig, StageConfig};
use clap::Args;

use crate::arguments::SettingArgument;
use crate::commands::serve::told_to_stop;
use crate::host::compiler;
use crate::say::say;

/// Where the page is, where nothing else is said.
const LISTEN: &str = "127.0.0.1:7070";
/// How this program builds a project.
const BUILD: [&str; 3] = ["provider", "build", "--quick"];

/// What is tried, and where.
#[derive(Args)]
pub(crate) struct DevArguments {
    /// The project, or a folder in it
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Where the page is, on this machine alone
    #[arg(long, default_value = LISTEN, value_name = "ADDRESS")]
    listen: String,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
    /// Give a setting a value
    #[arg(long = "set", value_name = "NAME=VALUE")]
    settings: Vec<SettingArgument>,
}

pub(crate) async fn run(arguments: DevArguments) -> Result<()> {
    let DevArguments { folder, listen, open, settings } = arguments;
    let program =
        std::env::current_exe().context("could not find this program's own file, which is needed to build")?;
    let project = Project::open(&folder)?;
    let settings = settings.into_iter().map(|one| (one.name.to_string(), one.value)).collect();
    let shown = project.folder().display().to_string();
    let config = PlaygroundConfig {
        project,
        listen: address(&listen)?,
        builder: Builder { program, args: BUILD.map(Into::into).into() },
        stage: StageConfig { compiler: compiler()?, settings },
        random: Arc::new(SystemRandom),
        tell: Box::new(|line| eprintln!("{line}")),
    };
    let playground = Playground::open(config).await?;
    let page = playground.page();
    say!("{shown} is built whenever it is saved; try it at {page} and end it with Ctrl-C");
    if open {
        show(&page);
    }
    tokio::select! {
        ended = playground.run() => match ended? {},
        () = told_to_stop() => Ok(()),
    }
}

fn address(text: &str) -> Result<SocketAddr> {
    text.parse().map_err(|_| anyhow!("{text:?} is no address; use an IP address and a port, such as {LISTEN}"))
}

/// Opens the page in the browser that the desktop prefers.
fn show(page: &str) {
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet =
        Command::new(program).arg(page).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if let Err(error) = quiet {
        eprintln!("could not open a browser with {program} ({error}); open {page} yourself");
    }
}
