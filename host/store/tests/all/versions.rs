use std::collections::BTreeSet;

use autocontent_manifest::{Capability, ProviderId};
use autocontent_store::testing::TestDatabase;
use autocontent_store::{
    Action, ComponentDigest, NewNotification, NotificationKind, Store, StoreError, Turn, Versions,
};

use crate::{at, by, digest, on_both, provider, serve};

on_both!(
    what_is_installed_waits_until_it_is_switched_to,
    another_version_takes_the_waiting_ones_place,
    the_version_that_serves_does_not_wait_when_it_is_installed_again,
    a_switch_of_what_changed_meanwhile_changes_nothing,
    one_of_many_switches_at_once_is_made,
    what_is_given_up_is_forgotten_unless_it_served,
    a_way_back_is_a_way_back_again,
    every_change_is_in_the_audit_and_refused_ones_are_not,
    a_switch_settles_what_was_to_be_known,
);

fn quote() -> ProviderId {
    "quote".parse().unwrap()
}

async fn versions(store: &Store) -> Versions {
    store.versions_of(&quote()).await.unwrap()
}

/// The digits of the current, the previous and the waiting version's digests.
async fn digits(store: &Store) -> [Option<char>; 3] {
    let Versions { current, previous, waiting, .. } = versions(store).await;
    [current, previous, waiting].map(|version| version.and_then(|version| version.digest.as_str().chars().last()))
}

fn turn<'a>(
    provider: &'a ProviderId,
    current: Option<&'a ComponentDigest>,
    waiting: &'a ComponentDigest,
    none: &'a BTreeSet<Capability>,
) -> Turn<'a> {
    Turn { provider, current, waiting, current_grants: none, waiting_grants: none, inherits: none }
}

fn is_overtaken(outcome: &Result<(), StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Overtaken { .. }))
}

async fn what_is_installed_waits_until_it_is_switched_to(database: TestDatabase) {
    let store = database.open().await;
    store.install(provider("quote", "1.0.0", 'a'), &by(1)).await.unwrap();
    assert_eq!(digits(&store).await, [None, None, Some('a')]);
    assert_eq!(store.installed().await.unwrap(), []);
    let (id, none, inherits) = (quote(), BTreeSet::new(), BTreeSet::from(["schedule".parse().unwrap()]));
    let a = digest('a');
    store.switch(Turn { inherits: &inherits, ..turn(&id, None, &a, &none) }, &by(2)).await.unwrap();
    assert_eq!(digits(&store).await, [Some('a'), None, None]);
    let grants = store.grants().await.unwrap();
    assert_eq!((grants.len(), grants[0].capability.to_string().as_str(), grants[0].granted_at), (1, "schedule", at(2)));
    assert_eq!(grants[0].granted_by.as_str(), "operator:ana");

    serve(&store, provider("quote", "1.1.0", 'b'), 3).await;
    store.install(provider("quote", "1.2.0", 'c'), &by(4)).await.unwrap();
    assert_eq!(digits(&store).await, [Some('b'), Some('a'), Some('c')]);
}

async fn another_version_takes_the_waiting_ones_place(database: TestDatabase) {
    let store = database.open().await;
    store.install(provider("quote", "1.0.0", 'a'), &by(1)).await.unwrap();
    store.install(provider("quote", "1.1.0", 'b'), &by(2)).await.unwrap();
    assert_eq!(digits(&store).await, [None, None, Some('b')]);
    let error = store.component(&digest('a')).await.unwrap_err();
    assert!(matches!(error, StoreError::NoSuchComponent { .. }), "it never served: {error}");
}

async fn the_version_that_serves_does_not_wait_when_it_is_installed_again(database: TestDatabase) {
    let store = database.open().await;
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    store.install(provider("quote", "1.1.0", 'b'), &by(2)).await.unwrap();
    let mut again = provider("quote", "1.0.0", 'a');
    again.origin.source = String::from("elsewhere.wasm");
    again.origin.signer = Some("key".to_owned());
    store.install(again.clone(), &by(3)).await.unwrap();
    assert_eq!(digits(&store).await, [Some('a'), None, None]);
    assert_eq!(versions(&store).await.current.unwrap().origin, Some(again.origin));
    assert!(store.component(&digest('b')).await.is_err());
}

async fn a_switch_of_what_changed_meanwhile_changes_nothing(database: TestDatabase) {
    let store = database.open().await;
    let (id, none, a, b, c) = (quote(), BTreeSet::new(), digest('a'), digest('b'), digest('c'));
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    store.install(provider("quote", "1.1.0", 'b'), &by(2)).await.unwrap();
    let before = (digits(&store).await, store.revision().await.unwrap(), store.audit(None, 100).await.unwrap());
    // Nothing served, another version served, another one waits.
    assert!(is_overtaken(&store.switch(turn(&id, None, &b, &none), &by(3)).await));
    assert!(is_overtaken(&store.switch(turn(&id, Some(&c), &b, &none), &by(3)).await));
    assert!(is_overtaken(&store.switch(turn(&id, Some(&a), &c, &none), &by(3)).await));
    assert!(is_overtaken(&store.drop_waiting(&id, &c, "it fails", &by(3)).await));
    assert!(is_overtaken(&store.roll_back(&id, &a, &b, &by(3)).await));
    assert_eq!((digits(&store).await, store.revision().await.unwrap(), store.audit(None, 100).await.unwrap()), before);

    // What was granted when it was tried is not what is granted now.
    let schedule = BTreeSet::from(["schedule".parse().unwrap()]);
    for granted in [&a, &b] {
        store.grant(&id, granted, &schedule, &by(4)).await.unwrap();
        assert!(is_overtaken(&store.switch(turn(&id, Some(&a), &b, &none), &by(5)).await));
        store.revoke(&id, &schedule, &by(6)).await.unwrap();
    }
    store.switch(turn(&id, Some(&a), &b, &none), &by(7)).await.unwrap();
    assert_eq!(digits(&store).await, [Some('b'), Some('a'), None]);
}

