//! A provider's life: installed, granted, tried, upgraded, taken back, set up, removed.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use autocontent_content::contract::{Argument, Value, http};
use autocontent_content::{Actor, Advance, Ask, Asker, HttpSource, OperateError, Reply, SettingSource, Trigger};
use autocontent_manifest::{Capability, ProviderId, SettingValue};
use autocontent_runtime::Http;
use autocontent_store::{Action, NotificationKind};
use tokio::sync::Semaphore;

use crate::edited::edited;
use crate::service::{Service, add_account, guest, notice, post};

fn parrot() -> ProviderId {
    "parrot".parse().unwrap()
}

fn ana() -> Actor {
    Actor::operator("ana")
}

fn capabilities(texts: &[&str]) -> BTreeSet<Capability> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// The parrot in this version, with this among its manifest's sections and this example.
fn version(version: &str, sections: &str, example: &str) -> Vec<u8> {
    edited(
        &guest("parrot"),
        &[
            ("version = \"1.0.0\"", &format!("version = \"{version}\"")),
            ("[[example]]", &format!("{sections}\n[[example]]")),
            ("/parrot script:items:a", example),
        ],
    )
}

/// A version that asks for schedule, or for this host too.
fn asking(number: &str, host: Option<&str>) -> Vec<u8> {
    let http = host.map(|host| format!("[capabilities]\nhttp = [\"{host}\"]")).unwrap_or_default();
    version(number, &format!("[triggers]\nschedule = true\n{http}"), "/parrot script:items:a")
}

/// The versions: current, previous, waiting.
async fn versions(service: &Service) -> [Option<String>; 3] {
    let versions = service.store.versions_of(&parrot()).await.unwrap();
    [versions.current, versions.previous, versions.waiting].map(|version| version.map(|one| one.version.to_string()))
}

fn some(version: &str) -> Option<String> {
    Some(version.to_owned())
}

async fn kinds(service: &Service) -> Vec<NotificationKind> {
    service.store.notifications().await.unwrap().into_iter().map(|one| one.kind).collect()
}

#[tokio::test]
async fn a_version_waits_until_all_that_it_asks_for_is_granted() {
    let service = Service::start().await;
    let installation = service.install(asking("1.1.0", Some("a.example"))).await.unwrap();
    let missing = capabilities(&["http:a.example", "schedule"]);
    assert_eq!(installation.advance, Advance::Waits { missing });
    assert_eq!(versions(&service).await, [some("1.0.0"), None, some("1.1.0")]);
    assert_eq!(kinds(&service).await, [NotificationKind::Waits]);

    let outcome = service.content.grant(&parrot(), &capabilities(&["schedule"]), &ana()).await.unwrap();
    assert_eq!(outcome.advance, Advance::Waits { missing: capabilities(&["http:a.example"]) });
    let outcome = service.content.grant(&parrot(), &BTreeSet::new(), &ana()).await.unwrap();
    assert_eq!(outcome.advance, Advance::Serves);
    assert_eq!(versions(&service).await, [some("1.1.0"), some("1.0.0"), None]);
    assert_eq!(kinds(&service).await, [], "what was told is settled");
    service.content.reload().await.unwrap();
    assert_eq!(post(service.run("items:a").await).item.id, "a");
}

