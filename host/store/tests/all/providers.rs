use autocontent_manifest::ProviderId;
use autocontent_store::testing::TestDatabase;
use autocontent_store::{Installed, StoreError};

use sha2::{Digest as _, Sha256};

use crate::{account, at, by, digest, on_both, provider, serve, sql};

on_both!(
    an_upgrade_serves_and_keeps_the_version_before,
    installing_an_old_version_again_goes_back_to_it,
    a_removed_provider_is_gone_with_all_its_versions,
    what_is_enabled_is_listed_once,
    what_is_missing_is_named_when_enabling,
    removing_either_side_ends_the_enablement,
    every_change_raises_the_revision,
    what_an_older_host_installed_keeps_serving,
);

fn id(id: &str) -> ProviderId {
    id.parse().unwrap()
}

async fn an_upgrade_serves_and_keeps_the_version_before(database: TestDatabase) {
    let store = database.open().await;
    let (old, new) = (provider("quote", "1.0.0", 'a'), provider("quote", "1.1.0", 'b'));
    serve(&store, old.clone(), 1).await;
    serve(&store, new.clone(), 2).await;
    let expected = Installed {
        id: new.id,
        version: new.version,
        digest: new.digest.clone(),
        manifest: new.manifest,
        installed_at: at(2),
        origin: Some(new.origin),
    };
    assert_eq!(store.installed().await.unwrap(), [expected]);
    assert_eq!(store.component(&new.digest).await.unwrap(), new.component);
    assert_eq!(store.component(&old.digest).await.unwrap(), old.component);
}

async fn installing_an_old_version_again_goes_back_to_it(database: TestDatabase) {
    let store = database.open().await;
    let (old, new) = (provider("quote", "1.0.0", 'a'), provider("quote", "1.1.0", 'b'));
    for (version, millis) in [(&old, 1), (&new, 2), (&old, 3)] {
        serve(&store, version.clone(), millis).await;
    }
    let installed = store.installed().await.unwrap();
    assert_eq!((&installed[0].digest, installed[0].installed_at), (&old.digest, at(1)));
}

async fn a_removed_provider_is_gone_with_all_its_versions(database: TestDatabase) {
    let store = database.open().await;
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    serve(&store, provider("quote", "1.1.0", 'b'), 2).await;
    serve(&store, provider("trivia", "1.0.0", 'c'), 3).await;
    store.remove_provider(&id("quote"), &by(9)).await.unwrap();
    for gone in ['a', 'b'] {
        let error = store.component(&digest(gone)).await.unwrap_err();
        assert!(matches!(error, StoreError::NoSuchComponent { .. }), "{error}");
    }
    assert_eq!(store.installed().await.unwrap()[0].id, id("trivia"));
    assert!(store.component(&digest('c')).await.is_ok());
    let error = store.remove_provider(&id("quote"), &by(9)).await.unwrap_err();
    assert_eq!(error.to_string(), "the provider `quote` is not installed");
}

async fn what_is_enabled_is_listed_once(database: TestDatabase) {
    let store = database.open().await;
    let account = account("memes");
    store.add_account(account.clone()).await.unwrap();
    for (name, digit) in [("trivia", 'b'), ("quote", 'a')] {
        serve(&store, provider(name, "1.0.0", digit), 1).await;
        store.enable(account.id, &id(name), &by(2)).await.unwrap();
        store.enable(account.id, &id(name), &by(3)).await.unwrap();
    }
    assert_eq!(store.enabled().await.unwrap(), [(account.id, id("quote")), (account.id, id("trivia"))]);
    store.disable(account.id, &id("quote"), &by(4)).await.unwrap();
    store.disable(account.id, &id("quote"), &by(4)).await.unwrap();
    assert_eq!(store.enabled().await.unwrap(), [(account.id, id("trivia"))]);
}

