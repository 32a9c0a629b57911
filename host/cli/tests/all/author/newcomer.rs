//! From nothing to a published provider, in each language, as a newcomer goes.

use std::fs;

use autocontent_sources::testing::Registry;
use serde_json::{Value, json};

use super::{Author, failure};

/// What is so in every language: made, checked, built, tested and run. Returns what its own tests said.
async fn newcomer(author: &Author, language: &str, most_bytes: u64) -> String {
    let made = author.succeed("", &["new", "my-books", "--language", language]).await;
    assert!(made.starts_with("made my-books in my-books, in "), "{made}");
    assert!(made.contains("next:\n  cd my-books\n  autocontent provider build\n"), "{made}");
    let said = author.succeed("my-books", &["check"]).await;
    assert_eq!(said, "advice: dist: nothing is built yet; `autocontent provider build` does\nprovider.toml is valid\n");

    let said = author.succeed("my-books/src", &["build"]).await;
    assert!(said.starts_with("my-books 1.0.0 is in "), "{said}");
    let said = author.succeed("my-books", &["check"]).await;
    assert_eq!(said, "provider.toml and dist/my-books.wasm are valid\n");
    let about = author.succeed("my-books", &["inspect", "dist/my-books.wasm", "--json"]).await;
    let about: Value = serde_json::from_str(&about).unwrap();
    assert!(about["size_bytes"].as_u64().unwrap() <= most_bytes, "{about}");
    assert!(!about["imports"].to_string().contains("wasi"), "{about}");
    assert_eq!(about["asks"], json!(["http:openlibrary.org"]));

    let tested = author.succeed("my-books", &["test"]).await;
    assert!(
        tested.contains("kept    /my-books title:dune\n        in snapshots/my-books-title-dune.json\n"),
        "{tested}"
    );
    assert_eq!(author.succeed("my-books", &["test", "--examples"]).await, "same    /my-books title:dune\n");
    let shown = author.succeed("my-books", &["run", "/my-books title:dune", "--press", "🔁"]).await;
    assert!(shown.starts_with("▎ Dune\n") && shown.contains("presses [🔁]\n\n▎ "), "{shown}");
    let outcome = author.provider("my-books", &["run", "/my-books title:other"]).await;
    let (_, why) = failure(&outcome).split_once("the nearest is exchange 1 of recordings/").unwrap();
    assert!(why.contains("where `q` is \"dune\" and not \"other\""), "{outcome:#?}");
    tested
}

#[tokio::test]
async fn in_rust() {
    let author = Author::new("newcomer-rust");
    let tested = newcomer(&author, "rust", 400_000).await;
    assert!(tested.contains("test result: ok. 6 passed"), "{tested}");

    author.edit("my-books/snapshots/my-books-title-dune.json", "\"Dune\"", "\"Another\"");
    let differs = author.provider("my-books", &["test", "--examples"]).await;
    assert!(differs.code == Some(1) && differs.stdout.starts_with("differs /my-books title:dune\n"), "{differs:#?}");
    assert!(differs.stdout.contains("        -        \"title\": \"Another\",\n"), "{differs:#?}");
    author.succeed("my-books", &["test", "--examples", "--update"]).await;
    assert_eq!(author.succeed("my-books", &["test", "--examples"]).await, "same    /my-books title:dune\n");

    let registry = Registry::start().await;
    let published = author.succeed("my-books", &["publish", &registry.reference("ana/my-books:1.0.0")]).await;
    assert!(published.contains("\npublished oci://127.0.0.1:"), "{published}");
}

#[tokio::test]
async fn in_javascript() {
    let author = Author::new("newcomer-javascript");
    let tested = newcomer(&author, "javascript", 3_000_000).await;
    assert!(tested.contains("# pass 9\n# fail 0\n"), "{tested}");
}

#[tokio::test]
async fn in_python() {
    let author = Author::new("newcomer-python");
    let tested = newcomer(&author, "python", 25_000_000).await;
    assert!(tested.contains(" 10 passed in "), "{tested}");
}

#[tokio::test]
async fn in_c() {
    let author = Author::new("newcomer-c");
    newcomer(&author, "c", 100_000).await;
    assert_eq!(fs::read_dir(author.path("my-books/dist")).unwrap().count(), 1);
}
