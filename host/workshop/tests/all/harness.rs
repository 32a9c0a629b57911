//! A provider in the harness: what members see, what is told of it, and that production's rules hold.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use autocontent_workshop::harness::{PlaceKind, Ran, Setup, StorageScope, Time, Traffic, Who};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::trying::{guest, open, playing, setup};

const CANARY: &str = "canary-5c1d9e7f";

fn member(member: u64) -> Who {
    Who { member, ..Who::default() }
}

fn title(ran: &Ran) -> &str {
    ran.reply.message.pointer("/embeds/0/title").and_then(Value::as_str).unwrap_or_default()
}

#[tokio::test]
async fn a_member_sees_what_discord_would_show_and_what_was_seen_gives_way() {
    let harness = open("parrot").await;
    let first = harness.run(&member(1), "/parrot script:items:a,b action:again").await.unwrap();
    assert_eq!((first.reply.kind, first.reply.private, title(&first)), ("post", false, "a"));
    assert_eq!(first.reply.message["components"][1]["components"][0]["custom_id"], "1.2");
    let labels: Vec<_> = first.reply.buttons.iter().map(|button| (button.id.as_str(), button.label.as_str())).collect();
    assert_eq!(labels, [("1.1", "again"), ("1.2", "Another"), ("1.3", ""), ("1.4", ""), ("1.5", ""), ("1.6", "")]);
    assert_eq!((first.usage.calls, first.usage.requests), (1, 0));
    assert_eq!(first.calls[0].answer["page"]["items"].as_array().unwrap().len(), 2, "as the provider answered it");
    let second = harness.press(&member(2), "🔁").await.unwrap();
    assert_eq!((second.reply.kind, title(&second)), ("post", "b"));
    let acted = harness.press(&member(2), "again").await.unwrap();
    assert!(acted.reply.private);
    assert_eq!(acted.reply.item.as_ref().unwrap()["text"], "again on b with b");
    let voted = harness.press(&member(2), "1.3").await.unwrap();
    assert_eq!((voted.reply.kind, voted.reply.buttons[2].label.as_str()), ("buttons", "1"));
    assert_eq!(voted.reply.buttons[2].id, "1.3", "a button that is shown again is the same");
}

#[tokio::test]
async fn buttons_of_the_host_work_as_in_production() {
    let harness = open("parrot").await;
    harness.run(&member(1), "/parrot script:items:a").await.unwrap();
    assert_eq!(harness.press(&member(1), "⭐").await.unwrap().reply.kind, "notice");
    let saved = harness.run(&member(1), "/favourites").await.unwrap();
    assert_eq!((saved.reply.kind, saved.reply.items.len()), ("items", 1));
    assert_eq!(harness.press(&member(2), "⋯").await.unwrap().reply.kind, "menu");
    let refused = harness.press(&member(2), "🗑️").await.unwrap();
    assert_eq!((refused.reply.kind, refused.reply.private), ("notice", true), "it is another member's");
    assert_eq!(harness.press(&member(1), "🗑️").await.unwrap().reply.kind, "delete");
    let error = harness.press(&member(1), "Missing").await.unwrap_err().to_string();
    assert!(error.starts_with("there is no button \"Missing\"; those that were shown last are \""), "{error}");
}

#[tokio::test]
async fn every_harness_is_like_the_last() {
    let mut told = Vec::new();
    for seed in [0, 0, 1] {
        let harness = Setup { seed, ..setup("parrot") }.open().await.unwrap();
        let ran = harness.run(&member(1), "/parrot script:items:a").await.unwrap();
        told.push(ran.reply.message.to_string());
    }
    assert_eq!(told[0], told[1], "randomness, pseudonyms and ids");
    assert_ne!(told[0], told[2]);
}

