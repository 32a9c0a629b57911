//! The configuration: flags beat the environment, which beats the file, which beats the defaults.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use autocontent_content::{CallsConfig, Shares};
use autocontent_gate::{DevelopmentHost, DevelopmentUpstream};
use autocontent_sources::{SignaturePolicy, Trust};
use autocontent_store::{DatabaseUrl, LogLevel};
use clap::ValueEnum;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::arguments::Settings;
use crate::trusted::{TrustedKeyEntry, trusted_keys};

/// For how many days the history is kept. A season is long enough for the buttons that people still press and for looking
/// into what somebody complains about; Discord wants no data to be kept for longer than it is needed.
const HISTORY_DAYS: u32 = 90;
/// A hundred years.
const LONGEST_HISTORY: u32 = 36_500;

/// Every setting in force.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Folder for the database, the key and compiled providers.
    pub(crate) data: PathBuf,
    /// Where what must survive is kept.
    pub(crate) database: DatabaseUrl,
    /// The same as it was written, without a password.
    database_shown: String,
    /// What is logged, in the words of `tracing_subscriber::EnvFilter`.
    pub(crate) log: String,
    /// How it is logged.
    pub(crate) log_format: LogFormat,
    /// Address for HTTP interactions.
    pub(crate) listen: SocketAddr,
    /// Address for metrics; without one there are none.
    pub(crate) metrics_listen: Option<SocketAddr>,
    /// Base of Discord's REST API.
    pub(crate) discord_api: Option<Url>,
    /// Calls of providers at once.
    pub(crate) concurrency: u32,
    /// How long the history is kept; none for ever.
    pub(crate) history: Option<SignedDuration>,
    history_days: u32,
    /// What else holds for them.
    pub(crate) calls: CallsConfig,
    /// Hosts on this machine that granted providers may call.
    pub(crate) development_hosts: Vec<DevelopmentHost>,
    /// Hosts whose requests go to this machine instead.
    pub(crate) development_upstreams: Vec<DevelopmentUpstream>,
    /// Authorities that the servers of sources may be certified by, beside the usual ones, in PEM.
    pub(crate) certificates: Option<PathBuf>,
    /// Whose components are installed.
    pub(crate) trust: Trust,
}

/// How it is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum LogFormat {
    /// Text on a terminal, JSON otherwise
    Auto,
    /// Text for people
    Text,
    /// One JSON object a line
    Json,
}

/// What is wrong with the configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error(
        "could not read the configuration file {}: {problem}; correct the path in --config or AUTOCONTENT_CONFIG, or the file's permissions",
        path.display()
    )]
    Read { path: PathBuf, problem: std::io::Error },
    /// The line itself is not repeated, as it may hold a password.
    #[error("{}:{line}:{column}: {problem}", path.display())]
    Parse { path: PathBuf, line: usize, column: usize, problem: String },
    #[error("setting `{name}`: {problem}")]
    Invalid { name: &'static str, problem: String },
}

/// The configuration file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    log: Option<String>,
    log_format: Option<LogFormat>,
    listen: Option<String>,
    metrics_listen: Option<String>,
    discord_api: Option<String>,
    concurrency: Option<u32>,
    history_days: Option<u32>,
    calls_per_provider: Option<u32>,
    calls_per_account: Option<u32>,
    calls_waiting: Option<u32>,
    commands_per_minute: Option<u32>,
    provider_log: Option<LogLevel>,
    development_hosts: Option<Vec<String>>,
    development_upstreams: Option<Vec<String>>,
    certificates: Option<PathBuf>,
    #[serde(default)]
    signatures: SignaturePolicy,
    #[serde(default)]
    trusted_key: Vec<TrustedKeyEntry>,
}

/// The settings as `config show` prints them, which is also how a configuration file is written.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Shown<'a> {
    data: &'a Path,
    database: &'a str,
    log: &'a str,
    log_format: LogFormat,
    listen: SocketAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics_listen: Option<SocketAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discord_api: Option<&'a str>,
    concurrency: u32,
    history_days: u32,
    calls_per_provider: u32,
    calls_per_account: u32,
    calls_waiting: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    commands_per_minute: Option<NonZeroU32>,
    provider_log: LogLevel,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    development_hosts: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    development_upstreams: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificates: Option<&'a Path>,
    signatures: SignaturePolicy,
    trusted_key: Vec<TrustedKeyEntry>,
}

