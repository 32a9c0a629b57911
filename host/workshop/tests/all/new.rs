//! New projects.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::Command;

use autocontent_manifest::Manifest;
use autocontent_workshop::{Language, Project, WorkshopError, check, new};

use crate::project::Folder;

fn all_texts(folder: &Path) -> String {
    let mut texts = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        texts += path.to_str().unwrap();
        if path.is_dir() {
            texts += &all_texts(&path);
        } else {
            texts += &fs::read_to_string(path).unwrap();
        }
    }
    texts
}

#[test]
fn a_new_project_has_the_authors_name_everywhere_and_a_valid_manifest() {
    for language in Language::ALL {
        let folder = Folder::new();
        let path = folder.path("my-books");
        new(&"my-books".parse().unwrap(), language, &path).unwrap();

        let project = Project::open(&path).unwrap();
        assert_eq!(project.language(), language);
        let (manifest, _) = project.manifest().unwrap();
        assert_eq!(manifest.provider.id.as_str(), "my-books", "{language}");
        assert_eq!(manifest.provider.name, "My books", "{language}");
        assert_eq!(manifest.commands.first().unwrap().name.as_str(), "my-books", "{language}");
        assert!(check(&path).unwrap().is_valid(), "{language}");

        fs::remove_dir_all(path.join(".autocontent")).unwrap();
        let texts = all_texts(&path).to_lowercase();
        assert!(!texts.contains("bookfinder"), "{language}: {texts}");
    }
}

#[test]
fn any_name_makes_a_project_whose_python_has_names_for_it() {
    for name in ["user", "none", "page", "item", "bookfinder", "my-bookfinder", "true"] {
        let folder = Folder::new();
        let path = folder.path(name);
        new(&name.parse().unwrap(), Language::Python, &path).unwrap();
        let compiled = Command::new("python3").args(["-m", "py_compile", "src/main.py"]).current_dir(&path).output();
        let compiled = compiled.unwrap();
        assert!(compiled.status.success(), "{name}: {}", String::from_utf8_lossy(&compiled.stderr));
        assert!(!folder.read(&format!("{name}/src/main.py")).contains("import User"), "{name}");
    }
}

#[test]
fn what_is_there_already_is_left_as_it_is() {
    let folder = Folder::with(&[("mine/notes.txt", b"dear diary"), ("file", b"a file")]);
    for name in ["mine", "file"] {
        let made = new(&"mine".parse().unwrap(), Language::Rust, &folder.path(name));
        assert!(matches!(made, Err(WorkshopError::Exists { .. })), "{made:?}");
    }
    assert_eq!(folder.read("mine/notes.txt"), "dear diary");
    assert_eq!(folder.path("").read_dir().unwrap().count(), 2);

    fs::create_dir(folder.path("empty")).unwrap();
    std::os::unix::fs::symlink("empty", folder.path("link")).unwrap();
    let inode = || fs::metadata(folder.path("empty")).unwrap().ino();
    let before = inode();
    new(&"mine".parse().unwrap(), Language::Rust, &folder.path("link")).unwrap();
    assert!(folder.path("empty/provider.toml").is_file());
    assert_eq!(inode(), before, "whoever is in the folder sees what was made");
    let left = folder.path("empty").read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| !name.starts_with(".autocontent-new")));
}

#[test]
fn a_command_of_the_hosts_own_is_no_providers_name() {
    let folder = Folder::new();
    for name in Manifest::RESERVED_COMMANDS {
        let made = new(&name.parse().unwrap(), Language::Rust, &folder.path(name));
        assert!(matches!(made, Err(WorkshopError::ReservedName { .. })), "{made:?}");
    }
    assert_eq!(folder.path("").read_dir().unwrap().count(), 0);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = Folder::with(&[("file", b"")]);
    let error = new(&"quotes".parse().unwrap(), Language::Rust, &folder.path("file/quotes")).unwrap_err().to_string();
    assert!(error.starts_with("could not write ") && error.contains("file/quotes"), "{error}");
}
