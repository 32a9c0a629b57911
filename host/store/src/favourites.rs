//! Items that members saved.

use autocontent_manifest::ProviderId;
use jiff::Timestamp;
use sqlx::FromRow;

use crate::Store;
use crate::database::{Connection, Database, on};
use crate::error::StoreError;
use crate::ids::{DeliveryId, MemberId};
use crate::rows::Reading;
use crate::writer::Write;

/// An item to be saved, or to be forgotten where it is saved already.
#[derive(Clone, Debug)]
pub struct NewFavourite {
    /// Who saves it.
    pub member: MemberId,
    /// The provider that found it.
    pub provider: ProviderId,
    /// The item's id, given by the provider.
    pub item: String,
    /// The delivery that brought it.
    pub delivery: DeliveryId,
    /// All of it as JSON; kept, whatever becomes of the delivery.
    pub json: String,
}

/// An item that a member saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Favourite {
    /// The provider that found it. It may be gone.
    pub provider: ProviderId,
    /// The item's id, given by the provider.
    pub item: String,
    /// The delivery that brought it.
    pub delivery: DeliveryId,
    /// All of it as JSON.
    pub json: String,
    /// When it was saved, to the millisecond.
    pub saved_at: Timestamp,
}

impl Store {
    /// Saves an item for the member, or forgets it where it is saved. True where it is saved now. Durable when this
    /// returns.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn toggle_favourite(&self, new: NewFavourite, at: Timestamp) -> Result<bool, StoreError> {
        self.writer.write(Box::new(Toggle { new, at })).await
    }

    /// What the member saved, the newest first.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn favourites(&self, member: MemberId, limit: u32, offset: u32) -> Result<Vec<Favourite>, StoreError> {
        const SQL: &str = "SELECT provider, item, delivery, json, saved_at FROM favourites WHERE member = $1 \
            ORDER BY saved_at DESC, provider, item LIMIT $2 OFFSET $3";
        on!(&self.database.reader, pool => {
            sqlx::query_as::<_, FavouriteRow>(SQL)
                .bind(member.to_string())
                .bind(i64::from(limit))
                .bind(i64::from(offset))
                .fetch_all(pool)
                .await
        })
        .map_err(|error| self.database.error("list favourites", error))?
        .into_iter()
        .map(FavouriteRow::read)
        .collect()
    }
}

/// A press of "save" on its way to the writer.
#[derive(Debug)]
pub(crate) struct Toggle {
    new: NewFavourite,
    at: Timestamp,
}

impl Write for Box<Toggle> {
    type Answer = bool;

    async fn write(&self, database: &Database, connection: &mut Connection) -> Result<bool, StoreError> {
        self.toggle(connection).await.map_err(|error| database.error("save a favourite", error))
    }
}

impl Toggle {
    async fn toggle(&self, connection: &mut Connection) -> Result<bool, sqlx::Error> {
        const FORGET: &str = "DELETE FROM favourites WHERE member = $1 AND provider = $2 AND item = $3";
        const SAVE: &str = "INSERT INTO favourites (member, provider, item, delivery, json, saved_at) \
            VALUES ($1, $2, $3, $4, $5, $6)";
        let NewFavourite { member, provider, item, delivery, json } = &self.new;
        let member = member.to_string();
        on!(connection, c => {
            let forgotten = sqlx::query(FORGET)
                .bind(&member)
                .bind(provider.as_str())
                .bind(&**item)
                .execute(&mut **c)
                .await?
                .rows_affected();
            if forgotten > 0 {
                return Ok(false);
            }
            sqlx::query(SAVE)
                .bind(&member)
                .bind(provider.as_str())
                .bind(&**item)
                .bind(delivery.to_string())
                .bind(&**json)
                .bind(self.at.as_millisecond())
                .execute(&mut **c)
                .await?;
        });
        Ok(true)
    }
}

#[derive(FromRow)]
struct FavouriteRow {
    provider: String,
    item: String,
    delivery: String,
    json: String,
    saved_at: i64,
}

impl FavouriteRow {
    fn read(self) -> Result<Favourite, StoreError> {
        let reading = Reading { table: "favourites", row: &self.item };
        Ok(Favourite {
            provider: reading.parse("provider", &self.provider)?,
            delivery: reading.parse("delivery", &self.delivery)?,
            saved_at: reading.moment("saved_at", self.saved_at)?,
            json: self.json,
            item: self.item,
        })
    }
}
