//! What members think of a delivery.

use jiff::Timestamp;

use crate::Store;
use crate::database::{Connection, Database, on};
use crate::error::StoreError;
use crate::ids::{DeliveryId, MemberId};
use crate::writer::Write;

/// A member's opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    /// 👍
    Up,
    /// 👎
    Down,
}

/// How many members voted which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Those who like it.
    pub up: u64,
    /// Those who don't.
    pub down: u64,
}

const TALLY: &str = "SELECT COUNT(*) FILTER (WHERE vote = 1), COUNT(*) FILTER (WHERE vote = -1) \
    FROM votes WHERE delivery = $1";

impl Store {
    /// Takes a member's vote: one per member and delivery, the last counts, and the same again takes it back. Returns
    /// the delivery's votes after it. On PostgreSQL they may lack what another host is writing at this very moment.
    /// Durable when this returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchDelivery`], or where the database cannot be written.
    pub async fn vote(
        &self,
        delivery: DeliveryId,
        member: MemberId,
        vote: Vote,
        at: Timestamp,
    ) -> Result<Tally, StoreError> {
        self.writer.write(Ballot { delivery, member, vote, at }).await
    }

    /// The delivery's votes; none for one that does not exist.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn tally(&self, delivery: DeliveryId) -> Result<Tally, StoreError> {
        on!(&self.database.reader, pool => {
            sqlx::query_as::<_, (i64, i64)>(TALLY).bind(delivery.to_string()).fetch_one(pool).await
        })
        .map(tally)
        .map_err(|error| self.database.error("count votes", error))
    }

    /// Takes down that a member reported the delivery. True where it is their first report of it. Durable when this
    /// returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchDelivery`], or where the database cannot be written.
    pub async fn report(&self, delivery: DeliveryId, member: MemberId, at: Timestamp) -> Result<bool, StoreError> {
        self.writer.write(Report { delivery, member, at }).await
    }
}

/// A vote on its way to the writer.
#[derive(Debug)]
pub(crate) struct Ballot {
    delivery: DeliveryId,
    member: MemberId,
    vote: Vote,
    at: Timestamp,
}

impl Write for Ballot {
    type Answer = Tally;

    async fn write(&self, database: &Database, connection: &mut Connection) -> Result<Tally, StoreError> {
        self.cast(connection).await.map_err(|error| refused(database, "vote", self.delivery, error))
    }
}

impl Ballot {
    async fn cast(&self, connection: &mut Connection) -> Result<Tally, sqlx::Error> {
        const TAKE_BACK: &str = "DELETE FROM votes WHERE delivery = $1 AND member = $2 AND vote = $3";
        const CAST: &str = "INSERT INTO votes (delivery, member, vote, voted_at) VALUES ($1, $2, $3, $4) \
            ON CONFLICT (delivery, member) DO UPDATE SET vote = excluded.vote, voted_at = excluded.voted_at";
        let (delivery, member) = (self.delivery.to_string(), self.member.to_string());
        let vote: i64 = match self.vote {
            Vote::Up => 1,
            Vote::Down => -1,
        };
        on!(connection, c => {
            let taken_back =
                sqlx::query(TAKE_BACK).bind(&delivery).bind(&member).bind(vote).execute(&mut **c).await?.rows_affected();
            if taken_back == 0 {
                sqlx::query(CAST)
                    .bind(&delivery)
                    .bind(&member)
                    .bind(vote)
                    .bind(self.at.as_millisecond())
                    .execute(&mut **c)
                    .await?;
            }
            sqlx::query_as::<_, (i64, i64)>(TALLY).bind(&delivery).fetch_one(&mut **c).await
        })
        .map(tally)
    }
}

/// A report on its way to the writer.
#[derive(Debug)]
pub(crate) struct Report {
    delivery: DeliveryId,
    member: MemberId,
    at: Timestamp,
}

impl Write for Report {
    type Answer = bool;

    async fn write(&self, database: &Database, connection: &mut Connection) -> Result<bool, StoreError> {
        const SQL: &str = "INSERT INTO reports (delivery, member, reported_at) VALUES ($1, $2, $3) \
            ON CONFLICT (delivery, member) DO NOTHING";
        on!(connection, c => {
            sqlx::query(SQL)
                .bind(self.delivery.to_string())
                .bind(self.member.to_string())
                .bind(self.at.as_millisecond())
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected() > 0)
        })
        .map_err(|error| refused(database, "report", self.delivery, error))
    }
}

fn refused(database: &Database, tried: &'static str, delivery: DeliveryId, error: sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(error) if error.is_foreign_key_violation() => StoreError::NoSuchDelivery { delivery },
        error => database.error(tried, error),
    }
}

fn tally((up, down): (i64, i64)) -> Tally {
    Tally { up: up.unsigned_abs(), down: down.unsigned_abs() }
}
