//! From columns to domain types and back.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;

use crate::error::StoreError;

/// A row that is being read; named in the error where a column cannot be.
pub(crate) struct Reading<'a> {
    pub(crate) table: &'static str,
    pub(crate) row: &'a str,
}

impl Reading<'_> {
    pub(crate) fn parse<T>(&self, column: &'static str, text: &str) -> Result<T, StoreError>
    where
        T: FromStr,
        T::Err: Display,
    {
        text.parse().map_err(|error| self.unreadable(column, &error))
    }

    pub(crate) fn parse_optional<T>(&self, column: &'static str, text: Option<&str>) -> Result<Option<T>, StoreError>
    where
        T: FromStr,
        T::Err: Display,
    {
        text.map(|text| self.parse(column, text)).transpose()
    }

    pub(crate) fn moment(&self, column: &'static str, millis: i64) -> Result<Timestamp, StoreError> {
        Timestamp::from_millisecond(millis).map_err(|error| self.unreadable(column, &error))
    }

    fn unreadable(&self, column: &'static str, reason: &dyn Display) -> StoreError {
        StoreError::Unreadable { table: self.table, row: self.row.to_owned(), column, reason: reason.to_string() }
    }
}

/// An enum that is one word in the database, in JSON and on the screen.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $word,)+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ids::InvalidId;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($word => Ok($name::$variant),)+
                    _ => Err($crate::ids::InvalidId {
                        text: text.to_owned(),
                        what: stringify!($name),
                        rule: concat!("one of these is needed:", $(" ", $word,)+),
                    }),
                }
            }
        }
    };
}
pub(crate) use words;
