//! Content that was sent to someone: recorded as pending before it is shown, settled when the outcome is known.

use std::collections::HashSet;
use std::sync::LazyLock;

use autocontent_manifest::ProviderId;
use jiff::Timestamp;

use crate::Store;
use crate::bulk::Bulk;
use crate::database::{Connection, Database, on};
use crate::error::StoreError;
use crate::ids::{AccountId, ChannelId, ComponentDigest, DeliveryId, GuildId, MemberId, MessageId};
use crate::rows::words;
use crate::writer::Write;

words! {
    /// Why content was asked for.
    Trigger {
        /// A member used a slash command.
        Command = "command",
        /// A member pressed a button.
        Button = "button",
        /// A recipient started a game.
        Game = "game",
        /// A recipient listens to music.
        Music = "music",
        /// A recipient's schedule.
        Schedule = "schedule",
        /// An operator looks at the provider.
        Preview = "preview",
    }
}

words! {
    /// What became of a delivery.
    DeliveryState {
        /// It is on its way.
        Pending = "pending",
        /// Discord took it.
        Delivered = "delivered",
        /// Discord did not take it.
        Failed = "failed",
        /// The host stopped before it heard from Discord.
        Unconfirmed = "unconfirmed",
    }
}

/// An item of a delivery, as it is recorded and as it comes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// Its id, given by the provider; the same for the same content.
    pub item: String,
    /// Its kind, such as "quote".
    pub kind: String,
    /// Its title.
    pub title: Option<String>,
    /// Its link.
    pub url: Option<String>,
    /// All of it as JSON.
    pub json: String,
}

/// A delivery that is about to be sent.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// Its id, new.
    pub id: DeliveryId,
    /// The bot that sends it; none for an operator's preview.
    pub account: Option<AccountId>,
    /// The provider that found it.
    pub provider: ProviderId,
    /// The provider's component.
    pub digest: ComponentDigest,
    /// Full name of the command: "news", or "news top".
    pub command: String,
    /// The arguments as JSON.
    pub arguments: String,
    /// Why it was asked for.
    pub trigger: Trigger,
    /// Who asked.
    pub member: Option<MemberId>,
    /// Where.
    pub guild: Option<GuildId>,
    /// Where.
    pub channel: Option<ChannelId>,
    /// Opaque key of those who see it: the guild or the DM.
    pub audience: String,
    /// The member's language, such as "pt-BR".
    pub locale: String,
    /// Whether age-restricted content could be shown.
    pub sensitive_allowed: bool,
    /// The provider's cursor to what comes next.
    pub next: Option<String>,
    /// Whether the answer came from the cache.
    pub cached: bool,
    /// Now.
    pub created_at: Timestamp,
    /// What is shown, in order.
    pub items: Vec<NewItem>,
}

/// A delivery in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its id; later ones order after earlier ones.
    pub id: DeliveryId,
    /// The bot that sent it; none for an operator's preview. The account may be gone.
    pub account: Option<AccountId>,
    /// The provider that found it. It may be gone.
    pub provider: ProviderId,
    /// The provider's component.
    pub digest: ComponentDigest,
    /// Full name of the command: "news", or "news top".
    pub command: String,
    /// The arguments as JSON.
    pub arguments: String,
    /// Why it was asked for.
    pub trigger: Trigger,
    /// Who asked.
    pub member: Option<MemberId>,
    /// Where.
    pub guild: Option<GuildId>,
    /// Where.
    pub channel: Option<ChannelId>,
    /// Opaque key of those who saw it: the guild or the DM.
    pub audience: String,
    /// The member's language, such as "pt-BR".
    pub locale: String,
    /// Whether age-restricted content could be shown.
    pub sensitive_allowed: bool,
    /// The provider's cursor to what comes next.
    pub next: Option<String>,
    /// Whether the answer came from the cache.
    pub cached: bool,
    /// When it was recorded, to the millisecond.
    pub created_at: Timestamp,
    /// What was shown, in order.
    pub items: Vec<NewItem>,
    /// What became of it.
    pub state: DeliveryState,
    /// The message that shows it, where Discord said.
    pub message: Option<MessageId>,
    /// Why it failed.
    pub reason: Option<String>,
    /// When its outcome was known.
    pub settled_at: Option<Timestamp>,
}

/// The outcome of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// Discord took it.
    Delivered {
        /// The message that shows it, where Discord said.
        message: Option<MessageId>,
    },
    /// Discord did not take it.
    Failed {
        /// Why, for the operator.
        reason: String,
    },
}

impl Store {
    /// Records a delivery as pending. It is durable when this returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::AlreadyRecorded`], or where the database cannot be written.
    pub async fn record(&self, new: NewDelivery) -> Result<(), StoreError> {
        self.writer.write(Box::new(new)).await
    }

