//! The host as an operator uses it: a program with a data folder.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use url::Url;

/// Longer than the host allows itself for stopping.
const STOPPING: Duration = Duration::from_secs(30);

/// The program and the settings it is called with.
pub(crate) struct Host {
    program: PathBuf,
    data: PathBuf,
    discord: Url,
}

/// The host while it serves.
pub(crate) struct Serving {
    process: Child,
    address: String,
}

impl Host {
    /// The program that cargo built beside this one.
    pub(crate) fn new(data: &Path, discord: &Url) -> Result<Self> {
        let program = target_folder()?.join("autocontent");
        if !program.exists() {
            bail!("{} isn't built: run `cargo build --package autocontent`", program.display());
        }
        Ok(Self { program, data: data.to_owned(), discord: discord.clone() })
    }

    /// Writes the configuration file.
    pub(crate) fn configure(&self, settings: &str) -> Result<()> {
        Ok(std::fs::write(self.configuration(), settings)?)
    }

    /// Runs one of an operator's commands and returns what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String> {
        self.run_with_input(arguments, "")
    }

    /// The same, with something to read from standard input.
    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &str) -> Result<String> {
        let mut command = std::process::Command::new(&self.program);
        command.args(self.settings()).args(arguments).env_remove("DISCORD_TOKEN");
        command.env("AUTOCONTENT_CONFIG", self.configuration());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        if let Some(mut stdin) = process.stdin.take() {
            std::io::Write::write_all(&mut stdin, input.as_bytes())?;
        }
        let output = process.wait_with_output()?;
        if !output.status.success() {
            bail!("`autocontent {}` failed", arguments.join(" "));
        }
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The id of an account, as the address of its HTTP interactions has it.
    pub(crate) fn account_id(&self, name: &str) -> Result<String> {
        for line in self.run(&["account", "list", "--json"])?.lines() {
            let account: serde_json::Value = serde_json::from_str(line)?;
            if text(&account, "/name") == Some(name) {
                return text(&account, "/id").map(str::to_owned).context("an account without an id");
            }
        }
        bail!("there is no account `{name}`")
    }

    /// Starts the bots and waits until the host listens.
    pub(crate) async fn serve(&self) -> Result<Serving> {
        let mut command = Command::new(&self.program);
        command.args(self.settings()).args([
            "--listen",
            "127.0.0.1:0",
            "--log-format",
            "json",
            "--log",
            "info",
            "serve",
        ]);
        // A process group of its own: a Ctrl-C in the terminal is for the demo, which then stops the host.
        let mut process = command
            .env_remove("DISCORD_TOKEN")
            .env("AUTOCONTENT_CONFIG", self.configuration())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .process_group(0)
            .spawn()?;
        let log = process.stderr.take().context("the host has no log")?;
        let mut lines = BufReader::new(log).lines();
        while let Some(line) = lines.next_line().await? {
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = text(&entry, "/listen") {
                let address = address.to_owned();
                // The rest of the log is shown only where something is wrong.
                tokio::spawn(async move {
                    while let Ok(Some(line)) = lines.next_line().await {
                        if line.contains("\"ERROR\"") || line.contains("\"WARN\"") {
                            eprintln!("{line}");
                        }
                    }
                });
                return Ok(Serving { process, address });
            }
            eprintln!("{line}");
        }
        bail!("the host stopped before it served")
    }

    fn configuration(&self) -> PathBuf {
        self.data.join("demo.toml")
    }

    fn settings(&self) -> [&OsStr; 4] {
        ["--data".as_ref(), self.data.as_os_str(), "--discord-api".as_ref(), self.discord.as_str().as_ref()]
    }
}

impl Serving {
    /// Where Discord sends an account's interactions.
    pub(crate) fn interactions_url(&self, account: &str) -> Result<Url> {
        Ok(format!("http://{}/interactions/{account}", self.address).parse()?)
    }

    /// Stops the host as an operator does, and waits for it.
    pub(crate) async fn stop(mut self) -> Result<()> {
        let process =
            self.process.id().and_then(|id| i32::try_from(id).ok()).context("the host has stopped already")?;
        nix::sys::signal::kill(nix::unistd::Pid::from_raw(process), nix::sys::signal::Signal::SIGTERM)?;
        let status =
            tokio::time::timeout(STOPPING, self.process.wait()).await.context("the host did not stop in time")??;
        if !status.success() {
            bail!("the host stopped with {status}");
        }
        Ok(())
    }
}

/// The text at a place in JSON.
pub(crate) fn text<'a>(json: &'a serde_json::Value, pointer: &str) -> Option<&'a str> {
    json.pointer(pointer)?.as_str()
}

/// The folder that cargo built this program's workspace into, such as `target/debug`.
pub(crate) fn target_folder() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    program.ancestors().nth(2).map(Path::to_owned).context("this program lies in no target folder")
}
