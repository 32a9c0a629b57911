use autocontent_store::testing::TestDatabase;
use autocontent_store::{
    AccountId, ChannelId, Delivery, DeliveryState, GuildId, HistoryFilter, MemberId, MessageId, Settled, StoreError,
    Trigger,
};

use crate::{at, delivery, item, on_both, pending, recorded, sql, unique};

on_both!(
    a_delivery_comes_back_as_it_was_recorded,
    a_delivery_may_have_no_items_or_many,
    a_settled_delivery_says_how_it_ended,
    the_last_outcome_counts,
    an_unknown_delivery_cannot_be_settled,
    a_delivery_is_recorded_once,
    interrupted_deliveries_become_unconfirmed,
    history_pages_with_a_filter_without_gap_or_repeat,
    each_filter_narrows_the_history,
    seen_is_newest_first_and_leaves_out_what_failed,
    another_store_sees_what_was_acknowledged,
    an_unreadable_row_is_named,
);

async fn a_delivery_comes_back_as_it_was_recorded(database: TestDatabase) {
    let store = database.open().await;
    let mut new = delivery(5);
    new.account = Some(AccountId::new(at(0), unique()));
    new.guild = Some(GuildId::new(u64::MAX));
    new.channel = Some(ChannelId::new(3));
    new.trigger = Trigger::Button;
    new.arguments = r#"[{"name":"tópico","value":{"text":"‘; DROP TABLE deliveries; --"}}]"#.into();
    new.sensitive_allowed = true;
    new.next = Some("page-2".to_owned());
    new.cached = true;
    new.items[0].title = Some("Título 💡".to_owned());
    new.items[0].url = Some("https://example.org/1".to_owned());
    store.record(new.clone()).await.unwrap();
    assert_eq!(store.delivery(new.id).await.unwrap(), Some(pending(new)));
    assert_eq!(store.delivery(delivery(6).id).await.unwrap(), None);
}

async fn a_delivery_may_have_no_items_or_many(database: TestDatabase) {
    let store = database.open().await;
    let (mut none, mut many) = (delivery(1), delivery(2));
    none.items.clear();
    many.items = (0..100).map(|number| item(&format!("item-{number}"))).collect();
    store.record(none.clone()).await.unwrap();
    store.record(many.clone()).await.unwrap();
    assert_eq!(store.history(&HistoryFilter::default()).await.unwrap(), [pending(many), pending(none)]);
}

async fn a_settled_delivery_says_how_it_ended(database: TestDatabase) {
    let store = database.open().await;
    let (delivered, failed) = (delivery(1), delivery(2));
    for new in [&delivered, &failed] {
        store.record(new.clone()).await.unwrap();
    }
    let message = Some(MessageId::new(99));
    store.settle(delivered.id, Settled::Delivered { message }, at(10)).await.unwrap();
    store.settle(failed.id, Settled::Failed { reason: "403".to_owned() }, at(11)).await.unwrap();
    let expected =
        Delivery { state: DeliveryState::Delivered, message, settled_at: Some(at(10)), ..pending(delivered.clone()) };
    assert_eq!(store.delivery(delivered.id).await.unwrap(), Some(expected));
    let expected = Delivery {
        state: DeliveryState::Failed,
        reason: Some("403".to_owned()),
        settled_at: Some(at(11)),
        ..pending(failed.clone())
    };
    assert_eq!(store.delivery(failed.id).await.unwrap(), Some(expected));
}

async fn the_last_outcome_counts(database: TestDatabase) {
    let store = database.open().await;
    let id = recorded(&store, 1).await;
    // Both wait for the same transaction, in this order.
    let (failed, delivered) = tokio::join!(
        store.settle(id, Settled::Failed { reason: "timeout".to_owned() }, at(2)),
        store.settle(id, Settled::Delivered { message: None }, at(3)),
    );
    failed.unwrap();
    delivered.unwrap();
    let delivery = store.delivery(id).await.unwrap().unwrap();
    assert_eq!((delivery.state, delivery.reason, delivery.settled_at), (DeliveryState::Delivered, None, Some(at(3))));
}

async fn an_unknown_delivery_cannot_be_settled(database: TestDatabase) {
    let store = database.open().await;
    let unknown = delivery(1).id;
    let error = store.settle(unknown, Settled::Delivered { message: None }, at(2)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("there is no delivery {unknown}"));
}

async fn a_delivery_is_recorded_once(database: TestDatabase) {
    let store = database.open().await;
    let new = delivery(1);
    store.record(new.clone()).await.unwrap();
    let mut again = new.clone();
    again.items = vec![item("another")];
    let error = store.record(again).await.unwrap_err();
    assert!(matches!(error, StoreError::AlreadyRecorded { delivery } if delivery == new.id), "{error}");
    assert_eq!(store.delivery(new.id).await.unwrap(), Some(pending(new)));
}

