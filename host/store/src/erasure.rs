//! Forgetting a guild or a member, and what has become too old.
//!
//! Everything here goes in batches with a transaction each, so that commands are answered meanwhile. What was interrupted is
//! finished by calling it again.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::Store;
use crate::bulk::Bulk;
use crate::database::on;
use crate::error::StoreError;
use crate::ids::{DeliveryId, GuildId, MemberId};
use crate::storage::Owners;

/// Rows in one transaction.
const BATCH: i64 = 250;

/// How much was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Erased {
    /// Deliveries that are gone, with their items, votes and reports.
    pub deliveries: u64,
    /// Deliveries in guilds that no longer say who asked, nor for what in particular.
    pub anonymised: u64,
    /// Votes of the member.
    pub votes: u64,
    /// Reports of the member.
    pub reports: u64,
    /// Items that the member saved.
    pub favourites: u64,
    /// What providers kept.
    pub entries: u64,
}

static DELETE: LazyLock<Bulk> = LazyLock::new(|| Bulk::new("DELETE FROM deliveries WHERE id IN (VALUES ", "(?)", ")"));

/// A member's words may name them, and the provider's cursor may be made of these words.
static ANONYMISE: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new("UPDATE deliveries SET member = NULL, arguments = '[]', next = NULL WHERE id IN (VALUES ", "(?)", ")")
});

static VOTES: LazyLock<Bulk> =
    LazyLock::new(|| Bulk::new("DELETE FROM votes WHERE (delivery, member) IN (VALUES ", "(?, ?)", ")"));

static REPORTS: LazyLock<Bulk> =
    LazyLock::new(|| Bulk::new("DELETE FROM reports WHERE (delivery, member) IN (VALUES ", "(?, ?)", ")"));

impl Store {
    /// Forgets a guild: its history, with what members thought of it, and what providers kept about it. Items that members
    /// saved are theirs and stay.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read or written; what was erased until then is gone.
    pub async fn erase_guild(&self, guild: GuildId) -> Result<Erased, StoreError> {
        const SQL: &str = "SELECT id FROM deliveries WHERE guild = $1 AND id > $2 ORDER BY id LIMIT $3";
        let mut erased = Erased { entries: self.erase_storage(&Owners::of_guild(guild)).await?, ..Erased::default() };
        let mut last = String::new();
        loop {
            let batch = self.ids(SQL, &guild.to_string(), &last).await?;
            let Some(end) = batch.last() else { return Ok(erased) };
            last.clone_from(end);
            erased.deliveries += self.run_on(&DELETE, &batch, None).await?;
        }
    }

    /// Forgets a member: their favourites, votes and reports, their deliveries outside of guilds, and what providers kept
    /// about them or for their direct messages. Deliveries in guilds are the guild's history and stay, but no longer say
    /// who asked, nor with which words; their button for more of the same then asks without any.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read or written; what was erased until then is gone.
    pub async fn erase_member(&self, member: MemberId) -> Result<Erased, StoreError> {
        const VOTED: &str = "SELECT delivery FROM votes WHERE member = $1 AND delivery > $2 ORDER BY delivery LIMIT $3";
        const REPORTED: &str =
            "SELECT delivery FROM reports WHERE member = $1 AND delivery > $2 ORDER BY delivery LIMIT $3";
        const PRIVATE: &str =
            "SELECT id FROM deliveries WHERE member = $1 AND guild IS NULL AND id > $2 ORDER BY id LIMIT $3";
        const PUBLIC: &str =
            "SELECT id FROM deliveries WHERE member = $1 AND guild IS NOT NULL AND id > $2 ORDER BY id LIMIT $3";
        let member_text = member.to_string();
        let every = async |select: &'static str, change: &'static LazyLock<Bulk>, beside: Option<&str>| {
            let (mut last, mut changed) = (String::new(), 0);
            loop {
                let batch = self.ids(select, &member_text, &last).await?;
                let Some(end) = batch.last() else { return Ok::<u64, StoreError>(changed) };
                last.clone_from(end);
                changed += self.run_on(change, &batch, beside).await?;
            }
        };
        Ok(Erased {
            entries: self.erase_storage(&Owners::of_member(member)).await?,
            favourites: self.erase_favourites(&member_text).await?,
            votes: every(VOTED, &VOTES, Some(&member_text)).await?,
            reports: every(REPORTED, &REPORTS, Some(&member_text)).await?,
            deliveries: every(PRIVATE, &DELETE, None).await?,
            anonymised: every(PUBLIC, &ANONYMISE, None).await?,
        })
    }

    /// Deletes deliveries that were recorded before `before`, the oldest first, at most `limit`, with their items, votes and
    /// reports. Returns how many it were. Favourites stay, as they are copies.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn prune_history(&self, before: Timestamp, limit: u32) -> Result<u64, StoreError> {
        // Ids begin with the moment, so their index finds the oldest.
        const SQL: &str =
            "DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE id < $1 ORDER BY id LIMIT $2)";
        let first = DeliveryId::new(before, [0; 10]).to_string();
        on!(&self.database.writer, pool => {
            sqlx::query(SQL).bind(first).bind(i64::from(limit)).execute(pool).await.map(|done| done.rows_affected())
        })
        .map_err(|error| self.database.error("prune the history", error))
    }

    async fn ids(&self, select: &'static str, whose: &str, after: &str) -> Result<Vec<String>, StoreError> {
        on!(&self.database.reader, pool => {
            sqlx::query_scalar::<_, String>(select).bind(whose).bind(after).bind(BATCH).fetch_all(pool).await
        })
        .map_err(|error| self.database.error("look for what is to be erased", error))
    }

    /// Runs a statement on rows with these ids, beside which `beside` stands in each.
    async fn run_on(&self, change: &Bulk, ids: &[String], beside: Option<&str>) -> Result<u64, StoreError> {
        let mut tx = self.database.begin().await?;
        let changed = on!(&mut tx, c => async {
            let mut changed = 0;
            for (sql, piece) in change.pieces(ids) {
                let mut query = sqlx::query(sql);
                for id in piece {
                    query = query.bind(id);
                    if let Some(beside) = beside {
                        query = query.bind(beside);
                    }
                }
                changed += query.execute(&mut **c).await?.rows_affected();
            }
            Ok(changed)
        }.await)
        .map_err(|error| self.database.error("erase", error))?;
        self.database.commit(tx).await?;
        Ok(changed)
    }

    async fn erase_favourites(&self, member: &str) -> Result<u64, StoreError> {
        on!(&self.database.writer, pool => {
            sqlx::query("DELETE FROM favourites WHERE member = $1")
                .bind(member)
                .execute(pool)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(|error| self.database.error("erase favourites", error))
    }
}
