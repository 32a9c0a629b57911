//! `autocontent provider run|test|harness`: built components as a host would run them. The work is done in
//! `autocontent-workshop`.

mod run;
mod test;

use std::io::BufReader;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use autocontent_manifest::Capability;
use autocontent_workshop::compiled_folder;
use autocontent_workshop::harness::PlaceKind;
use autocontent_workshop::protocol::{self, Tools};
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;

use crate::arguments::SettingArgument;
use crate::commands::serve::told_to_stop;
use crate::host::compiler;

/// As a shell says it of a program that was ended by Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Commands of `autocontent provider`.
#[derive(Subcommand)]
pub(crate) enum TrialCommand {
    /// Try one command of a provider's here: what a member would see, and what it did and cost
    ///
    /// Upstreams are the project's recordings, where it has some, and the network otherwise. Secrets for the network come from
    /// AUTOCONTENT_SECRET_NAME or .autocontent/secrets.toml.
    Run(RunArguments),
    /// Build a project, compare the answers to its examples with those in snapshots/, and run its own tests
    Test(test::TestArguments),
    /// Run components for tests in any language: JSON lines on standard input and output
    Harness,
}

/// What is run, and how.
#[derive(Args)]
pub(crate) struct RunArguments {
    /// The command as a member would type it, such as "/quote topic:courage"
    pub(crate) line: String,
    /// A component, or a project that was built
    #[arg(default_value = ".", value_name = "FOLDER|FILE")]
    pub(crate) component: PathBuf,
    /// Press this button afterwards, by its label or emoji; may be given several times
    #[arg(long, value_name = "BUTTON")]
    pub(crate) press: Vec<String>,
    /// The member's language
    #[arg(long, default_value = "en-US", value_name = "TAG")]
    pub(crate) locale: String,
    /// Where the command is used
    #[arg(long, value_enum, default_value_t = PlaceArgument::Guild)]
    pub(crate) place: PlaceArgument,
    /// Allow age-restricted content
    #[arg(long)]
    pub(crate) sensitive: bool,
    /// Play these recordings instead of the project's
    #[arg(long, value_name = "FILE", conflicts_with_all = ["live", "record"])]
    pub(crate) replay: Vec<PathBuf>,
    /// Ask the network
    #[arg(long)]
    pub(crate) live: bool,
    /// Ask the network, and write what it answers to this file, without secrets; what the file has of other requests stays
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// Give a setting a value
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) settings: Vec<SettingArgument>,
    /// Grant it this beside what it asks for, such as http:feeds.example.org, where it takes further hosts
    #[arg(long = "grant", value_name = "CAPABILITY")]
    pub(crate) grants: Vec<Capability>,
    /// The time that the provider is told, such as 2026-05-01T10:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<Timestamp>,
    /// What the provider's randomness begins with
    #[arg(long, default_value_t = 0, value_name = "NUMBER")]
    pub(crate) seed: u64,
    /// Print what came of it as JSON, one line for the command and one for each button
    #[arg(long)]
    pub(crate) json: bool,
}

/// A kind of place.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum PlaceArgument {
    /// A guild's channel
    Guild,
    /// The direct messages with the bot
    Dm,
    /// Direct messages between members
    PrivateChannel,
}

impl From<PlaceArgument> for PlaceKind {
    fn from(place: PlaceArgument) -> PlaceKind {
        match place {
            PlaceArgument::Guild => PlaceKind::Guild,
            PlaceArgument::Dm => PlaceKind::Dm,
            PlaceArgument::PrivateChannel => PlaceKind::PrivateChannel,
        }
    }
}

pub(crate) async fn run(command: TrialCommand) -> Result<ExitCode> {
    tokio::select! {
        biased;
        // What was made for the trial, secrets among it, is gone with it.
        () = told_to_stop() => Ok(ExitCode::from(INTERRUPTED)),
        done = carry_out(command) => done,
    }
}

async fn carry_out(command: TrialCommand) -> Result<ExitCode> {
    match command {
        TrialCommand::Run(arguments) => run::run(arguments).await,
        TrialCommand::Test(arguments) => test::run(arguments).await,
        TrialCommand::Harness => {
            let tools = Tools { compiler: compiler()?, cache: compiled_folder() };
            protocol::serve(BufReader::new(std::io::stdin()), std::io::stdout(), tools).await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}
