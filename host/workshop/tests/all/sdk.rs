//! The SDK in a project's folder.

use std::fs;

use autocontent_workshop::{Project, sdk};

use crate::project::Folder;

const MARK: &str = ".autocontent/sdk/unpacked-by";
const SOURCE: &str = ".autocontent/sdk/rust/src/lib.rs";

fn project() -> (Folder, Project) {
    let folder = Folder::with(&[("provider.toml", b""), ("Cargo.toml", b"")]);
    let project = Project::open(&folder.path("")).unwrap();
    (folder, project)
}

#[test]
fn it_is_unpacked_once() {
    let (folder, project) = project();
    assert!(sdk::unpack(&project).unwrap());
    let source = folder.read(SOURCE);
    assert!(source.starts_with("//! Write content providers"));
    assert!(!sdk::unpack(&project).unwrap());
    // Nothing is left of the unpacking.
    assert_eq!(folder.path(".autocontent").read_dir().unwrap().count(), 1);
}

#[test]
fn one_of_another_version_or_with_something_missing_is_unpacked_anew() {
    let (folder, project) = project();
    sdk::unpack(&project).unwrap();
    let (mark, source) = (folder.read(MARK), folder.read(SOURCE));

    folder.write(MARK, "autocontent 0.0.1 0123456789abcdef\n");
    folder.write(".autocontent/sdk/rust/src/old.rs", "of an older version");
    assert!(sdk::unpack(&project).unwrap());
    assert!(!folder.path(".autocontent/sdk/rust/src/old.rs").exists());

    fs::remove_file(folder.path(SOURCE)).unwrap();
    assert!(sdk::unpack(&project).unwrap());
    folder.write(SOURCE, "half");
    assert!(sdk::unpack(&project).unwrap());
    assert_eq!((folder.read(MARK), folder.read(SOURCE)), (mark, source));
    assert_eq!(folder.path(".autocontent").read_dir().unwrap().count(), 1);
}

#[test]
fn many_at_once_leave_one_whole_sdk() {
    let (folder, project) = project();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| sdk::unpack(&project).unwrap());
        }
    });
    assert!(!sdk::unpack(&project).unwrap());
    assert_eq!(folder.path(".autocontent").read_dir().unwrap().count(), 1);
}

#[test]
fn its_workspace_has_the_versions_of_ours_and_nothing_of_the_host() {
    let (folder, project) = project();
    sdk::unpack(&project).unwrap();
    let workspace: toml::Table = folder.read(".autocontent/sdk/Cargo.toml").parse().unwrap();
    let dependencies = |workspace: &toml::Table| workspace["workspace"]["dependencies"].as_table().unwrap().clone();
    let ours: toml::Table = include_str!("../../../../Cargo.toml").parse().unwrap();
    let ours = dependencies(&ours);
    for (name, dependency) in dependencies(&workspace) {
        match dependency.get("path") {
            Some(path) => assert!(folder.path(".autocontent/sdk").join(path.as_str().unwrap()).is_dir(), "{name}"),
            None => assert_eq!(dependency, ours[&name], "{name}"),
        }
    }
}
