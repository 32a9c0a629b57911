//! Settings that an operator may change, and what they take.

use std::fmt;

use crate::{
    SettingName, Text,
    text::{cut, list},
};

/// The longest text in a setting, in characters.
pub(crate) const TEXT_MAX: usize = 1000;
/// The most entries in a setting of kind texts.
pub(crate) const TEXTS_MAX: usize = 100;

/// `[[setting]]`: the dashboard makes a form of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Unique among the settings.
    pub name: SettingName,
    /// What it changes.
    pub description: Text<300>,
    /// What it takes.
    pub kind: SettingKind,
}

/// What a setting takes. Without a default it has no value until the operator gives one.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingKind {
    /// Text of at most 1,000 characters.
    Text {
        /// One of the choices where there are any.
        default: Option<String>,
        /// If there are any, nothing else is taken.
        choices: Vec<String>,
    },
    /// A whole number.
    Integer {
        /// One of the choices where there are any, within `min` and `max`.
        default: Option<i64>,
        /// If there are any, nothing else is taken.
        choices: Vec<i64>,
        /// The smallest that is taken.
        min: Option<i64>,
        /// The largest that is taken.
        max: Option<i64>,
    },
    /// A finite number.
    Number {
        /// One of the choices where there are any, within `min` and `max`.
        default: Option<f64>,
        /// If there are any, nothing else is taken.
        choices: Vec<f64>,
        /// The smallest that is taken.
        min: Option<f64>,
        /// The largest that is taken.
        max: Option<f64>,
    },
    /// True or false.
    Boolean {
        /// The value until the operator changes it.
        default: Option<bool>,
    },
    /// At most 100 texts of at most 1,000 characters each.
    Texts {
        /// Each one of the choices where there are any.
        default: Option<Vec<String>>,
        /// If there are any, nothing else is taken.
        choices: Vec<String>,
    },
}

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SettingValue {
    /// For kind text.
    Text(String),
    /// For kind integer.
    Integer(i64),
    /// For kind number.
    Number(f64),
    /// For kind boolean.
    Boolean(bool),
    /// For kind texts.
    Texts(Vec<String>),
}

/// A value that a setting does not take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; {allowed}")]
pub struct SettingError {
    /// What is wrong, with the value.
    pub problem: String,
    /// What to do instead.
    pub allowed: String,
}

impl SettingKind {
    /// The words for the kinds in provider.toml.
    pub const WORDS: [&'static str; 5] = ["text", "integer", "number", "boolean", "texts"];

    /// The word for this kind in provider.toml.
    pub fn as_str(&self) -> &'static str {
        match self {
            SettingKind::Text { .. } => "text",
            SettingKind::Integer { .. } => "integer",
            SettingKind::Number { .. } => "number",
            SettingKind::Boolean { .. } => "boolean",
            SettingKind::Texts { .. } => "texts",
        }
    }

    /// The value until the operator gives one.
    pub fn default_value(&self) -> Option<SettingValue> {
        match self {
            SettingKind::Text { default, .. } => default.clone().map(SettingValue::Text),
            SettingKind::Integer { default, .. } => default.map(SettingValue::Integer),
            SettingKind::Number { default, .. } => default.map(SettingValue::Number),
            SettingKind::Boolean { default } => default.map(SettingValue::Boolean),
            SettingKind::Texts { default, .. } => default.clone().map(SettingValue::Texts),
        }
    }

    /// Reads a value as a person types it: texts as a list with commas between, everything else as it is written; and
    /// checks it.
    pub fn parse(&self, text: &str) -> Result<SettingValue, SettingError> {
        let wrong = || SettingError {
            problem: format!("{:?} is of the wrong kind", cut(text)),
            allowed: format!("use {}", self.expected()),
        };
        let trimmed = text.trim();
        let value = match self {
            SettingKind::Text { .. } => SettingValue::Text(text.to_owned()),
            SettingKind::Integer { .. } => SettingValue::Integer(trimmed.parse().map_err(|_| wrong())?),
            SettingKind::Number { .. } => SettingValue::Number(trimmed.parse().map_err(|_| wrong())?),
            SettingKind::Boolean { .. } => SettingValue::Boolean(trimmed.parse().map_err(|_| wrong())?),
            SettingKind::Texts { .. } if trimmed.is_empty() => SettingValue::Texts(Vec::new()),
            SettingKind::Texts { .. } => {
                SettingValue::Texts(text.split(',').map(|text| text.trim().to_owned()).collect())
            }
        };
        self.check(&value)?;
        Ok(value)
    }

