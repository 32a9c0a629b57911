//! The host as a process of its own, with a data folder that is gone afterwards.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use autocontent_simulator::Bot;
use autocontent_store::{AccountId, Actor, By, DatabaseUrl, Desired, NewAccount, Store, Transport, Vault};
use tempfile::TempDir;
use url::Url;

/// A data folder and the simulated Discord that the host talks to.
pub(crate) struct Host {
    data: TempDir,
    discord: Url,
}

/// A host that serves; killed when dropped.
pub(crate) struct Serving {
    process: Child,
    pub(crate) address: String,
    pub(crate) ready_after: Duration,
}

impl Host {
    pub(crate) fn new(discord: Url) -> Result<Self> {
        Ok(Self { data: tempfile::tempdir()?, discord })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.data.path()
    }

    /// The host's database, to prepare it without starting a process for each account.
    pub(crate) async fn store(&self) -> Result<Store> {
        let folder = self.data.path();
        let url: DatabaseUrl = format!("sqlite:{}", folder.join("autocontent.db").display()).parse()?;
        Ok(Store::open(&url, Vault::open_or_create(&folder.join("autocontent.key"))?).await?)
    }

    /// Adds an account for each bot and lets it use every installed provider.
    pub(crate) async fn add_accounts(&self, bots: &[Bot], transport: Transport) -> Result<Vec<AccountId>> {
        let store = self.store().await?;
        let mut accounts = Vec::with_capacity(bots.len());
        let installed = store.installed().await?;
        for (number, bot) in (1_u128..).zip(bots) {
            let id = AccountId::from_bytes(number.to_be_bytes());
            let name = bot.name().parse()?;
            let created_at = jiff::Timestamp::UNIX_EPOCH;
            store
                .add_account(NewAccount {
                    id,
                    name,
                    token: bot.token().into(),
                    transport,
                    desired: Desired::Running,
                    created_at,
                })
                .await?;
            let by = By { actor: Actor::host(), at: created_at };
            for provider in &installed {
                store.enable(id, &provider.id, &by).await?;
            }
            accounts.push(id);
        }
        store.close().await;
        Ok(accounts)
    }

    /// Runs an operator's command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<()> {
        let status = self.command().args(arguments).stdout(Stdio::null()).status()?;
        if !status.success() {
            bail!("`autocontent {}` failed", arguments.join(" "));
        }
        Ok(())
    }

    /// Starts the host and waits until it serves.
    pub(crate) fn serve(&self) -> Result<Serving> {
        let begun = Instant::now();
        let mut command = self.command();
        command.args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--log", "warn,autocontent=info"]);
        let mut process = command.stderr(Stdio::piped()).spawn()?;
        let log = process.stderr.take().context("the host has no log")?;
        let mut lines = std::io::BufReader::new(log).lines();
        for line in &mut lines {
            let line = line?;
            let entry: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
            if let Some(address) = entry.get("listen").and_then(serde_json::Value::as_str) {
                let serving = Serving { process, address: address.to_owned(), ready_after: begun.elapsed() };
                // A full pipe would stop the host.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(serving);
            }
        }
        bail!("the host stopped before it served")
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autocontent"));
        command
            .arg("--data")
            .arg(self.data.path())
            .args(["--discord-api", self.discord.as_str()])
            .env_remove("DISCORD_TOKEN");
        command
    }
}

impl Serving {
    /// Resident memory in KiB.
    pub(crate) fn memory(&self) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse()?)
    }

    /// Processor time used so far.
    pub(crate) fn processor_time(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // Fields 14 and 15, in ticks of 10 ms; the name before them may hold spaces.
        let (_, fields) = stat.rsplit_once(')').context("no fields")?;
        let ticks: u64 =
            fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap_or_default()).sum();
        Ok(Duration::from_millis(ticks * 10))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The component of an official provider, as `cargo xtask build-providers` left it.
pub(crate) fn provider(id: &str) -> Result<PathBuf> {
    built("providers", id)
}

/// The component of a guest of the tests.
pub(crate) fn guest(id: &str) -> Result<PathBuf> {
    built("test-guests", id)
}

fn built(folder: &str, id: &str) -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let mut files = program.ancestors().map(|target| target.join(folder).join(id).with_extension("wasm"));
    files.find(|file| file.exists()).context("the providers aren't built: run `cargo xtask build-providers`")
}
