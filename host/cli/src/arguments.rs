//! The command line.

use std::path::PathBuf;
use std::str::FromStr;

use autocontent_manifest::{Capability, InvalidText, ProviderId, SecretName, SettingName};
use autocontent_store::{AccountName, GuildId, LogLevel, MemberId, Transport};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::Subject;
use crate::commands::author::AuthorCommand;
use crate::commands::author::dev::DevArguments;
use crate::commands::sources::SourcesCommand;
use crate::commands::trial::TrialCommand;
use crate::config::LogFormat;

/// A host for content providers: sandboxed WebAssembly components that Discord bots serve as slash commands.
#[derive(Parser)]
#[command(name = "autocontent", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) settings: Settings,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Settings that may stand before or after any command; each beats its environment variable, which beats the
/// configuration file.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Settings")]
pub(crate) struct Settings {
    /// Configuration file in TOML
    #[arg(long, global = true, env = "AUTOCONTENT_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder for the database, the key and compiled providers
    #[arg(long, global = true, env = "AUTOCONTENT_DATA", value_name = "FOLDER")]
    pub(crate) data: Option<PathBuf>,
    /// `sqlite:FILE` or `postgres://…`; by default a SQLite file in the data folder
    #[arg(long, global = true, env = "AUTOCONTENT_DATABASE", value_name = "URL", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// What is logged, such as `info` or `warn,provider=debug`
    #[arg(long, global = true, env = "AUTOCONTENT_LOG", value_name = "FILTER")]
    pub(crate) log: Option<String>,
    /// How it is logged
    #[arg(long, global = true, env = "AUTOCONTENT_LOG_FORMAT", value_name = "FORMAT")]
    pub(crate) log_format: Option<LogFormat>,
    /// Address for HTTP interactions, such as `0.0.0.0:8080`
    #[arg(long, global = true, env = "AUTOCONTENT_LISTEN", value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    /// Address for metrics at /metrics, such as `127.0.0.1:9464`; without one there are none
    #[arg(long, global = true, env = "AUTOCONTENT_METRICS_LISTEN", value_name = "ADDRESS")]
    pub(crate) metrics_listen: Option<String>,
    /// Base of Discord's REST API, to use a simulated Discord
    #[arg(long, global = true, env = "AUTOCONTENT_DISCORD_API", value_name = "URL")]
    pub(crate) discord_api: Option<String>,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the bots until told to stop
    Serve {
        /// Folder of components: what is put there or changed there is installed
        #[arg(long, value_name = "FOLDER")]
        watch: Option<PathBuf>,
    },
    /// Answer a command here in the terminal, without Discord
    Ask {
        /// The command as a member would type it, such as "/quote topic:courage"
        line: String,
        /// Print the reply as JSON
        #[arg(long)]
        json: bool,
        /// The member's language
        #[arg(long, default_value = "en-US", value_name = "TAG")]
        locale: String,
        /// Allow age-restricted content
        #[arg(long)]
        sensitive: bool,
    },
    /// Install, grant, enable, set up and remove providers
    #[command(subcommand)]
    Provider(ProviderCommand),
    /// Add, start, stop and remove accounts: the Discord bots that this host runs
    #[command(subcommand)]
    Account(AccountCommand),
    /// Show what was delivered
    History {
        /// How many deliveries, the newest first
        #[arg(long, default_value_t = 20, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Only this account's
        #[arg(long, value_name = "NAME")]
        account: Option<AccountName>,
        /// Print JSON, one delivery a line
        #[arg(long)]
        json: bool,
    },
    /// Print all that is kept about a member: JSON, one object a line
    Export {
        /// The member's id on Discord
        #[arg(long, value_name = "ID")]
        member: MemberId,
    },
    /// Erase all that is kept about a guild or a member
    Erase {
        #[command(flatten)]
        whose: Whose,
        /// Don't ask whether it is meant
        #[arg(long)]
        yes: bool,
    },
    /// Show what needs an operator: providers that are paused, wait, or are not set up
    Notifications {
        /// Forget them once they were shown
        #[arg(long)]
        clear: bool,
        /// Print JSON, one notification a line
        #[arg(long)]
        json: bool,
    },
    /// Show who changed what about providers, and when
    Audit {
        /// Only this provider
        #[arg(long, value_name = "ID")]
        provider: Option<ProviderId>,
        /// How many changes, the newest first
        #[arg(long, default_value_t = 20, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Print JSON, one change a line
        #[arg(long)]
        json: bool,
    },
    /// Take care of the keys that tokens and secrets are encrypted with
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Check or show the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look for what is wrong, and say what to do about it
    Doctor,
    /// Compile a component; the host calls itself so, to compile under limits
    #[command(name = "__compile", hide = true)]
    Compile {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<std::ffi::OsString>,
    },
}

