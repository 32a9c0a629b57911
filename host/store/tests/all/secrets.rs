use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use autocontent_store::testing::TestDatabase;
use autocontent_store::{Store, Vault};
use secrecy::ExposeSecret as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{account, by, on_both, sql};

on_both!(
    the_whole_database_never_shows_a_token,
    the_whole_database_never_shows_a_providers_secret,
    a_secret_moved_to_another_row_is_refused,
    a_token_moved_to_another_account_is_refused,
    another_key_file_is_refused_at_the_start,
    a_changed_key_is_named_with_its_file,
    rotation_encrypts_again_and_an_older_store_keeps_up,
    an_unreadable_token_stops_the_rotation_and_nothing_is_lost,
    a_rotation_that_ends_between_the_key_and_the_secrets_loses_nothing,
    a_service_key_is_made_once_for_all_stores,
);

const TOKEN: &str = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs";

/// All bytes of an SQLite database's files, or all rows of a PostgreSQL database as text.
async fn dump(database: &TestDatabase) -> Vec<u8> {
    if database.url_text().starts_with("sqlite:") {
        let files = fs::read_dir(database.folder()).unwrap().map(|file| file.unwrap().path());
        return files
            .filter(|file| file.file_name().unwrap().to_str().unwrap().starts_with("autocontent.db"))
            .flat_map(|file| match fs::read(file) {
                Ok(bytes) => bytes,
                // The last connection that closes takes the write-ahead log with it.
                Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
                Err(error) => panic!("{error}"),
            })
            .collect();
    }
    let mut connection = PgConnection::connect(database.url_text()).await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let mut dump = Vec::new();
    for table in tables {
        let rows: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!("SELECT t::text FROM {table} t")))
            .fetch_all(&mut connection)
            .await
            .unwrap();
        dump.extend(rows.concat().into_bytes());
    }
    dump
}

fn holds(dump: &[u8], text: &str) -> bool {
    dump.windows(text.len()).any(|window| window == text.as_bytes())
}

async fn the_whole_database_never_shows_a_token(database: TestDatabase) {
    let store = database.open().await;
    let mut new = account("memes");
    new.token = TOKEN.into();
    store.add_account(new.clone()).await.unwrap();
    store.replace_token(new.id, &TOKEN.into()).await.unwrap();
    assert_eq!(store.token(new.id).await.unwrap().expose_secret(), TOKEN);
    let hex: String = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect();
    let dump = dump(&database).await;
    assert!(holds(&dump, "memes"), "the dump has the account");
    assert!(!holds(&dump, TOKEN) && !holds(&dump, &hex));
    for shown in [format!("{store:?}"), format!("{new:?}"), format!("{:?}", store.accounts().await.unwrap())] {
        assert!(!shown.contains(TOKEN), "{shown}");
    }
}

async fn a_token_moved_to_another_account_is_refused(database: TestDatabase) {
    let store = database.open().await;
    let (mine, theirs) = (account("mine"), account("theirs"));
    store.add_account(mine.clone()).await.unwrap();
    store.add_account(theirs.clone()).await.unwrap();
    sql(
        &database,
        "UPDATE accounts SET token = (SELECT token FROM accounts WHERE name = 'theirs') WHERE name = 'mine'",
    )
    .await;
    let error = store.token(mine.id).await.unwrap_err().to_string();
    assert!(
        error.starts_with(&format!("the secret `token` of `{}` in the table `accounts` cannot", mine.id)),
        "{error}"
    );
    assert_eq!(store.token(theirs.id).await.unwrap().expose_secret(), "token-of-theirs");
}

