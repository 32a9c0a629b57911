use autocontent_manifest::{ProviderId, SecretName, SettingName};
use autocontent_store::testing::TestDatabase;
use autocontent_store::{KeptSecret, KeptSetting, Store};
use secrecy::ExposeSecret as _;

use crate::{account, at, by, on_both, provider, serve};

on_both!(
    settings_are_kept_for_one_account_and_for_all,
    secrets_are_kept_for_one_account_and_for_all,
    what_belongs_to_a_provider_or_an_account_goes_with_it,
);

fn quote() -> ProviderId {
    "quote".parse().unwrap()
}

fn country() -> SettingName {
    "country".parse().unwrap()
}

fn key() -> SecretName {
    "api-key".parse().unwrap()
}

async fn set(store: &Store, of: Option<autocontent_store::AccountId>, value: &str, millis: i64) {
    store.set_settings(&quote(), of, &[(country(), value.to_owned())], &by(millis)).await.unwrap();
}

async fn settings_are_kept_for_one_account_and_for_all(database: TestDatabase) {
    let store = database.open().await;
    let memes = account("memes");
    store.add_account(memes.clone()).await.unwrap();
    let revision = store.revision().await.unwrap();
    set(&store, None, "\"us\"", 1).await;
    set(&store, Some(memes.id), "\"gb\"", 2).await;
    set(&store, Some(memes.id), "\"br\"", 3).await;
    assert_eq!(store.revision().await.unwrap(), revision + 3);
    let kept = |account, value: &str, millis| KeptSetting {
        provider: quote(),
        account,
        name: country(),
        value: value.to_owned(),
        changed_at: at(millis),
    };
    let all = kept(None, "\"us\"", 1);
    assert_eq!(store.settings().await.unwrap(), [all.clone(), kept(Some(memes.id), "\"br\"", 3)]);
    let names = [country(), "other".parse().unwrap()];
    assert_eq!(store.unset_settings(&quote(), Some(memes.id), &names, &by(4)).await.unwrap(), 1);
    assert_eq!(store.revision().await.unwrap(), revision + 4);
    assert_eq!(store.unset_settings(&quote(), Some(memes.id), &names, &by(5)).await.unwrap(), 0);
    assert_eq!(store.revision().await.unwrap(), revision + 4);
    assert_eq!(store.settings().await.unwrap(), [all]);
}

async fn secrets_are_kept_for_one_account_and_for_all(database: TestDatabase) {
    let store = database.open().await;
    let memes = account("memes");
    store.add_account(memes.clone()).await.unwrap();
    let revision = store.revision().await.unwrap();
    for (of, value, millis) in [(None, "one", 1), (Some(memes.id), "two", 2), (Some(memes.id), "three", 3)] {
        store.set_secret(&quote(), of, &key(), &value.into(), &by(millis)).await.unwrap();
    }
    assert_eq!(store.revision().await.unwrap(), revision + 3);
    let kept = |account, millis| KeptSecret { provider: quote(), account, name: key(), changed_at: at(millis) };
    assert_eq!(store.secrets().await.unwrap(), [kept(None, 1), kept(Some(memes.id), 3)]);
    for (of, value) in [(None, "one"), (Some(memes.id), "three")] {
        assert_eq!(store.secret(&quote(), of, &key()).await.unwrap().unwrap().expose_secret(), value);
    }
    assert!(store.secret(&quote(), None, &"other".parse().unwrap()).await.unwrap().is_none());
    assert!(store.unset_secret(&quote(), None, &key(), &by(4)).await.unwrap());
    assert!(!store.unset_secret(&quote(), None, &key(), &by(5)).await.unwrap());
    assert_eq!(store.revision().await.unwrap(), revision + 4);
    assert!(store.secret(&quote(), None, &key()).await.unwrap().is_none());
}

async fn what_belongs_to_a_provider_or_an_account_goes_with_it(database: TestDatabase) {
    let store = database.open().await;
    let memes = account("memes");
    store.add_account(memes.clone()).await.unwrap();
    serve(&store, provider("quote", "1.0.0", 'a'), 1).await;
    let of_all = |settings: &[KeptSetting]| settings.iter().map(|one| one.account).collect::<Vec<_>>();
    for of in [None, Some(memes.id)] {
        set(&store, of, "1", 2).await;
        store.set_secret(&quote(), of, &key(), &"value".into(), &by(2)).await.unwrap();
    }
    store.remove_account(memes.id).await.unwrap();
    assert_eq!(of_all(&store.settings().await.unwrap()), [None]);
    assert_eq!(store.secrets().await.unwrap().len(), 1);
    store.remove_provider(&quote(), &by(3)).await.unwrap();
    assert_eq!((store.settings().await.unwrap().len(), store.secrets().await.unwrap().len()), (0, 0));
}
