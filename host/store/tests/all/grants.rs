use std::collections::BTreeSet;

use autocontent_manifest::{Capability, ProviderId};
use autocontent_store::StoreError;
use autocontent_store::testing::TestDatabase;

use crate::{by, digest, on_both, provider, serve};

on_both!(
    what_is_granted_to_a_version_is_granted_to_no_other,
    what_is_revoked_is_revoked_from_every_version,
    a_component_that_is_not_there_gets_no_grant,
);

fn quote() -> ProviderId {
    "quote".parse().unwrap()
}

fn capabilities(texts: &[&str]) -> BTreeSet<Capability> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

async fn what_is_granted_to_a_version_is_granted_to_no_other(database: TestDatabase) {
    let store = database.open().await;
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    serve(&store, provider("quote", "1.1.0", 'b'), 2).await;
    let some = capabilities(&["http:*.example.com", "storage:1024"]);
    store.grant(&quote(), &digest('b'), &some, &by(3)).await.unwrap();
    store.grant(&quote(), &digest('b'), &capabilities(&["storage:1024"]), &by(4)).await.unwrap();
    assert_eq!(store.granted().await.unwrap(), [(digest('b'), some)].into());
    let revision = store.revision().await.unwrap();
    store.grant(&quote(), &digest('a'), &capabilities(&["schedule"]), &by(5)).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), revision + 1);
    store.remove_provider(&quote(), &by(6)).await.unwrap();
    assert_eq!(store.grants().await.unwrap(), []);
}

async fn what_is_revoked_is_revoked_from_every_version(database: TestDatabase) {
    let store = database.open().await;
    let (http, schedule) = (capabilities(&["http:example.com"]), capabilities(&["schedule"]));
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    serve(&store, provider("trivia", "1.0.0", 'c'), 1).await;
    store.install(provider("quote", "1.1.0", 'b'), &by(2)).await.unwrap();
    for (id, digit) in [("quote", 'a'), ("quote", 'b'), ("trivia", 'c')] {
        store.grant(&id.parse().unwrap(), &digest(digit), &http, &by(3)).await.unwrap();
        store.grant(&id.parse().unwrap(), &digest(digit), &schedule, &by(3)).await.unwrap();
    }
    let both = capabilities(&["http:example.com", "activity:game"]);
    assert_eq!(store.revoke(&quote(), &both, &by(4)).await.unwrap(), 1, "one of them was granted");
    let expected = [(digest('a'), schedule.clone()), (digest('b'), schedule.clone()), (digest('c'), &http | &schedule)];
    assert_eq!(store.granted().await.unwrap(), expected.into());
}

async fn a_component_that_is_not_there_gets_no_grant(database: TestDatabase) {
    let store = database.open().await;
    let error = store.grant(&quote(), &digest('a'), &capabilities(&["schedule"]), &by(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::NoSuchComponent { .. }), "{error}");
    assert_eq!((store.grants().await.unwrap().len(), store.audit(None, 10).await.unwrap().len()), (0, 0));
}
