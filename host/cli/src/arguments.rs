//! The command line.

use std::path::PathBuf;

use autocontent_manifest::ProviderId;
use autocontent_store::{AccountName, GuildId, LogLevel, MemberId, Transport};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::Subject;
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
    /// Inspect, install, enable and remove providers
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
    /// Show what a component says and needs, without running it
    Inspect {
        /// The component
        file: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check a component or a provider.toml and report everything that is wrong
    Check {
        /// The component, or the provider.toml
        file: PathBuf,
    },
    /// Print the JSON Schema of provider.toml, for editors
    Schema,
    /// Install components; accounts can use them once they are enabled
    Install {
        /// The components
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
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
pub(crate) enum ConfigCommand {
    /// Say whether the configuration is valid
    Check,
    /// Show every setting in force, secrets hidden
    Show,
}