#[tokio::test]
async fn members_guilds_and_places_are_different_people_and_places() {
    let harness = open("parrot").await;
    let ask = async |who: Who| {
        let ran = harness.run(&who, "/parrot script:items:a").await.unwrap();
        let fields = ran.reply.item.unwrap()["fields"].clone();
        let field = |position: usize| fields[position]["value"].as_str().unwrap().to_owned();
        (field(0), field(1))
    };
    let (ana, guild) = ask(member(1)).await;
    let (bo, same) = ask(member(2)).await;
    assert!(ana != bo && guild == same);
    let (_, other) = ask(Who { guild: 2, ..member(1) }).await;
    let (same, dm) = ask(Who { place: PlaceKind::Dm, ..member(1) }).await;
    let (_, group) = ask(Who { place: PlaceKind::PrivateChannel, ..member(1) }).await;
    assert_eq!(same, ana);
    assert_eq!(BTreeSet::from([guild, other, dm, group]).len(), 4);
}

#[tokio::test]
async fn policy_holds_and_the_clock_goes_on_when_it_is_told_to() {
    let harness = open("parrot").await;
    let rude = "/rude-parrot script:items:a";
    assert_eq!(harness.run(&member(1), rude).await.unwrap().reply.kind, "notice");
    assert_eq!(harness.run(&Who { sensitive: true, ..member(1) }, rude).await.unwrap().reply.kind, "post");
    let patient = "/patient-parrot script:items:a";
    let at = harness.now();
    assert_eq!(at, Time::BEGINNING);
    assert_eq!(harness.run(&member(1), patient).await.unwrap().reply.kind, "post");
    assert_eq!(harness.run(&member(1), patient).await.unwrap().reply.code, Some("cooldown"));
    harness.advance(SignedDuration::from_secs(11));
    assert_eq!(harness.now(), at + SignedDuration::from_secs(11));
    assert_eq!(harness.run(&member(1), patient).await.unwrap().reply.kind, "post");
    let dm = Who { place: PlaceKind::Dm, ..member(1) };
    assert_eq!(harness.run(&dm, patient).await.unwrap().reply.kind, "notice", "it is for guilds");
    let error = harness.run(&member(1), "/parot script:a").await.unwrap_err().to_string();
    assert!(error.contains("/parrot"), "{error}");
}