async fn the_whole_database_never_shows_a_providers_secret(database: TestDatabase) {
    let store = database.open().await;
    let (quote, name) = ("quote".parse().unwrap(), "api-key".parse().unwrap());
    for millis in [1, 2] {
        store.set_secret(&quote, None, &name, &TOKEN.into(), &by(millis)).await.unwrap();
    }
    let hex: String = TOKEN.bytes().map(|byte| format!("{byte:02x}")).collect();
    let dump = dump(&database).await;
    assert!(holds(&dump, "api-key"), "the dump has the secret's name");
    assert!(!holds(&dump, TOKEN) && !holds(&dump, &hex));
    let value = store.secret(&quote, None, &name).await.unwrap().unwrap();
    for shown in [format!("{value:?}"), format!("{:?}", store.secrets().await.unwrap())] {
        assert!(!shown.contains(TOKEN), "{shown}");
    }
}

async fn a_secret_moved_to_another_row_is_refused(database: TestDatabase) {
    let store = database.open().await;
    let memes = account("memes");
    store.add_account(memes.clone()).await.unwrap();
    let (quote, news) = ("quote".parse().unwrap(), "news".parse().unwrap());
    let [key, other] = ["api-key", "other"].map(|name| name.parse().unwrap());
    store.set_secret(&quote, None, &key, &TOKEN.into(), &by(1)).await.unwrap();
    for (column, value) in
        [("provider", "news".to_owned()), ("account", memes.id.to_string()), ("name", "other".to_owned())]
    {
        let original = match column {
            "provider" => "quote",
            "account" => "",
            _ => "api-key",
        };
        sql(&database, &format!("UPDATE secrets SET {column} = '{value}'")).await;
        let moved = match column {
            "provider" => store.secret(&news, None, &key).await,
            "account" => store.secret(&quote, Some(memes.id), &key).await,
            _ => store.secret(&quote, None, &other).await,
        };
        let error = moved.unwrap_err().to_string();
        assert!(error.starts_with("the secret `value` of `") && error.contains("in the table `secrets`"), "{error}");
        assert!(!error.contains(TOKEN));
        sql(&database, &format!("UPDATE secrets SET {column} = '{original}'")).await;
    }
    assert_eq!(store.secret(&quote, None, &key).await.unwrap().unwrap().expose_secret(), TOKEN);
}

fn key_file(folder: &Path) -> std::path::PathBuf {
    folder.join("vault.key")
}

async fn another_key_file_is_refused_at_the_start(database: TestDatabase) {
    let store = database.open().await;
    store.add_account(account("memes")).await.unwrap();
    store.close().await;
    let file = key_file(database.folder());
    let backup = fs::read(&file).unwrap();
    fs::remove_file(&file).unwrap();
    database.vault().keep().unwrap();
    let error = Store::open(&database.url(), database.vault()).await.unwrap_err().to_string();
    assert!(error.contains("which is not in the key file") && error.contains(file.to_str().unwrap()), "{error}");
    fs::write(&file, backup).unwrap();
    let store = database.open().await;
    let account = &store.accounts().await.unwrap()[0];
    assert_eq!(store.token(account.id).await.unwrap().expose_secret(), "token-of-memes");
}

async fn a_changed_key_is_named_with_its_file(database: TestDatabase) {
    let store = database.open().await;
    let new = account("memes");
    store.add_account(new.clone()).await.unwrap();
    store.close().await;
    let file = key_file(database.folder());
    let mut keys = fs::read(&file).unwrap();
    let digit = keys.len() - 2;
    keys[digit] = if keys[digit] == b'0' { b'1' } else { b'0' };
    fs::write(&file, keys).unwrap();
    let store = database.open().await;
    let error = store.token(new.id).await.unwrap_err().to_string();
    assert!(
        error.contains("cannot be decrypted with the key file") && error.contains(file.to_str().unwrap()),
        "{error}"
    );
}

