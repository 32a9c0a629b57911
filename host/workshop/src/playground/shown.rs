//! A provider as the page shows it: what its manifest says, in the page's own shape.

use autocontent_content::{CatalogueCommand, Inspection};
use autocontent_manifest::{Choice, CommandOption, Invocation, Limits, OptionKind, Setting, SettingKind, SettingValue};
use serde::Serialize;
use serde_json::Value;

/// What the page shows of a version that answers.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShownProvider {
    id: String,
    name: String,
    version: String,
    description: String,
    license: String,
    /// SHA-256 of the component, in hexadecimal.
    digest: String,
    /// Of the component, in bytes.
    size: u64,
    /// Another number each time that something is loaded.
    load: u32,
    commands: Vec<ShownCommand>,
    /// As `provider grants` writes them.
    capabilities: Vec<String>,
    settings: Vec<ShownSetting>,
    secrets: Vec<ShownSecret>,
    limits: ShownLimits,
    examples: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
struct ShownCommand {
    /// With its subcommand.
    name: String,
    description: String,
    options: Vec<ShownOption>,
}

#[derive(Clone, Debug, Serialize)]
struct ShownOption {
    name: String,
    description: String,
    kind: &'static str,
    required: bool,
    autocomplete: bool,
    choices: Vec<ShownChoice>,
}

#[derive(Clone, Debug, Serialize)]
struct ShownChoice {
    label: String,
    value: Value,
}

#[derive(Clone, Debug, Serialize)]
struct ShownSetting {
    name: String,
    /// As an author reads it; none where it is not set.
    value: Option<String>,
}

/// Never the secret itself.
#[derive(Clone, Debug, Serialize)]
struct ShownSecret {
    name: String,
    host: String,
    set: bool,
}

#[derive(Clone, Copy, Debug, Serialize)]
struct ShownLimits {
    time_us: u64,
    cpu_us: u64,
    memory_bytes: u64,
    media_bytes: u64,
}

impl ShownProvider {
    /// `commands` are those that members have, the host's own among them; `load` is another number for each version that
    /// answered. `setting` tells what a setting is set to, `has_secret` whether a secret is filled in, by their names.
    pub(super) fn new(
        inspection: &Inspection,
        commands: &[CatalogueCommand],
        load: u32,
        setting: impl Fn(&str) -> Option<String>,
        has_secret: impl Fn(&str) -> bool,
    ) -> ShownProvider {
        let manifest = &inspection.manifest;
        let about = &manifest.provider;
        let setting = |one: &Setting| ShownSetting {
            name: one.name.to_string(),
            value: setting(one.name.as_str()).or_else(|| default(&one.kind).map(|value| value.to_string())),
        };
        ShownProvider {
            id: about.id.to_string(),
            name: about.name.clone(),
            version: about.version.to_string(),
            description: about.description.clone(),
            license: about.license.clone(),
            digest: inspection.digest.to_string(),
            size: inspection.size,
            load,
            commands: commands.iter().flat_map(|one| one.command.invocations()).map(|one| command(&one)).collect(),
            capabilities: manifest.asks().iter().map(ToString::to_string).collect(),
            settings: manifest.settings.iter().map(setting).collect(),
            secrets: manifest
                .secrets
                .iter()
                .map(|one| ShownSecret {
                    name: one.name.to_string(),
                    host: one.host.to_string(),
                    set: has_secret(one.name.as_str()),
                })
                .collect(),
            limits: limits(&manifest.limits),
            examples: manifest.examples.iter().map(|one| one.command.to_string()).collect(),
        }
    }
}

fn command(invocation: &Invocation<'_>) -> ShownCommand {
    let description =
        invocation.subcommand.map_or(&invocation.command.description, |subcommand| &subcommand.description);
    ShownCommand {
        name: invocation.full_name(),
        description: description.to_string(),
        options: invocation.options().iter().map(option).collect(),
    }
}

fn option(option: &CommandOption) -> ShownOption {
    let choices = match &option.kind {
        OptionKind::Text { choices, .. } => choices.iter().map(choice).collect(),
        OptionKind::Integer { choices, .. } => choices.iter().map(choice).collect(),
        OptionKind::Number { choices, .. } => choices.iter().map(choice).collect(),
        OptionKind::Boolean | OptionKind::User | OptionKind::Channel | OptionKind::Role | OptionKind::Attachment => {
            Vec::new()
        }
    };
    ShownOption {
        name: option.name.to_string(),
        description: option.description.to_string(),
        kind: option.kind.as_str(),
        required: option.required,
        autocomplete: option.kind.autocomplete(),
        choices,
    }
}

fn choice<T: Clone + Into<Value>>(choice: &Choice<T>) -> ShownChoice {
    ShownChoice { label: choice.label.clone(), value: choice.value.clone().into() }
}

fn default(kind: &SettingKind) -> Option<SettingValue> {
    match kind {
        SettingKind::Text { default, .. } => default.clone().map(SettingValue::Text),
        SettingKind::Integer { default, .. } => default.map(SettingValue::Integer),
        SettingKind::Number { default, .. } => default.map(SettingValue::Number),
        SettingKind::Boolean { default } => default.map(SettingValue::Boolean),
        SettingKind::Texts { default, .. } => default.clone().map(SettingValue::Texts),
    }
}

fn limits(limits: &Limits) -> ShownLimits {
    let micros = |time: std::time::Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    ShownLimits {
        time_us: micros(limits.time),
        cpu_us: micros(limits.cpu),
        memory_bytes: limits.memory.bytes(),
        media_bytes: limits.media.bytes(),
    }
}