#[tokio::test]
async fn what_goes_wrong_is_a_notice_for_the_member_and_a_cause_for_the_author() {
    let harness = open("probe").await;
    let mut told = String::new();
    for command in ["/panic", "/recurse", "/hoard", "/spin", "/flood", "/setting name:none"] {
        let ran = harness.run(&member(1), command).await.unwrap();
        assert_eq!(ran.reply.kind, "notice");
        told += &format!("{command}: {}: {}\n", ran.reply.code.unwrap(), ran.calls[0].answer);
    }
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn what_is_logged_is_told_once() {
    let harness = open("parrot").await;
    let ran = harness.run(&member(1), "/parrot script:log:hello items:a").await.unwrap();
    let logs: Vec<_> = ran.logs.iter().map(|log| (log.level, log.message.as_str())).collect();
    assert_eq!(logs.len(), 1);
    assert!(logs[0].0 == "warn" && logs[0].1.starts_with("hello") && !logs[0].1.contains('\u{1b}'), "{logs:?}");
    assert_eq!(harness.run(&member(1), "/parrot script:items:b").await.unwrap().logs, []);
}

#[tokio::test]
async fn choices_are_suggested_for_what_stands_there() {
    let harness = open("parrot").await;
    let suggested = harness.suggest(&member(1), "/parrot script:it", "script").await.unwrap();
    assert_eq!(suggested.choices.len(), 25);
    assert_eq!(suggested.choices[0], json!({ "label": "it", "value": "it" }));
    assert_eq!(suggested.calls[0].function, "suggest");
    let error = harness.suggest(&member(1), "/parrot", "scrip").await.unwrap_err().to_string();
    assert!(error.contains("script"), "{error}");
}

const ANSWERS: &str = r#"
    { "request": { "method": "POST", "url": "https://example.com/a", "body": "body" }, "response": { "status": 200, "text": "A" } },
    { "request": { "method": "POST", "url": "https://example.com/b", "body": "body" }, "response": { "status": 200, "text": "B" } }"#;

#[tokio::test]
async fn recordings_are_played_and_what_is_fetched_is_told() {
    let harness = playing("probe", ANSWERS).await;
    let ran = harness.run(&member(1), "/fetch").await.unwrap();
    assert_eq!(ran.reply.item.as_ref().unwrap()["text"], "A B A B");
    let fetches: Vec<_> = ran.fetches.iter().map(|fetch| (fetch.method, fetch.url.as_str(), fetch.status)).collect();
    assert_eq!(fetches[0], ("POST", "https://example.com/a", Some(200)));
    assert_eq!((fetches.len(), ran.usage.requests), (4, 4));
    assert!(ran.missing.is_empty() && harness.unasked().is_empty());
}

#[tokio::test]
async fn what_is_not_recorded_is_told_with_the_nearest() {
    let harness = playing("probe", &ANSWERS.replace("/b", "/c")).await;
    let ran = harness.run(&member(1), "/fetch").await.unwrap();
    assert_eq!(ran.reply.kind, "notice");
    assert_eq!(ran.missing.len(), 1);
    assert!(ran.missing[0].contains("where the path is /"), "{:?}", ran.missing);
    assert_eq!(harness.unasked(), ["POST https://example.com/c"]);
}

#[tokio::test]
async fn a_host_that_is_not_granted_is_denied_as_in_production() {
    let anything =
        r#"{ "request": { "method": "GET", "url": "https://example.com/" }, "response": { "status": 200 } }"#;
    let harness = playing("parrot", anything).await;
    let ran = harness.run(&member(1), "/parrot script:fetch items:a").await.unwrap();
    assert_eq!(ran.reply.kind, "notice");
    let failure = ran.calls[0].answer["failure"]["upstream"].as_str().unwrap();
    assert!(failure.contains("no HTTP is granted"), "{failure}");
    let evil = r#"{ "request": { "method": "GET", "url": "https://evil.test/" }, "response": { "status": 200 } }"#;
    let harness = playing("gossip", evil).await;
    let ran = harness.run(&member(1), "/gossip visit:https://evil.test/").await.unwrap();
    assert_eq!(ran.fetches[0].error.as_deref(), Some("denied: evil.test is not among the granted hosts"));
}

#[tokio::test]
async fn storage_can_be_looked_at_and_time_to_live_ends() {
    let harness = open("probe").await;
    harness.run(&member(1), "/keep").await.unwrap();
    let entries = async |who: Who, scope| {
        let entries = harness.storage(&who, scope).await.unwrap();
        entries.into_iter().map(|entry| (entry.key, entry.text.unwrap())).collect::<Vec<_>>()
    };
    let entry = |key: &str, text: &str| (key.to_owned(), text.to_owned());
    assert_eq!(entries(member(1), StorageScope::Provider).await, [entry("a/1", "\u{1}\u{2}\u{3}")]);
    assert_eq!(entries(member(1), StorageScope::Place).await, [entry("count", "-7")]);
    assert_eq!(entries(member(1), StorageScope::Member).await, [entry("a/1", "\t")]);
    assert_eq!(entries(member(2), StorageScope::Member).await, []);
    assert_eq!(entries(Who { guild: 2, ..member(1) }, StorageScope::Place).await, []);
    assert!(harness.storage_use().await.unwrap() > 0);
    harness.advance(SignedDuration::from_secs(61));
    assert_eq!(entries(member(1), StorageScope::Provider).await, [], "its time is over");
}

#[tokio::test]
async fn another_version_takes_over_and_the_rest_stays() {
    let harness = open("parrot").await;
    harness.run(&member(1), "/parrot script:items:a").await.unwrap();
    harness.replace(std::fs::read(guest("parrot")).unwrap()).await.unwrap();
    let next = harness.run(&member(1), "/parrot script:items:a,b").await.unwrap();
    assert_eq!(title(&next), "b", "what was seen stays seen");
    assert!(harness.replace(b"no component".to_vec()).await.is_err());
    assert_eq!(harness.run(&member(1), "/parrot script:items:c").await.unwrap().reply.kind, "post");
    let settings = BTreeMap::from([("country".to_owned(), "br".to_owned())]);
    let Err(error) = (Setup { settings, ..setup("parrot") }).open().await else { panic!("it has no setting") };
    assert!(error.to_string().contains("country"), "{error}");
}

/// A server that answers each request with all that it was sent.
fn mirror() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let (mut seen, mut piece) = (Vec::new(), [0; 4_096]);
            while !seen.windows(4).any(|end| end == b"\r\n\r\n") {
                match stream.read(&mut piece) {
                    Ok(length) if length > 0 => seen.extend_from_slice(&piece[..length]),
                    _ => break,
                }
            }
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", seen.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&seen));
        }
    });
    port
}

