//! The program with a folder of its own, and what it says.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;

use autocontent_simulator::{Simulator, SimulatorConfig};
use autocontent_store::{DatabaseUrl, Store, Vault};
use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::components;
use crate::serving::Serving;

/// How long anything is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Between two looks at what no event tells.
const PAUSE: Duration = Duration::from_millis(20);

/// The password in database URLs that tests make up.
pub(crate) const PASSWORD: &str = "hunter2";
/// A token that Discord does not know.
pub(crate) const WRONG_TOKEN: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4.wrong.bm9ib2R5IGhhcyB0aGlzIG9uZQ";

/// A folder in which the program is run, with its data in the subfolder `data`, and the environment that it gets.
pub(crate) struct Host {
    folder: TempDir,
    environment: BTreeMap<&'static str, String>,
    heard: Mutex<String>,
}

/// How a command ended, and what it printed.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Outcome {
    /// The command and what it printed, as a person sees them in a terminal.
    pub(crate) fn transcript(&self, arguments: &[&str]) -> String {
        let word = |word: &&str| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() };
        let words: Vec<_> = arguments.iter().map(word).collect();
        format!("$ autocontent {}\n{}{}\n", words.join(" "), self.stdout, self.stderr)
    }
}

/// What lies in a host's folder: each file with its digest.
pub(crate) type Files = BTreeMap<PathBuf, u64>;

impl Host {
    /// A host without anything.
    pub(crate) fn new() -> Host {
        let environment = BTreeMap::from([
            ("AUTOCONTENT_DATA", "data".to_owned()),
            ("AUTOCONTENT_LISTEN", "127.0.0.1:0".to_owned()),
            // Nowhere, so that no test can ever reach the real one.
            ("AUTOCONTENT_DISCORD_API", "http://127.0.0.1:9/".to_owned()),
            // A panic must not hide.
            ("RUST_BACKTRACE", "1".to_owned()),
        ]);
        Host { folder: tempfile::tempdir().unwrap(), environment, heard: Mutex::default() }
    }

    /// A host that this simulated Discord talks to.
    pub(crate) fn with_discord(discord: &Simulator) -> Host {
        Host::new().with("AUTOCONTENT_DISCORD_API", discord.rest_url().as_str())
    }

    /// The same with another environment variable.
    pub(crate) fn with(mut self, variable: &'static str, value: &str) -> Host {
        self.environment.insert(variable, value.to_owned());
        self
    }