async fn rotation_encrypts_again_and_an_older_store_keeps_up(database: TestDatabase) {
    let (store, older) = (database.open().await, {
        let vault = Vault::open_or_create(&key_file(database.folder())).unwrap();
        Store::open(&database.url(), vault).await.unwrap()
    });
    let accounts = [account("memes"), account("news")];
    for new in &accounts {
        store.add_account(new.clone()).await.unwrap();
    }
    let buttons = store.service_key("buttons").await.unwrap();
    let (quote, name) = ("quote".parse().unwrap(), "api-key".parse().unwrap());
    for of in [None, Some(accounts[0].id)] {
        store.set_secret(&quote, of, &name, &format!("{of:?}").into(), &by(1)).await.unwrap();
    }
    let before = dump(&database).await;
    assert_eq!(store.rotate_keys().await.unwrap(), 5);
    assert_ne!(dump(&database).await, before);
    for new in &accounts {
        for store in [&store, &older] {
            assert_eq!(store.token(new.id).await.unwrap().expose_secret(), new.token.expose_secret());
        }
    }
    // The first key is needed no more.
    let keys = fs::read_to_string(key_file(database.folder())).unwrap();
    let first = keys.lines().find(|line| !line.starts_with('#')).unwrap();
    fs::write(key_file(database.folder()), keys.replace(&format!("{first}\n"), "")).unwrap();
    let store = database.open().await;
    assert_eq!(store.token(accounts[0].id).await.unwrap().expose_secret(), "token-of-memes");
    assert_eq!(store.service_key("buttons").await.unwrap().expose_secret(), buttons.expose_secret());
    for of in [None, Some(accounts[0].id)] {
        let secret = store.secret(&quote, of, &name).await.unwrap().unwrap();
        assert_eq!(secret.expose_secret(), format!("{of:?}"));
    }
}

async fn an_unreadable_token_stops_the_rotation_and_nothing_is_lost(database: TestDatabase) {
    let store = database.open().await;
    let (good, bad) = (account("good"), account("bad"));
    store.add_account(good.clone()).await.unwrap();
    store.add_account(bad.clone()).await.unwrap();
    sql(&database, "UPDATE accounts SET token = (SELECT token FROM accounts WHERE name = 'good') WHERE name = 'bad'")
        .await;
    assert!(store.rotate_keys().await.is_err());
    assert_eq!(store.token(good.id).await.unwrap().expose_secret(), "token-of-good");
    store.replace_token(bad.id, &"new".into()).await.unwrap();
    assert_eq!(store.rotate_keys().await.unwrap(), 2);
}

async fn a_rotation_that_ends_between_the_key_and_the_secrets_loses_nothing(database: TestDatabase) {
    let (old, new) = (account("old"), account("new"));
    let store = database.open().await;
    store.add_account(old.clone()).await.unwrap();
    Vault::open_or_create(&key_file(database.folder())).unwrap().rotate().unwrap();
    // Both a host that runs and one that starts now read the old key's secrets, and write for the other.
    let started = database.open().await;
    started.add_account(new.clone()).await.unwrap();
    for store in [&store, &started] {
        assert_eq!(store.token(old.id).await.unwrap().expose_secret(), "token-of-old");
        assert_eq!(store.token(new.id).await.unwrap().expose_secret(), "token-of-new");
    }
    assert_eq!(started.rotate_keys().await.unwrap(), 2);
    for store in [&store, &started] {
        assert_eq!(store.token(old.id).await.unwrap().expose_secret(), "token-of-old");
    }
}

async fn a_service_key_is_made_once_for_all_stores(database: TestDatabase) {
    let mut making = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let store = database.open().await;
        making.spawn(async move { store.service_key("buttons").await.unwrap().expose_secret().to_owned() });
    }
    let keys = making.join_all().await;
    assert!(keys[0].len() == 64 && keys.iter().all(|key| *key == keys[0]));
    assert!(!holds(&dump(&database).await, &keys[0]));
    let store = database.open().await;
    assert_eq!(store.service_key("buttons").await.unwrap().expose_secret(), keys[0]);
    assert_ne!(store.service_key("pseudonyms").await.unwrap().expose_secret(), keys[0]);
}
