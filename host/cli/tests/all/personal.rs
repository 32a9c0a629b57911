//! What is kept about a member or a guild: shown, erased, and deleted when it is old.

use autocontent_manifest::ByteSize;
use autocontent_store::{
    DataOwner, DeliveryId, GuildId, HistoryFilter, MemberId, NewDelivery, NewFavourite, NewItem, StorageAddress,
    StorageKey, Store, Trigger, Vote,
};
use insta::assert_snapshot;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::components;
use crate::host::Host;

const NINA: MemberId = MemberId::new(7);

/// A delivery to Nina.
fn delivery(at: Timestamp, guild: Option<GuildId>) -> NewDelivery {
    let item = NewItem {
        item: "one".to_owned(),
        kind: "quote".to_owned(),
        title: None,
        url: None,
        json: r#"{"id":"one","text":"Courage."}"#.to_owned(),
    };
    NewDelivery {
        id: DeliveryId::new(at, [1; 10]),
        account: None,
        provider: "quote".parse().unwrap(),
        digest: format!("sha256:{}", "a".repeat(64)).parse().unwrap(),
        command: "quote".to_owned(),
        arguments: r#"[{"name":"topic","value":{"text":"courage"}}]"#.to_owned(),
        trigger: Trigger::Command,
        member: Some(NINA),
        guild,
        channel: None,
        audience: "guild:1".to_owned(),
        locale: "pt-BR".to_owned(),
        sensitive_allowed: false,
        next: None,
        cached: false,
        created_at: at,
        items: vec![item],
    }
}

async fn keep(store: &Store, owner: DataOwner, key: &str, value: &[u8], expires_at: Option<Timestamp>) {
    let address = StorageAddress { provider: "parrot".parse().unwrap(), owner, key: StorageKey::new(key).unwrap() };
    store.set_value(address, value.to_vec(), expires_at, ByteSize::mib(1), Timestamp::UNIX_EPOCH).await.unwrap();
}

#[tokio::test]
async fn a_member_is_told_what_is_kept_and_forgotten() {
    let host = Host::new();
    host.succeed(&["account", "list"]).await;
    let store = host.store().await;
    let (first, second): (Timestamp, Timestamp) =
        ("2026-11-01T10:00:00Z".parse().unwrap(), "2026-11-02T10:00:00Z".parse().unwrap());
    let (public, private) = (delivery(first, Some(GuildId::new(1))), delivery(second, None));
    for new in [&public, &private] {
        store.record(new.clone()).await.unwrap();
        store.vote(new.id, NINA, Vote::Up, second).await.unwrap();
    }
    store.report(public.id, NINA, second).await.unwrap();
    let item = NewFavourite {
        member: NINA,
        provider: "quote".parse().unwrap(),
        item: "one".to_owned(),
        delivery: public.id,
        json: r#"{"id":"one"}"#.to_owned(),
    };
    store.toggle_favourite(item, second).await.unwrap();
    keep(&store, DataOwner::Member(NINA), "score", b"3", None).await;
    keep(&store, DataOwner::Member(NINA), "raw", &[0, 255], None).await;
    keep(&store, DataOwner::Guild(GuildId::new(1)), "score", b"30", None).await;
    store.close().await;

    let told = host.json(&["export", "--member", "7"]).await;
    let delivered = |new: &NewDelivery, guild: Option<&str>| {
        json!({
            "kept": "delivery", "delivery": new.id, "at": new.created_at, "provider": "quote", "command": "quote",
            "arguments": [{ "name": "topic", "value": { "text": "courage" } }], "trigger": "command", "locale": "pt-BR",
            "guild": guild, "channel": null, "message": null, "state": "pending",
            "items": [{ "id": "one", "text": "Courage." }],
        })
    };
    let vote = |new: &NewDelivery| json!({ "kept": "vote", "delivery": new.id, "vote": "up", "at": second });
    let entry = |key, encoding, value| json!({ "kept": "storage", "provider": "parrot", "owner": "member:7", "key": key, "encoding": encoding, "value": value, "expires_at": null });
    let expected = [
        delivered(&private, None),
        delivered(&public, Some("1")),
        vote(&public),
        vote(&private),
        json!({ "kept": "report", "delivery": public.id, "at": second }),
        json!({ "kept": "favourite", "provider": "quote", "delivery": public.id, "item": { "id": "one" }, "at": second }),
        entry("raw", "base64", "AP8="),
        entry("score", "text", "3"),
    ];
    assert_eq!(told, expected);

    for wrong in [&["erase", "--yes"][..], &["erase", "--member", "7", "--guild", "1", "--yes"]] {
        assert_eq!(host.run(wrong).await.code, Some(2));
    }
    let mut transcript = String::new();
    for command in [
        &["erase", "--member", "7"][..],
        &["erase", "--member", "nina", "--yes"],
        &["erase", "--member", "7", "--yes"],
        &["export", "--member", "7"],
        &["erase", "--guild", "1", "--yes"],
        &["erase", "--guild", "1", "--yes"],
    ] {
        transcript += &host.run(command).await.transcript(command);
    }
    assert_snapshot!(transcript, @r"
    $ autocontent erase --member 7
    autocontent: what is erased can't be brought back: say --yes if all that is kept about member 7 shall go

    $ autocontent erase --member nina --yes
    error: invalid value 'nina' for '--member <ID>': `nina` is no member id: Discord's ids are numbers

    For more information, try '--help'.

    $ autocontent erase --member 7 --yes
    deliveries erased: 1, deliveries in guilds made anonymous: 1, votes erased: 2, reports erased: 1, favourites erased: 1, entries of providers erased: 2

    $ autocontent export --member 7

    $ autocontent erase --guild 1 --yes
    deliveries erased: 1, entries of providers erased: 1

    $ autocontent erase --guild 1 --yes
    nothing was kept
    ");
    let store = host.store().await;
    assert_eq!(store.history(&HistoryFilter::default()).await.unwrap(), []);
}

#[tokio::test]
async fn a_serving_host_deletes_what_is_too_old() {
    let host = Host::new().with("AUTOCONTENT_LOG", "autocontent=debug").with("AUTOCONTENT_CONFIG", "settings.toml");
    host.write("settings.toml", "history-days = 30\n");
    host.succeed(&["provider", "install", components::path("parrot").to_str().unwrap()]).await;
    let store = host.store().await;
    #[expect(clippy::disallowed_methods, reason = "the host has the system's clock")]
    let now = Timestamp::now();
    let days = |days: i64| now - SignedDuration::from_hours(24 * days);
    let (old, young) = (delivery(days(31), None), delivery(days(29), None));
    for new in [&old, &young] {
        store.record(new.clone()).await.unwrap();
    }
    keep(&store, DataOwner::Provider, "over", b"", Some(days(1))).await;
    keep(&store, DataOwner::Provider, "still", b"", Some(days(-1))).await;
    let serving = host.serve().await;
    let deleted = serving.logged("deleted what was too old").await;
    assert_eq!((&deleted["deliveries"], &deleted["entries"]), (&json!(1), &json!(1)));
    let left: Vec<_> = store.history(&HistoryFilter::default()).await.unwrap().iter().map(|one| one.id).collect();
    assert_eq!(left, [young.id]);
    serving.stop().await;
}
