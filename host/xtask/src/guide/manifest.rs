//! The manifest's reference, made of its JSON Schema.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

/// What stands above what is generated.
const HEAD: &str = "\
# The manifest's keys

Every table and key of provider.toml. This page is generated from the JSON Schema that `autocontent provider schema` prints;
[The manifest](provider-toml.md) has the rules that a schema can't say.
";

/// The page.
pub(super) fn page(schema: &Value) -> Result<String> {
    let mut page = HEAD.to_owned();
    describe(&mut page, schema, "", schema)?;
    Ok(page)
}

/// A table's own keys, and then the tables in it.
fn describe(page: &mut String, schema: &Value, path: &str, table: &Value) -> Result<()> {
    let keys = table.get("properties").and_then(Value::as_object).context("a table without keys")?;
    let required: Vec<_> = table.get("required").and_then(Value::as_array).into_iter().flatten().collect();
    let own: Vec<_> = keys.iter().filter(|(_, key)| inner(schema, key).is_none()).collect();
    if !own.is_empty() {
        page.push_str("\n| key | type | |\n|---|---|---|\n");
    }
    for (name, key) in own {
        let need = if required.iter().any(|one| *one == name) { "Required. " } else { "" };
        let told = key.get("description").and_then(Value::as_str).unwrap_or_default();
        writeln!(page, "| `{name}` | {} | {need}{}{} |", kind(schema, key), told.replace('|', "\\|"), bounds(key))?;
    }
    for (name, key) in keys {
        let Some((inner, many)) = inner(schema, key) else { continue };
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let heading = if many { format!("[[{path}]]") } else { format!("[{path}]") };
        writeln!(page, "\n## `{heading}`\n")?;
        let need = if required.iter().any(|one| *one == name) { "Required. " } else { "" };
        let told = key.get("description").and_then(Value::as_str).unwrap_or_default();
        writeln!(page, "{need}{told}{}", bounds(key))?;
        describe(page, schema, &path, inner)?;
    }
    Ok(())
}

/// The table that a key holds, and whether there may be many of them.
fn inner<'a>(schema: &'a Value, key: &'a Value) -> Option<(&'a Value, bool)> {
    let many = key.get("type").and_then(Value::as_str) == Some("array");
    let held = resolve(schema, if many { key.get("items")? } else { key });
    held.get("properties").map(|_| (held, many))
}

fn resolve<'a>(schema: &'a Value, value: &'a Value) -> &'a Value {
    let name = value.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix("#/$defs/"));
    name.and_then(|name| schema.get("$defs")?.get(name)).unwrap_or(value)
}

/// What a key takes, in a few words.
fn kind(schema: &Value, key: &Value) -> String {
    let key = resolve(schema, key);
    if let Some(values) = key.get("enum").and_then(Value::as_array) {
        return values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ");
    }
    if let Some(kinds) = key.get("anyOf").or_else(|| key.get("oneOf")).and_then(Value::as_array) {
        let mut kinds: Vec<_> = kinds.iter().map(|one| kind(schema, one)).collect();
        kinds.dedup();
        return kinds.join(" or ");
    }
    match key.get("type") {
        Some(Value::String(name)) if name == "array" => {
            let held = key.get("items").map(|items| kind(schema, items)).unwrap_or_default();
            format!("list of {held}")
        }
        Some(Value::String(name)) if name == "object" && key.get("propertyNames").is_some() => {
            "texts by locale".to_owned()
        }
        Some(Value::String(name)) => plain(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(plain).collect::<Vec<_>>().join(" or "),
        _ => "table".to_owned(),
    }
}

fn plain(name: &str) -> String {
    match name {
        "string" => "text",
        "object" => "table",
        other => other,
    }
    .to_owned()
}

/// How long, how many, how large.
fn bounds(key: &Value) -> String {
    let empty = Map::new();
    let key = key.as_object().unwrap_or(&empty);
    let number = |name: &str| key.get(name).map(ToString::to_string);
    let range = |least: &str, most: &str| match (number(least), number(most)) {
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (None, Some(most)) => Some(format!("at most {most}")),
        (Some(least), None) => Some(format!("at least {least}")),
        (None, None) => None,
    };
    let length = range("minLength", "maxLength").map(|range| format!(" {range} characters."));
    let count = range("minItems", "maxItems").map(|range| format!(" {range} of them."));
    let size = range("minimum", "maximum").map(|range| format!(" {range}."));
    let pattern = key.get("pattern").and_then(Value::as_str).map(|pattern| format!(" `{pattern}`."));
    let said: String = [length, count, size, pattern].into_iter().flatten().collect();
    capitals(&said)
}

/// Each sentence begins with a capital.
fn capitals(said: &str) -> String {
    let mut after_stop = true;
    let capital = |letter: char| {
        let upper = if after_stop { letter.to_ascii_uppercase() } else { letter };
        after_stop = if letter == ' ' { after_stop } else { letter == '.' };
        upper
    };
    said.chars().map(capital).collect()
}
