//! A data folder on a disk that has no room left.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{FAILED, furnished};
use crate::components::changed_parrot;
use crate::host::Host;

/// Bytes of a page of memory, of which the small disk is made.
const PAGE: u64 = 4 << 10;

/// Runs a command while the data folder lies on a disk with so much room left, and brings back what it left there.
///
/// The disk is memory that only this command sees mounted, which takes a mount namespace, and where the tests don't run as
/// root, a user namespace.
fn with_room(host: &Host, room: u64, arguments: &[&str]) -> (Option<i32>, String) {
    let data = host.path("data");
    let files = sizes(&data).into_iter();
    let used: u64 = files.map(|size| size.div_ceil(PAGE) * PAGE).sum();
    let script = r#"
        mount -t tmpfs -o "mode=700,size=$1" tmpfs disk && cp -a data/. disk && mount --bind disk data || exit 70
        shift
        "$@"
        code=$?
        cp -a data/. left || exit 71
        exit $code
    "#;
    for folder in ["disk", "left"] {
        let _ = fs::remove_dir_all(host.path(folder));
        fs::create_dir(host.path(folder)).unwrap();
    }
    let mut unshare = Command::new("unshare");
    if !nix::unistd::geteuid().is_root() {
        unshare.args(["--user", "--map-root-user"]);
    }
    let output = host
        .confined(unshare.args(["--mount", "sh", "-c", script, "sh", &(used + room).to_string()]), arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let code = output.status.code();
    assert!(!matches!(code, Some(70 | 71)), "this test mounts a small disk, which failed: {said}");
    fs::remove_dir_all(&data).unwrap();
    fs::rename(host.path("left"), &data).unwrap();
    (code, said)
}

fn sizes(folder: &Path) -> Vec<u64> {
    let mut sizes = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let about = entry.metadata().unwrap();
        // A folder takes a page as well.
        sizes.push(about.len().max(PAGE));
        if about.is_dir() {
            sizes.extend(self::sizes(&entry.path()));
        }
    }
    sizes
}

/// All that an operator is shown.
async fn state(host: &Host) -> Vec<Vec<Value>> {
    let mut shown = Vec::new();
    for command in [&["provider", "list", "--json"][..], &["account", "list", "--json"], &["audit", "--json"]] {
        shown.push(host.json(command).await);
    }
    shown
}

#[tokio::test]
async fn an_install_on_a_full_disk_changes_nothing_and_says_so() {
    let host = furnished().await;
    host.write("falcon.wasm", changed_parrot(r#"id = "parrot""#, r#"id = "falcon""#));
    let before = state(&host).await;
    let mut room = 0;
    let mut refusals = Vec::new();
    loop {
        let (code, said) = with_room(&host, room, &["provider", "install", "falcon.wasm"]);
        if code == Some(0) {
            break;
        }
        assert_eq!(code, Some(FAILED), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
        assert!(said.to_lowercase().contains("no space"), "with room for {room} bytes: {said}");
        assert_eq!(state(&host).await, before, "with room for {room} bytes something changed: {said}");
        refusals.push(said);
        room += 32 << 10;
        assert!(room < 16 << 20, "there was room enough, and it was refused still: {refusals:#?}");
    }
    // Where it runs full differs with the room: while compiling, and while writing to the database.
    refusals.dedup();
    println!("{}", refusals.concat());
    assert!(refusals.len() > 1, "{refusals:#?}");
    assert_ne!(state(&host).await, before);
    // What the refused tries left behind is in nobody's way.
    let answer = host.succeed(&["ask", "/parrot script:items:a"]).await;
    assert!(!answer.is_empty());
}
