//! The schema's versions.
//!
//! A migration that was released never changes: its checksum is kept where it ran. All that are missing run in one
//! transaction under a lock, so that several processes may start at once and none sees half a schema.

use sha2::{Digest as _, Sha256};
use sqlx::AssertSqlSafe;

use crate::database::{Database, Tx, on};
use crate::dialect;
use crate::encrypted::check_keys;
use crate::error::StoreError;
use crate::vault::Vault;

/// In order; the first is version 1.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_first.sql"),
    include_str!("../migrations/0002_life.sql"),
    include_str!("../migrations/0003_storage.sql"),
    include_str!("../migrations/0004_statistics.sql"),
];

/// Brings the schema up to date, where the vault can read what is encrypted there; else nothing changes. A vault whose key
/// file is still to be written has it written then.
pub(crate) async fn migrate(database: &Database, vault: &Vault) -> Result<(), StoreError> {
    const KEPT: &str =
        "CREATE TABLE IF NOT EXISTS migrations (version BIGINT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL)";
    let failed = |error| database.error("bring the schema up to date", error);
    let mut tx = database.begin().await?;
    dialect::lock_migrations(&mut tx).await.map_err(failed)?;
    on!(&mut tx, c => sqlx::query(KEPT).execute(&mut **c).await.map(|_| ())).map_err(failed)?;
    let applied = on!(&mut tx, c => {
        sqlx::query_as::<_, (i64, String)>("SELECT version, checksum FROM migrations ORDER BY version")
            .fetch_all(&mut **c)
            .await
    })
    .map_err(failed)?;
    check(database, &applied)?;
    for (version, migration) in (1..).zip(MIGRATIONS).skip(applied.len()) {
        apply(&mut tx, version, migration).await.map_err(failed)?;
    }
    check_keys(database, &mut tx, vault).await?;
    vault.keep()?;
    database.commit(tx).await
}

/// What ran there must be the beginning of what is known here.
fn check(database: &Database, applied: &[(i64, String)]) -> Result<(), StoreError> {
    let location = || database.location.to_string();
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if let Some((found, _)) = applied.last().filter(|(found, _)| *found > known) {
        return Err(StoreError::Newer { location: location(), found: *found, known });
    }
    for ((version, checksum), migration) in applied.iter().zip(MIGRATIONS) {
        if *checksum != checksum_of(migration) {
            return Err(StoreError::OtherMigration { location: location(), version: *version });
        }
    }
    Ok(())
}

async fn apply(tx: &mut Tx, version: i64, migration: &str) -> Result<(), sqlx::Error> {
    let sql = dialect::column_types(tx, migration);
    on!(tx, c => {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **c).await?;
        sqlx::query("INSERT INTO migrations (version, checksum) VALUES ($1, $2)")
            .bind(version)
            .bind(checksum_of(migration))
            .execute(&mut **c)
            .await?;
    });
    Ok(())
}

fn checksum_of(migration: &str) -> String {
    Sha256::digest(migration).iter().map(|byte| format!("{byte:02x}")).collect()
}