#[derive(Subcommand)]
pub(crate) enum ProviderCommand {
    #[command(flatten)]
    Author(AuthorCommand),
    #[command(flatten)]
    Trial(TrialCommand),
    /// Build a project whenever it is saved, and try its provider out on a page in the browser
    Dev(DevArguments),
    /// Show what a component says and needs, without running it
    Inspect {
        /// The component
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the JSON Schema of provider.toml, for editors
    Schema,
    /// Install components; what one asks for is shown, and once it is granted that, it serves
    Install {
        /// Paths, https://HOST/FILE.wasm or oci://REGISTRY/NAME:TAG
        #[arg(required = true, value_name = "SOURCE")]
        sources: Vec<String>,
        /// Grant them all that they ask for
        #[arg(long)]
        grant: bool,
    },
    /// Grant the version that waits, or else the one that serves, all that it asks for, or only these
    Grant {
        /// The provider's id
        provider: ProviderId,
        /// Such as http:api.example.com, storage:1048576 or schedule; plain-http:HOST allows http:// there too
        capabilities: Vec<Capability>,
    },
    /// Take capabilities from every version of a provider: all that it was granted, or only these
    Revoke {
        /// The provider's id
        provider: ProviderId,
        /// As `grants` shows them
        capabilities: Vec<Capability>,
    },
    /// Show what each version asks for and was granted
    Grants {
        /// The provider's id
        provider: ProviderId,
        /// Print JSON, one version a line
        #[arg(long)]
        json: bool,
    },
    /// Go back to the version that served before; a second time leads forward again
    Rollback {
        /// The provider's id
        provider: ProviderId,
    },
    /// Show a provider's settings, their values and where these come from
    Settings {
        /// The provider's id
        provider: ProviderId,
        /// As they are for this account
        #[arg(long, value_name = "NAME")]
        account: Option<AccountName>,
        /// Print JSON, one setting a line
        #[arg(long)]
        json: bool,
    },
    /// Give settings values, for all accounts without values of their own
    Set {
        /// The provider's id
        provider: ProviderId,
        /// NAME=VALUE; several texts have commas between them
        #[arg(required = true, value_name = "NAME=VALUE")]
        values: Vec<SettingArgument>,
        /// For this account only
        #[arg(long, value_name = "NAME")]
        account: Option<AccountName>,
    },
    /// Take settings' values away
    Unset {
        /// The provider's id
        provider: ProviderId,
        /// The settings
        #[arg(required = true)]
        names: Vec<SettingName>,
        /// Those of this account
        #[arg(long, value_name = "NAME")]
        account: Option<AccountName>,
    },
    /// Show a provider's secrets and for whom they are set, never their values
    Secrets {
        /// The provider's id
        provider: ProviderId,
        /// Print JSON, one secret a line
        #[arg(long)]
        json: bool,
    },
    /// Fill a secret in, from AUTOCONTENT_SECRET or standard input, for all accounts without their own
    Secret {
        /// The provider's id
        provider: ProviderId,
        /// The secret's name
        name: SecretName,
        /// For this account only
        #[arg(long, value_name = "NAME")]
        account: Option<AccountName>,
        /// Forget it instead
        #[arg(long)]
        forget: bool,
    },
    #[command(flatten)]
    Sources(SourcesCommand),
    /// Let an account's members use a provider
    Enable(Enablement),
    /// Stop an account's members from using a provider
    Disable(Enablement),
    /// List the installed providers
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show what calls cost and how they ended
    Stats {
        /// The provider's id; all where none is named
        provider: Option<ProviderId>,
        /// How many days to look back, today included
        #[arg(long, default_value_t = 7, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=400))]
        days: u32,
        /// Print JSON, one version of a provider a line
        #[arg(long)]
        json: bool,
    },
    /// Show what a provider logged
    Logs {
        /// The provider's id
        provider: ProviderId,
        /// Go on with what it logs from now on
        #[arg(short, long)]
        follow: bool,
        /// How many lines, the newest
        #[arg(long, default_value_t = 100, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=1000))]
        limit: u32,
        /// Only lines of this level and above
        #[arg(long, default_value_t = LogLevel::Trace, value_name = "LEVEL")]
        level: LogLevel,
        /// Print JSON, one line of the log a line
        #[arg(long)]
        json: bool,
    },
    /// Remove a provider and all its versions
    Remove {
        /// The provider's id
        provider: ProviderId,
    },
}

/// `NAME=VALUE`
#[derive(Clone, Debug)]
pub(crate) struct SettingArgument {
    pub(crate) name: SettingName,
    pub(crate) value: String,
}

impl FromStr for SettingArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<SettingArgument, String> {
        let (name, value) = text.split_once('=').ok_or("a setting and its value are written NAME=VALUE")?;
        let name = name.parse().map_err(|error: InvalidText| error.to_string())?;
        Ok(SettingArgument { name, value: value.to_owned() })
    }
}

