//! What is said to an author where something is wrong or missing.

use std::fs;

use super::{Author, failure};
use crate::components;

#[tokio::test]
async fn what_is_wrong_is_said_with_its_file_and_line_and_what_was_built_stays() {
    let author = Author::new("mistaken");
    author.succeed("", &["new", "quotes"]).await;
    author.succeed("quotes", &["build"]).await;
    let component = || fs::read(author.path("quotes/dist/quotes.wasm")).unwrap();
    let built = component();

    author.edit("quotes/src/lib.rs", "page_number(request.cursor", "page_nummer(request.cursor");
    let outcome = author.provider("quotes", &["build"]).await;
    assert!(outcome.stderr.contains("cannot find function `page_nummer`"), "{outcome:#?}");
    assert!(outcome.stderr.contains("--> src/lib.rs:"), "{outcome:#?}");
    assert!(failure(&outcome).starts_with("`cargo build` failed (exit status: 101); "), "{outcome:#?}");
    author.edit("quotes/src/lib.rs", "page_nummer", "page_number");

    author.edit("quotes/provider.toml", "kind = \"text\"", "kind = \"txt\"");
    let outcome = author.provider("quotes", &["build"]).await;
    assert!(failure(&outcome).starts_with("provider.toml:"), "{outcome:#?}");
    assert!(failure(&outcome).contains(": command.option.kind: \"txt\" is not a kind of option; "), "{outcome:#?}");
    assert!(!outcome.stderr.contains("building"), "{outcome:#?}");
    author.edit("quotes/provider.toml", "\"txt\"", "\"text\"");

    author.edit("quotes/provider.toml", "required = true", "required = true\nautocomplete = true");
    let outcome = author.provider("quotes", &["build"]).await;
    assert!(outcome.stderr.contains("provider.toml marks an option `autocomplete`: write `suggest`"), "{outcome:#?}");
    failure(&outcome);
    author.edit("quotes/provider.toml", "\nautocomplete = true", "");

    author.edit("quotes/Cargo.toml", "\"cdylib\", ", "");
    let outcome = author.provider("quotes", &["build"]).await;
    assert!(failure(&outcome).starts_with("cargo made no component; give Cargo.toml a library"), "{outcome:#?}");
    assert!(component() == built, "what was built is another");
}

#[tokio::test]
async fn a_name_that_is_none_or_a_folder_with_something_in_it_is_refused() {
    let author = Author::new("unlucky");
    fs::create_dir(author.path("taken")).unwrap();
    fs::write(author.path("taken/notes.txt"), "dear diary").unwrap();
    for name in ["", "a", "Books", "my books", "../books", "bücher", &"b".repeat(33)] {
        let outcome = author.provider("", &["new", name]).await;
        assert_eq!(outcome.code, Some(2), "{outcome:#?}");
        assert!(outcome.stderr.contains("use 2 to 32 of a-z, 0-9 and -, beginning with a letter"), "{outcome:#?}");
    }
    let outcome = author.provider("", &["new", "books", "--language", "cobol"]).await;
    assert!(outcome.code == Some(2) && outcome.stderr.contains("[possible values: rust, "), "{outcome:#?}");
    let outcome = author.provider("", &["new", "favourites"]).await;
    assert_eq!(failure(&outcome), "`/favourites` is a command of the host's own; choose another name\n");
    for arguments in [&["new", "taken"][..], &["new", "books", "--path", "taken"]] {
        let outcome = author.provider("", arguments).await;
        let said = "taken is there already, and nothing in it was changed; choose another name, or another folder with --path\n";
        assert_eq!(failure(&outcome), said);
    }
    assert_eq!(author.read("taken/notes.txt"), "dear diary");
    assert_eq!(author.folder.read_dir().unwrap().count(), 1);
}

#[tokio::test]
async fn outside_of_a_project_it_is_said_how_to_make_one() {
    let home = tempfile::tempdir().unwrap();
    let author = Author { folder: home.path().to_owned(), ..Author::new("lost") };
    for command in [&["build"][..], &["check"], &["publish", "oci://localhost:1/books:1"]] {
        let said = author.provider("", command).await;
        let said = failure(&said);
        assert!(said.starts_with("there is no provider.toml in ") && said.contains("provider new NAME"), "{said}");
    }
    fs::write(author.path("provider.toml"), "").unwrap();
    let said = author.provider("", &["build"]).await;
    assert!(failure(&said).starts_with("could not tell the language of the provider in "), "{said:#?}");
}

#[tokio::test]
async fn a_tool_that_is_missing_is_named_with_how_to_get_it() {
    let mut author = Author::new("toolless");
    author.succeed("", &["new", "quotes"]).await;
    author.path = author.home.path().display().to_string();
    let said = author.provider("quotes", &["build"]).await;
    assert_eq!(
        failure(&said),
        "a provider in Rust is built by cargo, which is not on PATH; install Rust from https://rustup.rs, open a new terminal and try again\n"
    );
}

#[tokio::test]
async fn the_target_is_added_where_rust_lacks_it() {
    let mut author = Author::new("untargeted");
    author.succeed("", &["new", "quotes"]).await;
    // So that cargo, which comes next, has nothing to do.
    fs::write(author.path("quotes/Cargo.toml"), "[workspace").unwrap();
    let library = author.home.path().join("wasm32").display().to_string();
    author.put_on_path("rustc", &format!("echo {library}"));
    author.put_on_path("rustup", &format!("echo \"info: $@\" >&2; mkdir {library}"));
    let outcome = author.provider("quotes", &["build"]).await;
    let expected = "adding the target wasm32-unknown-unknown to Rust\ninfo: target add wasm32-unknown-unknown\n";
    assert!(outcome.stderr.contains(expected), "{outcome:#?}");
    assert!(failure(&outcome).starts_with("`cargo build` failed"), "{outcome:#?}");

    fs::remove_dir(&library).unwrap();
    author.put_on_path("rustup", "echo no network >&2; exit 1");
    let outcome = author.provider("quotes", &["build"]).await;
    assert!(outcome.stderr.contains("no network"), "{outcome:#?}");
    assert!(
        failure(&outcome).contains("which has no standard library for wasm32-unknown-unknown; install that target")
    );
}

#[tokio::test]
async fn what_another_tool_made_is_packed() {
    let author = Author::new("packer");
    fs::write(author.path("made.wasm"), components::bytes("parrot")).unwrap();
    let about = author.succeed("", &["inspect", "made.wasm", "--json"]).await;
    assert!(about.contains("\"id\": \"parrot\""), "{about}");
    let manifest = include_str!("../../../../runtime/guests/parrot/provider.toml");
    fs::write(author.path("provider.toml"), manifest.replace("id = \"parrot\"", "id = \"macaw\"")).unwrap();
    let said = author.succeed("", &["pack", "made.wasm"]).await;
    assert!(said.starts_with("macaw 1.0.0 is in macaw.wasm ("), "{said}");
    let about = author.succeed("", &["inspect", "macaw.wasm", "--json"]).await;
    assert!(about.contains("\"id\": \"macaw\""), "{about}");

    let outcome = author.provider("", &["pack", "provider.toml"]).await;
    assert!(failure(&outcome).ends_with("this is no WebAssembly; give the module or component that a compiler made\n"));
    let outcome = author.provider("", &["pack", "made.wasm", "--output", "made.wasm/macaw.wasm"]).await;
    assert!(failure(&outcome).starts_with("could not write made.wasm/macaw.wasm: "), "{outcome:#?}");
}
