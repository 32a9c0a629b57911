//! The command list of an application.

use serde_json::{Map, Value, json};

use crate::{Snowflake, rest::ApiError, validate::commands::key};

/// Commands of each type that an application may have: 100 for the chat, 15 for each menu, one entry point. The types
/// are numbered from 1.
const MOST: [usize; 4] = [100, 15, 15, 1];
/// Creates that an application may do in a day.
const CREATES_PER_DAY: usize = 200;
/// A day in milliseconds.
const DAY: u64 = 24 * 60 * 60 * 1_000;

/// What is registered, and how much of the day's creates is used.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    /// The command objects, in the order in which they were created.
    pub(crate) list: Vec<Value>,
    /// When each create of the last day was, in milliseconds since the Unix epoch.
    creates: Vec<u64>,
}

impl Commands {
    /// Creates a command, or overwrites the one of the same type and name; whether it is new.
    pub(crate) fn put(
        &mut self,
        application: Snowflake,
        command: &Value,
        now: u64,
        mut next_id: impl FnMut() -> Snowflake,
    ) -> Result<(Value, bool), ApiError> {
        if let Some(old) = self.list.iter_mut().find(|old| key(old) == key(command)) {
            let id = old["id"].clone();
            *old = stored(application, &id, command, &json!(next_id()));
            return Ok((old.clone(), false));
        }
        let mut all: Vec<&Value> = self.list.iter().collect();
        all.push(command);
        check_count(&all)?;
        self.spend_creates(1, now)?;
        let new = stored(application, &json!(next_id()), command, &json!(next_id()));
        self.list.push(new.clone());
        Ok((new, true))
    }

    /// Replaces the whole list; commands of the same type and name keep their ids and cost no create.
    pub(crate) fn overwrite(
        &mut self,
        application: Snowflake,
        commands: &[Value],
        now: u64,
        mut next_id: impl FnMut() -> Snowflake,
    ) -> Result<Vec<Value>, ApiError> {
        check_count(&commands.iter().collect::<Vec<_>>())?;
        let is_new = |command: &Value| !self.list.iter().any(|old| key(old) == key(command));
        let new = commands.iter().filter(|command| is_new(command)).count();
        self.spend_creates(new, now)?;
        let replace = |command: &Value| {
            let old = self.list.iter().find(|old| key(old) == key(command));
            let id = old.map_or_else(|| json!(next_id()), |old| old["id"].clone());
            stored(application, &id, command, &json!(next_id()))
        };
        self.list = commands.iter().map(replace).collect();
        Ok(self.list.clone())
    }

    /// Changes the fields that are given.
    pub(crate) fn edit(&mut self, id: Snowflake, changes: &Value, version: Snowflake) -> Option<Value> {
        let old = self.find_mut(id)?;
        let mut merged = old.clone();
        for (field, value) in changes.as_object().into_iter().flatten() {
            merged[field] = value.clone();
        }
        let application = old["application_id"].as_str().and_then(|id| id.parse().ok())?;
        *old = stored(application, &json!(id), &merged, &json!(version));
        Some(old.clone())
    }

    pub(crate) fn get(&self, id: Snowflake) -> Option<&Value> {
        self.list.iter().find(|command| command["id"] == json!(id))
    }

    pub(crate) fn delete(&mut self, id: Snowflake) -> bool {
        let before = self.list.len();
        self.list.retain(|command| command["id"] != json!(id));
        self.list.len() < before
    }

    fn find_mut(&mut self, id: Snowflake) -> Option<&mut Value> {
        self.list.iter_mut().find(|command| command["id"] == json!(id))
    }

    fn spend_creates(&mut self, count: usize, now: u64) -> Result<(), ApiError> {
        self.creates.retain(|at| at + DAY > now);
        if count > 0 && self.creates.len() + count > CREATES_PER_DAY {
            let message = "Max number of daily application command creates has been reached (200)";
            return Err(ApiError::coded(axum::http::StatusCode::BAD_REQUEST, 30_034, message));
        }
        self.creates.extend(std::iter::repeat_n(now, count));
        Ok(())
    }
}

fn check_count(commands: &[&Value]) -> Result<(), ApiError> {
    for (kind, most) in (1_i64..).zip(MOST) {
        if commands.iter().filter(|command| key(command).0 == kind).count() > most {
            let message = format!("Maximum number of application commands reached ({most}).");
            return Err(ApiError::coded(axum::http::StatusCode::BAD_REQUEST, 30_032, &message));
        }
    }
    Ok(())
}

/// The command as `GET` answers it, without its localisations.
pub(crate) fn without_localizations(command: &Value) -> Value {
    match command {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(field, _)| !field.ends_with("_localizations"));
            Value::Object(kept.map(|(field, value)| (field.clone(), without_localizations(value))).collect())
        }
        Value::Array(list) => list.iter().map(without_localizations).collect(),
        value => value.clone(),
    }
}

/// The command object as Discord keeps it: defaults filled in, unknown fields dropped.
fn stored(application: Snowflake, id: &Value, command: &Value, version: &Value) -> Value {
    let (kind, name) = key(command);
    let contexts = &command["contexts"];
    let in_dms = contexts.as_array().is_none_or(|contexts| contexts.contains(&json!(1)));
    let mut json = json!({
        "id": id,
        "application_id": application,
        "version": version,
        "default_member_permissions": command["default_member_permissions"],
        "type": kind,
        "name": name,
        "name_localizations": localizations(&command["name_localizations"]),
        "description": command["description"].as_str().unwrap_or_default(),
        "description_localizations": localizations(&command["description_localizations"]),
        "dm_permission": in_dms,
        "contexts": contexts,
        "integration_types": command["integration_types"].as_array().map_or_else(|| json!([0]), |list| json!(list)),
        "nsfw": command["nsfw"].as_bool().unwrap_or_default(),
    });
    if let Some(options) = stored_list(&command["options"], stored_option) {
        json["options"] = options;
    }
    json
}

fn stored_option(option: &Value) -> Value {
    let mut json = Map::new();
    for field in ["type", "name", "description"] {
        json.insert(field.to_owned(), option[field].clone());
    }
    for field in ["name_localizations", "description_localizations"] {
        json.insert(field.to_owned(), localizations(&option[field]));
    }
    for field in ["required", "autocomplete"] {
        if option[field] == true {
            json.insert(field.to_owned(), json!(true));
        }
    }
    for field in ["min_value", "max_value", "min_length", "max_length"] {
        if !option[field].is_null() {
            json.insert(field.to_owned(), option[field].clone());
        }
    }
    let choice = |choice: &Value| {
        let names = localizations(&choice["name_localizations"]);
        json!({ "name": choice["name"], "name_localizations": names, "value": choice["value"] })
    };
    let lists = [
        ("choices", stored_list(&option["choices"], choice)),
        ("options", stored_list(&option["options"], stored_option)),
        ("channel_types", stored_list(&option["channel_types"], Value::clone)),
    ];
    for (field, list) in lists {
        json.extend(list.map(|list| (field.to_owned(), list)));
    }
    Value::Object(json)
}

/// A list's entries as kept; none where there are none.
fn stored_list(list: &Value, entry: impl Fn(&Value) -> Value) -> Option<Value> {
    let list = list.as_array().filter(|list| !list.is_empty())?;
    Some(list.iter().map(entry).collect())
}

fn localizations(given: &Value) -> Value {
    let some = given.as_object().is_some_and(|localizations| !localizations.is_empty());
    if some { given.clone() } else { Value::Null }
}
