//! From a command to an item.

use std::sync::Arc;

use autocontent_content::contract::{Argument, Value, http};
use autocontent_content::{Ask, HttpSource, Reply, Settled, Trigger};
use autocontent_runtime::Http;
use autocontent_store::DeliveryState;

use crate::service::{Service, field, notice, post};

#[tokio::test]
async fn a_command_brings_an_item_and_its_delivery_is_pending_until_it_is_settled() {
    let service = Service::start().await;
    let posted = post(service.run("items:a").await);
    assert_eq!((posted.item.id.as_str(), posted.provider_name.as_str(), posted.private), ("a", "Parrot", false));
    let history = service.history().await;
    assert_eq!((history[0].id, history[0].state), (posted.delivery, DeliveryState::Pending));

    service.delivered(&posted, 500).await;
    let history = service.history().await;
    assert_eq!((history[0].state, history[0].message), (DeliveryState::Delivered, Some(500.into())));
}

#[tokio::test]
async fn a_delivery_that_failed_is_kept_with_its_reason() {
    let service = Service::start().await;
    let posted = post(service.run("items:a").await);
    service.content.settle(posted.delivery, Settled::Failed { reason: "the channel is gone".into() }).await;
    let history = service.history().await;
    assert_eq!((history[0].state, history[0].reason.as_deref()), (DeliveryState::Failed, Some("the channel is gone")));
}

#[tokio::test]
async fn nobody_is_shown_the_same_before_everything_was_shown() {
    let service = Service::start().await;
    let mut shown = Vec::new();
    for _ in 0..5 {
        shown.push(post(service.run("items:a,b,c next:x").await).item.id);
    }
    assert_eq!(shown, ["a", "b", "c", "x-a", "x-b"], "first the first page, then the next");
    shown.push(post(service.run("items:a,b,c next:x").await).item.id);
    let again = post(service.run("items:a,b,c next:x").await).item.id;
    assert_eq!((shown[5].as_str(), again.as_str()), ("x-c", "a"), "then what was shown the longest ago");
}

#[tokio::test]
async fn what_was_seen_is_shown_again_where_the_next_page_fails() {
    let service = Service::start().await;
    let script = "items:a,b next:x torn:x";
    for id in ["a", "b", "a", "b"] {
        assert_eq!(post(service.run(script).await).item.id, id);
    }
    assert_eq!(
        notice(service.run("items: next:x torn:x").await).code,
        "upstream",
        "there is nothing to be shown again"
    );
}

#[tokio::test]
async fn another_audience_and_another_host_start_know_what_was_seen() {
    let service = Service::start().await;
    assert_eq!(post(service.run("items:a,b").await).item.id, "a");
    let elsewhere = autocontent_content::Asker { guild: Some(8.into()), ..service.asker(1) };
    assert_eq!(
        post(service.run_as(&elsewhere, "parrot", "items:a,b").await).item.id,
        "a",
        "another guild has not seen it"
    );
    let service = service.restart().await;
    assert_eq!(post(service.run("items:a,b").await).item.id, "b", "the history remembers");
}

#[tokio::test]
async fn sensitive_items_are_shown_only_where_that_is_allowed() {
    let service = Service::start().await;
    assert_eq!(post(service.run("items:a,b sensitive:a").await).item.id, "b");
    assert_eq!(notice(service.run("items:a sensitive:a").await).code, "nothing_found");
    let allowed = autocontent_content::Asker { age_restricted: true, ..service.asker(1) };
    assert_eq!(post(service.run_as(&allowed, "parrot", "items:a sensitive:a").await).item.id, "a");
}

#[tokio::test]
async fn a_page_is_kept_as_long_as_its_provider_allows_and_shared_by_those_who_ask_the_same() {
    let service = Service::start().await;
    let first = post(service.run("items:a,b cache:60").await);
    let second = post(service.run_as(&service.asker(2), "parrot", "items:a,b cache:60").await);
    assert_eq!((second.item.id.as_str(), &second.item.text), ("b", &first.item.text), "the same page, not a new one");
    assert!(service.delivery(&second).await.cached);

    let portuguese = autocontent_content::Asker { locale: "pt-BR".into(), ..service.asker(1) };
    let other = post(service.run_as(&portuguese, "parrot", "items:a,b cache:60").await);
    assert_ne!(other.item.text, first.item.text, "another language is another question");

    service.clock.advance(61);
    let later = post(service.run("items:a,b,c cache:60").await);
    assert_ne!(later.item.text, first.item.text, "no longer fresh");
}

