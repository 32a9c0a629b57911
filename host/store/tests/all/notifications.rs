use autocontent_store::testing::TestDatabase;
use autocontent_store::{AccountId, NewNotification, Notification, NotificationKind, Store};

use crate::{account, at, by, on_both};

on_both!(
    what_happens_again_is_counted_until_it_is_cleared,
    what_came_while_they_were_read_is_not_cleared,
    a_change_of_settings_or_secrets_settles_that_a_provider_is_misconfigured,
    a_long_detail_is_cut,
);

fn new(account: Option<AccountId>, detail: &str, times: u32, millis: i64) -> NewNotification {
    let (kind, provider) = (NotificationKind::Misconfigured, "quote".parse().unwrap());
    NewNotification { kind, provider, account, detail: detail.to_owned(), times, at: at(millis) }
}

async fn happened(store: &Store) -> Vec<(Option<AccountId>, String, i64)> {
    store.notifications().await.unwrap().into_iter().map(|one| (one.account, one.detail, one.times)).collect()
}

async fn what_happens_again_is_counted_until_it_is_cleared(database: TestDatabase) {
    let store = database.open().await;
    let memes = account("memes").id;
    let revision = store.revision().await.unwrap();
    for one in [new(None, "no key", 1, 1), new(Some(memes), "no key", 2, 2), new(None, "no country", 3, 3)] {
        store.notify(one).await.unwrap();
    }
    assert_eq!(store.revision().await.unwrap(), revision);
    let expected = Notification {
        kind: NotificationKind::Misconfigured,
        provider: "quote".parse().unwrap(),
        account: None,
        detail: "no country".to_owned(),
        times: 4,
        first_at: at(1),
        last_at: at(3),
    };
    let found = store.notifications().await.unwrap();
    assert_eq!((found.len(), &found[0], found[1].account), (2, &expected, Some(memes)));
    assert_eq!(store.clear_notifications(&found).await.unwrap(), 2);
    assert_eq!(store.notifications().await.unwrap(), []);
    store.notify(new(None, "no key", 1, 4)).await.unwrap();
    assert_eq!(happened(&store).await, [(None, "no key".to_owned(), 1)]);
}

async fn what_came_while_they_were_read_is_not_cleared(database: TestDatabase) {
    let store = database.open().await;
    store.notify(new(None, "no key", 1, 1)).await.unwrap();
    let seen = store.notifications().await.unwrap();
    store.notify(new(None, "no country", 1, 2)).await.unwrap();
    assert_eq!(store.clear_notifications(&seen).await.unwrap(), 0);
    assert_eq!(happened(&store).await, [(None, "no country".to_owned(), 2)]);
}

async fn a_change_of_settings_or_secrets_settles_that_a_provider_is_misconfigured(database: TestDatabase) {
    let store = database.open().await;
    let (quote, setting, secret) = ("quote".parse().unwrap(), "country".parse().unwrap(), "api-key".parse().unwrap());
    store.notify(new(None, "no country", 1, 1)).await.unwrap();
    store.set_settings(&quote, None, &[(setting, "\"br\"".to_owned())], &by(2)).await.unwrap();
    assert_eq!(happened(&store).await, []);
    store.notify(new(None, "no key", 1, 3)).await.unwrap();
    store.set_secret(&quote, None, &secret, &"value".into(), &by(4)).await.unwrap();
    assert_eq!(happened(&store).await, []);
}

async fn a_long_detail_is_cut(database: TestDatabase) {
    let store = database.open().await;
    for (length, kept) in [(1_000, 1_000), (1_001, 1_000)] {
        store.notify(new(None, &"é".repeat(length), 1, 1)).await.unwrap();
        assert_eq!(store.notifications().await.unwrap()[0].detail.chars().count(), kept);
    }
}
