//! `autocontent doctor`: looks for what is wrong, and says what to do about it.

use std::fmt::Display;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use autocontent_store::{Account, Desired, Status, Store};
use tokio::net::TcpListener;

use crate::commands::serve;
use crate::config::Config;
use crate::host::Host;
use crate::say::say;
use crate::sentence;

const DISCORD: &str = "https://discord.com";
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) async fn run(config: &Config) -> Result<ExitCode> {
    let mut examination = Examination::default();
    examination.passed("configuration", &format!("data in {}", config.data.display()));
    examination.note("port", listen(config).await);
    examination.note("discord", discord(config).await);
    if let Some(host) =
        examination.note_value("database", Host::open(config).await.map_err(|error| sentence(&error)), |_| {
            config.database.to_string()
        })
    {
        providers(&mut examination, &host).await;
        accounts(&mut examination, &host.store).await;
        host.store.close().await;
    }
    if examination.failures == 0 {
        say!("all is well");
        return Ok(ExitCode::SUCCESS);
    }
    say!("{} of these need you", examination.failures);
    Ok(ExitCode::FAILURE)
}

#[derive(Default)]
struct Examination {
    failures: usize,
}

impl Examination {
    fn passed(&self, what: &str, found: &str) {
        say!("✓ {what}: {found}");
    }

    fn failed(&mut self, what: &str, problem: &dyn Display) {
        self.failures += 1;
        say!("✗ {what}: {problem}");
    }

    fn note<E: Display>(&mut self, what: &str, outcome: Result<String, E>) {
        self.note_value(what, outcome, String::clone);
    }

    fn note_value<T, E: Display>(
        &mut self,
        what: &str,
        outcome: Result<T, E>,
        found: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        match outcome {
            Ok(value) => {
                self.passed(what, &found(&value));
                Some(value)
            }
            Err(problem) => {
                self.failed(what, &problem);
                None
            }
        }
    }
}

async fn listen(config: &Config) -> Result<String, String> {
    let Err(error) = TcpListener::bind(config.listen).await else { return Ok(format!("{} is free", config.listen)) };
    let taken =
        format!("{} can't be used ({error}): choose another with --listen, or stop what uses it", config.listen);
    let client = reqwest::Client::builder().timeout(PATIENCE).build().map_err(|_| taken.clone())?;
    let who =
        client.get(format!("http://{}{}", config.listen, serve::HEALTH)).send().await.map_err(|_| taken.clone())?;
    if who.text().await.is_ok_and(|name| name == serve::NAME) {
        return Ok(format!("a host serves on {}", config.listen));
    }
    Err(taken)
}

async fn discord(config: &Config) -> Result<String, String> {
    let base = config.discord_api.as_ref().map_or(DISCORD, |url| url.as_str()).trim_end_matches('/');
    let unreachable =
        |problem: &dyn Display| format!("{base} can't be reached ({problem}): look at the network, proxy and firewall");
    let client = reqwest::Client::builder().timeout(PATIENCE).build().map_err(|error| unreachable(&error))?;
    let answer = client
        .get(format!("{base}/api/v10/gateway"))
        .send()
        .await
        .map_err(|error| unreachable(&sentence(&error.without_url().into())))?;
    if !answer.status().is_success() {
        return Err(unreachable(&answer.status()));
    }
    Ok(format!("{base} answers"))
}

async fn providers(examination: &mut Examination, host: &Host) {
    let unusable = match host.content.reload().await {
        Ok(unusable) => unusable,
        Err(error) => return examination.failed("providers", &error),
    };
    for provider in &unusable {
        examination.failed(
            &format!("provider {}", provider.provider),
            &format!("{} (install it again, or remove it)", provider.reason),
        );
    }
    let commands = host.content.commands(None);
    examination.passed("providers", &format!("commands that can be served: {}", commands.len()));
}

async fn accounts(examination: &mut Examination, store: &Store) {
    let accounts = match store.accounts().await {
        Ok(accounts) => accounts,
        Err(error) => return examination.failed("accounts", &error),
    };
    if accounts.is_empty() {
        examination.passed("accounts", "none yet: `autocontent account add NAME` adds a bot");
    }
    for account in accounts {
        let what = format!("account {}", account.name);
        match examine(&account, store).await {
            Ok(found) => examination.passed(&what, &found),
            Err(problem) => examination.failed(&what, &problem),
        }
    }
}

async fn examine(account: &Account, store: &Store) -> Result<String, String> {
    store.token(account.id).await.map_err(|error| error.to_string())?;
    if account.desired == Desired::Running && account.status == Status::Failed {
        return Err(account.reason.clone().unwrap_or_else(|| "its bot gave up".to_owned()));
    }
    Ok(format!("its token can be read; its bot was last seen {}", account.status))
}