#[tokio::test]
async fn a_page_without_that_allowance_is_asked_for_again() {
    let service = Service::start().await;
    let first = post(service.run("items:a,b").await);
    let second = post(service.run("items:a,b").await);
    assert_ne!(first.item.text, second.item.text);
    assert!(!service.delivery(&second).await.cached);
}

#[tokio::test]
async fn providers_know_members_and_places_by_pseudonyms_only() {
    let service = Service::start().await;
    let asker = service.asker(123_456_789);
    let arguments = vec![
        Argument { name: "script".into(), value: Value::Text("items:a".into()) },
        Argument { name: "friend".into(), value: Value::User("987654321".into()) },
    ];
    let ask = Ask { asker: asker.clone(), command: "parrot".into(), arguments, trigger: Trigger::Command };
    let posted = post(service.content.admit(ask).unwrap().answer().await);
    let seen = format!("{:?}", posted.item.fields);
    assert!(!seen.contains("123456789") && !seen.contains("987654321"), "{seen}");
    let again = post(service.run_as(&asker, "parrot", "items:b").await);
    assert_eq!(field(&again.item, "user"), field(&posted.item, "user"), "stable for the provider");
    let friend = autocontent_content::Asker { member: Some(987_654_321.into()), ..asker };
    let friend = post(service.run_as(&friend, "parrot", "items:c").await);
    assert_eq!(field(&friend.item, "user"), field(&posted.item, "friend"), "an option's member is the member who asks");
}

#[tokio::test]
async fn what_goes_wrong_is_told_in_the_members_language_without_the_providers_words() {
    let service = Service::start().await;
    for (script, code) in [
        ("items:", "nothing_found"),
        ("fail:busy", "busy"),
        ("fail:upstream", "upstream"),
        ("fail:misconfigured", "misconfigured"),
        ("fail:internal", "provider_failed"),
        ("fail:argument", "invalid_option"),
        ("panic", "provider_failed"),
        ("fetch", "upstream"),
    ] {
        let english = notice(service.run(script).await);
        let portuguese = autocontent_content::Asker { locale: "pt-BR".into(), ..service.asker(1) };
        let portuguese = notice(service.run_as(&portuguese, "parrot", script).await);
        assert_eq!((english.code, portuguese.code), (code, code), "{script}");
        // A provider speaks of its own options in words that the host can't translate.
        assert_eq!(english.text == portuguese.text, code == "invalid_option", "{script}");
        assert!(!english.text.contains("own words") && !english.text.contains("told to"), "{}", english.text);
    }
    assert!(service.history().await.is_empty(), "nothing was delivered");
    assert!(notice(service.run("fail:busy").await).text.contains("7 s"));
}

/// Answers once it is told to.
struct SlowHttp(tokio::sync::Semaphore);

#[async_trait::async_trait]
impl Http for SlowHttp {
    async fn fetch(&self, request: http::Request) -> Result<http::Response, http::Error> {
        self.0.acquire().await.unwrap().forget();
        Ok(http::Response { status: 200, headers: Vec::new(), body: Vec::new(), url: request.url })
    }
}

#[tokio::test]
async fn a_provider_that_waits_holds_up_nobody_else() {
    let http = Arc::new(SlowHttp(tokio::sync::Semaphore::new(0)));
    let service = Service::start_with(HttpSource::Given(http.clone())).await;
    let slow = service.run("items:slow fetch");
    tokio::pin!(slow);
    tokio::select! {
        biased;
        reply = &mut slow => panic!("answered without its source: {reply:?}"),
        reply = service.run("items:quick") => assert_eq!(post(reply).item.id, "quick"),
    }
    http.0.add_permits(1);
    assert_eq!(post(slow.await).item.id, "slow");
}

#[tokio::test]
async fn an_operators_preview_uses_every_installed_provider_and_is_recorded_as_such() {
    let service = Service::start().await;
    let (command, arguments) = service.content.read_line(None, "/rude-parrot script:\"items:a\"").unwrap();
    let asker =
        autocontent_content::Asker { account: None, member: None, guild: None, channel: None, ..service.asker(1) };
    let ask = Ask { asker, command, arguments, trigger: Trigger::Preview };
    let Reply::Post(posted) = service.content.admit(ask).unwrap().answer().await else { panic!("no post") };
    let history = service.history().await;
    assert_eq!((history[0].id, history[0].trigger, history[0].member), (posted.delivery, Trigger::Preview, None));
}
