//! Puts the SDKs and the templates into the program: what stands in sdk/ and examples/ when it is built.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a build script fails by panicking")]

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

/// What an author's build needs of sdk/, as far as it is there.
const SDKS: [&str; 9] = ["rust", "macros", "manifest", "recordings", "testing", "wit", "javascript", "python", "c"];

/// The languages whose template is `examples/bookfinder-LANGUAGE`.
const TEMPLATES: [&str; 4] = ["rust", "javascript", "python", "c"];

/// What tools leave behind, which is nobody's source.
const LEFT_BEHIND: [&str; 11] = [
    ".autocontent",
    ".pytest_cache",
    ".venv",
    "Cargo.lock",
    "__pycache__",
    "build",
    "dist",
    "node_modules",
    "package-lock.json",
    "target",
    "uv.lock",
];

struct File {
    /// Where it goes, with slashes.
    path: String,
    content: Content,
}

enum Content {
    Of(PathBuf),
    Text(String),
}

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../..").canonicalize().unwrap();
    let mut sdk = Vec::new();
    for name in SDKS {
        let folder = root.join("sdk").join(name);
        // The SDKs' own tests are of no use to an author.
        collect(&folder, name, &|path| path == folder.join("tests"), &mut sdk);
    }
    sdk.push(File { path: "Cargo.toml".into(), content: Content::Text(workspace(&root)) });

    let mut code = String::new();
    writeln!(code, "const STAMP: &str = {:?};", stamp(&sdk)).unwrap();
    writeln!(code, "const SDK: &[File] = {};", list(&sdk)).unwrap();
    writeln!(code, "/// The template in a language.").unwrap();
    writeln!(code, "pub(crate) fn template(language: Language) -> &'static [File] {{ match language {{").unwrap();
    for (language, variant) in TEMPLATES.iter().zip(["Rust", "JavaScript", "Python", "C"]) {
        let mut template = Vec::new();
        collect(&root.join("examples").join(format!("bookfinder-{language}")), "", &|_| false, &mut template);
        assert!(!template.is_empty(), "examples/ has no template in {language}");
        writeln!(code, "Language::{variant} => {},", list(&template)).unwrap();
    }
    writeln!(code, "}} }}").unwrap();
    fs::write(PathBuf::from(env::var_os("OUT_DIR").unwrap()).join("carried.rs"), code).unwrap();
    println!("cargo::rerun-if-changed=build.rs");
}

/// Adds the files of a folder, and tells cargo to look at them. Whether nothing in it was left out.
fn collect(folder: &Path, name: &str, left_out: &dyn Fn(&Path) -> bool, files: &mut Vec<File>) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return true };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a folder of the sources").path()).collect();
    paths.sort();
    let mut whole = true;
    for path in paths {
        let own = path.file_name().unwrap().to_str().expect("a name in UTF-8").to_owned();
        if LEFT_BEHIND.contains(&own.as_str()) || own.ends_with(".egg-info") || left_out(&path) {
            whole = false;
            continue;
        }
        let name = if name.is_empty() { own } else { format!("{name}/{own}") };
        if path.is_dir() {
            whole &= collect(&path, &name, left_out, files);
        } else {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(File { path: name, content: Content::Of(path) });
        }
    }
    // Of a folder cargo looks at all that is in it.
    if whole {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    whole
}

/// The workspace that the Rust crates of the SDK are in: what they take over from the root's, so that no version is
/// written twice.
fn workspace(root: &Path) -> String {
    let path = root.join("Cargo.toml");
    println!("cargo::rerun-if-changed={}", path.display());
    let mut whole: toml::Table = read(&path);
    let mut root_workspace = table(whole.remove("workspace"));
    let known = table(root_workspace.remove("dependencies"));
    let crates: Vec<&str> =
        SDKS.into_iter().filter(|name| root.join("sdk").join(name).join("Cargo.toml").is_file()).collect();

    let mut dependencies = toml::Table::new();
    for name in crates.iter().flat_map(|name| inherited(&read(&root.join("sdk").join(name).join("Cargo.toml")))) {
        let mut dependency =
            known.get(&name).cloned().unwrap_or_else(|| panic!("the workspace has no dependency {name}"));
        if let Some(path) = dependency.get_mut("path") {
            let own = path
                .as_str()
                .and_then(|path| path.strip_prefix("sdk/"))
                .expect("the SDK depends on nothing of the host");
            *path = own.into();
        }
        dependencies.insert(name, dependency);
    }
    // What the SDK's own code is warned of is none of the author's business.
    let lints: toml::Table = toml::from_str("rust = { warnings = \"allow\" }").unwrap();
    let workspace = toml::Table::from_iter([
        ("resolver".to_owned(), root_workspace.remove("resolver").unwrap()),
        ("members".to_owned(), crates.into()),
        ("package".to_owned(), root_workspace.remove("package").unwrap()),
        ("dependencies".to_owned(), dependencies.into()),
        ("lints".to_owned(), lints.into()),
    ]);
    toml::to_string(&toml::Table::from_iter([("workspace".to_owned(), workspace.into())])).unwrap()
}

/// The dependencies that a crate takes from its workspace, each once over all crates.
fn inherited(package: &toml::Table) -> BTreeSet<String> {
    const KINDS: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

    let targets = package.get("target").and_then(toml::Value::as_table);
    let tables = std::iter::once(package)
        .chain(targets.into_iter().flat_map(|all| all.values().filter_map(toml::Value::as_table)));
    let dependencies = tables.flat_map(|table| KINDS.iter().filter_map(|kind| table.get(*kind)?.as_table())).flatten();
    let from_workspace =
        |dependency: &toml::Value| dependency.get("workspace").and_then(toml::Value::as_bool) == Some(true);
    dependencies.filter(|(_, dependency)| from_workspace(dependency)).map(|(name, _)| name.clone()).collect()
}

fn read(path: &Path) -> toml::Table {
    fs::read_to_string(path).unwrap().parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn table(value: Option<toml::Value>) -> toml::Table {
    match value {
        Some(toml::Value::Table(table)) => table,
        _ => panic!("the root Cargo.toml lacks a table"),
    }
}

/// Version and content: another SDK has another one.
fn stamp(files: &[File]) -> String {
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.path.hash(&mut hasher);
        match &file.content {
            Content::Of(path) => fs::read(path).unwrap().hash(&mut hasher),
            Content::Text(text) => text.hash(&mut hasher),
        }
    }
    format!("autocontent {} {:016x}\n", env::var("CARGO_PKG_VERSION").unwrap(), hasher.finish())
}

/// The files as Rust.
fn list(files: &[File]) -> String {
    let mut code = String::from("&[");
    for File { path, content } in files {
        match content {
            Content::Of(source) => write!(code, "File {{ path: {path:?}, content: include_bytes!({source:?}) }},"),
            Content::Text(text) => write!(code, "File {{ path: {path:?}, content: {text:?}.as_bytes() }},"),
        }
        .unwrap();
    }
    code + "]"
}
