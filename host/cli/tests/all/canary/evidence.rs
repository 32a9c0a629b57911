//! What is searched, and what for.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use aho_corasick::AhoCorasick;
use autocontent_store::testing::TestDatabase;
use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection, Row as _};
use url::form_urlencoded;

use crate::host::Host;

/// A secret that must never be found, in whatever spelling.
pub(super) struct Canary {
    pub(super) name: &'static str,
    finder: AhoCorasick,
    /// Only what is not of this name is searched for it.
    home: Option<&'static str>,
}

impl Canary {
    pub(super) fn new(name: &'static str, value: &str) -> Canary {
        Canary::of_bytes(name, value.as_bytes(), None)
    }

    /// The keys that the host encrypts with, which only their file may have.
    pub(super) fn keys(file: &Path) -> Vec<Canary> {
        let text = fs::read_to_string(file).unwrap();
        let hex = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.rsplit(' ').next().unwrap());
        let key = |hex: &str| {
            let byte = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            let bytes: Vec<u8> = (0..hex.len()).step_by(2).map(byte).collect();
            assert_eq!(bytes.len(), 32, "a key's line ends with the key");
            Canary::of_bytes("the host's key", &bytes, Some("autocontent.key"))
        };
        hex.map(key).collect()
    }

    /// As it is, percent-encoded, in hexadecimal, and in base64 wherever it stands in a longer text; in capitals or not.
    fn of_bytes(name: &'static str, value: &[u8], home: Option<&'static str>) -> Canary {
        assert!(value.len() >= 8, "{name} is found by chance");
        let percent: String = form_urlencoded::byte_serialize(value).collect();
        let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut forms = vec![value.to_vec(), percent.into_bytes(), hex.into_bytes()];
        for before in 0..3 {
            let longer = [&vec![0; before][..], value].concat();
            for encoded in [BASE64_STANDARD_NO_PAD.encode(&longer), BASE64_URL_SAFE_NO_PAD.encode(&longer)] {
                // The characters at both ends are those of its neighbours, too.
                let own = if before == 0 { 0 } else { before + 1 }..longer.len() * 4 / 3;
                forms.push(encoded.as_bytes()[own].to_vec());
            }
        }
        let finder = AhoCorasick::builder().ascii_case_insensitive(true).build(forms).unwrap();
        Canary { name, finder, home }
    }

    pub(super) fn is_in(&self, content: &[u8]) -> bool {
        self.finder.is_match(content)
    }
}

/// All that was said, shown or kept: each piece with its place.
#[derive(Default)]
pub(super) struct Evidence(Vec<(String, Vec<u8>)>);

impl Evidence {
    pub(super) fn add(&mut self, place: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.0.push((place.into(), content.into()));
    }

    /// The pieces whose place begins so.
    pub(super) fn of<'a>(&'a self, place: &'a str) -> impl Iterator<Item = Cow<'a, str>> {
        let pieces = self.0.iter().filter(move |(known, _)| known.starts_with(place));
        pieces.map(|(_, content)| String::from_utf8_lossy(content))
    }

    /// Every place that has the canary, with what stands around it.
    pub(super) fn search(&self, canary: &Canary) -> Vec<String> {
        let elsewhere = self.0.iter().filter(|(place, _)| canary.home.is_none_or(|home| !place.ends_with(home)));
        let found = elsewhere.filter_map(|(place, content)| {
            let found = canary.finder.find(content)?;
            let around = found.start().saturating_sub(150)..(found.end() + 50).min(content.len());
            Some(format!("{} in {place}: {}", canary.name, String::from_utf8_lossy(&content[around])))
        });
        found.collect()
    }

    /// Every cell of every table, as text and as bytes.
    pub(super) async fn add_database(&mut self, host: &Host, postgresql: Option<&TestDatabase>) {
        let rows = match postgresql {
            Some(database) => self::postgresql(database.url_text()).await,
            None => sqlite(&host.path("data/autocontent.db")).await,
        };
        assert!(rows.len() > 20, "the tables have something");
        for (table, row) in rows {
            self.add(format!("the database's table {table}"), row);
        }
    }
}

type Rows = Vec<(String, Vec<u8>)>;

async fn postgresql(url: &str) -> Rows {
    let mut database = PgConnection::connect(url).await.unwrap();
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()")
            .fetch_all(&mut database)
            .await
            .unwrap();
    let mut rows = Rows::new();
    // Bytes are shown in hexadecimal, and then as the text that they may be.
    for output in ["SET bytea_output = 'hex'", "SET bytea_output = 'escape'"] {
        sqlx::query(output).execute(&mut database).await.unwrap();
        for table in &tables {
            let all = format!(r#"SELECT "{table}"::text FROM "{table}""#);
            let all: Vec<String> = sqlx::query_scalar(AssertSqlSafe(all)).fetch_all(&mut database).await.unwrap();
            rows.extend(all.into_iter().map(|row| (table.clone(), row.into_bytes())));
        }
    }
    rows
}

async fn sqlite(file: &Path) -> Rows {
    let mut database = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let columns =
        sqlx::query("SELECT t.name, c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'")
            .fetch_all(&mut database)
            .await
            .unwrap();
    let mut rows = Rows::new();
    for column in columns {
        let (table, column): (String, String) = (column.get(0), column.get(1));
        // What is long lies in pieces in the file.
        let all = format!(r#"SELECT CAST("{column}" AS BLOB) FROM "{table}" WHERE "{column}" IS NOT NULL"#);
        let all: Vec<Vec<u8>> = sqlx::query_scalar(AssertSqlSafe(all)).fetch_all(&mut database).await.unwrap();
        rows.extend(all.into_iter().map(|cell| (format!("{table}, column {column}"), cell)));
    }
    rows
}
