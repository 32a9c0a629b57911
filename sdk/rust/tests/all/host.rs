//! What a provider asks the host for, as its tests see it.

use std::time::Duration;

use autocontent_sdk::http::{self, Error, Method};
use autocontent_sdk::log::Level;
use autocontent_sdk::prelude::*;
use autocontent_sdk::settings::Value;
use autocontent_sdk::storage::{self, Scope};
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Audience, Place, log, settings, system};

mod counter {
    use super::*;

    autocontent_sdk::provider!("tests/everything.toml");

    /// Counts each member's calls.
    pub(super) struct Counter;

    impl Provider for Counter {
        type Command = Command;

        fn find(_: Request<Command>) -> Result<Page, Failure> {
            let calls = storage::increment(Scope::Member, "calls", 1)?;
            let here = storage::increment(Scope::Place, "calls", 1)?;
            Ok(Item::new("count", Kind::News).text(format!("{calls} by you, {here} here")).into())
        }
    }
}

fn count(user: &str, scope: &str) -> String {
    let audience = Audience {
        user: user.into(),
        scope: scope.into(),
        place: Place::Guild,
        locale: "en-US".into(),
        sensitive_allowed: false,
    };
    let page = Ask::new("surprise").audience(audience).find::<counter::Counter>().unwrap();
    page.items[0].text.clone().unwrap()
}

#[test]
fn stored_data_belongs_to_whom_the_call_serves() {
    let _host = Host::new();
    assert_eq!(count("ada", "guild"), "1 by you, 1 here");
    assert_eq!(count("ada", "other"), "2 by you, 1 here");
    assert_eq!(count("grace", "guild"), "1 by you, 2 here");
}

#[test]
fn storage_keeps_forgets_and_lists() {
    let host = Host::new();
    storage::set(Scope::Provider, "b:2", "two", None).unwrap();
    storage::set(Scope::Provider, "b:1", [1], Some(Duration::from_secs(60))).unwrap();
    storage::set(Scope::Provider, "a", "other", None).unwrap();
    assert_eq!(storage::keys(Scope::Provider, "b:", None, 10).unwrap(), ["b:1", "b:2"]);
    assert_eq!(storage::keys(Scope::Provider, "b:", Some("b:1"), 10).unwrap(), ["b:2"]);
    assert_eq!(storage::keys(Scope::Provider, "", None, 1).unwrap(), ["a"]);

    host.set_now(system::now() + 60_000);
    assert_eq!(storage::get(Scope::Provider, "b:1").unwrap(), None);
    storage::delete(Scope::Provider, "b:2").unwrap();
    assert_eq!(storage::keys(Scope::Provider, "b:", None, 10).unwrap(), [""; 0]);
    assert_eq!(storage::get(Scope::Member, "a").unwrap(), None);

    assert_eq!(storage::increment(Scope::Provider, "a", 1), Err(storage::Error::TooLarge), "it is no number");
    assert_eq!(storage::increment(Scope::Place, "most", i64::MAX), Ok(i64::MAX));
    assert_eq!(storage::increment(Scope::Place, "most", 1), Err(storage::Error::TooLarge), "no 64 bits hold it");
    assert_eq!(storage::set(Scope::Provider, "", "x", None), Err(storage::Error::TooLarge));
    assert_eq!(storage::set(Scope::Provider, "x", vec![0; (64 << 10) + 1], None), Err(storage::Error::TooLarge));
}

#[test]
fn recorded_answers_come_back_and_other_requests_are_denied() {
    let host = Host::new();
    host.answer("https://news.example/latest", 200, &[("content-type", "text/plain")], "Comet seen");
    host.answer_with(Method::Post, "https://news.example/latest", Err(Error::Timeout));

    let get = http::Request::get("https://news.example/latest").header("Accept", "text/plain");
    let post = http::Request::post("https://news.example/latest", "{}").timeout(Duration::from_secs(2));
    let answers = http::fetch_all(&[get.clone(), post.clone()]);
    let response = answers[0].clone().unwrap().success().unwrap();
    assert_eq!(response.header("Content-Type"), Some("text/plain"));
    assert_eq!(response.text().unwrap(), "Comet seen");
    assert_eq!(answers[1], Err(Error::Timeout));
    assert_eq!(post.timeout_ms, Some(2000));
    assert_eq!(host.requests(), [get, post]);

    let denied = http::Request::get("https://other.example/").send().unwrap_err();
    assert_eq!(denied, Error::Denied("the test has no answer to GET https://other.example/".into()));
}

#[test]
fn settings_are_read_by_their_kind() {
    let host = Host::new();
    host.set_setting("country", Value::Text("br".into()));
    host.set_setting("count", Value::Integer(3));
    host.set_setting("feeds", Value::Texts(vec!["a".into(), "b".into()]));
    assert_eq!(settings::text("country").as_deref(), Some("br"));
    assert_eq!(settings::integer("count"), Some(3));
    assert_eq!(settings::texts("feeds").unwrap(), ["a", "b"]);
    assert_eq!(settings::boolean("count"), None);
    assert_eq!(settings::number("missing"), None);
}

#[test]
fn a_new_host_knows_nothing_of_the_last() {
    let host = Host::new();
    host.set_setting("country", Value::Text("br".into()));
    host.set_now(5);
    log::warn("from the last test");
    let first = system::random(8);
    assert_eq!(host.log(), [(Level::Warn, "from the last test".to_owned())]);
    drop(host);

    assert_eq!(settings::get("country"), None);
    assert_eq!(system::now(), 1_767_225_600_000);
    let host = Host::new();
    assert_eq!(host.log(), []);
    assert_eq!(system::random(8), first);
    assert_ne!(system::random(8), first);
}

#[test]
fn recordings_answer_in_their_order_and_strictly() {
    let host = Host::new();
    host.replay(&["tests/latest.json"]);
    assert_eq!(system::now(), 1_767_268_800_000);
    let ask = |url: &str| http::Request::get(url).send();
    let page = |page| ask(&format!("https://news.example/latest?page={page}"));
    let titles = |page: Result<http::Response, Error>| page.unwrap().success().unwrap().json::<Vec<String>>().unwrap();
    assert_eq!(titles(page(1)), ["Comet seen"]);
    assert_eq!(titles(page(1)), ["Comet gone"]);
    assert_eq!(titles(page(1)), ["Comet gone"]);
    assert_eq!(page(2), Err(Error::Timeout));
    assert_eq!(page(3), Err(Error::TooLarge));
    assert!(matches!(page(4), Err(Error::Unreachable(_))));
    let Err(Error::Denied(told)) = page(5) else { panic!() };
    assert!(told.starts_with("no recording answers GET https://news.example/latest?page=5"), "{told}");
    assert!(matches!(ask("latest"), Err(Error::InvalidRequest(_))));

    let send = http::Request::post("https://news.example/votes", "7");
    assert_eq!(send.send().unwrap().header("Location"), Some("/votes/7"));
    let other = http::Request::post("https://news.example/votes", "8");
    assert!(matches!(other.send(), Err(Error::Denied(_))));

    host.answer("https://news.example/latest?page=1", 200, &[], r#"["Set by the test"]"#);
    assert_eq!(titles(page(1)), ["Set by the test"]);
    assert_eq!(host.requests().len(), 11);
}

#[test]
#[should_panic(expected = "tests/no-such-file.json")]
fn a_recording_that_is_not_there_fails_the_test() {
    Host::new().replay(&["tests/no-such-file.json"]);
}
