//! Reading deliveries back.

use std::fmt::Write as _;

use autocontent_manifest::ProviderId;
use sqlx::{AssertSqlSafe, FromRow};

use crate::Store;
use crate::database::on;
use crate::deliveries::{Delivery, DeliveryState, NewItem};
use crate::error::StoreError;
use crate::ids::{AccountId, DeliveryId, GuildId, MemberId};
use crate::rows::Reading;

/// Which deliveries to list. What is `None` does not matter.
#[derive(Clone, Debug)]
pub struct HistoryFilter {
    /// Sent by this bot.
    pub account: Option<AccountId>,
    /// Asked for by this member.
    pub member: Option<MemberId>,
    /// In this guild.
    pub guild: Option<GuildId>,
    /// Found by this provider.
    pub provider: Option<ProviderId>,
    /// In this state.
    pub state: Option<DeliveryState>,
    /// Older than this one: the last of the page before.
    pub before: Option<DeliveryId>,
    /// How many at most.
    pub limit: u32,
}

impl Default for HistoryFilter {
    /// The last 50.
    fn default() -> Self {
        HistoryFilter { account: None, member: None, guild: None, provider: None, state: None, before: None, limit: 50 }
    }
}

impl Store {
    /// One delivery.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn delivery(&self, delivery: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let mut conditions = Conditions::default();
        conditions.add("id =", Some(delivery));
        Ok(self.read(conditions, 1).await?.pop())
    }

    /// Deliveries, the newest first.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub async fn history(&self, filter: &HistoryFilter) -> Result<Vec<Delivery>, StoreError> {
        let mut conditions = Conditions::default();
        conditions.add("account =", filter.account);
        conditions.add("member =", filter.member);
        conditions.add("guild =", filter.guild);
        conditions.add("provider =", filter.provider.as_ref());
        conditions.add("state =", filter.state);
        conditions.add("id <", filter.before);
        self.read(conditions, filter.limit).await
    }

    async fn read(&self, conditions: Conditions, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let sql = conditions.sql();
        let rows = on!(&self.database.reader, pool => {
            let mut query = sqlx::query_as::<_, DeliveryRow>(AssertSqlSafe(sql));
            for value in conditions.values {
                query = query.bind(value);
            }
            query.bind(i64::from(limit)).fetch_all(pool).await
        })
        .map_err(|error| self.database.error("read the history", error))?;
        let mut deliveries: Vec<Delivery> = Vec::new();
        let mut last = None;
        for mut row in rows {
            let item = row.take_item();
            if last.as_ref() != Some(&row.id) {
                last = Some(row.id.clone());
                deliveries.push(row.read()?);
            }
            if let Some(delivery) = deliveries.last_mut() {
                delivery.items.extend(item);
            }
        }
        Ok(deliveries)
    }
}

/// Conditions on columns of a delivery, all of which are texts. The operators are this module's own words.
#[derive(Default)]
struct Conditions {
    clause: String,
    values: Vec<String>,
}

impl Conditions {
    fn add(&mut self, operator: &'static str, value: Option<impl ToString>) {
        let Some(value) = value else { return };
        self.values.push(value.to_string());
        let word = if self.clause.is_empty() { "WHERE" } else { " AND" };
        let _ = write!(self.clause, "{word} {operator} ${}", self.values.len());
    }

    /// The limit counts deliveries; each comes back once for each of its items.
    fn sql(&self) -> String {
        format!(
            "SELECT d.*, i.item, i.kind, i.title, i.url, i.json FROM \
             (SELECT * FROM deliveries {} ORDER BY id DESC LIMIT ${}) d \
             LEFT JOIN items i ON i.delivery = d.id ORDER BY d.id DESC, i.position",
            self.clause,
            self.values.len() + 1
        )
    }
}

#[derive(FromRow)]
struct DeliveryRow {
    id: String,
    account: Option<String>,
    provider: String,
    digest: String,
    command: String,
    arguments: String,
    trigger: String,
    member: Option<String>,
    guild: Option<String>,
    channel: Option<String>,
    audience: String,
    locale: String,
    sensitive_allowed: bool,
    next: Option<String>,
    cached: bool,
    created_at: i64,
    state: String,
    message: Option<String>,
    reason: Option<String>,
    settled_at: Option<i64>,
    item: Option<String>,
    kind: Option<String>,
    title: Option<String>,
    url: Option<String>,
    json: Option<String>,
}

impl DeliveryRow {
    fn take_item(&mut self) -> Option<NewItem> {
        Some(NewItem {
            item: self.item.take()?,
            kind: self.kind.take()?,
            title: self.title.take(),
            url: self.url.take(),
            json: self.json.take()?,
        })
    }

    fn read(self) -> Result<Delivery, StoreError> {
        let reading = Reading { table: "deliveries", row: &self.id };
        Ok(Delivery {
            id: reading.parse("id", &self.id)?,
            account: reading.parse_optional("account", self.account.as_deref())?,
            provider: reading.parse("provider", &self.provider)?,
            digest: reading.parse("digest", &self.digest)?,
            trigger: reading.parse("trigger", &self.trigger)?,
            member: reading.parse_optional("member", self.member.as_deref())?,
            guild: reading.parse_optional("guild", self.guild.as_deref())?,
            channel: reading.parse_optional("channel", self.channel.as_deref())?,
            created_at: reading.moment("created_at", self.created_at)?,
            state: reading.parse("state", &self.state)?,
            message: reading.parse_optional("message", self.message.as_deref())?,
            settled_at: self.settled_at.map(|at| reading.moment("settled_at", at)).transpose()?,
            command: self.command,
            arguments: self.arguments,
            audience: self.audience,
            locale: self.locale,
            sensitive_allowed: self.sensitive_allowed,
            next: self.next,
            cached: self.cached,
            reason: self.reason,
            items: Vec::new(),
        })
    }
}
