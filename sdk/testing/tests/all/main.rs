//! What is said where there is no program to run providers. That it runs them is tested with the program, in `host/cli`.

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
