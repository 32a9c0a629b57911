//! What calls of providers cost and how they ended, by version and day.

mod measure;

use std::collections::HashMap;
use std::sync::LazyLock;

use autocontent_manifest::ProviderId;
use jiff::civil::Date;
use semver::Version;
use sqlx::FromRow;

use crate::Store;
use crate::bulk::Bulk;
use crate::database::{Tx, on};
use crate::error::StoreError;
use crate::ids::ComponentDigest;
use crate::rows::Reading;

pub use measure::{Function, Latency, Measure, Outcome};

/// A measure of one version of a provider on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistic {
    /// The provider.
    pub provider: ProviderId,
    /// Its version.
    pub digest: ComponentDigest,
    /// The day, in UTC.
    pub day: Date,
    /// What was counted.
    pub measure: Measure,
    /// How much of it; above `i64::MAX` it counts as that.
    pub value: u64,
}

static SUMS: LazyLock<Bulk> = LazyLock::new(|| upsert("statistics.value + excluded.value"));
static PEAKS: LazyLock<Bulk> = LazyLock::new(|| {
    upsert("CASE WHEN excluded.value > statistics.value THEN excluded.value ELSE statistics.value END")
});

fn upsert(value: &str) -> Bulk {
    Bulk::new(
        "INSERT INTO statistics (provider, digest, day, measure, value) VALUES ",
        "(?, ?, ?, ?, ?)",
        &format!(" ON CONFLICT (provider, day, digest, measure) DO UPDATE SET value = {value}"),
    )
}

impl Store {
    /// Adds to what was counted, all or nothing. No two may be of the same measure, version and day.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written; nothing was added then.
    pub async fn add_statistics(&self, statistics: &[Statistic]) -> Result<(), StoreError> {
        // Every host locks rows in the same order, or two would wait for each other.
        let mut statistics: Vec<&Statistic> = statistics.iter().collect();
        statistics
            .sort_by_cached_key(|one| (one.provider.clone(), one.day, one.digest.clone(), one.measure.to_string()));
        let (peaks, sums): (Vec<_>, Vec<_>) = statistics.into_iter().partition(|one| one.measure.is_peak());
        if peaks.is_empty() && sums.is_empty() {
            return Ok(());
        }
        let failed = |error| self.database.error("add to the statistics", error);
        let mut tx = self.database.begin().await?;
        add(&mut tx, &SUMS, &sums).await.map_err(failed)?;
        add(&mut tx, &PEAKS, &peaks).await.map_err(failed)?;
        self.database.commit(tx).await
    }

    /// What was counted since a day, that day included; of one provider or of all. Ordered by provider and day.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn statistics(&self, provider: Option<&ProviderId>, since: Date) -> Result<Vec<Statistic>, StoreError> {
        const SQL: &str = "SELECT provider, digest, day, measure, value FROM statistics \
            WHERE day >= $1 AND ($2 = '' OR provider = $2) ORDER BY provider, day, digest, measure";
        let provider = provider.map(ProviderId::as_str).unwrap_or_default();
        on!(&self.database.reader, pool => {
            sqlx::query_as::<_, StatisticRow>(SQL).bind(since.to_string()).bind(provider).fetch_all(pool).await
        })
        .map_err(|error| self.database.error("read the statistics", error))?
        .into_iter()
        .filter_map(StatisticRow::read)
        .collect()
    }

    /// The version of each component that is kept, as its manifest says.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn component_versions(&self) -> Result<HashMap<ComponentDigest, Version>, StoreError> {
        on!(&self.database.reader, pool => {
            sqlx::query_as::<_, (String, String)>("SELECT digest, version FROM components").fetch_all(pool).await
        })
        .map_err(|error| self.database.error("read the components' versions", error))?
        .into_iter()
        .map(|(digest, version)| {
            let reading = Reading { table: "components", row: &digest };
            Ok((reading.parse("digest", &digest)?, reading.parse("version", &version)?))
        })
        .collect()
    }

    /// Forgets what was counted before a day.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn forget_statistics(&self, before: Date) -> Result<(), StoreError> {
        let mut tx = self.database.begin().await?;
        on!(&mut tx, c => {
            sqlx::query("DELETE FROM statistics WHERE day < $1").bind(before.to_string()).execute(&mut **c).await
                .map(|_| ())
        })
        .map_err(|error| self.database.error("forget old statistics", error))?;
        self.database.commit(tx).await
    }
}

async fn add(tx: &mut Tx, bulk: &Bulk, statistics: &[&Statistic]) -> Result<(), sqlx::Error> {
    for (sql, piece) in bulk.pieces(statistics) {
        on!(tx, c => {
            let mut query = sqlx::query(sql);
            for one in piece {
                query = query
                    .bind(one.provider.as_str())
                    .bind(one.digest.as_str())
                    .bind(one.day.to_string())
                    .bind(one.measure.to_string())
                    .bind(i64::try_from(one.value).unwrap_or(i64::MAX));
            }
            query.execute(&mut **c).await?;
        });
    }
    Ok(())
}

#[derive(FromRow)]
struct StatisticRow {
    provider: String,
    digest: String,
    day: String,
    measure: String,
    value: i64,
}

impl StatisticRow {
    /// None for a measure that only another version of the host counts.
    fn read(self) -> Option<Result<Statistic, StoreError>> {
        let measure = self.measure.parse().ok()?;
        let reading = Reading { table: "statistics", row: &self.digest };
        let read = || {
            Ok(Statistic {
                provider: reading.parse("provider", &self.provider)?,
                digest: reading.parse("digest", &self.digest)?,
                day: reading.parse("day", &self.day)?,
                measure,
                value: self.value.unsigned_abs(),
            })
        };
        Some(read())
    }
}
