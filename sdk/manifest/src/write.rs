//! From a [`Manifest`] to its text.

use std::{collections::BTreeMap, time::Duration};

use crate::{
    Choice, Command, CommandOption, Context, Limits, Locale, Manifest, OptionKind, Secret, SecretPlace, Setting,
    SettingKind, SettingValue, Subcommand, command::COOLDOWN, quantity::format_duration, shape,
};

#[expect(
    clippy::expect_used,
    reason = "TOML lacks only what the shape has nowhere: null in lists, keys that are no text"
)]
pub(crate) fn to_toml(manifest: &Manifest) -> String {
    toml::to_string(&file(manifest)).expect("the shape is all TOML")
}

fn file(manifest: &Manifest) -> shape::File {
    let Manifest { provider, commands, triggers, capabilities, secrets, settings, examples, limits, data } = manifest;
    shape::File {
        provider: shape::Provider {
            id: provider.id.to_string(),
            name: provider.name.clone(),
            version: provider.version.to_string(),
            description: provider.description.clone(),
            license: provider.license.clone(),
            contract: provider.contract.to_string(),
            kinds: provider.kinds.iter().map(ToString::to_string).collect(),
            homepage: provider.homepage.clone(),
        },
        triggers: (!triggers.activity.is_empty() || triggers.schedule).then(|| shape::Triggers {
            activity: triggers.activity.iter().map(|activity| activity.as_str()).collect(),
            schedule: triggers.schedule,
        }),
        capabilities: (*capabilities != crate::Capabilities::default()).then(|| shape::Capabilities {
            http: capabilities.http.iter().map(ToString::to_string).collect(),
            further_hosts: capabilities.further_hosts,
            storage: capabilities.storage.map(|size| size.to_string()),
        }),
        limits: (*limits != Limits::DEFAULT).then(|| written_limits(limits)),
        data: data.as_ref().map(|data| shape::Data { stores: data.stores.to_string() }),
        command: commands.iter().map(command).collect(),
        secret: secrets.iter().map(secret).collect(),
        setting: settings.iter().map(setting).collect(),
        example: examples.iter().map(|example| shape::Example { command: example.command.to_string() }).collect(),
    }
}

fn written_limits(limits: &Limits) -> shape::Limits {
    let usual = Limits::DEFAULT;
    shape::Limits {
        memory: (limits.memory != usual.memory).then(|| limits.memory.to_string()),
        cpu: (limits.cpu != usual.cpu).then(|| format_duration(limits.cpu)),
        time: (limits.time != usual.time).then(|| format_duration(limits.time)),
        media: (limits.media != usual.media).then(|| limits.media.to_string()),
    }
}

fn command(command: &Command) -> shape::Command {
    let everywhere = command.contexts.len() == Context::ALL.len();
    shape::Command {
        name: command.name.to_string(),
        description: command.description.to_string(),
        contexts: (!everywhere).then(|| command.contexts.iter().map(|context| context.as_str()).collect()),
        sensitive: command.sensitive,
        cooldown: changed(command.cooldown),
        names: texts(&command.names),
        descriptions: texts(&command.descriptions),
        option: command.options.iter().map(option).collect(),
        subcommand: command.subcommands.iter().map(subcommand).collect(),
    }
}

fn changed(cooldown: Duration) -> Option<String> {
    (cooldown != COOLDOWN).then(|| format_duration(cooldown))
}

fn subcommand(subcommand: &Subcommand) -> shape::Subcommand {
    shape::Subcommand {
        name: subcommand.name.to_string(),
        description: subcommand.description.to_string(),
        names: texts(&subcommand.names),
        descriptions: texts(&subcommand.descriptions),
        option: subcommand.options.iter().map(option).collect(),
    }
}

fn option(option: &CommandOption) -> shape::CommandOption {
    let mut written = shape::CommandOption {
        name: option.name.to_string(),
        description: option.description.to_string(),
        kind: option.kind.as_str(),
        required: option.required,
        min_length: None,
        max_length: None,
        min: None,
        max: None,
        autocomplete: option.kind.autocomplete(),
        names: texts(&option.names),
        descriptions: texts(&option.descriptions),
        choices: Vec::new(),
    };
    match &option.kind {
        OptionKind::Text { min_length, max_length, choices, .. } => {
            written.min_length = *min_length;
            written.max_length = *max_length;
            written.choices = choices.iter().map(|one| choice(one, shape::Scalar::Text(one.value.clone()))).collect();
        }
        OptionKind::Integer { min, max, choices, .. } => {
            written.min = min.map(shape::Number::Integer);
            written.max = max.map(shape::Number::Integer);
            written.choices = choices.iter().map(|one| choice(one, shape::Scalar::Integer(one.value))).collect();
        }
        OptionKind::Number { min, max, choices, .. } => {
            written.min = min.map(shape::Number::Number);
            written.max = max.map(shape::Number::Number);
            written.choices = choices.iter().map(|one| choice(one, shape::Scalar::Number(one.value))).collect();
        }
        OptionKind::Boolean | OptionKind::User | OptionKind::Channel | OptionKind::Role | OptionKind::Attachment => {}
    }
    written
}

fn choice<T: ToString>(choice: &Choice<T>, value: shape::Scalar) -> shape::Choice {
    if choice.labels.is_empty() && choice.label == choice.value.to_string() {
        return shape::Choice::Bare(value);
    }
    shape::Choice::Labelled(shape::LabelledChoice { label: choice.label.clone(), value, labels: texts(&choice.labels) })
}

fn secret(secret: &Secret) -> shape::Secret {
    let (header, query) = match &secret.place {
        SecretPlace::Header(name) => (Some(name.to_string()), None),
        SecretPlace::Query(name) => (None, Some(name.to_string())),
    };
    shape::Secret {
        name: secret.name.to_string(),
        description: secret.description.to_string(),
        host: secret.host.to_string(),
        header,
        query,
    }
}

fn setting(setting: &Setting) -> shape::Setting {
    use shape::{Number, Scalar};
    let (min, max, choices) = match &setting.kind {
        SettingKind::Text { choices, .. } | SettingKind::Texts { choices, .. } => {
            (None, None, choices.iter().cloned().map(Scalar::Text).collect())
        }
        SettingKind::Integer { choices, min, max, .. } => {
            (min.map(Number::Integer), max.map(Number::Integer), choices.iter().copied().map(Scalar::Integer).collect())
        }
        SettingKind::Number { choices, min, max, .. } => {
            (min.map(Number::Number), max.map(Number::Number), choices.iter().copied().map(Scalar::Number).collect())
        }
        SettingKind::Boolean { .. } => (None, None, Vec::new()),
    };
    let default = setting.kind.default_value().map(|value| match value {
        SettingValue::Text(text) => shape::SettingValue::Scalar(Scalar::Text(text)),
        SettingValue::Integer(number) => shape::SettingValue::Scalar(Scalar::Integer(number)),
        SettingValue::Number(number) => shape::SettingValue::Scalar(Scalar::Number(number)),
        SettingValue::Boolean(value) => shape::SettingValue::Boolean(value),
        SettingValue::Texts(texts) => shape::SettingValue::Texts(texts),
    });
    shape::Setting {
        name: setting.name.to_string(),
        description: setting.description.to_string(),
        kind: setting.kind.as_str(),
        default,
        min,
        max,
        choices,
    }
}

fn texts<T: AsRef<str>>(texts: &BTreeMap<Locale, T>) -> shape::Texts {
    texts.iter().map(|(locale, text)| (locale.as_str(), text.as_ref().to_owned())).collect()
}
