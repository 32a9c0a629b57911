//! `[[command]]` and `[[command.subcommand]]`.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{
    document::{Field, Table},
    options,
    unique::{self, Named},
};
use crate::{
    Choice, Command, CommandName, CommandOption, Context, Description, Locale, Manifest, OptionKind, Subcommand,
    command::COOLDOWN,
};

const SUBCOMMANDS_MAX: usize = 25;
const COOLDOWN_MAX: Duration = Duration::from_secs(3600);
/// Discord's bound for one command in all.
const CHARACTERS_MAX: usize = 8000;

pub(super) fn command(mut table: Table<'_>) -> Option<Command> {
    let heading = Heading::read(&mut table, &Manifest::RESERVED_COMMANDS);
    let contexts = table.get("contexts").map_or_else(all_contexts, |field| field.distinct(1, 3).into_iter().collect());
    let sensitive = table.get("sensitive").and_then(|field| field.boolean()).unwrap_or(false);
    let cooldown =
        table.get("cooldown").and_then(|field| field.duration(Duration::ZERO, COOLDOWN_MAX)).unwrap_or(COOLDOWN);
    let options = options::options(&mut table);
    let subcommands = subcommands(&mut table, options.as_ref().is_none_or(|options| !options.is_empty()));
    let (at, path, report) = (table.at, table.path.clone(), table.report);
    table.finish();
    let Heading { name, description, names, descriptions } = heading?;
    let command = Command {
        name,
        description,
        names,
        descriptions,
        contexts,
        sensitive,
        cooldown,
        options: options?,
        subcommands: subcommands?,
    };
    let characters = characters(&command);
    if characters > CHARACTERS_MAX {
        let problem =
            format!("the command {} has {characters} characters in its names, descriptions and choices", command.name);
        report.add(
            at,
            &path,
            problem,
            format!("use at most {CHARACTERS_MAX} in all, counting of each text its longest translation"),
        );
    }
    Some(command)
}

fn all_contexts() -> BTreeSet<Context> {
    Context::ALL.iter().copied().collect()
}

/// All subcommands, or nothing if one of them is wrong.
fn subcommands(table: &mut Table<'_>, has_options: bool) -> Option<Vec<Subcommand>> {
    let Some(field) = table.get("subcommand") else { return Some(Vec::new()) };
    let fields = field.list(0, SUBCOMMANDS_MAX);
    if has_options && !fields.is_empty() {
        field.wrong::<()>(
            "the command has options and subcommands",
            "move the options into the subcommands ([[command.subcommand.option]])",
        );
    }
    let read: Vec<Option<Subcommand>> = fields.iter().map(|field| subcommand(field.table()?)).collect();
    let subcommands: Vec<Subcommand> = read.into_iter().collect::<Option<_>>()?;
    let named = subcommands
        .iter()
        .zip(&fields)
        .map(|(subcommand, field)| Named::new(field.at, subcommand.name.as_str(), &subcommand.names));
    unique::check(table.report, &field.path, "subcommand", &named.collect::<Vec<_>>());
    Some(subcommands)
}

fn subcommand(mut table: Table<'_>) -> Option<Subcommand> {
    let heading = Heading::read(&mut table, &[]);
    let options = options::options(&mut table);
    table.finish();
    let Heading { name, description, names, descriptions } = heading?;
    Some(Subcommand { name, description, names, descriptions, options: options? })
}

/// What a command and a subcommand have in common.
struct Heading {
    name: CommandName,
    description: Description,
    names: BTreeMap<Locale, CommandName>,
    descriptions: BTreeMap<Locale, Description>,
}

impl Heading {
    fn read(table: &mut Table<'_>, reserved: &[&str]) -> Option<Heading> {
        let free = |field: &Field<'_>| {
            let name: CommandName = field.parse()?;
            if reserved.contains(&name.as_str()) {
                return field.wrong(format!("{:?} is a command of the host's own", name.as_str()), "use another name");
            }
            Some(name)
        };
        let name = table.need("name", "\"quote\"").and_then(|field| free(&field));
        let description = table.need("description", "\"A quotation on a topic\"").and_then(|field| field.parse());
        let names = table.get("names").map(|field| field.locales(free)).unwrap_or_default();
        let descriptions = table.get("descriptions").map(|field| field.locales(Field::parse)).unwrap_or_default();
        Some(Heading { name: name?, description: description?, names, descriptions })
    }
}

/// As Discord counts: names, descriptions and the values of choices, of each its longest translation.
fn characters(command: &Command) -> usize {
    longest(&command.name, &command.names)
        + longest(&command.description, &command.descriptions)
        + command.options.iter().map(option_characters).sum::<usize>()
        + command.subcommands.iter().map(subcommand_characters).sum::<usize>()
}

fn subcommand_characters(subcommand: &Subcommand) -> usize {
    longest(&subcommand.name, &subcommand.names)
        + longest(&subcommand.description, &subcommand.descriptions)
        + subcommand.options.iter().map(option_characters).sum::<usize>()
}

fn option_characters(option: &CommandOption) -> usize {
    let choices: usize = match &option.kind {
        OptionKind::Text { choices, .. } => choices.iter().map(choice_characters).sum(),
        OptionKind::Integer { choices, .. } => choices.iter().map(choice_characters).sum(),
        OptionKind::Number { choices, .. } => choices.iter().map(choice_characters).sum(),
        OptionKind::Boolean | OptionKind::User | OptionKind::Channel | OptionKind::Role | OptionKind::Attachment => 0,
    };
    longest(&option.name, &option.names) + longest(&option.description, &option.descriptions) + choices
}

fn choice_characters<T: ToString>(choice: &Choice<T>) -> usize {
    longest(&choice.label, &choice.labels) + choice.value.to_string().chars().count()
}

fn longest<T: AsRef<str>>(text: &T, translations: &BTreeMap<Locale, T>) -> usize {
    let lengths = translations.values().chain([text]).map(|text| text.as_ref().chars().count());
    lengths.max().unwrap_or_default()
}