    /// Settles a delivery; the last outcome counts. It is durable when this returns.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchDelivery`], or where the database cannot be written.
    pub async fn settle(&self, delivery: DeliveryId, settled: Settled, at: Timestamp) -> Result<(), StoreError> {
        self.writer.write(Settlement { delivery, settled, at }).await
    }

    /// Marks deliveries that were recorded before `before` and never settled as unconfirmed: the host stopped between
    /// sending and hearing back. Returns how many there were. For the start of a host.
    ///
    /// # Errors
    ///
    /// Where the database cannot be written.
    pub async fn close_interrupted(&self, before: Timestamp) -> Result<u64, StoreError> {
        const SQL: &str = "UPDATE deliveries SET state = 'unconfirmed', settled_at = $1 \
            WHERE state = 'pending' AND created_at < $1";
        on!(&self.database.writer, pool => {
            sqlx::query(SQL).bind(before.as_millisecond()).execute(pool).await.map(|done| done.rows_affected())
        })
        .map_err(|error| self.database.error("close interrupted deliveries", error))
    }
}

/// A settlement on its way to the writer.
#[derive(Debug)]
pub(crate) struct Settlement {
    delivery: DeliveryId,
    settled: Settled,
    at: Timestamp,
}

impl Settlement {
    fn columns(&self) -> (DeliveryState, Option<MessageId>, Option<&str>) {
        match &self.settled {
            Settled::Delivered { message } => (DeliveryState::Delivered, *message, None),
            Settled::Failed { reason } => (DeliveryState::Failed, None, Some(reason)),
        }
    }
}

impl Write for Box<NewDelivery> {
    type Answer = ();

    async fn write(&self, database: &Database, connection: &mut Connection) -> Result<(), StoreError> {
        match insert_all(connection, &[self]).await {
            Err(sqlx::Error::Database(error)) if error.is_unique_violation() => {
                Err(StoreError::AlreadyRecorded { delivery: self.id })
            }
            done => done.map_err(|error| database.error("record a delivery", error)),
        }
    }
}

impl Write for Settlement {
    type Answer = ();

    async fn write(&self, database: &Database, connection: &mut Connection) -> Result<(), StoreError> {
        settle_all(database, connection, &[self]).await
    }
}

/// Records many deliveries with few statements. Fails as a whole.
pub(crate) async fn record_all(
    database: &Database,
    connection: &mut Connection,
    deliveries: &[&NewDelivery],
) -> Result<(), StoreError> {
    insert_all(connection, deliveries).await.map_err(|error| database.error("record deliveries", error))
}

static DELIVERIES: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "INSERT INTO deliveries (id, account, provider, digest, command, arguments, trigger, member, guild, channel, \
         audience, locale, sensitive_allowed, next, cached, created_at, state) VALUES ",
        "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
        "",
    )
});

static ITEMS: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "INSERT INTO items (delivery, position, item, kind, title, url, json) VALUES ",
        "(?, ?, ?, ?, ?, ?, ?)",
        "",
    )
});

static SETTLE: LazyLock<Bulk> = LazyLock::new(|| {
    Bulk::new(
        "WITH settled (id, state, message, reason, settled_at) AS (VALUES ",
        "(?, ?, ?, ?, ?)",
        ") UPDATE deliveries SET state = settled.state, message = settled.message, reason = settled.reason, \
         settled_at = settled.settled_at FROM settled WHERE deliveries.id = settled.id RETURNING 1",
    )
});

/// Binds a row of [`DELIVERIES`], [`ITEMS`] or [`SETTLE`] for either database.
macro_rules! bind {
    (delivery $new:expr => $query:expr) => {
        $query
            .bind($new.id.to_string())
            .bind($new.account.map(|id| id.to_string()))
            .bind($new.provider.as_str())
            .bind($new.digest.as_str())
            .bind(&*$new.command)
            .bind(&*$new.arguments)
            .bind($new.trigger.as_str())
            .bind($new.member.map(|id| id.to_string()))
            .bind($new.guild.map(|id| id.to_string()))
            .bind($new.channel.map(|id| id.to_string()))
            .bind(&*$new.audience)
            .bind(&*$new.locale)
            .bind($new.sensitive_allowed)
            .bind($new.next.as_deref())
            .bind($new.cached)
            .bind($new.created_at.as_millisecond())
    };
    (item ($delivery:expr, $position:expr, $item:expr) => $query:expr) => {
        $query
            .bind($delivery.to_string())
            .bind($position)
            .bind(&*$item.item)
            .bind(&*$item.kind)
            .bind($item.title.as_deref())
            .bind($item.url.as_deref())
            .bind(&*$item.json)
    };
    (settlement $settlement:expr => $query:expr) => {{
        let (state, message, reason) = $settlement.columns();
        $query
            .bind($settlement.delivery.to_string())
            .bind(state.as_str())
            .bind(message.map(|id| id.to_string()))
            .bind(reason)
            .bind($settlement.at.as_millisecond())
    }};
}

