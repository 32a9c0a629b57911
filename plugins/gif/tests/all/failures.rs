//! What goes wrong, and who is told.

use autocontent_sdk::Failure;

use super::{about_cats, ask, find, played};

#[test]
fn a_wrong_key_tells_the_operator_which_secret_to_fill_in() {
    let _host = played("failures/wrong-key");
    insta::assert_debug_snapshot!([find(&about_cats()).unwrap_err(), find(&ask()).unwrap_err()]);
}

#[test]
fn too_many_requests_means_busy_for_as_long_as_giphy_says() {
    let _host = played("failures/too-many");
    assert_eq!(find(&about_cats()), Err(Failure::Busy(Some(60))));
}

#[test]
fn malformed_answers_and_none_are_the_upstreams() {
    let _host = played("failures/malformed");
    insta::assert_debug_snapshot!([find(&about_cats()).unwrap_err(), find(&ask()).unwrap_err()]);
    let _host = played("failures/time-out");
    assert_eq!(find(&about_cats()), Err(Failure::Upstream("no answer in time".into())));
}

#[test]
fn what_brings_nothing_is_not_found_and_what_is_too_long_for_giphy_is_told_to_the_member() {
    let _host = played("failures/nothing");
    assert_eq!(find(&about_cats()), Err(Failure::NothingFound));
    let long = ask().argument("topic", "🐈".repeat(50));
    assert_eq!(find(&long), Err(Failure::invalid_argument("topic", "use fewer words")));
}

#[test]
fn an_option_that_is_none_is_refused() {
    let answer = find(&ask().argument("topic", 3));
    assert_eq!(answer, Err(Failure::invalid_argument("topic", "must be text")));
}

#[test]
fn a_cursor_that_is_none_is_the_providers_own_fault() {
    assert!(matches!(find(&ask().cursor(Some("x".into()))), Err(Failure::Internal(_))));
}
