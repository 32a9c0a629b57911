//! The store's behaviour through its public interface. Every test that takes a [`TestDatabase`] runs on both databases.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod accounts;
mod deliveries;
mod erasure;
mod feedback;
mod grants;
mod notifications;
mod opening;
mod provider_logs;
mod providers;
mod secrets;
mod settings;
mod statistics;
mod storage;
mod vault;
mod versions;
mod writer;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use autocontent_store::testing::TestDatabase;
use autocontent_store::{
    AccountId, By, Delivery, DeliveryId, DeliveryState, Desired, MemberId, NewAccount, NewDelivery, NewItem,
    NewProvider, Origin, Store, Transport, Trigger, Turn,
};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

/// Makes two tests, one for each database, of each function.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(autocontent_store::testing::TestDatabase::sqlite()).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(autocontent_store::testing::TestDatabase::postgres().await).await;
            })+
        }
    };
}
use on_both;

/// A moment of the tests, in milliseconds after the first.
fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_790_000_000_000 + millis).unwrap()
}

/// An operator, `millis` after the first moment.
fn by(millis: i64) -> By {
    By { actor: "operator:ana".parse().unwrap(), at: at(millis) }
}

/// Ten bytes that no other call of this process gives.
fn unique() -> [u8; 10] {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    bytes
}

fn account(name: &str) -> NewAccount {
    NewAccount {
        id: AccountId::new(at(0), unique()),
        name: name.parse().unwrap(),
        token: format!("token-of-{name}").into(),
        transport: Transport::Gateway,
        desired: Desired::Running,
        created_at: at(0),
    }
}

/// A delivery with one item, recorded `millis` after the first moment.
fn delivery(millis: i64) -> NewDelivery {
    let id = DeliveryId::new(at(millis), unique());
    NewDelivery {
        id,
        account: None,
        provider: "quote".parse().unwrap(),
        digest: digest('a'),
        command: "quote".to_owned(),
        arguments: r#"[{"name":"topic","value":{"text":"courage"}}]"#.to_owned(),
        trigger: Trigger::Command,
        member: Some(MemberId::new(7)),
        guild: None,
        channel: None,
        audience: "guild:1".to_owned(),
        locale: "en-US".to_owned(),
        sensitive_allowed: false,
        next: None,
        cached: false,
        created_at: at(millis),
        items: vec![item(&format!("item-{millis}"))],
    }
}

fn item(id: &str) -> NewItem {
    NewItem {
        item: id.to_owned(),
        kind: "quote".to_owned(),
        title: None,
        url: None,
        json: format!(r#"{{"id":"{id}"}}"#),
    }
}

fn digest(digit: char) -> autocontent_store::ComponentDigest {
    format!("sha256:{}", digit.to_string().repeat(64)).parse().unwrap()
}

fn provider(id: &str, version: &str, digit: char) -> NewProvider {
    NewProvider {
        id: id.parse().unwrap(),
        version: version.parse().unwrap(),
        digest: digest(digit),
        manifest: format!("[provider]\nid = \"{id}\"\nversion = \"{version}\"\n"),
        component: [b"\0asm".as_slice(), version.as_bytes()].concat(),
        origin: Origin { source: format!("{id}-{version}.wasm"), signer: None },
    }
}

/// Installs a version and has it serve, whatever it was granted.
async fn serve(store: &Store, new: NewProvider, millis: i64) {
    let (id, digest) = (new.id.clone(), new.digest.clone());
    let current = store.installed().await.unwrap().into_iter().find(|one| one.id == id);
    store.install(new, &by(millis)).await.unwrap();
    if current.as_ref().is_some_and(|current| current.digest == digest) {
        return;
    }
    let granted = store.granted().await.unwrap();
    let grants = |digest| granted.get(digest).cloned().unwrap_or_default();
    let current = current.map(|current| current.digest);
    let turn = Turn {
        provider: &id,
        current: current.as_ref(),
        waiting: &digest,
        current_grants: &current.as_ref().map(grants).unwrap_or_default(),
        waiting_grants: &grants(&digest),
        inherits: &BTreeSet::new(),
    };
    store.switch(turn, &by(millis)).await.unwrap();
}

/// What the history should say of a delivery that was just recorded.
fn pending(new: NewDelivery) -> Delivery {
    Delivery {
        id: new.id,
        account: new.account,
        provider: new.provider,
        digest: new.digest,
        command: new.command,
        arguments: new.arguments,
        trigger: new.trigger,
        member: new.member,
        guild: new.guild,
        channel: new.channel,
        audience: new.audience,
        locale: new.locale,
        sensitive_allowed: new.sensitive_allowed,
        next: new.next,
        cached: new.cached,
        created_at: new.created_at,
        items: new.items,
        state: DeliveryState::Pending,
        message: None,
        reason: None,
        settled_at: None,
    }
}

async fn recorded(store: &Store, millis: i64) -> DeliveryId {
    let new = delivery(millis);
    let id = new.id;
    store.record(new).await.unwrap();
    id
}

/// Runs SQL behind the store's back.
async fn sql(database: &TestDatabase, text: &str) {
    let url = database.url_text();
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(text)).execute(&mut connection).await.unwrap();
    }
}