async fn what_is_missing_is_named_when_enabling(database: TestDatabase) {
    let store = database.open().await;
    let (known, unknown) = (account("memes"), account("ghost"));
    store.add_account(known.clone()).await.unwrap();
    let error = store.enable(known.id, &id("quote"), &by(1)).await.unwrap_err();
    assert_eq!(error.to_string(), "the provider `quote` is not installed");
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    let error = store.enable(unknown.id, &id("quote"), &by(1)).await.unwrap_err();
    assert_eq!(error.to_string(), format!("there is no account `{}`", unknown.id));
    assert_eq!(store.enabled().await.unwrap(), []);
}

async fn removing_either_side_ends_the_enablement(database: TestDatabase) {
    let store = database.open().await;
    let (one, other) = (account("memes"), account("news"));
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    serve(&store, provider("trivia", "1.0.0", 'b'), 1).await;
    for account in [&one, &other] {
        store.add_account(account.clone()).await.unwrap();
        store.enable(account.id, &id("quote"), &by(2)).await.unwrap();
        store.enable(account.id, &id("trivia"), &by(2)).await.unwrap();
    }
    store.remove_account(one.id).await.unwrap();
    store.remove_provider(&id("trivia"), &by(9)).await.unwrap();
    assert_eq!(store.enabled().await.unwrap(), [(other.id, id("quote"))]);
}

async fn every_change_raises_the_revision(database: TestDatabase) {
    let store = database.open().await;
    let account = account("memes");
    store.add_account(account.clone()).await.unwrap();
    let before = store.revision().await.unwrap();
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    assert_eq!(store.revision().await.unwrap(), before + 2, "installed and switched to");
    store.enable(account.id, &id("quote"), &by(2)).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), before + 3);
    store.disable(account.id, &id("quote"), &by(4)).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), before + 4);
    store.remove_provider(&id("quote"), &by(9)).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), before + 5);
}

/// A database as the first version left it, with two versions of a provider that was enabled.
async fn what_an_older_host_installed_keeps_serving(database: TestDatabase) {
    let first = include_str!("../../migrations/0001_first.sql");
    let checksum: String = Sha256::digest(first).iter().map(|byte| format!("{byte:02x}")).collect();
    let sqlite = database.url_text().starts_with("sqlite:");
    let schema = if sqlite {
        std::fs::write(database.url_text().trim_start_matches("sqlite:"), "").unwrap();
        first.replace("{blob}", "BLOB")
    } else {
        first.replace("{blob}", "BYTEA").replace(" TEXT", " TEXT COLLATE \"C\"")
    };
    let bytes = if sqlite { "x'00'" } else { "'\\x00'::bytea" };
    let (old, new, account) = (digest('a'), digest('b'), account("memes").id);
    sql(&database, &schema).await;
    sql(
        &database,
        &format!(
            "CREATE TABLE migrations (version BIGINT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL);
            INSERT INTO migrations (version, checksum) VALUES (1, '{checksum}');
            INSERT INTO components (digest, provider, version, manifest, component, installed_at) VALUES
                ('{old}', 'quote', '1.0.0', '', {bytes}, 1), ('{new}', 'quote', '1.1.0', '', {bytes}, 2);
            INSERT INTO providers (id, digest) VALUES ('quote', '{new}');"
        ),
    )
    .await;
    let store = database.open().await;
    let versions = store.versions_of(&id("quote")).await.unwrap();
    let current = versions.current.unwrap();
    assert_eq!((&current.digest, &current.origin), (&new, &None));
    assert_eq!((versions.previous, versions.waiting), (None, None));
    assert_eq!(store.grants().await.unwrap(), []);
    assert!(store.enable(account, &id("quote"), &by(1)).await.is_err(), "no such account");

    // The bytes that only the history knows stay when something else is installed.
    serve(&store, provider("quote", "1.2.0", 'c'), 3).await;
    let versions = store.versions_of(&id("quote")).await.unwrap();
    assert_eq!(versions.previous.unwrap().digest, new);
    assert_eq!(store.component(&old).await.unwrap(), [0]);
}
