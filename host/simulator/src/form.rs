//! Discord's checks of form by themselves, for tests that make more messages than could be sent.

use serde_json::Value;

use crate::{
    rest::compose,
    validate::{Path, Problems, message},
};

/// Checks a new message that comes with so many files.
///
/// # Errors
///
/// What Discord would answer.
pub fn new_message(message: &Value, files: usize) -> Result<(), Value> {
    compose::check_new(message, files, &Path::ROOT).map_err(|error| error.body)
}

/// Checks an edit of a message.
///
/// # Errors
///
/// What Discord would answer.
pub fn edit(message: &Value) -> Result<(), Value> {
    compose::check_fields(message, &Path::ROOT).map_err(|error| error.body)
}

/// Checks the suggestions of an autocomplete.
///
/// # Errors
///
/// What is wrong, by field.
pub fn choices(data: &Value) -> Result<(), Value> {
    let mut problems = Problems::default();
    message::check_choices(data, &Path::ROOT, &mut problems);
    if problems.is_empty() { Ok(()) } else { Err(problems.into_json()) }
}