async fn interrupted_deliveries_become_unconfirmed(database: TestDatabase) {
    let store = database.open().await;
    let (lost, settled, running) = (recorded(&store, 1).await, recorded(&store, 2).await, recorded(&store, 100).await);
    store.settle(settled, Settled::Delivered { message: None }, at(3)).await.unwrap();
    assert_eq!(store.close_interrupted(at(100)).await.unwrap(), 1);
    assert_eq!(store.close_interrupted(at(100)).await.unwrap(), 0);
    let mut states = Vec::new();
    for id in [lost, settled, running] {
        states.push(store.delivery(id).await.unwrap().unwrap().state);
    }
    assert_eq!(states, [DeliveryState::Unconfirmed, DeliveryState::Delivered, DeliveryState::Pending]);
}

async fn history_pages_with_a_filter_without_gap_or_repeat(database: TestDatabase) {
    let store = database.open().await;
    let mut expected = Vec::new();
    for millis in 0..30 {
        let mut new = delivery(millis);
        new.member = Some(MemberId::new(u64::try_from(millis % 3).unwrap()));
        new.items = vec![item("one"), item("two")];
        if millis % 3 == 1 {
            expected.insert(0, new.id);
        }
        store.record(new).await.unwrap();
    }
    let mut filter = HistoryFilter { member: Some(MemberId::new(1)), limit: 4, ..HistoryFilter::default() };
    let mut found = Vec::new();
    loop {
        let page = store.history(&filter).await.unwrap();
        assert!(page.len() <= 4 && page.iter().all(|delivery| delivery.items.len() == 2));
        let Some(last) = page.last() else { break };
        filter.before = Some(last.id);
        found.extend(page.iter().map(|delivery| delivery.id));
    }
    assert_eq!(found, expected);
}

async fn each_filter_narrows_the_history(database: TestDatabase) {
    let store = database.open().await;
    let account = AccountId::new(at(0), unique());
    let guild = GuildId::new(5);
    let mut wanted = delivery(1);
    wanted.account = Some(account);
    wanted.guild = Some(guild);
    wanted.provider = "trivia".parse().unwrap();
    wanted.member = Some(MemberId::new(1));
    store.record(wanted.clone()).await.unwrap();
    store.settle(wanted.id, Settled::Failed { reason: String::new() }, at(2)).await.unwrap();
    recorded(&store, 2).await;
    let all = HistoryFilter::default;
    for filter in [
        HistoryFilter { account: Some(account), ..all() },
        HistoryFilter { guild: Some(guild), ..all() },
        HistoryFilter { provider: Some("trivia".parse().unwrap()), ..all() },
        HistoryFilter { member: Some(MemberId::new(1)), ..all() },
        HistoryFilter { state: Some(DeliveryState::Failed), ..all() },
        HistoryFilter { account: Some(account), guild: Some(guild), state: Some(DeliveryState::Failed), ..all() },
    ] {
        let found = store.history(&filter).await.unwrap();
        assert_eq!(found.iter().map(|delivery| delivery.id).collect::<Vec<_>>(), [wanted.id], "{filter:?}");
    }
    let none = HistoryFilter { guild: Some(guild), state: Some(DeliveryState::Pending), ..all() };
    assert_eq!(store.history(&none).await.unwrap(), []);
    assert_eq!(store.history(&HistoryFilter { limit: 1, ..all() }).await.unwrap().len(), 1);
}

async fn seen_is_newest_first_and_leaves_out_what_failed(database: TestDatabase) {
    let store = database.open().await;
    for millis in 1..=4 {
        let mut new = delivery(millis);
        new.items = vec![item(&format!("{millis}a")), item(&format!("{millis}b"))];
        if millis == 2 {
            new.audience = "guild:2".into();
        }
        let id = new.id;
        store.record(new).await.unwrap();
        if millis == 3 {
            store.settle(id, Settled::Failed { reason: "gone".to_owned() }, at(10)).await.unwrap();
        }
    }
    let (quote, trivia) = ("quote".parse().unwrap(), "trivia".parse().unwrap());
    assert_eq!(store.seen("guild:1", &quote, 10).await.unwrap(), ["4a", "4b", "1a", "1b"]);
    assert_eq!(store.seen("guild:1", &quote, 3).await.unwrap(), ["4a", "4b", "1a"]);
    assert_eq!(store.seen("guild:2", &quote, 10).await.unwrap(), ["2a", "2b"]);
    assert!(store.seen("guild:1", &trivia, 10).await.unwrap().is_empty());
}

async fn another_store_sees_what_was_acknowledged(database: TestDatabase) {
    let (one, other) = (database.open().await, database.open().await);
    for millis in 0..20 {
        let (writer, reader) = if millis % 2 == 0 { (&one, &other) } else { (&other, &one) };
        let id = recorded(writer, millis).await;
        assert!(reader.delivery(id).await.unwrap().is_some());
    }
}

async fn an_unreadable_row_is_named(database: TestDatabase) {
    let store = database.open().await;
    let id = recorded(&store, 1).await;
    sql(&database, "UPDATE deliveries SET trigger = 'magic'").await;
    let error = store.delivery(id).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreadable { .. }), "{error}");
    let expected =
        format!("`trigger` of the row `{id}` in the table `deliveries` cannot be read: `magic` is no Trigger: one");
    assert!(error.to_string().starts_with(&expected), "{error}");
}
