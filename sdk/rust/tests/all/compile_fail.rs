//! Mistakes that the compiler should explain.

use std::fs;
use std::path::Path;

#[test]
fn mistakes_are_explained_where_they_are() {
    // Paths of manifests begin beside Cargo.toml, which for these cases is the one that trybuild writes.
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("tests/trybuild/autocontent-sdk");
    fs::create_dir_all(&project).unwrap();
    for entry in fs::read_dir("tests/compile-fail").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            fs::copy(&path, project.join(path.file_name().unwrap())).unwrap();
        }
    }
    trybuild::TestCases::new().compile_fail("tests/compile-fail/*.rs");
}