    /// The same without an environment variable.
    pub(crate) fn without(mut self, variable: &'static str) -> Host {
        self.environment.remove(variable);
        self
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Installs these providers, and enables them for an account.
    pub(crate) async fn provide(&self, account: &str, providers: &[&str]) {
        for provider in providers {
            self.succeed(&["provider", "install", components::path(provider).to_str().unwrap()]).await;
            self.succeed(&["provider", "enable", provider, "--account", account]).await;
        }
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Outcome {
        self.run_with_input(arguments, "").await
    }

    /// Runs a command that reads this from standard input.
    pub(crate) async fn run_with_input(&self, arguments: &[&str], input: &str) -> Outcome {
        let outcome = self.outcome(arguments, input).await;
        self.hear(&outcome.stdout);
        self.hear(&outcome.stderr);
        outcome
    }

    /// The same, whatever the command says.
    pub(crate) async fn outcome(&self, arguments: &[&str], input: &str) -> Outcome {
        let mut command = self.command(arguments);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = process.stdin.take().unwrap();
        // A command that reads nothing may be gone already.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let output = tokio::time::timeout(PATIENCE, process.wait_with_output()).await.unwrap().unwrap();
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command whose standard output is that file, or a pipe that nobody reads, as `| head` leaves it once it has
    /// enough.
    pub(crate) async fn unheard(&self, arguments: &[&str], file: Option<&str>) -> Outcome {
        let stdout =
            file.map_or_else(Stdio::piped, |file| fs::OpenOptions::new().write(true).open(file).unwrap().into());
        let mut command = self.command(arguments);
        let mut process = command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped()).spawn().unwrap();
        drop(process.stdout.take());
        let output = tokio::time::timeout(PATIENCE, process.wait_with_output()).await.unwrap().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        Outcome { code: output.status.code(), stdout: String::new(), stderr }
    }

    /// Runs a command that must succeed, and returns what it printed.
    pub(crate) async fn succeed(&self, arguments: &[&str]) -> String {
        self.succeed_with_input(arguments, "").await
    }

    /// The same with something to read from standard input.
    pub(crate) async fn succeed_with_input(&self, arguments: &[&str], input: &str) -> String {
        let outcome = self.run_with_input(arguments, input).await;
        assert!(outcome.code == Some(0) && outcome.stderr.is_empty(), "{arguments:?}: {outcome:#?}");
        outcome.stdout
    }

    /// Runs a command that prints one JSON object a line.
    pub(crate) async fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let printed = self.succeed(arguments).await;
        printed.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// An account as `account list` shows it.
    pub(crate) async fn account(&self, name: &str) -> Value {
        let accounts = self.json(&["account", "list", "--json"]).await;
        accounts.into_iter().find(|account| account["name"] == name).unwrap()
    }

    /// Waits until an account's bot is said to do this, and returns the account.
    pub(crate) async fn account_when(&self, name: &str, status: &str) -> Value {
        let seen = async {
            loop {
                let account = self.account(name).await;
                if account["status"] == status {
                    return account;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("`{name}` is not {status}"))
    }

    /// Starts the bots and waits until the host serves.
    pub(crate) async fn serve(&self) -> Serving {
        Serving::start(self.command(&["serve"])).await
    }

    /// Starts the bots, with all that is logged of the start.
    pub(crate) fn begin_to_serve(&self) -> Serving {
        let mut command = self.command(&["serve"]);
        command.env("AUTOCONTENT_LOG", "debug");
        Serving::begin(command)
    }

    /// The same, with a folder that is watched.
    pub(crate) async fn serve_watching(&self, folder: &str) -> Serving {
        Serving::start(self.command(&["serve", "--watch", folder])).await
    }

    /// The host's store, as another process beside it would open it.
    pub(crate) async fn store(&self) -> Store {
        let vault = Vault::open_or_create(&self.path("data/autocontent.key")).unwrap();
        Store::open(&self.database(), vault).await.unwrap()
    }

    /// Where the host's database is.
    pub(crate) fn database(&self) -> DatabaseUrl {
        match self.environment.get("AUTOCONTENT_DATABASE") {
            Some(url) => url.parse().unwrap(),
            None => DatabaseUrl::sqlite(self.path("data/autocontent.db")),
        }
    }

    /// Does to the database, which is made where it is missing, what another program would.
    pub(crate) async fn change_database(&self, change: &'static str) {
        let file = SqliteConnectOptions::new().filename(self.path("data/autocontent.db")).create_if_missing(true);
        let mut database = file.connect().await.unwrap();
        sqlx::query(change).execute(&mut database).await.unwrap();
        database.close().await.unwrap();
    }

    /// Makes the key, as the program's first run does.
    pub(crate) fn write_key(&self) {
        Vault::open_or_create(&self.path("data/autocontent.key")).unwrap().keep().unwrap();
    }

    /// Every file, SQLite's shared memory and its empty logs apart.
    pub(crate) fn files(&self) -> Files {
        let digest = |path: &Path| {
            let content = fs::read(path).unwrap();
            let mut hasher = DefaultHasher::new();
            content.hash(&mut hasher);
            let empty_log = path.extension().is_some_and(|extension| extension == "db-wal") && content.is_empty();
            (!empty_log && path.extension().is_none_or(|extension| extension != "db-shm")).then(|| hasher.finish())
        };
        let files = files_under(self.folder.path()).into_iter();
        files.filter_map(|path| digest(&path).map(|digest| (path, digest))).collect()
    }

    /// Every file with all its bytes.
    pub(crate) fn contents(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let files = files_under(self.folder.path()).into_iter();
        files.map(|path| (path.clone(), fs::read(path).unwrap())).collect()
    }

    /// Whether a text was ever printed, or lies in a file.
    pub(crate) fn gave_away(&self, secret: &str) -> Option<String> {
        let contains = |content: &[u8]| content.windows(secret.len()).any(|window| window == secret.as_bytes());
        if contains(self.heard.lock().unwrap().as_bytes()) {
            return Some("the output".to_owned());
        }
        let file = files_under(self.folder.path()).into_iter().find(|path| contains(&fs::read(path).unwrap()));
        file.map(|path| path.display().to_string())
    }

    /// Keeps what the program said, which is never a panic or one of the tests' secrets.
    pub(crate) fn hear(&self, said: &str) {
        for never in [PASSWORD, WRONG_TOKEN, "panicked at", "stack backtrace"] {
            assert!(!said.contains(never), "`{never}` in: {said}");
        }
        self.heard.lock().unwrap().push_str(said);
    }

    /// The program with these arguments, run by another one, such as `unshare`.
    pub(crate) fn confined<'a>(
        &self,
        by: &'a mut std::process::Command,
        arguments: &[&str],
    ) -> &'a mut std::process::Command {
        by.arg(env!("CARGO_BIN_EXE_autocontent")).args(arguments).current_dir(self.folder.path());
        by.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).envs(&self.environment)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autocontent"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().envs(&self.environment).kill_on_drop(true);
        command
    }
}

/// A Discord whose limits are no hindrance to many starts and many interactions.
pub(crate) async fn generous_discord() -> Simulator {
    let config = SimulatorConfig {
        max_concurrency: 1_000,
        identifies_per_day: 1_000_000,
        global_limit: None,
        route_limits: false,
        patience: PATIENCE,
        ..SimulatorConfig::default()
    };
    Simulator::start(config).await.unwrap()
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(files_under(&path)) } else { files.push(path) }
    }
    files
}
