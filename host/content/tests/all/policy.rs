//! Who may ask for what.

use autocontent_content::contract::{Argument, Place, Value};
use autocontent_content::{Actor, Ask, Asker, Trigger};

use crate::service::{Service, add_account, notice, post};

#[tokio::test]
async fn unknown_commands_and_those_of_providers_that_are_not_enabled_are_refused() {
    let service = Service::start().await;
    assert_eq!(notice(service.run_as(&service.asker(1), "owl", "").await).code, "unknown_command");
    let other = add_account(&service.store, &service.content, "other").await;
    let elsewhere = Asker { account: Some(other), ..service.asker(1) };
    assert_eq!(notice(service.run_as(&elsewhere, "parrot", "items:a").await).code, "unknown_command");

    service.content.disable(service.account, &"parrot".parse().unwrap(), &Actor::host()).await.unwrap();
    assert_eq!(post(service.run("items:a").await).item.id, "a", "until the service is told");
    service.content.reload().await.unwrap();
    assert_eq!(notice(service.run("items:a").await).code, "unknown_command");
}

#[tokio::test]
async fn a_command_works_only_in_the_places_that_its_manifest_names() {
    let service = Service::start().await;
    let direct = Asker { guild: None, place: Place::BotDm, ..service.asker(1) };
    assert_eq!(notice(service.run_as(&direct, "patient-parrot", "items:a").await).code, "wrong_place");
    assert_eq!(post(service.run_as(&direct, "parrot", "items:a").await).item.id, "a");
}

#[tokio::test]
async fn a_sensitive_command_works_only_where_that_is_allowed() {
    let service = Service::start().await;
    assert_eq!(notice(service.run_as(&service.asker(1), "rude-parrot", "items:a").await).code, "age_restricted");
    let allowed = Asker { age_restricted: true, ..service.asker(1) };
    assert_eq!(post(service.run_as(&allowed, "rude-parrot", "items:a").await).item.id, "a");
}

#[tokio::test]
async fn a_cooldown_holds_one_member_and_one_command_and_says_how_long() {
    let service = Service::start().await;
    let (ana, rui) = (service.asker(1), service.asker(2));
    post(service.run_as(&ana, "patient-parrot", "items:a,b,c").await);
    service.clock.advance(3);
    let refusal = notice(service.run_as(&ana, "patient-parrot", "items:a,b,c").await);
    assert_eq!((refusal.code, refusal.text.as_str()), ("cooldown", "You can use this command again in 7 s."));
    post(service.run_as(&rui, "patient-parrot", "items:a,b,c").await);
    post(service.run_as(&ana, "parrot", "items:d").await);
    service.clock.advance(7);
    post(service.run_as(&ana, "patient-parrot", "items:a,b,c").await);
}

#[tokio::test]
async fn a_cooldown_counts_only_where_the_member_got_something() {
    let service = Service::start().await;
    let asker = service.asker(1);
    assert_eq!(notice(service.run_as(&asker, "patient-parrot", "fail:upstream").await).code, "upstream");
    post(service.run_as(&asker, "patient-parrot", "items:a").await);
}

#[tokio::test]
async fn of_commands_at_the_same_moment_one_is_admitted() {
    let service = Service::start().await;
    let ask = || Ask {
        asker: service.asker(1),
        command: "patient-parrot".into(),
        arguments: vec![Argument { name: "script".into(), value: Value::Text("items:a".into()) }],
        trigger: Trigger::Command,
    };
    let admitted = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| service.content.admit(ask()).is_ok())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).filter(|admitted| *admitted).count()
    });
    assert_eq!(admitted, 1);
}

#[tokio::test]
async fn options_that_do_not_fit_the_manifest_are_named() {
    let service = Service::start().await;
    let admit = |arguments: Vec<(&str, Value)>| {
        let arguments = arguments.into_iter().map(|(name, value)| Argument { name: name.into(), value }).collect();
        let ask = Ask { asker: service.asker(1), command: "parrot".into(), arguments, trigger: Trigger::Command };
        service.content.admit(ask).map(|_| ()).unwrap_err()
    };
    let missing = admit(vec![]);
    assert_eq!((missing.code, missing.text.contains("`script`")), ("missing_option", true));
    let unknown = admit(vec![("script", Value::Text("items:a".into())), ("sript", Value::Text("x".into()))]);
    assert_eq!((unknown.code, unknown.text.contains("`sript`")), ("unknown_option", true));
    let mistyped = admit(vec![("script", Value::Integer(3))]);
    assert_eq!((mistyped.code, mistyped.text.contains("`script`")), ("invalid_option", true));
}