#[derive(Args)]
pub(crate) struct Enablement {
    /// The provider's id
    pub(crate) provider: ProviderId,
    /// The account; may be left out where there is only one
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<AccountName>,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Whose {
    /// The guild's id on Discord
    #[arg(long, value_name = "ID")]
    guild: Option<GuildId>,
    /// The member's id on Discord
    #[arg(long, value_name = "ID")]
    member: Option<MemberId>,
}

impl Whose {
    /// Whose data is meant; clap sees to it that one is named.
    pub(crate) fn subject(&self) -> Option<Subject> {
        self.guild.map(Subject::Guild).or(self.member.map(Subject::Member))
    }
}

#[derive(Subcommand)]
pub(crate) enum AccountCommand {
    /// Add a bot, with its token from DISCORD_TOKEN or standard input
    Add {
        /// A name for it here, such as "main"
        name: AccountName,
        /// How Discord reaches it
        #[arg(long, value_enum, default_value_t = TransportArgument::Gateway)]
        transport: TransportArgument,
    },
    /// List the accounts and how their bots are
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Have a bot run
    Start {
        /// The account
        name: AccountName,
    },
    /// Have a bot not run
    Stop {
        /// The account
        name: AccountName,
    },
    /// Give an account another token, from DISCORD_TOKEN or standard input
    Token {
        /// The account
        name: AccountName,
    },
    /// Remove an account and its token; its history stays
    Remove {
        /// The account
        name: AccountName,
    },
}

/// How Discord reaches a bot.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum TransportArgument {
    /// The bot holds a websocket open
    Gateway,
    /// Discord calls this host; an idle bot costs nothing
    Http,
}

impl From<TransportArgument> for Transport {
    fn from(transport: TransportArgument) -> Self {
        match transport {
            TransportArgument::Gateway => Self::Gateway,
            TransportArgument::Http => Self::Http,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum KeysCommand {
    /// Add a key and encrypt everything again with it; the old keys stay for older backups
    Rotate,
}

#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// Say whether the configuration is valid
    Check,
    /// Show every setting in force, secrets hidden
    Show,
}
