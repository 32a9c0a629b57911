//! What is kept about a member, for whoever asks on their behalf. Their deliveries are read by `history`, what they saved by
//! `favourites`.

use autocontent_manifest::ProviderId;
use jiff::Timestamp;

use crate::Store;
use crate::database::on;
use crate::error::StoreError;
use crate::feedback::Vote;
use crate::ids::{DeliveryId, MemberId};
use crate::rows::Reading;
use crate::storage::Owners;

/// A vote of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CastVote {
    /// On what.
    pub delivery: DeliveryId,
    /// Which way.
    pub vote: Vote,
    /// When, to the millisecond.
    pub voted_at: Timestamp,
}

/// A report of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeReport {
    /// Of what.
    pub delivery: DeliveryId,
    /// When, to the millisecond.
    pub reported_at: Timestamp,
}

/// What a provider keeps about a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEntry {
    /// The provider.
    pub provider: ProviderId,
    /// Whose data it is: "member:ID", or "direct:ID:CHANNEL" for that of their direct messages with a bot.
    pub owner: String,
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: Vec<u8>,
    /// When it is forgotten by itself.
    pub expires_at: Option<Timestamp>,
}

impl Store {
    /// The member's votes, by delivery.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn votes_of(&self, member: MemberId) -> Result<Vec<CastVote>, StoreError> {
        const SQL: &str = "SELECT delivery, vote, voted_at FROM votes WHERE member = $1 ORDER BY delivery";
        let rows = on!(&self.database.reader, pool => {
            sqlx::query_as::<_, (String, i64, i64)>(SQL).bind(member.to_string()).fetch_all(pool).await
        })
        .map_err(|error| self.database.error("list a member's votes", error))?;
        let read = |(delivery, vote, at): (String, i64, i64)| {
            let reading = Reading { table: "votes", row: &delivery };
            Ok(CastVote {
                delivery: reading.parse("delivery", &delivery)?,
                vote: if vote > 0 { Vote::Up } else { Vote::Down },
                voted_at: reading.moment("voted_at", at)?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// The member's reports, by delivery.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn reports_of(&self, member: MemberId) -> Result<Vec<MadeReport>, StoreError> {
        const SQL: &str = "SELECT delivery, reported_at FROM reports WHERE member = $1 ORDER BY delivery";
        let rows = on!(&self.database.reader, pool => {
            sqlx::query_as::<_, (String, i64)>(SQL).bind(member.to_string()).fetch_all(pool).await
        })
        .map_err(|error| self.database.error("list a member's reports", error))?;
        let read = |(delivery, at): (String, i64)| {
            let reading = Reading { table: "reports", row: &delivery };
            Ok(MadeReport {
                delivery: reading.parse("delivery", &delivery)?,
                reported_at: reading.moment("reported_at", at)?,
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// What providers keep about the member and their direct messages at the moment `at`.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn kept_about(&self, member: MemberId, at: Timestamp) -> Result<Vec<KeptEntry>, StoreError> {
        const SQL: &str = "SELECT provider, owner, key, value, expires_at FROM storage \
            WHERE (owner = $1 OR (owner >= $2 AND owner < $3)) AND (expires_at IS NULL OR expires_at > $4) \
            ORDER BY provider, owner, key";
        let owners = Owners::of_member(member);
        let rows = on!(&self.database.reader, pool => {
            sqlx::query_as::<_, (String, String, Vec<u8>, Vec<u8>, Option<i64>)>(SQL)
                .bind(&*owners.one)
                .bind(&*owners.from)
                .bind(&*owners.to)
                .bind(at.as_millisecond())
                .fetch_all(pool)
                .await
        })
        .map_err(|error| self.database.error("list what providers keep about a member", error))?;
        let read = |(provider, owner, key, value, expires_at): (String, String, Vec<u8>, Vec<u8>, Option<i64>)| {
            let reading = Reading { table: "storage", row: &owner };
            Ok(KeptEntry {
                provider: reading.parse("provider", &provider)?,
                expires_at: expires_at.map(|at| reading.moment("expires_at", at)).transpose()?,
                key: String::from_utf8_lossy(&key).into_owned(),
                value,
                owner,
            })
        };
        rows.into_iter().map(read).collect()
    }
}