    /// Whether the value is of this kind, in range and one of the choices.
    pub fn check(&self, value: &SettingValue) -> Result<(), SettingError> {
        match (self, value) {
            (SettingKind::Text { choices, .. }, SettingValue::Text(text)) => check_text(text, choices),
            (SettingKind::Integer { choices, min, max, .. }, SettingValue::Integer(value)) => {
                check_number(value, choices, *min, *max)
            }
            (SettingKind::Number { choices, min, max, .. }, SettingValue::Number(value)) if value.is_finite() => {
                check_number(value, choices, *min, *max)
            }
            (SettingKind::Boolean { .. }, SettingValue::Boolean(_)) => Ok(()),
            (SettingKind::Texts { .. }, SettingValue::Texts(texts)) if texts.len() > TEXTS_MAX => Err(SettingError {
                problem: format!("{} texts are too many", texts.len()),
                allowed: format!("give at most {TEXTS_MAX}"),
            }),
            (SettingKind::Texts { choices, .. }, SettingValue::Texts(texts)) => {
                texts.iter().try_for_each(|text| check_text(text, choices))
            }
            _ => Err(SettingError {
                problem: format!("{value} is of the wrong kind"),
                allowed: format!("use {}", self.expected()),
            }),
        }
    }

    /// With its article: "a whole number".
    pub(crate) fn expected(&self) -> &'static str {
        match self {
            SettingKind::Text { .. } => "a text",
            SettingKind::Integer { .. } => "a whole number",
            SettingKind::Number { .. } => "a finite number",
            SettingKind::Boolean { .. } => "true or false",
            SettingKind::Texts { .. } => "a list of texts",
        }
    }
}

fn check_text(text: &str, choices: &[String]) -> Result<(), SettingError> {
    let length = text.chars().count();
    if length > TEXT_MAX {
        return Err(SettingError {
            problem: format!("a text of {length} characters is too long"),
            allowed: format!("use at most {TEXT_MAX}"),
        });
    }
    if choices.is_empty() || choices.iter().any(|choice| choice == text) {
        return Ok(());
    }
    let quoted: Vec<String> = choices.iter().map(|choice| format!("{choice:?}")).collect();
    Err(SettingError {
        problem: format!("{text:?} is not one of the choices"),
        allowed: format!("use {}", list(&quoted, "or")),
    })
}

fn check_number<N: PartialOrd + fmt::Display + fmt::Debug>(
    value: &N,
    choices: &[N],
    min: Option<N>,
    max: Option<N>,
) -> Result<(), SettingError> {
    if min.as_ref().is_some_and(|min| value < min) || max.as_ref().is_some_and(|max| value > max) {
        return Err(SettingError {
            problem: format!("{value:?} is out of range"),
            allowed: format!("use {}", range(min, max)),
        });
    }
    if choices.is_empty() || choices.contains(value) {
        return Ok(());
    }
    Err(SettingError {
        problem: format!("{value} is not one of the choices"),
        allowed: format!("use {}", list(choices, "or")),
    })
}

/// "1 to 5", "1 or more", "5 or less"
pub(crate) fn range<N: fmt::Display>(min: Option<N>, max: Option<N>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("{min} or more"),
        (None, Some(max)) => format!("{max} or less"),
        (None, None) => String::from("any number"),
    }
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingValue::Text(text) => write!(f, "{text:?}"),
            SettingValue::Integer(value) => write!(f, "{value}"),
            SettingValue::Number(value) => write!(f, "{value}"),
            SettingValue::Boolean(value) => write!(f, "{value}"),
            SettingValue::Texts(texts) => write!(f, "{texts:?}"),
        }
    }
}
