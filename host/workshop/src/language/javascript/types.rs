//! provider.toml as TypeScript: what fills in the interfaces that the SDK leaves open, for editors and `tsc`.

use std::fmt::Write as _;

use autocontent_manifest::{Command, CommandOption, Invocation, Manifest, OptionKind, Setting, SettingKind};

/// A file of declarations.
pub(super) fn of(manifest: &Manifest) -> String {
    let invocations: Vec<Invocation<'_>> = manifest.commands.iter().flat_map(Command::invocations).collect();
    let parts = [
        interface("Commands", invocations.iter().map(command)),
        interface("Typing", invocations.iter().filter_map(typing)),
        interface("Kinds", manifest.provider.kinds.iter().map(|kind| format!("{}: true;", quoted(kind.as_str())))),
        interface("Settings", manifest.settings.iter().map(setting)),
    ];
    format!(
        "// Made of provider.toml by `autocontent provider build`, which writes it anew each time.\n\n\
         import \"autocontent\";\n\n\
         declare module \"autocontent\" {{\n{}}}\n",
        parts.concat()
    )
}

fn interface(name: &str, members: impl Iterator<Item = String>) -> String {
    let members: Vec<String> = members.collect();
    if members.is_empty() {
        return String::new();
    }
    format!("  interface {name} {{\n{}\n  }}\n", indented(&members.join("\n"), 4))
}

/// A command's full name and its options.
fn command(invocation: &Invocation<'_>) -> String {
    let description =
        invocation.subcommand.map_or(&invocation.command.description, |subcommand| &subcommand.description);
    let options: Vec<String> = invocation.options().iter().map(option).collect();
    let name = quoted(&invocation.full_name());
    let comment = comment(description.as_str());
    if options.is_empty() {
        return format!("{comment}{name}: {{}};");
    }
    format!("{comment}{name}: {{\n{}\n}};", indented(&options.join("\n"), 2))
}

fn option(option: &CommandOption) -> String {
    let mark = if option.required { "" } else { "?" };
    let comment = comment(option.description.as_str());
    format!("{comment}{}{mark}: {};", quoted(option.name.as_str()), option_type(&option.kind))
}

fn option_type(kind: &OptionKind) -> String {
    match kind {
        OptionKind::Text { choices, .. } => one_of(choices.iter().map(|choice| quoted(&choice.value)), "string"),
        OptionKind::Integer { choices, .. } => one_of(choices.iter().map(|choice| choice.value.to_string()), "number"),
        OptionKind::Number { choices, .. } => one_of(choices.iter().map(|choice| choice.value.to_string()), "number"),
        OptionKind::Boolean => "boolean".to_owned(),
        OptionKind::User | OptionKind::Channel | OptionKind::Role | OptionKind::Attachment => "string".to_owned(),
    }
}

/// The options of a command that are completed while they are typed, if any are.
fn typing(invocation: &Invocation<'_>) -> Option<String> {
    let completed = invocation.options().iter().filter(|option| option.kind.autocomplete());
    let names: Vec<String> = completed.map(|option| quoted(option.name.as_str())).collect();
    (!names.is_empty()).then(|| format!("{}: {};", quoted(&invocation.full_name()), names.join(" | ")))
}

fn setting(setting: &Setting) -> String {
    let kind = match &setting.kind {
        SettingKind::Text { choices, .. } => one_of(choices.iter().map(|choice| quoted(choice)), "string"),
        SettingKind::Integer { choices, .. } => one_of(choices.iter().map(ToString::to_string), "number"),
        SettingKind::Number { choices, .. } => one_of(choices.iter().map(ToString::to_string), "number"),
        SettingKind::Boolean { .. } => "boolean".to_owned(),
        SettingKind::Texts { choices, .. } => {
            format!("({})[]", one_of(choices.iter().map(|choice| quoted(choice)), "string"))
        }
    };
    let missing = if setting.kind.default_value().is_some() { "" } else { " | undefined" };
    format!("{}{}: {kind}{missing};", comment(setting.description.as_str()), quoted(setting.name.as_str()))
}

fn one_of(values: impl Iterator<Item = String>, otherwise: &str) -> String {
    let values: Vec<String> = values.collect();
    if values.is_empty() { otherwise.to_owned() } else { values.join(" | ") }
}

/// A literal of JavaScript: JSON's are.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn comment(text: &str) -> String {
    format!("/** {} */\n", text.replace("*/", "* /"))
}

fn indented(text: &str, by: usize) -> String {
    let mut indented = String::new();
    for line in text.lines() {
        let _ = writeln!(indented, "{:by$}{line}", "");
    }
    indented.truncate(indented.trim_end().len());
    indented
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_a_program_can_meet_has_its_type() {
        let manifest = Manifest::parse(
            r#"
            [provider]
            id = "news"
            name = "News"
            version = "1.0.0"
            description = "Headlines"
            license = "MIT"
            contract = "1.0"
            kinds = ["news", "weather"]

            [[command]]
            name = "news"
            description = "Headlines */ of today"
            [[command.option]]
            name = "topic"
            kind = "text"
            description = "What about"
            required = true
            autocomplete = true
            [[command.option]]
            name = "style"
            kind = "text"
            description = "How they look"
            choices = ["short", { label = "In full", value = "full" }]
            [[command.option]]
            name = "level"
            kind = "number"
            description = "How loud"
            choices = [0.5, 1]
            [[command.option]]
            name = "images"
            kind = "boolean"
            description = "With images"
            [[command.option]]
            name = "for"
            kind = "user"
            description = "For whom"

            [[command]]
            name = "weather"
            description = "The weather"
            [[command.subcommand]]
            name = "today"
            description = "The weather today"

            [[setting]]
            name = "country"
            kind = "text"
            default = "us"
            choices = ["us", "br"]
            description = "Edition"
            [[setting]]
            name = "feeds"
            kind = "texts"
            description = "Addresses"
            "#,
        )
        .unwrap();
        insta::assert_snapshot!(of(&manifest));
    }

    #[test]
    fn where_there_is_nothing_the_interface_stays_as_the_sdk_has_it() {
        let manifest = Manifest::parse(
            r#"
            [provider]
            id = "quote"
            name = "Quote"
            version = "0.1.0"
            description = "Quotations"
            license = "MIT"
            contract = "1.0"
            kinds = ["quote"]
            [[command]]
            name = "quote"
            description = "A quotation"
            "#,
        )
        .unwrap();
        let types = of(&manifest);
        assert!(!types.contains("Settings") && !types.contains("Typing"), "{types}");
        assert!(types.contains("\"quote\": {};"), "{types}");
    }
}