async fn one_of_many_switches_at_once_is_made(database: TestDatabase) {
    let first = database.open().await;
    serve(&first, provider("quote", "1.0.0", 'a'), 1).await;
    first.install(provider("quote", "1.1.0", 'b'), &by(2)).await.unwrap();
    let mut switching = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let store = database.open().await;
        switching.spawn(async move {
            let (id, a, b, none) = (quote(), digest('a'), digest('b'), BTreeSet::new());
            store.switch(turn(&id, Some(&a), &b, &none), &by(3)).await
        });
    }
    let outcomes = switching.join_all().await;
    let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), refused.len()), (1, 7));
    assert!(refused.iter().all(is_overtaken));
    assert_eq!(digits(&first).await, [Some('b'), Some('a'), None]);
    let positions: Vec<_> = first.audit(None, 100).await.unwrap().iter().map(|entry| entry.position).collect();
    assert_eq!(positions, [4, 3, 2, 1]);
}

async fn what_is_given_up_is_forgotten_unless_it_served(database: TestDatabase) {
    let store = database.open().await;
    for (version, digit) in [("1.0.0", 'a'), ("1.1.0", 'b'), ("1.2.0", 'c')] {
        serve(&store, provider("quote", version, digit), 1).await;
    }
    for (version, digit) in [("1.0.0", 'a'), ("1.3.0", 'd')] {
        store.install(provider("quote", version, digit), &by(2)).await.unwrap();
        store.drop_waiting(&quote(), &digest(digit), "it fails", &by(3)).await.unwrap();
    }
    assert_eq!(digits(&store).await, [Some('c'), Some('b'), None]);
    assert!(store.component(&digest('a')).await.is_ok(), "the history refers to it");
    assert!(store.component(&digest('d')).await.is_err());
}

async fn a_way_back_is_a_way_back_again(database: TestDatabase) {
    let store = database.open().await;
    let (a, b) = (digest('a'), digest('b'));
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    serve(&store, provider("quote", "1.1.0", 'b'), 2).await;
    store.install(provider("quote", "1.2.0", 'c'), &by(3)).await.unwrap();
    store.roll_back(&quote(), &b, &a, &by(4)).await.unwrap();
    assert_eq!(digits(&store).await, [Some('a'), Some('b'), Some('c')]);
    store.roll_back(&quote(), &a, &b, &by(5)).await.unwrap();
    assert_eq!(digits(&store).await, [Some('b'), Some('a'), Some('c')]);
}

async fn every_change_is_in_the_audit_and_refused_ones_are_not(database: TestDatabase) {
    let store = database.open().await;
    let (id, schedule) = (quote(), BTreeSet::from(["schedule".parse().unwrap()]));
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    serve(&store, provider("trivia", "1.0.0", 'c'), 2).await;
    store.grant(&id, &digest('a'), &schedule, &by(3)).await.unwrap();
    assert!(store.grant(&id, &digest('f'), &schedule, &by(3)).await.is_err());
    assert_eq!(store.revoke(&id, &schedule, &by(4)).await.unwrap(), 1);
    assert_eq!(store.revoke(&id, &schedule, &by(4)).await.unwrap(), 0);
    store.set_settings(&id, None, &[("country".parse().unwrap(), "\"br\"".to_owned())], &by(5)).await.unwrap();
    store.set_secret(&id, None, &"api-key".parse().unwrap(), &"canary".into(), &by(6)).await.unwrap();
    store.remove_provider(&id, &by(7)).await.unwrap();
    assert!(store.remove_provider(&id, &by(8)).await.is_err());
    let entries = store.audit(Some("quote"), 100).await.unwrap();
    assert!(entries.iter().all(|entry| entry.actor == by(0).actor && !entry.detail.contains("canary")));
    let told: Vec<_> = entries.iter().rev().map(|entry| (entry.at, entry.action, entry.detail.clone())).collect();
    let a = digest('a');
    let expected = [
        (at(1), Action::Install, format!("1.0.0 {a} from quote-1.0.0.wasm")),
        (at(1), Action::Serve, a.to_string()),
        (at(3), Action::Grant, format!("schedule to {a}")),
        (at(4), Action::Revoke, "schedule".to_owned()),
        (at(5), Action::Set, "country=\"br\"".to_owned()),
        (at(6), Action::SetSecret, "api-key".to_owned()),
        (at(7), Action::Remove, String::new()),
    ];
    assert_eq!(told, expected);
    assert_eq!(store.audit(None, 2).await.unwrap(), entries[..2]);
}

async fn a_switch_settles_what_was_to_be_known(database: TestDatabase) {
    let store = database.open().await;
    for kind in [NotificationKind::Waits, NotificationKind::SmokeFailed, NotificationKind::Paused] {
        let detail = kind.to_string();
        let new = NewNotification { kind, provider: quote(), account: None, detail, times: 1, at: at(1) };
        store.notify(new).await.unwrap();
    }
    serve(&store, provider("quote", "1.0.0", 'a'), 2).await;
    let left: Vec<_> = store.notifications().await.unwrap().into_iter().map(|one| one.kind).collect();
    assert_eq!(left, [NotificationKind::Paused]);
}