#[tokio::test]
async fn a_secret_is_sent_and_stands_in_no_recording_output_or_error() {
    let port = mirror();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.json");
    let secret = |name: &str| (name.to_owned(), CANARY.into());
    let setup = |secrets| Setup {
        traffic: Traffic::Recorded(file.clone()),
        development_hosts: vec![format!("127.0.0.1:{port}").parse().unwrap()],
        secrets,
        ..setup("gossip")
    };
    let harness = setup(BTreeMap::from([secret("header-key"), secret("query-key")])).open().await.unwrap();
    let ran = harness.run(&member(1), &format!("/gossip visit:http://127.0.0.1:{port}/")).await.unwrap();
    let kept = serde_json::to_string(&harness.storage(&member(1), StorageScope::Provider).await.unwrap()).unwrap();
    let (recording, told) = (std::fs::read_to_string(&file).unwrap(), serde_json::to_string(&ran).unwrap());
    assert!(recording.contains("x-key: [secret]") && recording.contains("key=[secret]"), "{recording}");
    for text in [&recording, &kept, &told] {
        assert!(!text.contains(CANARY), "{text}");
    }
    let too_short = BTreeMap::from([("header-key".to_owned(), "canary".into())]);
    let Err(error) = setup(too_short).open().await else { panic!("it is too short") };
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[tokio::test]
async fn the_clock_ends_before_time_does() {
    let late = Time::Standing(Some("9999-12-30T20:00:00Z".parse().unwrap()));
    let harness = Setup { time: late, ..setup("parrot") }.open().await.unwrap();
    let patient = "/patient-parrot script:\"items:a cache:86400\"";
    harness.run(&member(1), patient).await.unwrap();
    harness.advance(SignedDuration::MAX);
    assert_eq!(harness.run(&member(2), patient).await.unwrap().reply.kind, "post");
}

#[tokio::test]
async fn another_provider_does_not_take_the_place_of_one() {
    let harness = open("parrot").await;
    let error = harness.replace(std::fs::read(guest("probe")).unwrap()).await.unwrap_err().to_string();
    assert!(
        error.starts_with("this component is `probe`, and the provider that is tried here is `parrot`; "),
        "{error}"
    );
    assert_eq!(harness.run(&member(1), "/parrot script:items:a").await.unwrap().reply.kind, "post");
}

#[tokio::test]
async fn only_a_provider_that_takes_further_hosts_is_granted_one() {
    let grants = BTreeSet::from(["http:feeds.example.org".parse().unwrap()]);
    let Err(error) = Setup { grants: grants.clone(), ..setup("parrot") }.open().await else { panic!("granted") };
    assert!(error.to_string().contains("does not ask for"), "{error}");

    let feed = r#"{ "request": { "method": "GET", "url": "https://feeds.example.org/all.xml" }, "response": { "status": 200,
        "text": "<rss version=\"2.0\"><channel><title>All</title><item><title>Rain</title><guid>1</guid></item></channel></rss>" } }"#;
    let file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    std::fs::write(file.path(), format!("{{ \"exchanges\": [{feed}] }}")).unwrap();
    let settings = BTreeMap::from([("feeds".to_owned(), "All=https://feeds.example.org/all.xml".to_owned())]);
    let news = || Setup {
        component: std::fs::read(guest("../providers/news")).unwrap(),
        traffic: Traffic::Played(vec![file.path().to_owned()]),
        settings: settings.clone(),
        ..setup("parrot")
    };
    let denied = news().open().await.unwrap().run(&member(1), "/news latest").await.unwrap();
    assert!(denied.fetches[0].error.as_ref().unwrap().starts_with("denied: "), "{:?}", denied.fetches);
    let ran = Setup { grants, ..news() }.open().await.unwrap().run(&member(1), "/news latest").await.unwrap();
    assert_eq!(title(&ran), "Rain", "{ran:?}");
}

