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
    /// Which harness it is in; each is opened with nothing kept and nothing shown.
    harness: u32,
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
    description: String,
    kind: &'static str,
    /// If there are any, nothing else is taken.
    choices: Vec<String>,
    /// As an author types it; none where it is not set.
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
    /// `commands` are those that members have, the host's own among them. `set` tells what a setting is set to, `has_secret`
    /// whether a secret is filled in, by their names.
    pub(super) fn new(
        inspection: &Inspection,
        commands: &[CatalogueCommand],
        harness: u32,
        set: impl Fn(&str) -> Option<String>,
        has_secret: impl Fn(&str) -> bool,
    ) -> ShownProvider {
        let manifest = &inspection.manifest;
        let about = &manifest.provider;
        ShownProvider {
            id: about.id.to_string(),
            name: about.name.clone(),
            version: about.version.to_string(),
            description: about.description.clone(),
            license: about.license.clone(),
            digest: inspection.digest.to_string(),
            size: inspection.size,
            harness,
            commands: commands.iter().flat_map(|one| one.command.invocations()).map(|one| command(&one)).collect(),
            capabilities: manifest.asks().iter().map(ToString::to_string).collect(),
            settings: manifest.settings.iter().map(|one| setting(one, set(one.name.as_str()))).collect(),
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

fn setting(setting: &Setting, set: Option<String>) -> ShownSetting {
    let choices = match &setting.kind {
        SettingKind::Text { choices, .. } | SettingKind::Texts { choices, .. } => choices.clone(),
        SettingKind::Integer { choices, .. } => choices.iter().map(ToString::to_string).collect(),
        SettingKind::Number { choices, .. } => choices.iter().map(ToString::to_string).collect(),
        SettingKind::Boolean { .. } => Vec::new(),
    };
    ShownSetting {
        name: setting.name.to_string(),
        description: setting.description.to_string(),
        kind: setting.kind.as_str(),
        choices,
        value: set.or_else(|| setting.kind.default_value().map(typed)),
    }
}

/// A value as [`SettingKind::parse`] reads it.
fn typed(value: SettingValue) -> String {
    match value {
        SettingValue::Text(text) => text,
        SettingValue::Texts(texts) => texts.join(", "),
        SettingValue::Integer(_) | SettingValue::Number(_) | SettingValue::Boolean(_) => value.to_string(),
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
