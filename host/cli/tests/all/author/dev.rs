//! `provider dev`: saved, built, answered anew.

use std::process::Stdio;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::time::timeout;

use super::Author;
use crate::host::PATIENCE;
use crate::states::States;

/// What the answer names as its source.
async fn source(page: &str) -> String {
    let command = json!({ "line": "/my-books title:dune" });
    let answer = reqwest::Client::new().post(format!("{page}api/run")).json(&command).send().await.unwrap();
    let answer: Value = answer.json().await.unwrap();
    let source = &answer["reply"]["item"]["source"]["label"];
    source.as_str().unwrap_or_else(|| panic!("{answer:#}")).to_owned()
}

#[tokio::test]
async fn what_is_saved_is_built_and_answers_until_the_author_ends_it() {
    let author = Author::new("developer");
    author.succeed("", &["new", "my-books", "--language", "c"]).await;
    let mut command = author.command(env!("CARGO_BIN_EXE_autocontent"), "my-books");
    command.args(["provider", "dev", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = command.spawn().unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let said = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap().unwrap();
    let (_, page) = said.split_once("is built whenever it is saved; try it at ").unwrap();
    let (page, _) = page.split_once(' ').unwrap();

    let mut states = States::of(page).await;
    timeout(PATIENCE, states.build("built")).await.unwrap();
    assert_eq!(source(page).await, "Open Library");

    author.edit("my-books/src/my-books.c", "\"Open Library\"", "\"The shelf\"");
    timeout(PATIENCE, states.build("building")).await.unwrap();
    timeout(PATIENCE, states.build("built")).await.unwrap();
    assert_eq!(source(page).await, "The shelf");

    author.edit("my-books/src/my-books.c", "\"The shelf\"", "The shelf");
    let failed = timeout(PATIENCE, states.build("failed")).await.unwrap();
    assert_eq!(failed["build"]["problems"][0]["file"], "src/my-books.c", "{failed:#}");
    assert_eq!(source(page).await, "The shelf", "what was built goes on answering");

    kill(Pid::from_raw(process.id().unwrap().try_into().unwrap()), Signal::SIGINT).unwrap();
    let status = timeout(PATIENCE, process.wait()).await.unwrap().unwrap();
    assert!(status.success(), "{status}");
}
