use autocontent_store::testing::TestDatabase;
use autocontent_store::{Account, ApplicationId, Desired, Status, StoreError, Transport};
use secrecy::ExposeSecret as _;

use crate::{account, at, on_both};

on_both!(
    an_account_comes_back_as_it_was_added,
    accounts_are_listed_by_name,
    a_taken_name_is_refused_and_nothing_changes,
    what_is_wanted_and_what_is_reported_are_kept_apart,
    a_failure_is_forgotten_when_the_bot_is_to_run_again,
    what_a_bot_learns_about_itself_is_kept,
    a_removed_account_is_gone,
    an_unknown_account_is_named,
    every_change_raises_the_revision_for_another_store,
);

async fn an_account_comes_back_as_it_was_added(database: TestDatabase) {
    let store = database.open().await;
    let new = account("memes");
    store.add_account(new.clone()).await.unwrap();
    let expected = Account {
        id: new.id,
        name: new.name.clone(),
        application: None,
        public_key: None,
        transport: Transport::Gateway,
        desired: Desired::Running,
        status: Status::Stopped,
        reason: None,
        created_at: at(0),
    };
    assert_eq!(store.account_named(&new.name).await.unwrap(), expected);
    assert_eq!(store.token(new.id).await.unwrap().expose_secret(), "token-of-memes");
    store.close().await;
    let store = database.open().await;
    assert_eq!(store.accounts().await.unwrap(), [expected]);
    assert_eq!(store.token(new.id).await.unwrap().expose_secret(), "token-of-memes");
}

async fn accounts_are_listed_by_name(database: TestDatabase) {
    let store = database.open().await;
    for name in ["news", "gifs", "memes"] {
        store.add_account(account(name)).await.unwrap();
    }
    let names: Vec<String> = store.accounts().await.unwrap().into_iter().map(|a| a.name.to_string()).collect();
    assert_eq!(names, ["gifs", "memes", "news"]);
}

async fn a_taken_name_is_refused_and_nothing_changes(database: TestDatabase) {
    let store = database.open().await;
    let first = account("memes");
    store.add_account(first.clone()).await.unwrap();
    let revision = store.revision().await.unwrap();
    let error = store.add_account(account("memes")).await.unwrap_err();
    assert!(matches!(error, StoreError::NameTaken { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        "there is an account named `memes` already; choose another name, or remove that account first"
    );
    assert_eq!(store.revision().await.unwrap(), revision);
    assert_eq!(store.accounts().await.unwrap()[0].id, first.id);
}

async fn what_is_wanted_and_what_is_reported_are_kept_apart(database: TestDatabase) {
    let store = database.open().await;
    let new = account("memes");
    store.add_account(new.clone()).await.unwrap();
    store.set_desired(new.id, Desired::Stopped).await.unwrap();
    let revision = store.revision().await.unwrap();
    store.set_status(new.id, Status::Failed, Some("Discord refused the token")).await.unwrap();
    let account = store.account_named(&new.name).await.unwrap();
    assert_eq!((account.desired, account.status), (Desired::Stopped, Status::Failed));
    assert_eq!(account.reason.as_deref(), Some("Discord refused the token"));
    store.set_status(new.id, Status::Running, None).await.unwrap();
    assert_eq!(store.account_named(&new.name).await.unwrap().reason, None);
    assert_eq!(store.revision().await.unwrap(), revision, "a status is nobody's wish");
}

async fn a_failure_is_forgotten_when_the_bot_is_to_run_again(database: TestDatabase) {
    let store = database.open().await;
    let new = account("memes");
    store.add_account(new.clone()).await.unwrap();
    for (desired, status, becomes) in [
        (Desired::Stopped, Status::Failed, Status::Failed),
        (Desired::Running, Status::Failed, Status::Stopped),
        (Desired::Running, Status::Waiting, Status::Waiting),
    ] {
        store.set_status(new.id, status, Some("a reason")).await.unwrap();
        store.set_desired(new.id, desired).await.unwrap();
        let account = store.account_named(&new.name).await.unwrap();
        assert_eq!((account.status, account.reason.is_some()), (becomes, becomes == status));
    }
}

async fn what_a_bot_learns_about_itself_is_kept(database: TestDatabase) {
    let store = database.open().await;
    let new = account("memes");
    store.add_account(new.clone()).await.unwrap();
    let (application, key) = (ApplicationId::new(u64::MAX), "ab".repeat(32));
    store.set_identity(new.id, application, &key).await.unwrap();
    let revision = store.revision().await.unwrap();
    store.set_identity(new.id, application, &key).await.unwrap();
    assert_eq!(store.revision().await.unwrap(), revision, "the same again is no news");
    let account = store.account_named(&new.name).await.unwrap();
    assert_eq!((account.application, account.public_key), (Some(application), Some(key)));
}

async fn a_removed_account_is_gone(database: TestDatabase) {
    let store = database.open().await;
    let new = account("memes");
    store.add_account(new.clone()).await.unwrap();
    store.remove_account(new.id).await.unwrap();
    assert_eq!(store.accounts().await.unwrap(), []);
    store.add_account(account("memes")).await.unwrap();
}

async fn an_unknown_account_is_named(database: TestDatabase) {
    let store = database.open().await;
    let unknown = account("ghost");
    let error = store.account_named(&unknown.name).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no account `ghost`");
    let id = unknown.id;
    let errors = [
        store.token(id).await.unwrap_err(),
        store.set_desired(id, Desired::Running).await.unwrap_err(),
        store.set_status(id, Status::Running, None).await.unwrap_err(),
        store.set_identity(id, ApplicationId::new(1), "").await.unwrap_err(),
        store.replace_token(id, &"new".into()).await.unwrap_err(),
        store.remove_account(id).await.unwrap_err(),
    ];
    for error in errors {
        assert_eq!(error.to_string(), format!("there is no account `{id}`"));
    }
    assert_eq!(store.revision().await.unwrap(), 0);
}

async fn every_change_raises_the_revision_for_another_store(database: TestDatabase) {
    let (one, other) = (database.open().await, database.open().await);
    let new = account("memes");
    let mut last = other.revision().await.unwrap();
    let mut raised = async |what| {
        let now = other.revision().await.unwrap();
        assert!(now > last, "{what}");
        last = now;
    };
    one.add_account(new.clone()).await.unwrap();
    raised("add").await;
    one.set_identity(new.id, ApplicationId::new(1), "ab").await.unwrap();
    raised("identity").await;
    one.set_desired(new.id, Desired::Stopped).await.unwrap();
    raised("desired").await;
    one.replace_token(new.id, &"another".into()).await.unwrap();
    raised("token").await;
    assert_eq!(other.token(new.id).await.unwrap().expose_secret(), "another");
    one.remove_account(new.id).await.unwrap();
    raised("remove").await;
}