/// Records a delivery on SQLite without sqlx between.
pub(crate) fn insert_directly(sqlite: &rusqlite::Connection, new: &NewDelivery) -> rusqlite::Result<()> {
    let id = new.id.to_string();
    sqlite.prepare_cached(DELIVERIES.one())?.execute(rusqlite::params![
        id,
        new.account.map(|id| id.to_string()),
        new.provider.as_str(),
        new.digest.as_str(),
        new.command,
        new.arguments,
        new.trigger.as_str(),
        new.member.map(|id| id.to_string()),
        new.guild.map(|id| id.to_string()),
        new.channel.map(|id| id.to_string()),
        new.audience,
        new.locale,
        new.sensitive_allowed,
        new.next,
        new.cached,
        new.created_at.as_millisecond(),
    ])?;
    let mut insert = sqlite.prepare_cached(ITEMS.one())?;
    for (position, item) in (0_i64..).zip(&new.items) {
        insert.execute(rusqlite::params![id, position, item.item, item.kind, item.title, item.url, item.json])?;
    }
    Ok(())
}

/// Settles a delivery on SQLite without sqlx between. Returns whether it was there.
pub(crate) fn settle_directly(sqlite: &rusqlite::Connection, settlement: &Settlement) -> rusqlite::Result<bool> {
    let (state, message, reason) = settlement.columns();
    let changed = sqlite
        .prepare_cached(SETTLE.one())?
        .query(rusqlite::params![
            settlement.delivery.to_string(),
            state.as_str(),
            message.map(|id| id.to_string()),
            reason,
            settlement.at.as_millisecond(),
        ])?
        .next()?
        .is_some();
    Ok(changed)
}

fn items_of<'a>(deliveries: &[&'a NewDelivery]) -> Vec<(DeliveryId, i64, &'a NewItem)> {
    let items = deliveries.iter().map(|new| (0..).zip(&new.items).map(|(position, item)| (new.id, position, item)));
    items.flatten().collect()
}

/// Cuts settlements into runs in which each delivery stands once, as one statement may touch a row once.
fn distinct<'s, 'a>(mut rest: &'s [&'a Settlement]) -> impl Iterator<Item = &'s [&'a Settlement]> {
    std::iter::from_fn(move || {
        let mut settled = HashSet::with_capacity(rest.len());
        let distinct = rest.iter().take_while(|settlement| settled.insert(settlement.delivery)).count();
        let (now, later) = rest.split_at(distinct);
        rest = later;
        (!now.is_empty()).then_some(now)
    })
}

async fn insert_all(connection: &mut Connection, deliveries: &[&NewDelivery]) -> Result<(), sqlx::Error> {
    let items = items_of(deliveries);
    on!(connection, c => {
        for (sql, piece) in DELIVERIES.pieces(deliveries) {
            let mut query = sqlx::query(sql);
            for new in piece {
                query = bind!(delivery new => query);
            }
            query.execute(&mut **c).await?;
        }
        for (sql, piece) in ITEMS.pieces(&items) {
            let mut query = sqlx::query(sql);
            for (delivery, position, item) in piece {
                query = bind!(item (delivery, *position, item) => query);
            }
            query.execute(&mut **c).await?;
        }
    });
    Ok(())
}

/// Settles many deliveries with few statements. Fails as a whole where one of them is unknown.
pub(crate) async fn settle_all(
    database: &Database,
    connection: &mut Connection,
    settlements: &[&Settlement],
) -> Result<(), StoreError> {
    for now in distinct(settlements) {
        let settled = update_all(connection, now).await.map_err(|error| database.error("settle deliveries", error))?;
        if let (Some(first), true) = (now.first(), settled != now.len() as u64) {
            return Err(StoreError::NoSuchDelivery { delivery: first.delivery });
        }
    }
    Ok(())
}

async fn update_all(connection: &mut Connection, settlements: &[&Settlement]) -> Result<u64, sqlx::Error> {
    let mut rows = 0;
    on!(connection, c => {
        for (sql, piece) in SETTLE.pieces(settlements) {
            let mut query = sqlx::query(sql);
            for settlement in piece {
                query = bind!(settlement settlement => query);
            }
            rows += query.execute(&mut **c).await?.rows_affected();
        }
    });
    Ok(rows)
}
