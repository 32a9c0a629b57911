use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use autocontent_store::testing::TestDatabase;
use autocontent_store::{DatabaseUrl, Store, StoreError, Vault};
use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;

use crate::{account, on_both, sql};

on_both!(
    many_may_start_at_once,
    a_newer_schema_is_refused_and_left_as_it_is,
    another_builds_schema_is_refused,
    a_closed_store_says_so,
    the_location_has_no_password,
    a_lost_key_is_noticed_before_anything_changes,
);

async fn many_may_start_at_once(database: TestDatabase) {
    let mut opening = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (url, vault) = (database.url(), database.vault());
        opening.spawn(async move { Store::open(&url, vault).await.unwrap() });
    }
    let stores = opening.join_all().await;
    stores[0].add_account(account("memes")).await.unwrap();
    for store in &stores {
        assert_eq!(store.revision().await.unwrap(), 1);
    }
}

async fn a_newer_schema_is_refused_and_left_as_it_is(database: TestDatabase) {
    database.open().await.close().await;
    sql(&database, "INSERT INTO migrations (version, checksum) VALUES (99, 'x')").await;
    let error = Store::open(&database.url(), database.vault()).await.unwrap_err();
    let StoreError::Newer { found: 99, known, .. } = &error else { panic!("{error}") };
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` was last used by a newer version (its schema is 99, this version knows {known}); \
             start the newer version, or restore a backup from before",
            database.url()
        )
    );
    sql(&database, "DELETE FROM migrations WHERE version = 99").await;
    database.open().await;
}

async fn another_builds_schema_is_refused(database: TestDatabase) {
    database.open().await.close().await;
    sql(&database, "UPDATE migrations SET checksum = 'x'").await;
    let error = Store::open(&database.url(), database.vault()).await.unwrap_err();
    assert!(matches!(error, StoreError::OtherMigration { version: 1, .. }), "{error}");
}

async fn a_closed_store_says_so(database: TestDatabase) {
    let store = database.open().await;
    let clone = store.clone();
    store.close().await;
    store.close().await;
    for error in [clone.revision().await.unwrap_err(), clone.record(crate::delivery(1)).await.unwrap_err()] {
        assert!(matches!(error, StoreError::Closed), "{error}");
    }
}

async fn the_location_has_no_password(database: TestDatabase) {
    let store = database.open().await;
    assert_eq!(store.location(), database.url().to_string());
    assert!(!store.location().contains('@'));
}

async fn a_lost_key_is_noticed_before_anything_changes(database: TestDatabase) {
    let key = database.folder().join("vault.key");
    let store = database.open().await;
    store.close().await;
    // Without secrets a new key is as good as the old one.
    fs::remove_file(&key).unwrap();
    let store = database.open().await;
    store.add_account(account("memes")).await.unwrap();
    store.close().await;
    let backup = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    for _ in 0..2 {
        let error = Store::open(&database.url(), database.vault()).await.unwrap_err();
        let expected = format!("the key file `{}` is missing, and the database has secrets", key.display());
        assert!(error.to_string().starts_with(&expected), "{error}");
        assert!(!key.exists());
    }
    fs::write(&key, backup).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(database.open().await.accounts().await.unwrap().len(), 1);
}

fn vault(folder: &TempDir) -> Vault {
    Vault::open_or_create(&folder.path().join("vault.key")).unwrap()
}

async fn open(folder: &TempDir, path: &Path) -> Result<Store, StoreError> {
    Store::open(&DatabaseUrl::sqlite(path), vault(folder)).await
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.txt");
    for content in
        [b"hello world\n".to_vec(), vec![0; 5000], b"SQLite format 3\0 but no more".to_vec(), vec![b'x'; 9000]]
    {
        fs::write(&path, &content).unwrap();
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        let error = open(&folder, &path).await.unwrap_err();
        assert!(matches!(error, StoreError::NotADatabase { .. }), "{error}");
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        assert_eq!(fs::read(&path).unwrap(), content);
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), modified);
        let mut files: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
        files.sort();
        assert_eq!(files, ["notes.txt"], "nothing is left beside it");
    }
}

#[tokio::test]
async fn another_programs_database_is_refused_and_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.db");
    let mut connection = SqliteConnection::connect(&format!("sqlite:{}?mode=rwc", path.display())).await.unwrap();
    sqlx::raw_sql("CREATE TABLE bookmarks (url TEXT); INSERT INTO bookmarks VALUES ('https://example.org')")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let content = fs::read(&path).unwrap();
    let error = open(&folder, &path).await.unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), content);
}

#[tokio::test]
async fn a_new_database_and_its_folder_are_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data").join("autocontent.db");
    let store = open(&folder, &path).await.unwrap();
    store.add_account(account("memes")).await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    let files: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.contains(&path) && files.len() == 3, "database, -wal and -shm: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("no").join("such").join("a.db");
    let error = open(&folder, &path).await.unwrap_err();
    assert!(matches!(error, StoreError::FolderMissing { .. }), "{error}");
    assert!(error.to_string().starts_with(&format!("cannot create `{}`: the folder above", path.display())), "{error}");
}

#[tokio::test]
async fn a_folder_instead_of_a_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let error = open(&folder, folder.path()).await.unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    let path = folder.path().display();
    assert_eq!(
        error.to_string(),
        format!(
            "`{path}` is a folder; name the file in it that shall be the database, such as `sqlite:{path}/autocontent.db`"
        )
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_where_the_folder_should_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("data"), "").unwrap();
    let error = open(&folder, &folder.path().join("data").join("a.db")).await.unwrap_err();
    assert!(matches!(error, StoreError::File { .. }), "{error}");
}

#[tokio::test]
async fn a_postgresql_that_does_not_answer_is_named_without_its_password() {
    let folder = tempfile::tempdir().unwrap();
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url: DatabaseUrl = format!("postgres://nina:hunter2@127.0.0.1:{port}/content").parse().unwrap();
    let error = Store::open(&url, vault(&folder)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreachable { .. }), "{error}");
    let shown = format!("{error} {error:?}");
    assert!(shown.contains(&format!("`postgres://127.0.0.1:{port}/content`")), "{shown}");
    assert!(shown.contains("refused") && !shown.contains("hunter2") && !shown.contains("nina"), "{shown}");
}

#[tokio::test]
async fn a_postgresql_database_that_does_not_exist_is_named() {
    let database = TestDatabase::postgres().await;
    let (start, rest) = database.url_text().split_once("test_").unwrap();
    let url: DatabaseUrl = format!("{start}missing{}", &rest[rest.find('?').unwrap()..]).parse().unwrap();
    let error = Store::open(&url, database.vault()).await.unwrap_err();
    assert!(matches!(error, StoreError::NoDatabase { .. }), "{error}");
    assert_eq!(error.to_string(), format!("`{url}` does not exist; create it with `createdb`, or correct the name"));
}

#[tokio::test]
async fn a_postgresql_user_that_does_not_exist_is_refused() {
    let database = TestDatabase::postgres().await;
    let url: DatabaseUrl = database.url_text().replace("autocontent@", "nobody-known:hunter2@").parse().unwrap();
    let error = Store::open(&url, database.vault()).await.unwrap_err();
    assert!(matches!(error, StoreError::Login { .. }), "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}
