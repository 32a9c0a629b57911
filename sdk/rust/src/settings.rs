//! The operator's settings, as provider.toml's `[[setting]]` tables describe them. The host has checked them,
//! and answers with the default where the operator set nothing.

use crate::{Failure, host};

pub use crate::bindings::autocontent::provider::settings::Value;

/// The value of a setting, or none where it has none or provider.toml does not name it.
pub fn get(name: &str) -> Option<Value> {
    host::settings::get(name)
}

/// A setting of kind text.
pub fn text(name: &str) -> Option<String> {
    match get(name)? {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// A setting of kind integer.
pub fn integer(name: &str) -> Option<i64> {
    match get(name)? {
        Value::Integer(number) => Some(number),
        _ => None,
    }
}

/// A setting of kind number.
pub fn number(name: &str) -> Option<f64> {
    match get(name)? {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// A setting of kind boolean.
pub fn boolean(name: &str) -> Option<bool> {
    match get(name)? {
        Value::Boolean(value) => Some(value),
        _ => None,
    }
}

/// A setting that is a list of texts.
pub fn texts(name: &str) -> Option<Vec<String>> {
    match get(name)? {
        Value::Texts(texts) => Some(texts),
        _ => None,
    }
}

/// A setting of kind text that names a country, as two small letters; `default` where nothing is set.
///
/// # Errors
///
/// [`Failure::Misconfigured`] where it is no code of two letters, which tells the operator what to write.
pub fn country(name: &str, default: &str) -> Result<String, Failure> {
    let set = text(name).unwrap_or_else(|| default.into());
    let code = set.trim().to_ascii_lowercase();
    if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return Ok(code);
    }
    Err(Failure::Misconfigured(format!(
        "the setting `{name}` is {set:?}: write the two letters of a country, such as us or br"
    )))
}
