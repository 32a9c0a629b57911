//! `provider.toml`, the only place where a provider describes itself.
//!
//! [`Manifest::parse`] turns its text into types that can't be wrong, or says everything that is wrong with it at once, each with
//! line, column, key and what is allowed. Every rule of Discord's that a command must keep is checked here, so that
//! nothing below has to. Also here: how a command is typed as one line ([`CommandLine`]) and what its options take.
//!
//! - `text`, `names`, `place`, `quantity`, `host`: checked texts, words, sizes and times
//! - `command`, `section`, `setting`: what a manifest is made of; `capability`: what it asks to be granted
//! - `value`, `line`: the values of options, and the command line
//! - `read`: from the text to the types, with all the checks; `error`: what comes out when they fail
//! - `shape`, `write`: the file's shape for its JSON Schema, and from the types back to the text

mod capability;
mod command;
mod error;
mod host;
mod line;
mod names;
mod place;
mod quantity;
mod read;
mod section;
mod setting;
mod shape;
mod text;
mod value;
mod write;

pub use capability::Capability;
pub use command::{Choice, Command, CommandOption, Invocation, OptionKind, Subcommand};
pub use error::{ManifestError, ManifestErrors};
pub use host::HostPattern;
pub use line::CommandLine;
pub use names::{CommandName, HeaderName, Kind, OptionName, ProviderId, QueryName, SecretName, SettingName};
pub use place::{ActivityKind, Context, Locale};
pub use quantity::ByteSize;
pub use section::{
    About, Capabilities, ContractVersion, DataStatement, Example, Limits, Secret, SecretPlace, Triggers,
};
pub use setting::{Setting, SettingError, SettingKind, SettingValue};
pub use text::{Description, InvalidText, Text};
pub use value::{Argument, ArgumentError, Value};

/// A checked manifest. Fields are for reading: what is changed by hand is not checked again.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// `[provider]`
    pub provider: About,
    /// `[[command]]`, 1 to 100.
    pub commands: Vec<Command>,
    /// `[triggers]`
    pub triggers: Triggers,
    /// `[capabilities]`
    pub capabilities: Capabilities,
    /// `[[secret]]`, at most 16.
    pub secrets: Vec<Secret>,
    /// `[[setting]]`, at most 32.
    pub settings: Vec<Setting>,
    /// `[[example]]`, at most 32.
    pub examples: Vec<Example>,
    /// `[limits]`
    pub limits: Limits,
    /// `[data]`; always there where storage is asked for.
    pub data: Option<DataStatement>,
}

impl Manifest {
    /// The custom section at a component's top level that holds the manifest's text as UTF-8.
    pub const SECTION: &'static str = "autocontent:manifest";
    /// The newest version of the contract that is understood; older minor versions of the same major are too.
    pub const CONTRACT: ContractVersion = ContractVersion { major: 1, minor: 0 };
    /// The longest text that is read, in bytes: 64 KiB.
    pub const TEXT_MAX: usize = 64 << 10;
    /// The host's own command, which no provider may take.
    pub const RESERVED_COMMANDS: [&'static str; 1] = ["favourites"];

    /// Reads and checks the text of a provider.toml.
    ///
    /// # Errors
    /// All that is wrong at once. Where the text is no TOML, only that.
    pub fn parse(text: &str) -> Result<Manifest, ManifestErrors> {
        read::manifest(text)
    }

    /// The manifest as text that [`Manifest::parse`] reads back to an equal value. What equals its default is left out.
    pub fn to_toml(&self) -> String {
        write::to_toml(self)
    }

    /// The JSON Schema (draft 2020-12) of the file's shape, for editors. It does not know every rule.
    #[cfg(feature = "schema")]
    pub fn json_schema() -> serde_json::Value {
        shape::schema()
    }

    /// The command of this full name: "news", or "news top" for a subcommand.
    pub fn invocation(&self, full_name: &str) -> Option<Invocation<'_>> {
        let (name, second) = full_name.split_once(' ').map_or((full_name, None), |(name, second)| (name, Some(second)));
        let command = self.commands.iter().find(|command| command.name.as_str() == name)?;
        command
            .invocations()
            .find(|invocation| invocation.subcommand.map(|subcommand| subcommand.name.as_str()) == second)
    }
}