#[tokio::test]
async fn a_first_version_that_waits_is_not_enabled() {
    let service = Service::start().await;
    let owl = edited(&asking("1.0.0", None), &[("id = \"parrot\"", "id = \"owl\"")]);
    service.install(owl).await.unwrap();
    let owl = "owl".parse().unwrap();
    let refusal = service.content.enable(service.account, &owl, &ana()).await.unwrap_err();
    assert!(matches!(refusal, OperateError::Waits(_)), "{refusal}");
    assert!(service.content.reload().await.unwrap().is_empty());
    service.content.remove(&owl, &ana()).await.unwrap();
    assert_eq!(service.store.versions().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_upgrade_takes_over_what_the_version_before_was_granted() {
    let service = Service::start().await;
    service.install(asking("1.1.0", Some("*.a.example"))).await.unwrap();
    service.content.grant(&parrot(), &BTreeSet::new(), &ana()).await.unwrap();
    assert_eq!(service.install(asking("1.2.0", Some("x.a.example"))).await.unwrap().advance, Advance::Serves);
    let grants = service.content.grants(&parrot()).await.unwrap();
    assert_eq!(grants[0].version.version.to_string(), "1.2.0");
    assert_eq!(grants[0].in_force, capabilities(&["http:x.a.example", "schedule"]));

    // What was revoked is not taken over, and neither is what is wider.
    service.content.revoke(&parrot(), &capabilities(&["schedule"]), &ana()).await.unwrap();
    let missing = capabilities(&["http:*.a.example", "schedule"]);
    let installation = service.install(asking("1.3.0", Some("*.a.example"))).await.unwrap();
    assert_eq!(installation.advance, Advance::Waits { missing });
}

#[tokio::test]
async fn a_version_whose_example_fails_is_given_up_and_the_one_before_serves() {
    let service = Service::start().await;
    for (number, script, reason) in
        [("1.1.0", "panic", "the provider crashed: "), ("1.2.0", "fail:internal", "it says: told to")]
    {
        let refusal = service.install(version(number, "", &format!("/parrot script:{script}"))).await.unwrap_err();
        let said = refusal.to_string();
        let begin =
            format!("{number} of `parrot` was given up: its example `/parrot script:{script}` failed ({reason}");
        assert!(said.starts_with(&begin), "{said}");
        assert!(said.ends_with("; 1.0.0 goes on serving"), "{said}");
        assert_eq!(versions(&service).await, [some("1.0.0"), None, None]);
    }
    assert_eq!(kinds(&service).await, [NotificationKind::SmokeFailed]);
    let told = &service.store.notifications().await.unwrap()[0];
    assert!(told.times == 2 && told.detail.contains("1.2.0"), "{told:?}");
    assert!(service.content.reload().await.unwrap().is_empty());
    assert_eq!(post(service.run("items:a").await).item.id, "a");
    let actions: Vec<_> =
        service.store.audit(Some("parrot"), 2).await.unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, [Action::Drop, Action::Install]);

    // Nothing of it stays, and it may be tried again once it is better.
    let better = service.install(version("1.2.0", "", "/parrot script:items:b")).await.unwrap();
    assert_eq!(better.advance, Advance::Serves);
    assert_eq!(kinds(&service).await, []);
}

#[tokio::test]
async fn what_a_source_or_an_operator_is_to_blame_for_does_not_fail_a_version() {
    let service = Service::start().await;
    for (minor, script) in
        (1..).zip(["fail:upstream", "fail:busy", "fail:misconfigured", "fail:argument", "nothing", "fetch"])
    {
        let number = format!("1.{minor}.0");
        let installed = service.install(version(&number, "", &format!("/parrot script:{script}"))).await.unwrap();
        assert_eq!(installed.advance, Advance::Serves, "{script}");
        assert_eq!(versions(&service).await[0], some(&number));
    }
}

#[tokio::test]
async fn the_way_back_leads_to_the_version_before_and_forward_again() {
    let service = Service::start().await;
    let refusal = service.content.roll_back(&parrot(), &ana()).await.unwrap_err();
    assert!(matches!(refusal, OperateError::NoWayBack(_)), "{refusal}");
    service.install(version("1.1.0", "", "/parrot script:items:a")).await.unwrap();
    for (serves, before) in [("1.0.0", "1.1.0"), ("1.1.0", "1.0.0")] {
        assert_eq!(service.content.roll_back(&parrot(), &ana()).await.unwrap().version.to_string(), serves);
        assert_eq!(versions(&service).await, [some(serves), some(before), None]);
    }
    let entries = service.store.audit(None, 100).await.unwrap();
    assert_eq!(entries[0].action, Action::RollBack);
    assert_eq!(entries[0].actor, ana());
}

#[tokio::test]
async fn what_is_not_asked_for_is_not_granted_and_what_was_not_granted_is_not_revoked() {
    let service = Service::start().await;
    service.install(asking("1.1.0", Some("a.example"))).await.unwrap();
    let refused = |texts: &'static [&'static str]| {
        let service = &service;
        async move { service.content.grant(&parrot(), &capabilities(texts), &ana()).await.unwrap_err().to_string() }
    };
    let asks = "1.1.0 of `parrot` does not ask for `http:b.example`; it asks for http:a.example, schedule";
    assert_eq!(refused(&["http:b.example", "schedule"]).await, asks);
    assert!(refused(&["plain-http:b.example"]).await.contains("does not ask for `plain-http:b.example`"));
    assert!(refused(&["storage:1024"]).await.contains("does not ask for `storage:1024`"));
    let revoke = service.content.revoke(&parrot(), &capabilities(&["schedule"]), &ana()).await.unwrap_err();
    assert_eq!(revoke.to_string(), "`parrot` was not granted schedule; it was granted nothing");
    assert_eq!(service.store.grants().await.unwrap(), []);

    // Plain HTTP widens what is asked for.
    let all = capabilities(&["plain-http:a.example", "http:a.example", "schedule"]);
    assert_eq!(service.content.grant(&parrot(), &all, &ana()).await.unwrap().advance, Advance::Serves);
    assert_eq!(service.content.grants(&parrot()).await.unwrap()[0].in_force, all);
    assert_eq!(service.content.revoke(&parrot(), &BTreeSet::new(), &ana()).await.unwrap(), all);
    assert_eq!(service.content.grants(&parrot()).await.unwrap()[0].in_force, BTreeSet::new());
}

