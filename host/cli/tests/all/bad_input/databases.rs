//! Databases, and the key to what is secret in them.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use autocontent_store::testing::TestDatabase;
use insta::assert_snapshot;

use super::{FAILED, furnished, refused};
use crate::host::{Host, PASSWORD};

#[tokio::test]
async fn a_database_that_can_not_be_used() {
    let mut transcript = String::new();
    let list: &[&str] = &["account", "list"];

    let host = Host::new();
    host.write(
        "data/autocontent.db",
        "Dear operator, this is no database, but long enough to be looked at.".repeat(20),
    );
    host.write_key();
    transcript += &refused(&host, FAILED, &[list, &["serve"], &["ask", "/quote"], &["doctor"]]).await;

    let host = Host::new();
    host.write("data/autocontent.db/file", "");
    host.write_key();
    transcript += &refused(&host, FAILED, &[list]).await;

    let host = Host::new();
    host.write_key();
    host.change_database("CREATE TABLE recipes (name TEXT)").await;
    transcript += &refused(&host, FAILED, &[list]).await;

    let host = furnished().await;
    host.change_database("INSERT INTO migrations (version, checksum) VALUES (99, '')").await;
    transcript += &refused(&host, FAILED, &[list, &["serve"]]).await;

    let host = Host::new().with("AUTOCONTENT_DATA", "file/data");
    host.write("file", "");
    transcript += &refused(&host, FAILED, &[list]).await;

    let host = Host::new().with("AUTOCONTENT_DATABASE", "sqlite:nowhere/at/all/autocontent.db");
    host.write_key();
    transcript += &refused(&host, FAILED, &[list]).await;
    let migrations = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../store/migrations")).unwrap();
    let transcript =
        transcript.replace(&format!("this version knows {})", migrations.count()), "this version knows N)");
    assert_snapshot!(transcript, @r"
    $ autocontent account list
    autocontent: `sqlite:data/autocontent.db` is not an SQLite database and was left as it is; name another file, or move this one away

    $ autocontent serve
    autocontent: `sqlite:data/autocontent.db` is not an SQLite database and was left as it is; name another file, or move this one away

    $ autocontent ask /quote
    autocontent: `sqlite:data/autocontent.db` is not an SQLite database and was left as it is; name another file, or move this one away

    $ autocontent doctor
    ✓ configuration: data in data
    ✓ port: 127.0.0.1:0 is free
    ✗ discord: http://127.0.0.1:9 can't be reached (error sending request: client error (Connect): tcp connect error: Connection refused (os error 111)): look at the network, proxy and firewall
    ✗ database: `sqlite:data/autocontent.db` is not an SQLite database and was left as it is; name another file, or move this one away
    2 of these need you

    $ autocontent account list
    autocontent: `data/autocontent.db` is a folder; name the file in it that shall be the database, such as `sqlite:data/autocontent.db/autocontent.db`

    $ autocontent account list
    autocontent: `data/autocontent.db` is another program's database and was left as it is; name another file

    $ autocontent account list
    autocontent: `sqlite:data/autocontent.db` was last used by a newer version (its schema is 99, this version knows N); start the newer version, or restore a backup from before

    $ autocontent serve
    autocontent: `sqlite:data/autocontent.db` was last used by a newer version (its schema is 99, this version knows N); start the newer version, or restore a backup from before

    $ autocontent account list
    autocontent: could not make the data folder file/data: Not a directory (os error 20); name another with --data

    $ autocontent account list
    autocontent: cannot create `nowhere/at/all/autocontent.db`: the folder above its folder does not exist; create it, or correct the path
    ");
}

#[tokio::test]
async fn a_postgresql_that_can_not_be_reached() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Now nobody listens there.
    drop(listener);
    let url = format!("postgres://nina:{PASSWORD}@127.0.0.1:{port}/content");
    let host = Host::new().with("AUTOCONTENT_DATABASE", &url);
    host.write_key();
    let transcript = refused(&host, FAILED, &[&["account", "list"], &["serve"]]).await;
    let database = TestDatabase::postgres().await;
    let missing = database.url_text().replace("/test_", "/nothing_");
    let host = host.with("AUTOCONTENT_DATABASE", &missing);
    let transcript = transcript + &refused(&host, FAILED, &[&["account", "list"]]).await;
    let socket = database.url_text().split_once("host=").unwrap().1;
    let name = missing.split_once("localhost/").unwrap().1.split_once('?').unwrap().0;
    let transcript = transcript.replace(&port.to_string(), "PORT").replace(socket, "SOCKET").replace(name, "NAME");
    assert_snapshot!(transcript, @r"
    $ autocontent account list
    autocontent: cannot reach `postgres://127.0.0.1:PORT/content`: Connection refused (os error 111); check that PostgreSQL runs there and that the address is right

    $ autocontent serve
    autocontent: cannot reach `postgres://127.0.0.1:PORT/content`: Connection refused (os error 111); check that PostgreSQL runs there and that the address is right

    $ autocontent account list
    autocontent: `postgres:///NAME?host=SOCKET` does not exist; create it with `createdb`, or correct the name
    ");
}

#[tokio::test]
async fn a_key_that_others_can_read_or_that_is_gone() {
    let list: &[&str] = &["account", "list"];
    let host = furnished().await;
    let key = host.path("data/autocontent.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut transcript = refused(&host, FAILED, &[list]).await;

    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let backup = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, "this is no key\n").unwrap();
    transcript += &refused(&host, FAILED, &[list]).await;

    // No new key is made where the old one was lost.
    std::fs::remove_file(&key).unwrap();
    transcript += &refused(&host, FAILED, &[list, &["serve"]]).await;

    let other = Host::new();
    other.write_key();
    std::fs::copy(other.path("data/autocontent.key"), &key).unwrap();
    transcript += &refused(&host, FAILED, &[list]).await;

    std::fs::write(&key, &backup).unwrap();
    assert_eq!(host.json(&["account", "list", "--json"]).await.len(), 2);
    let id = backup.lines().last().unwrap().split_once(' ').unwrap().0;
    assert_snapshot!(transcript.replace(id, "KEY"), @r"
    $ autocontent account list
    autocontent: other users can read the key file `data/autocontent.key` (mode 644); run `chmod 600 data/autocontent.key`, and if they may have read it, rotate the keys and replace the tokens

    $ autocontent account list
    autocontent: line 1 of the key file `data/autocontent.key` is no key (8 hexadecimal digits, a space and 64 more); restore the file from its backup

    $ autocontent account list
    autocontent: the key file `data/autocontent.key` is missing, and the database has secrets that only its keys can read; restore the file from its backup, or begin with another database; nothing was changed

    $ autocontent serve
    autocontent: the key file `data/autocontent.key` is missing, and the database has secrets that only its keys can read; restore the file from its backup, or begin with another database; nothing was changed

    $ autocontent account list
    autocontent: a secret was encrypted with the key KEY, which is not in the key file `data/autocontent.key`; restore that file from its backup
    ");
}
