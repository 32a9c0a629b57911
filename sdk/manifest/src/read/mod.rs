//! From the text of provider.toml to a [`Manifest`]: the shape is read and every rule checked, and all errors are collected.
//!
//! `document` knows TOML, the other files each a part of the manifest, and this one what has to agree between the parts.

mod commands;
mod document;
mod options;
mod sections;
mod settings;
mod unique;

use toml::de::DeTable;

use crate::{Command, CommandLine, Example, Manifest, ManifestError, ManifestErrors};

use document::{Report, Table};

const COMMANDS_MAX: usize = 100;
const EXAMPLES_MAX: usize = 32;

pub(crate) fn manifest(text: &str) -> Result<Manifest, ManifestErrors> {
    let report = Report::new(text);
    let manifest = read(text, &report);
    match (manifest, report.finish()) {
        (Some(manifest), None) => Ok(manifest),
        (_, Some(errors)) => Err(errors),
        // A reader that gives nothing has reported why; should one not have, the manifest is still not taken.
        (None, None) => Err(ManifestErrors::new(vec![ManifestError {
            line: 1,
            column: 1,
            key: String::new(),
            problem: String::from("it could not be read, and nothing says why"),
            allowed: String::from("report this as a bug"),
        }])),
    }
}

fn read(text: &str, report: &Report<'_>) -> Option<Manifest> {
    if text.len() > Manifest::TEXT_MAX {
        report.add(0, "", format!("the text has {} bytes", text.len()), format!("use at most {}", Manifest::TEXT_MAX));
        return None;
    }
    let (document, faults) = DeTable::parse_recoverable(text);
    if !faults.is_empty() {
        for fault in faults {
            let at = fault.span().map_or(0, |span| span.start);
            report.add(at, "", format!("this is not TOML: {}", fault.message()), "see https://toml.io");
        }
        return None;
    }
    let mut root = Table::new(document.get_ref(), 0, String::new(), report);
    let provider = root
        .need_or("provider", "add [provider] with id, name, version, description, license, contract and kinds")
        .and_then(|field| field.table())
        .and_then(sections::about);
    let (commands, commands_are_sound) = soundly(report, || commands(&mut root));
    let triggers = root.section("triggers").map(sections::triggers).unwrap_or_default();
    let has_data = root.has("data");
    let data = root.section("data").and_then(sections::data);
    let (capabilities, capabilities_are_sound) = soundly(report, || {
        root.section("capabilities").map(|table| sections::capabilities(table, has_data)).unwrap_or_default()
    });
    let secrets = sections::secrets(&mut root, capabilities_are_sound.then_some(&capabilities));
    let settings = settings::settings(&mut root);
    let examples = examples(&mut root, commands.as_deref().filter(|_| commands_are_sound));
    let limits = root.section("limits").map(sections::limits).unwrap_or_default();
    root.finish();
    Some(Manifest {
        provider: provider?,
        commands: commands?,
        triggers,
        capabilities,
        secrets,
        settings,
        examples,
        limits,
        data,
    })
}

/// What a reader gives, and whether it found nothing wrong. What is not sound is no measure for other parts: what it lacks
/// may only have been unreadable.
fn soundly<T>(report: &Report<'_>, read: impl FnOnce() -> T) -> (T, bool) {
    let before = report.count();
    let value = read();
    (value, report.count() == before)
}

/// All commands, or nothing if one of them is wrong.
fn commands(root: &mut Table<'_>) -> Option<Vec<Command>> {
    let fields = root.need_or("command", "add [[command]] with name and description")?.list(1, COMMANDS_MAX);
    let read: Vec<Option<Command>> = fields.iter().map(|field| commands::command(field.table()?)).collect();
    let commands: Vec<Command> = read.into_iter().collect::<Option<_>>()?;
    let named = commands
        .iter()
        .zip(&fields)
        .map(|(command, field)| unique::Named::new(field.at, command.name.as_str(), &command.names));
    unique::check(root.report, "command", "command", &named.collect::<Vec<_>>());
    Some(commands)
}

/// Without `commands`, where those are wrong themselves, an example is only read as a line.
fn examples(root: &mut Table<'_>, commands: Option<&[Command]>) -> Vec<Example> {
    let mut examples = Vec::new();
    for mut table in root.sections("example", EXAMPLES_MAX) {
        if let Some(field) = table.need("command", "\"/quote topic:courage\"")
            && let Some(line) = field.parse::<CommandLine>()
        {
            let checked =
                commands.map(|commands| line.invocation(commands).and_then(|invocation| invocation.arguments(&line)));
            if let Some(Err(error)) = checked {
                field.wrong::<()>(error.problem(), error.allowed());
            }
            examples.push(Example { command: line });
        }
        table.finish();
    }
    examples
}
