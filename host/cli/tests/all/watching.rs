//! `serve --watch`: a changed file is the next answer, a broken one is told and changes nothing, and nobody who asks
//! meanwhile notices.

use std::fs;
use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicBool, Ordering};

use autocontent_simulator::{Interaction, Message};
use autocontent_store::Action;
use futures_util::future::join_all;
use insta::assert_snapshot;

use crate::components::{bytes, changed_parrot};
use crate::crowd::Crowd;
use crate::host::{Host, generous_discord};
use crate::serving::Serving;

const INSTALLED: &str = "installed a watched file";
const REFUSED: &str = "a watched file can't be installed; what serves goes on";
const APPLIED: &str = "applied what was changed";

/// The parrot under another name of the same length, which stands under its answers.
fn named(name: &str) -> Vec<u8> {
    changed_parrot(r#"name = "Parrot""#, &format!(r#"name = "{name}""#))
}

/// A host that watches the folder `new`, in which the parrot lies, and the members who ask it.
async fn watching() -> (Host, Serving, Crowd) {
    let discord = generous_discord().await;
    let bot = discord.add_bot("main");
    let host = Host::with_discord(&discord);
    host.succeed_with_input(&["account", "add", "main"], &bot.token()).await;
    host.write("new/parrot.wasm", bytes("parrot"));
    let serving = host.serve_watching("new").await;
    let installed = serving.logged(INSTALLED).await;
    assert_eq!((&installed["provider"], &installed["version"]), (&"parrot".into(), &"1.0.0".into()));
    host.succeed(&["provider", "enable", "parrot"]).await;
    bot.until_ready().await.unwrap();
    bot.until_command("parrot").await.unwrap();
    (host, serving, Crowd::new(discord, bot))
}

/// Puts a file in place as careful tools do: written beside, then moved.
fn replace(host: &Host, file: &str, content: &[u8]) {
    host.write(".beside", content);
    fs::rename(host.path(".beside"), host.path(file)).unwrap();
}

/// Does something to the folder, and waits until what came of it serves.
async fn serves_after(host: &Host, serving: &Serving, change: impl FnOnce()) {
    let mark = serving.mark();
    change();
    serving.logged_after(mark, INSTALLED).await;
    let store = host.store().await;
    let revision = store.revision().await.unwrap();
    store.close().await;
    serving.logged_where(mark, APPLIED, |entry| entry["revision"].as_i64() >= Some(revision)).await;
}

/// The name of the provider under an answer.
async fn answered_by(crowd: &Crowd) -> String {
    provider_of(&crowd.bot.run(&crowd.command).unwrap().message().await.unwrap())
}

fn provider_of(message: &Message) -> String {
    message.embeds()[0]["footer"]["text"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_answer_after_a_change_is_the_new_versions_and_a_broken_file_changes_nothing() {
    let (host, serving, crowd) = watching().await;
    assert_eq!(answered_by(&crowd).await, "Parrot");

    let mark = serving.mark();
    host.write("new/parrot.wasm", &bytes("parrot")[..20_000]);
    let refused = serving.logged_after(mark, REFUSED).await;
    assert!(refused["file"].as_str().unwrap().ends_with("new/parrot.wasm"), "{refused}");
    assert!(refused["reason"].as_str().unwrap().contains("cut off: it ends after 20000 bytes"), "{refused}");
    assert_eq!(answered_by(&crowd).await, "Parrot");

    serves_after(&host, &serving, || host.write("new/parrot.wasm", named("Corvus"))).await;
    assert_eq!(answered_by(&crowd).await, "Corvus");
    serves_after(&host, &serving, || replace(&host, "new/parrot.wasm", &named("Pigeon"))).await;
    assert_eq!(answered_by(&crowd).await, "Pigeon");
    serving.stop().await;

    let store = host.store().await;
    let changes = store.audit(Some("parrot"), 100).await.unwrap();
    store.close().await;
    let installs = changes.iter().filter(|change| change.action == Action::Install);
    assert_eq!(installs.map(|change| change.actor.as_str()).collect::<Vec<_>>(), ["watch"; 3]);
}

#[tokio::test]
async fn a_reason_is_told_once_for_each_change_and_keeps_no_other_file_out() {
    let (host, serving, crowd) = watching().await;
    let mark = serving.mark();
    host.write("new/broken.wasm", "no component");
    serving.logged_after(mark, REFUSED).await;
    // Touched, but the same.
    replace(&host, "new/broken.wasm", b"no component");
    serves_after(&host, &serving, || host.write("new/parrot.wasm", named("Corvus"))).await;
    assert_eq!((serving.count(REFUSED), answered_by(&crowd).await.as_str()), (1, "Corvus"));
    let mark = serving.mark();
    host.write("new/broken.wasm", "no component either");
    serving.logged_after(mark, REFUSED).await;
    assert_eq!(serving.count(REFUSED), 2);
    serving.stop().await;
}

#[tokio::test]
async fn a_file_that_is_deleted_or_was_there_before_takes_nothing_away() {
    let (host, serving, crowd) = watching().await;
    fs::remove_file(host.path("new/parrot.wasm")).unwrap();
    serving.logged("a watched file is gone; what was installed from it stays").await;
    assert_eq!(answered_by(&crowd).await, "Parrot");
    // A link to a file elsewhere is a file like any other.
    host.write("elsewhere/built.wasm", named("Corvus"));
    serves_after(&host, &serving, || symlink(host.path("elsewhere/built.wasm"), host.path("new/parrot.wasm")).unwrap())
        .await;
    assert_eq!(answered_by(&crowd).await, "Corvus");
    serving.stop().await;

    // What serves already is not installed once more.
    let serving = host.serve_watching("new").await;
    let mark = serving.mark();
    host.write("new/broken.wasm", "no component");
    serving.logged_after(mark, REFUSED).await;
    assert_eq!(serving.count(INSTALLED), 0);
    serving.stop().await;
}

#[tokio::test]
async fn calls_in_flight_lose_nothing_while_versions_change() {
    let (host, serving, crowd) = watching().await;
    let changed = AtomicBool::new(false);
    let ask = async |_| {
        let mut names = Vec::new();
        while !changed.load(Ordering::Relaxed) {
            let asked: Interaction = crowd.bot.run(&crowd.command).unwrap();
            names.push(provider_of(&asked.message().await.unwrap()));
        }
        names
    };
    let change = async {
        for name in ["Corvus", "Pigeon", "Magpie"] {
            serves_after(&host, &serving, || replace(&host, "new/parrot.wasm", &named(name))).await;
            assert_eq!(answered_by(&crowd).await, name);
        }
        changed.store(true, Ordering::Relaxed);
    };
    let (names, ()) = tokio::join!(join_all((0..8).map(ask)), change);
    for name in ["Parrot", "Corvus", "Pigeon", "Magpie"] {
        assert!(names.iter().flatten().any(|answered| answered == name), "nobody was answered by {name}");
    }
    let log = serving.stop().await;
    assert!(!log.contains("\"WARN\"") && !log.contains("\"ERROR\""), "{log}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_a_reason_not_to_serve() {
    let host = Host::new();
    host.write("file", "");
    let mut transcript = String::new();
    for folder in ["nowhere", "file"] {
        let command: &[&str] = &["serve", "--watch", folder];
        let outcome = host.run(command).await;
        assert_eq!(outcome.code, Some(1));
        transcript += &outcome.transcript(command);
    }
    assert_snapshot!(transcript, @r"
    $ autocontent serve --watch nowhere
    autocontent: could not watch the folder nowhere: No such file or directory (os error 2); name one with --watch that can be read

    $ autocontent serve --watch file
    autocontent: could not watch the folder file: Not a directory (os error 20); name one with --watch that can be read
    ");
}