/// A source that answers once it is told to.
struct Slow(Semaphore);

#[async_trait]
impl Http for Slow {
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error> {
        self.0.acquire().await.unwrap().forget();
        Ok(http::Response { status: 200, headers: Vec::new(), body: Vec::new(), url: request.url })
    }
}

#[tokio::test]
async fn a_call_in_flight_ends_on_the_version_that_it_began_on() {
    let source = Arc::new(Slow(Semaphore::new(0)));
    let service = Service::start_with(HttpSource::Given(source.clone())).await;
    let old = service.store.installed().await.unwrap()[0].digest.clone();
    let slow = service.run("items:slow fetch");
    tokio::pin!(slow);
    tokio::select! {
        biased;
        reply = &mut slow => panic!("answered without its source: {reply:?}"),
        () = async {
            service.install(version("1.1.0", "", "/parrot script:items:a")).await.unwrap();
            service.content.reload().await.unwrap();
        } => {}
    }
    let new = post(service.run("items:new").await);
    source.0.add_permits(1);
    let slow = post(slow.await);
    assert_eq!(service.delivery(&slow).await.digest, old);
    assert_ne!(service.delivery(&new).await.digest, old);
}

const SETTINGS: &str = "\
[[setting]]
name = \"country\"
kind = \"text\"
default = \"us\"
choices = [\"us\", \"br\", \"gb\"]
description = \"Edition\"
[[setting]]
name = \"count\"
kind = \"integer\"
min = 1
description = \"How many\"
";

/// With the probe, which tells its settings.
async fn with_settings() -> Service {
    let service = Service::start().await;
    let probe = edited(&guest("probe"), &[("[[command]]", &format!("{SETTINGS}[[command]]"))]);
    service.install(probe).await.unwrap();
    let probe = "probe".parse().unwrap();
    service.content.grant(&probe, &BTreeSet::new(), &ana()).await.unwrap();
    service.content.enable(service.account, &probe, &ana()).await.unwrap();
    service.content.reload().await.unwrap();
    service
}

/// What the probe is given for a setting, or the notice's code.
async fn given(service: &Service, asker: &Asker, name: &str) -> String {
    // The command rests between two calls.
    service.clock.advance(3_600);
    let arguments = vec![Argument { name: "name".into(), value: Value::Text(name.into()) }];
    let ask = Ask { asker: asker.clone(), command: "setting".into(), arguments, trigger: Trigger::Command };
    match service.content.admit(ask).unwrap().answer().await {
        Reply::Post(post) => post.item.text.clone().unwrap(),
        other => notice(other).code.to_owned(),
    }
}

#[tokio::test]
async fn a_call_gets_its_accounts_settings_else_those_for_all_else_the_defaults() {
    let service = with_settings().await;
    let probe: ProviderId = "probe".parse().unwrap();
    let other = add_account(&service.store, &service.content, "other").await;
    service.content.enable(other, &probe, &ana()).await.unwrap();
    let (mine, theirs) = (service.asker(1), Asker { account: Some(other), ..service.asker(1) });
    service.content.reload().await.unwrap();
    assert_eq!(given(&service, &mine, "country").await, r#"Value::Text("us")"#);
    assert_eq!(given(&service, &mine, "count").await, "misconfigured");
    let country = || "country".parse().unwrap();
    let set = async |account, value: &str| {
        service.content.set(&probe, account, &[(country(), value.to_owned())], &ana()).await.unwrap();
        assert!(service.content.reload().await.unwrap().is_empty());
    };
    set(None, "br").await;
    set(Some(other), "gb").await;
    assert_eq!(given(&service, &mine, "country").await, r#"Value::Text("br")"#);
    assert_eq!(given(&service, &theirs, "country").await, r#"Value::Text("gb")"#);
    let state = service.content.settings(&probe, Some(other)).await.unwrap();
    assert_eq!((&state[0].value, state[0].source), (&Some(SettingValue::Text("gb".into())), SettingSource::Account));
    assert_eq!((&state[1].value, state[1].source), (&None, SettingSource::Nowhere));
    service.content.unset(&probe, Some(other), &[country()], &ana()).await.unwrap();
    service.content.reload().await.unwrap();
    assert_eq!(given(&service, &theirs, "country").await, r#"Value::Text("br")"#);
}

#[tokio::test]
async fn a_setting_that_is_not_there_or_takes_no_such_value_changes_nothing() {
    let service = with_settings().await;
    let probe: ProviderId = "probe".parse().unwrap();
    let before = (service.store.revision().await.unwrap(), service.store.audit(None, 100).await.unwrap());
    let set = async |values: &[(&str, &str)]| {
        let values: Vec<_> = values.iter().map(|(name, value)| (name.parse().unwrap(), (*value).to_owned())).collect();
        service.content.set(&probe, None, &values, &ana()).await.unwrap_err().to_string()
    };
    assert_eq!(set(&[("colour", "red")]).await, "`probe` has no setting `colour`; it has country, count");
    assert_eq!(
        set(&[("country", "br"), ("count", "0")]).await,
        "the setting `count` of `probe` does not take this: 0 is out of range; use 1 or more"
    );
    let unset = service.content.unset(&probe, None, &["country".parse().unwrap()], &ana()).await.unwrap_err();
    assert_eq!(unset.to_string(), "`country` of `probe` is not set there, so nothing was changed");
    assert_eq!((service.store.revision().await.unwrap(), service.store.audit(None, 100).await.unwrap()), before);
    assert_eq!(service.store.settings().await.unwrap(), []);
}

#[tokio::test]
async fn a_page_from_memory_is_shared_only_where_everything_is_set_up_alike() {
    let service = Service::start().await;
    let set_up = version("1.1.0", SETTINGS, "/parrot script:items:a");
    service.install(set_up).await.unwrap();
    let other = add_account(&service.store, &service.content, "other").await;
    service.content.enable(other, &parrot(), &ana()).await.unwrap();
    service.content.reload().await.unwrap();
    let mine = service.asker(1);
    let theirs = Asker { account: Some(other), ..service.asker(1) };
    let told = async |asker: &Asker| post(service.run_as(asker, "parrot", "items:a cache:60").await).item.text;
    assert_eq!(told(&mine).await, told(&theirs).await);
    let value = [("country".parse().unwrap(), "br".to_owned())];
    service.content.set(&parrot(), Some(other), &value, &ana()).await.unwrap();
    service.content.reload().await.unwrap();
    assert_ne!(told(&mine).await, told(&theirs).await);
}