impl Config {
    /// Puts flags, environment and file together and checks each setting.
    pub(crate) fn load(settings: &Settings) -> Result<Self, ConfigError> {
        let file = settings.config.as_deref().map(read).transpose()?.unwrap_or_default();
        let data = settings.data.clone().or(file.data).or_else(default_data).ok_or_else(|| ConfigError::Invalid {
            name: "data",
            problem: "there is no home folder to put it into: name one with --data FOLDER".into(),
        })?;
        let database = settings.database.clone().or(file.database);
        let database = database.unwrap_or_else(|| format!("sqlite:{}", data.join("autocontent.db").display()));
        let listen = settings.listen.clone().or(file.listen).unwrap_or_else(|| "127.0.0.1:8080".into());
        let discord_api = settings.discord_api.clone().or(file.discord_api);
        let concurrency = within("concurrency", file.concurrency.unwrap_or(256), 1, 4_096)?;
        let metrics_listen = settings.metrics_listen.clone().or(file.metrics_listen);
        let calls = CallsConfig::of(concurrency);
        let share = |name, wanted: Option<u32>, default| within(name, wanted.unwrap_or(default), 1, concurrency);
        let shares = Shares {
            provider: share("calls-per-provider", file.calls_per_provider, calls.shares.provider)?,
            account: share("calls-per-account", file.calls_per_account, calls.shares.account)?,
            waiting: within("calls-waiting", file.calls_waiting.unwrap_or(calls.shares.waiting), 0, 10_000)?,
            ..calls.shares
        };
        let rate = file.commands_per_minute.map(|rate| within("commands-per-minute", rate, 1, 1_000)).transpose()?;
        let calls = CallsConfig {
            shares,
            member_rate: rate.and_then(NonZeroU32::new),
            log_level: file.provider_log.unwrap_or(calls.log_level),
        };
        let history_days = file.history_days.unwrap_or(HISTORY_DAYS);
        if history_days > LONGEST_HISTORY {
            return Err(ConfigError::Invalid {
                name: "history-days",
                problem: format!(
                    "{history_days} is out of range: write a number of days up to {LONGEST_HISTORY}, or 0 for ever"
                ),
            });
        }
        let development_hosts = file.development_hosts.unwrap_or_default();
        let development_upstreams = file.development_upstreams.unwrap_or_default();
        Ok(Self {
            database_shown: without_password(&database),
            database: database.parse().map_err(|problem| invalid("database", &problem))?,
            listen: address("listen", &listen, "127.0.0.1:8080")?,
            metrics_listen: metrics_listen
                .map(|listen| address("metrics-listen", &listen, "127.0.0.1:9464"))
                .transpose()?,
            discord_api: discord_api.as_deref().map(base_url).transpose()?,
            log: settings.log.clone().or(file.log).unwrap_or_else(|| "info".into()),
            log_format: settings.log_format.or(file.log_format).unwrap_or(LogFormat::Auto),
            data,
            concurrency,
            history: (history_days > 0).then(|| SignedDuration::from_hours(24 * i64::from(history_days))),
            history_days,
            calls,
            development_hosts: development_hosts
                .iter()
                .map(|host| host.parse().map_err(|problem| invalid("development-hosts", &problem)))
                .collect::<Result<_, _>>()?,
            development_upstreams: development_upstreams
                .iter()
                .map(|upstream| upstream.parse().map_err(|problem| invalid("development-upstreams", &problem)))
                .collect::<Result<_, _>>()?,
            certificates: file.certificates,
            trust: Trust { policy: file.signatures, keys: trusted_keys(&file.trusted_key)? },
        })
    }

    /// The settings in TOML, which is a configuration file that lacks only the database's password.
    pub(crate) fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(&Shown {
            data: &self.data,
            database: &self.database_shown,
            log: &self.log,
            log_format: self.log_format,
            listen: self.listen,
            discord_api: self.discord_api.as_ref().map(Url::as_str),
            metrics_listen: self.metrics_listen,
            concurrency: self.concurrency,
            history_days: self.history_days,
            calls_per_provider: self.calls.shares.provider,
            calls_per_account: self.calls.shares.account,
            calls_waiting: self.calls.shares.waiting,
            commands_per_minute: self.calls.member_rate,
            provider_log: self.calls.log_level,
            development_hosts: self.development_hosts.iter().map(ToString::to_string).collect(),
            development_upstreams: self.development_upstreams.iter().map(ToString::to_string).collect(),
            certificates: self.certificates.as_deref(),
            signatures: self.trust.policy,
            trusted_key: self.trust.keys.iter().map(TrustedKeyEntry::from).collect(),
        })
    }

    /// The key that accounts' tokens are sealed with.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.data.join("autocontent.key")
    }

    /// Compiled providers.
    pub(crate) fn cache(&self) -> PathBuf {
        self.data.join("compiled")
    }
}

fn read(path: &Path) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|problem| ConfigError::Read { path: path.to_owned(), problem })?;
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        ConfigError::Parse {
            path: path.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.rsplit('\n').next().unwrap_or_default().chars().count() + 1,
            problem: error.message().to_owned(),
        }
    })
}

/// A database's URL without the password, which PostgreSQL's may have in two places.
fn without_password(database: &str) -> String {
    let Some(mut url) = database.parse::<Url>().ok().filter(|url| url.scheme() != "sqlite") else {
        return database.to_owned();
    };
    // It fails only where there can be none.
    let _ = url.set_password(None);
    let rest: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != "password").collect();
    if rest.len() < url.query_pairs().count() {
        url.query_pairs_mut().clear().extend_pairs(rest);
    }
    url.into()
}

fn within(name: &'static str, number: u32, least: u32, most: u32) -> Result<u32, ConfigError> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    let problem = format!("{number} is out of range: write a number from {least} to {most}");
    Err(ConfigError::Invalid { name, problem })
}

fn address(name: &'static str, text: &str, example: &str) -> Result<SocketAddr, ConfigError> {
    text.parse().map_err(|_| ConfigError::Invalid {
        name,
        problem: format!("`{text}` is no address: write it as IP:PORT, such as {example}"),
    })
}

fn base_url(text: &str) -> Result<Url, ConfigError> {
    let url = text.parse::<Url>().ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| ConfigError::Invalid {
        name: "discord-api",
        problem: "that is no address of a web server: write it as http://HOST:PORT/ or https://HOST/".into(),
    })
}

fn invalid(name: &'static str, problem: &dyn std::fmt::Display) -> ConfigError {
    ConfigError::Invalid { name, problem: problem.to_string() }
}

/// `$XDG_DATA_HOME/autocontent`, or `~/.local/share/autocontent`.
fn default_data() -> Option<PathBuf> {
    let folder = |variable| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let share = folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")))?;
    Some(share.join("autocontent"))
}
