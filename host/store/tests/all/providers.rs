use autocontent_manifest::ProviderId;
use autocontent_store::testing::TestDatabase;
use autocontent_store::{Installed, NewProvider, StoreError};

use crate::{account, at, digest, on_both};

on_both!(
    an_upgrade_serves_and_keeps_the_version_before,
    installing_an_old_version_again_goes_back_to_it,
    a_removed_provider_is_gone_with_all_its_versions,
    what_is_enabled_is_listed_once,
    what_is_missing_is_named_when_enabling,
    removing_either_side_ends_the_enablement,
    every_change_raises_the_revision,
);

fn provider(id: &str, version: &str, digit: char) -> NewProvider {
    NewProvider {
        id: id.parse().unwrap(),
        version: version.parse().unwrap(),
        digest: digest(digit),
        manifest: format!("[provider]\nid = \"{id}\"\nversion = \"{version}\"\n"),
        component: [b"\0asm".as_slice(), version.as_bytes()].concat(),
    }
}

fn id(id: &str) -> ProviderId {
    id.parse().unwrap()
}

async fn an_upgrade_serves_and_keeps_the_version_before(database: TestDatabase) {
    let store = database.open().await;
    let (old, new) = (provider("quote", "1.0.0", 'a'), provider("quote", "1.1.0", 'b'));
    store.install(old.clone(), at(1)).await.unwrap();
    store.install(new.clone(), at(2)).await.unwrap();
    let expected = Installed {
        id: new.id,
        version: new.version,
        digest: new.digest.clone(),
        manifest: new.manifest,
        installed_at: at(2),
    };
    assert_eq!(store.installed().await.unwrap(), [expected]);
    assert_eq!(store.component(&new.digest).await.unwrap(), new.component);
    assert_eq!(store.component(&old.digest).await.unwrap(), old.component);
}

async fn installing_an_old_version_again_goes_back_to_it(database: TestDatabase) {
    let store = database.open().await;
    let (old, new) = (provider("quote", "1.0.0", 'a'), provider("quote", "1.1.0", 'b'));
    for (version, millis) in [(&old, 1), (&new, 2), (&old, 3)] {
        store.install(version.clone(), at(millis)).await.unwrap();
    }
    let installed = store.installed().await.unwrap();
    assert_eq!((&installed[0].digest, installed[0].installed_at), (&old.digest, at(1)));
}

async fn a_removed_provider_is_gone_with_all_its_versions(database: TestDatabase) {
    let store = database.open().await;
    store.install(provider("quote", "1.0.0", 'a'), at(1)).await.unwrap();
    store.install(provider("quote", "1.1.0", 'b'), at(2)).await.unwrap();
    store.install(provider("trivia", "1.0.0", 'c'), at(3)).await.unwrap();
    store.remove_provider(&id("quote")).await.unwrap();
    for gone in ['a', 'b'] {
        let error = store.component(&digest(gone)).await.unwrap_err();
        assert!(matches!(error, StoreError::NoSuchComponent { .. }), "{error}");
    }
    assert_eq!(store.installed().await.unwrap()[0].id, id("trivia"));
    assert!(store.component(&digest('c')).await.is_ok());
    let error = store.remove_provider(&id("quote")).await.unwrap_err();
    assert_eq!(error.to_string(), "the provider `quote` is not installed");
}

async fn what_is_enabled_is_listed_once(database: TestDatabase) {
    let store = database.open().await;
    let account = account("memes");
    store.add_account(account.clone()).await.unwrap();
    for (name, digit) in [("trivia", 'b'), ("quote", 'a')] {
        store.install(provider(name, "1.0.0", digit), at(1)).await.unwrap();
        store.enable(account.id, &id(name), at(2)).await.unwrap();
        store.enable(account.id, &id(name), at(3)).await.unwrap();
    }
    assert_eq!(store.enabled().await.unwrap(), [(account.id, id("quote")), (account.id, id("trivia"))]);
    store.disable(account.id, &id("quote")).await.unwrap();
    store.disable(account.id, &id("quote")).await.unwrap();
    assert_eq!(store.enabled().await.unwrap(), [(account.id, id("trivia"))]);
}

async fn what_is_missing_is_named_when_enabling(database: TestDatabase) {
    let store = database.open().await;
    let (known, unknown) = (account("memes"), account("ghost"));
    store.add_account(known.clone()).await.unwrap();
    let error = store.enable(known.id, &id("quote"), at(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "the provider `quote` is not installed");
    store.install(provider("quote", "1.0.0", 'a'), at(1)).await.unwrap();
    let error = store.enable(unknown.id, &id("quote"), at(1)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("there is no account `{}`", unknown.id));
    assert_eq!(store.enabled().await.unwrap(), []);
}

async fn removing_either_side_ends_the_enablement(database: TestDatabase) {
    let store = database.open().await;
    let (one, other) = (account("memes"), account("news"));
    store.install(provider("quote", "1.0.0", 'a'), at(1)).await.unwrap();
    store.install(provider("trivia", "1.0.0", 'b'), at(1)).await.unwrap();
    for account in [&one, &other] {
        store.add_account(account.clone()).await.unwrap();
        store.enable(account.id, &id("quote"), at(2)).await.unwrap();
        store.enable(account.id, &id("trivia"), at(2)).await.unwrap();
    }
    store.remove_account(one.id).await.unwrap();
    store.remove_provider(&id("trivia")).await.unwrap();
    assert_eq!(store.enabled().await.unwrap(), [(other.id, id("quote"))]);
}

async fn every_change_raises_the_revision(database: TestDatabase) {
    let store = database.open().await;
    let account = account("memes");
    store.add_account(account.clone()).await.unwrap();
    let before = store.revision().await.unwrap();
    store.install(provider("quote", "1.0.0", 'a'), at(1)).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), before + 1);
    store.enable(account.id, &id("quote"), at(2)).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), before + 2);
    store.disable(account.id, &id("quote")).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), before + 3);
    store.remove_provider(&id("quote")).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), before + 4);
}
