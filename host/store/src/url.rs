//! Where the data lies.

use std::fmt::{self, Write as _};
use std::path::PathBuf;
use std::str::FromStr;

use sqlx::postgres::PgConnectOptions;

/// PostgreSQL's own default.
const POSTGRES_PORT: u16 = 5432;

/// "sqlite:PATH" or "postgres://USER:PASSWORD@HOST:PORT/NAME".
/// Shown without user and password, also by `Debug`.
#[derive(Clone)]
pub struct DatabaseUrl {
    pub(crate) kind: Kind,
}

#[derive(Clone)]
pub(crate) enum Kind {
    Sqlite(PathBuf),
    Postgres(Box<PgConnectOptions>),
}

/// A database URL that cannot be used. The URL is not repeated, as it may hold a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseUrlError {
    /// Neither `sqlite:` nor `postgres://`.
    #[error(
        "the database URL begins with neither `sqlite:` nor `postgres://`; write `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME`"
    )]
    UnknownScheme,
    /// Nothing after `sqlite:`.
    #[error("the database URL `sqlite:` names no file; write `sqlite:PATH`")]
    NoPath,
    /// A database in memory.
    #[error("a database in memory would lose everything at the end; write `sqlite:PATH` with the path of a file")]
    InMemory,
    /// Not what PostgreSQL's URLs look like.
    #[error(
        "the PostgreSQL URL cannot be read ({reason}); write `postgres://USER:PASSWORD@HOST:PORT/NAME`, with `%40` for an `@` in the password"
    )]
    Postgres {
        /// What is wrong with it.
        reason: String,
    },
}

impl DatabaseUrl {
    /// The SQLite database in this file.
    #[must_use]
    pub fn sqlite(path: impl Into<PathBuf>) -> DatabaseUrl {
        DatabaseUrl { kind: Kind::Sqlite(path.into()) }
    }
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseUrlError;

    fn from_str(text: &str) -> Result<Self, DatabaseUrlError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            return match path.strip_prefix("//").unwrap_or(path) {
                "" => Err(DatabaseUrlError::NoPath),
                path if path.starts_with(":memory:") => Err(DatabaseUrlError::InMemory),
                path => Ok(DatabaseUrl::sqlite(path)),
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return match text.parse::<PgConnectOptions>() {
                Ok(options) => Ok(DatabaseUrl { kind: Kind::Postgres(Box::new(options)) }),
                Err(error) => Err(DatabaseUrlError::Postgres { reason: reason(&error) }),
            };
        }
        Err(DatabaseUrlError::UnknownScheme)
    }
}

fn reason(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Configuration(source) => source.to_string(),
        other => other.to_string(),
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Kind::Postgres(options) => {
                let name = options.get_database().unwrap_or_else(|| options.get_username());
                let port = options.get_port();
                match options.get_socket() {
                    // The socket's file is named after the port.
                    Some(socket) => {
                        write!(f, "postgres:///{name}?host={}", in_a_query(&socket.display().to_string()))?;
                        if port == POSTGRES_PORT { Ok(()) } else { write!(f, "&port={port}") }
                    }
                    None => write!(f, "postgres://{}:{port}/{name}", options.get_host()),
                }
            }
        }
    }
}

/// A text in a URL's query, with what means something there escaped.
fn in_a_query(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' | '&' | '+' | '#' | ' ' => {
                let _ = write!(escaped, "%{:02X}", u32::from(character));
            }
            other => escaped.push(other),
        }
    }
    escaped
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_neither_user_nor_password() {
        let url: DatabaseUrl = "postgres://nina:hunter2@db.example:5433/content".parse().unwrap();
        assert_eq!(url.to_string(), "postgres://db.example:5433/content");
        assert_eq!(format!("{url:?}"), "DatabaseUrl(postgres://db.example:5433/content)");
    }

    #[test]
    fn a_socket_is_shown_as_a_url_that_leads_there() {
        for (text, shown) in [
            ("postgres://nina:hunter2@localhost/content?host=/run/pg", "postgres:///content?host=/run/pg"),
            ("postgres:///content?host=/run/pg&port=5433&user=nina", "postgres:///content?host=/run/pg&port=5433"),
            ("postgres://%2Frun%2Fa%20b%26c/content", "postgres:///content?host=/run/a%20b%26c"),
        ] {
            let url: DatabaseUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), shown);
            let again: DatabaseUrl = shown.parse().unwrap();
            let (Kind::Postgres(one), Kind::Postgres(other)) = (url.kind, again.kind) else { panic!("PostgreSQL's") };
            assert_eq!((one.get_socket(), one.get_port()), (other.get_socket(), other.get_port()));
            assert_eq!(one.get_database(), other.get_database());
        }
    }

    #[test]
    fn a_path_may_be_relative_or_absolute() {
        for (text, shown) in [
            ("sqlite:data/a.db", "sqlite:data/a.db"),
            ("sqlite://data/a.db", "sqlite:data/a.db"),
            ("sqlite:/var/a.db", "sqlite:/var/a.db"),
            ("sqlite:///var/a.db", "sqlite:/var/a.db"),
        ] {
            assert_eq!(text.parse::<DatabaseUrl>().unwrap().to_string(), shown);
        }
    }

    #[test]
    fn a_bad_url_is_refused_without_repeating_it() {
        for text in ["mysql://root:hunter2@host/x", "sqlite:", "sqlite::memory:", "postgres://nina:hunter2@host:port/x"]
        {
            let error = text.parse::<DatabaseUrl>().unwrap_err().to_string();
            assert!(!error.contains("hunter2") && error.contains("write `"), "{error}");
        }
    }
}
