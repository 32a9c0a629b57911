//! Folders that are projects, and components for them.

use std::fs;
use std::path::{Path, PathBuf};

use autocontent_workshop::{Language, Project, WorkshopError};
use tempfile::TempDir;

/// A project's folder that is gone with it.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// A folder with these files.
    pub(crate) fn with(files: &[(&str, &[u8])]) -> Folder {
        let folder = Folder::new();
        for (name, content) in files {
            folder.write(name, content);
        }
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        // Some systems' temporary folders are links.
        self.0.path().canonicalize().unwrap().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }
}

/// A manifest with `more` at its end, and `option` among its command's option's keys.
pub(crate) fn manifest(option: &str, more: &str) -> String {
    format!(
        r#"[provider]
id = "quotes"
name = "Quotes"
version = "1.0.0"
description = "Tells quotations"
license = "MIT"
contract = "1.0"
kinds = ["quote"]

[[command]]
name = "quotes"
description = "A quotation"
[[command.option]]
name = "topic"
kind = "text"
description = "What about"
{option}
{more}"#
    )
}

/// A core module that imports these interfaces and exports `find`, and `suggest` if told to.
pub(crate) fn module(imports: &[&str], suggests: bool) -> Vec<u8> {
    let imports: String = imports
        .iter()
        .map(|name| {
            let function = match *name {
                "http" => r#""fetch-all" (func (param i32 i32 i32))"#,
                "storage" => r#""get" (func (param i32 i32 i32 i32))"#,
                "settings" => r#""get" (func (param i32 i32 i32))"#,
                "log" => r#""write" (func (param i32 i32 i32))"#,
                _ => r#""now" (func (result i64))"#,
            };
            format!(r#"(import "autocontent:provider/{name}@1.0.0" {function})"#)
        })
        .collect();
    let suggest = r#"(func (export "autocontent:provider/suggestions@1.0.0#suggest")
        (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) unreachable)"#;
    let text = format!(
        r#"(module {imports}
            (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
            (func (export "autocontent:provider/content@1.0.0#find") (param i32) (result i32) unreachable)
            {})"#,
        if suggests { suggest } else { "" }
    );
    wat::parse_str(text).unwrap()
}

fn open(folder: &Path) -> Result<Language, String> {
    Project::open(folder).map(|project| project.language()).map_err(|error| error.to_string())
}

#[test]
fn a_project_is_found_from_any_folder_in_it_and_its_language_told_by_its_files() {
    for (file, language) in [
        ("Cargo.toml", Language::Rust),
        ("package.json", Language::JavaScript),
        ("pyproject.toml", Language::Python),
        ("src/provider.c", Language::C),
    ] {
        let folder = Folder::with(&[("provider.toml", b""), (file, b""), ("src/deep/file", b"")]);
        assert_eq!(open(&folder.path("src/deep")), Ok(language));
        assert_eq!(Project::open(&folder.path("src")).unwrap().folder(), folder.path(""));
    }
}

#[test]
fn what_is_no_project_is_said_to_be_none() {
    let folder = Folder::with(&[("Cargo.toml", b"")]);
    let Err(WorkshopError::NoProject { folder: searched }) = Project::open(&folder.path("")) else { panic!() };
    assert_eq!(searched, folder.path("").canonicalize().unwrap());
    assert!(open(&folder.path("missing")).unwrap_err().contains("could not read"));
    folder.write("provider.toml", "");
    fs::remove_file(folder.path("Cargo.toml")).unwrap();
    assert!(open(&folder.path("")).unwrap_err().starts_with("could not tell the language of the provider in "));
}