/// A server that takes connections and never answers; tells of each.
async fn silent() -> (u16, tokio::sync::mpsc::UnboundedReceiver<tokio::net::TcpStream>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, taken) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move { while sender.send(listener.accept().await.unwrap().0).is_ok() {} });
    (port, taken)
}

#[tokio::test]
async fn what_nobody_waited_for_is_told_and_is_none_of_the_next_commands() {
    let (port, mut taken) = silent().await;
    let setup = Setup {
        traffic: Traffic::Live,
        development_hosts: vec![format!("127.0.0.1:{port}").parse().unwrap()],
        ..setup("gossip")
    };
    let harness = setup.open().await.unwrap();
    let url = format!("http://127.0.0.1:{port}/");
    // Discord would not wait for longer than 2.5 s.
    let suggested = harness.suggest(&member(1), &format!("/gossip visit:{url}"), "visit").await.unwrap();
    assert_eq!((suggested.choices.len(), suggested.usage.calls, suggested.calls[0].function), (0, 1, "suggest"));
    assert!(suggested.calls[0].answer["fault"].as_str().unwrap().contains("nobody waited"), "{suggested:?}");
    assert!(suggested.usage.time_us >= 2_000_000);
    assert_eq!((suggested.fetches.len(), suggested.fetches[0].url.as_str()), (1, url.as_str()));
    let error = suggested.fetches[0].error.as_deref().unwrap();
    assert!(error.contains("the call ended before there was an answer"), "{error}");
    let _held = taken.recv().await.unwrap();

    // A page that goes away drops what it asked for.
    let (who, line) = (member(1), format!("/gossip visit:{url}"));
    tokio::select! {
        ran = harness.run(&who, &line) => panic!("it is never answered: {ran:?}"),
        _ = taken.recv() => {}
    }
    let next = harness.run(&member(1), "/favourites").await.unwrap();
    assert_eq!((next.calls.len(), next.fetches.len(), next.logs.len()), (0, 0, 0), "{next:?}");
}

#[tokio::test]
async fn an_id_is_found_before_a_label() {
    let harness = open("parrot").await;
    for _ in 0..2 {
        harness.run(&member(1), "/parrot script:items:a action:1.3").await.unwrap();
    }
    let voted = harness.press(&member(2), "1.3").await.unwrap();
    assert_eq!((voted.reply.kind, voted.reply.buttons[2].label.as_str()), ("buttons", "1"));
}

#[tokio::test]
async fn who_is_forgiven_neither_waits_nor_is_paused_and_the_clock_stands() {
    let harness = open("parrot").await;
    let began = harness.now();
    for _ in 0..12 {
        harness.forgive();
        let failed = harness.run(&member(1), "/patient-parrot script:panic").await.unwrap();
        assert_eq!(failed.reply.code, Some("provider_failed"));
    }
    assert_eq!(harness.now(), began);
}
