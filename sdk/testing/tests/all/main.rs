//! What is said where there is no program to run providers. That it runs them is tested with the program, in `host/cli`.

use std::env;
use std::process::Command;

use autocontent_testing::Setup;

#[test]
fn a_program_that_is_missing_is_named_with_what_to_do() {
    let Err(error) = Setup::project(".").program("/nowhere/autocontent").open() else { unreachable!() };
    let said = error.to_string();
    assert!(said.starts_with("could not start `/nowhere/autocontent`, which runs providers for tests: "), "{said}");
    assert!(
        said.ends_with("install autocontent, or name its program in the environment variable AUTOCONTENT"),
        "{said}"
    );
    assert_eq!(format!("{error:?}"), said, "so that `unwrap` shows the sentence");
}

#[test]
fn another_program_is_found_out() {
    // It prints what it was called with, and ends.
    let Err(error) = Setup::project(".").program("/bin/echo").open() else { unreachable!() };
    assert!(error.to_string().contains("is AUTOCONTENT another program?"), "{error}");
    let Err(error) = Setup::project(".").program("/bin/true").open() else { unreachable!() };
    assert!(error.to_string().starts_with("`autocontent provider harness` ended (exit status: 0)"), "{error}");
}

/// The variable is the whole program's, so the test runs itself again to set it.
#[test]
fn the_environment_has_the_first_recording_written_anew() {
    const NAME: &str = "the_environment_has_the_first_recording_written_anew";
    let recording = env::var_os("AUTOCONTENT_RECORD").is_some();
    if !recording {
        let again =
            Command::new(env::current_exe().unwrap()).args(["--exact", NAME]).env("AUTOCONTENT_RECORD", "1").status();
        assert!(again.unwrap().success());
    }
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/echo.sh");
    let setup = Setup::project("/books").program(program).recording("first.json").recording("second.json");
    let Err(error) = setup.grant("http:feeds.example.org").open() else { unreachable!() };
    let asked = error.to_string().replace('\\', "");
    assert!(asked.contains(r#""grants":["http:feeds.example.org"]"#), "{asked}");
    let (record, recordings) = match recording {
        true => (r#""record":"/books/first.json""#, r#""recordings":null"#),
        false => (r#""record":null"#, r#""recordings":["/books/first.json","/books/second.json"]"#),
    };
    assert!(asked.contains(record) && asked.contains(recordings), "{asked}");
}
