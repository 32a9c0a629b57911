//! The way of an author who writes in Rust: from nothing to a component, and what is said where something is wrong.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use autocontent_sources::testing::Registry;
use tempfile::TempDir;
use tokio::process::Command;

use crate::components;
use crate::host::Outcome;

/// The first build compiles the SDK and all that it depends on.
const PATIENCE: Duration = Duration::from_secs(900);

/// A folder that an author works in, and the environment that they have.
struct Author {
    folder: PathBuf,
    home: TempDir,
    path: String,
}

impl Author {
    /// The folder is the same in each run, so that cargo does not keep what it built for others.
    fn new(name: &str) -> Author {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Author { folder, home: tempfile::tempdir().unwrap(), path: std::env::var("PATH").unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Replaces a text in a file.
    fn edit(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert!(text.contains(old), "{text}");
        fs::write(self.path(name), text.replace(old, new)).unwrap();
    }

    /// Puts a program before all others.
    fn put_on_path(&mut self, program: &str, script: &str) {
        let folder = self.home.path().join("bin");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(program), format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(folder.join(program), fs::Permissions::from_mode(0o755)).unwrap();
        if !self.path.starts_with(folder.to_str().unwrap()) {
            self.path = format!("{}:{}", folder.display(), self.path);
        }
    }

    /// Runs `autocontent provider …` in a folder.
    async fn provider(&self, folder: &str, arguments: &[&str]) -> Outcome {
        let program = env!("CARGO_BIN_EXE_autocontent");
        self.run(program, folder, &[&["provider"], arguments].concat()).await
    }

    async fn succeed(&self, folder: &str, arguments: &[&str]) -> String {
        let outcome = self.provider(folder, arguments).await;
        assert_eq!(outcome.code, Some(0), "{arguments:?}: {outcome:#?}");
        outcome.stdout
    }

    async fn run(&self, program: &str, folder: &str, arguments: &[&str]) -> Outcome {
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(self.path(folder))
            .env("PATH", &self.path)
            .env("AUTOCONTENT_DATA", self.home.path().join("data"))
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("authors-target"))
            // There, no snapshot is kept unasked.
            .env_remove("CI")
            // What the cargo that runs this test has set for it.
            .env_remove("CARGO")
            .env_remove("RUSTC")
            .kill_on_drop(true);
        let output = tokio::time::timeout(PATIENCE, command.output()).await.unwrap().unwrap();
        Outcome {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// What is said of a command that must fail, in one line or a few.
fn failure(outcome: &Outcome) -> &str {
    assert_eq!(outcome.code, Some(1), "{outcome:#?}");
    let (_, said) = outcome.stderr.split_once("autocontent: ").unwrap_or_else(|| panic!("{outcome:#?}"));
    said
}

#[tokio::test]
async fn a_newcomer_gets_from_nothing_to_a_published_provider_in_rust() {
    let author = Author::new("newcomer");
    let made = author.succeed("", &["new", "my-books"]).await;
    assert!(made.starts_with("made my-books in my-books, in Rust; next:\n  cd my-books\n"), "{made}");
    let said = author.succeed("my-books", &["check"]).await;
    assert_eq!(said, "advice: dist: nothing is built yet; `autocontent provider build` does\nprovider.toml is valid\n");

    let outcome = author.provider("my-books/src", &["build"]).await;
    assert_eq!(outcome.code, Some(0), "{outcome:#?}");
    assert!(outcome.stdout.starts_with("my-books 1.0.0 is in "), "{outcome:#?}");
    assert!(outcome.stderr.contains("Compiling my-books-provider"), "{outcome:#?}");
    let said = author.succeed("my-books", &["check"]).await;
    assert_eq!(said, "provider.toml and dist/my-books.wasm are valid\n");

    let tried = author.succeed("my-books", &["test", "--examples"]).await;
    assert_eq!(tried, "kept    /my-books title:dune\n        in snapshots/my-books-title-dune.json\n");
    author.edit("my-books/snapshots/my-books-title-dune.json", "\"Dune\"", "\"Another\"");
    let differs = author.provider("my-books", &["test", "--examples"]).await;
    assert!(differs.code == Some(1) && differs.stdout.starts_with("differs /my-books title:dune\n"), "{differs:#?}");
    assert!(differs.stdout.contains("        -        \"title\": \"Another\",\n"), "{differs:#?}");
    author.succeed("my-books", &["test", "--examples", "--update"]).await;
    assert_eq!(author.succeed("my-books", &["test", "--examples"]).await, "same    /my-books title:dune\n");
    let shown = author.succeed("my-books", &["run", "/my-books title:dune", "--press", "🔁"]).await;
    assert!(shown.starts_with("▎ Dune\n") && shown.contains("presses [🔁]\n\n▎ "), "{shown}");
    let outcome = author.provider("my-books", &["run", "/my-books title:other"]).await;
    let nearest = "the nearest is exchange 1 of recordings/examples.json, where `q` is \"dune\" and not \"other\"";
    assert!(failure(&outcome).contains(nearest), "{outcome:#?}");

    let about = author.succeed("my-books", &["inspect", "dist/my-books.wasm", "--json"]).await;
    let about: serde_json::Value = serde_json::from_str(&about).unwrap();
    assert!(about["size_bytes"].as_u64().unwrap() <= 400_000, "{about}");
    assert!(!about["imports"].to_string().contains("wasi"), "{about}");
    assert_eq!(about["asks"], serde_json::json!(["http:openlibrary.org"]));

    let registry = Registry::start().await;
    let published = author.succeed("my-books", &["publish", &registry.reference("ana/my-books:1.0.0")]).await;
    assert!(published.contains("\npublished oci://127.0.0.1:"), "{published}");

    let tests = author.run("cargo", "my-books", &["test", "--quiet"]).await;
    assert!(tests.code == Some(0) && tests.stdout.contains("test result: ok. 6 passed"), "{tests:#?}");
}

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
    let manifest = include_str!("../../../runtime/guests/parrot/provider.toml");
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
