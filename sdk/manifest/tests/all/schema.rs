//! The JSON Schema, which must know the same keys as the reader.

use std::collections::BTreeSet;

use autocontent_manifest::Manifest;
use serde_json::Value;

use crate::FULL;

#[test]
fn the_schema_is_as_published() {
    let published: Value = serde_json::from_str(include_str!("../../../../docs/provider.schema.json")).unwrap();
    let refresh = "run `autocontent provider schema > docs/provider.schema.json`";
    assert_eq!(published, Manifest::json_schema(), "docs/provider.schema.json has drifted: {refresh}");
}

/// Asks the reader for its keys by giving it one that it lacks.
fn keys_of_the_reader(anchor: &str, end: &str) -> BTreeSet<String> {
    let position = FULL.find(anchor).unwrap_or_else(|| panic!("{anchor} in full.toml")) + anchor.len();
    let (before, after) = FULL.split_at(position);
    let errors = Manifest::parse(&format!("{before}zzzzzz = 1{end}{after}")).unwrap_err();
    let error = errors.iter().find(|error| error.key.ends_with("zzzzzz")).expect("the key is unknown");
    error.allowed.strip_prefix("use ").unwrap().replace(" or ", ", ").split(", ").map(String::from).collect()
}

fn keys_of_the_schema(schema: &Value, definition: Option<&str>) -> BTreeSet<String> {
    let table = definition.map_or(schema, |name| &schema["$defs"][name]);
    table["properties"].as_object().unwrap_or_else(|| panic!("{definition:?} in the schema")).keys().cloned().collect()
}

#[test]
fn schema_and_reader_know_the_same_keys() {
    let schema = Manifest::json_schema();
    for (definition, anchor) in [
        (None, ""),
        (Some("Provider"), "[provider]\n"),
        (Some("Command"), "[[command]]\n"),
        (Some("Subcommand"), "[[command.subcommand]]\n"),
        (Some("CommandOption"), "[[command.option]]\n"),
        (Some("Triggers"), "[triggers]\n"),
        (Some("Capabilities"), "[capabilities]\n"),
        (Some("Secret"), "[[secret]]\n"),
        (Some("Setting"), "[[setting]]\n"),
        (Some("Example"), "[[example]]\n"),
        (Some("Limits"), "[limits]\n"),
        (Some("Data"), "[data]\n"),
    ] {
        assert_eq!(keys_of_the_schema(&schema, definition), keys_of_the_reader(anchor, "\n"), "{definition:?}");
    }
    assert_eq!(keys_of_the_schema(&schema, Some("LabelledChoice")), keys_of_the_reader("\"short\", { ", ", "));
}
