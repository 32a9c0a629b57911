use autocontent_content::contract::{ActionStyle, Blob, Choice, Field, Item, Link, Media, Rating, Value};
use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;

const LARGEST_FILE: u64 = 1_000;

/// The length as Discord's limits count it, by the strictest reading: UTF-16 units.
fn length(json: &Json) -> usize {
    json.as_str().map_or(0, |text| text.encode_utf16().count())
}

/// Everything about a message that Discord would refuse.
fn faults(message: &Json) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |good: bool, what: &str| {
        if !good {
            faults.push(what.to_owned());
        }
    };
    let list = |json: &Json| json.as_array().cloned().unwrap_or_default();
    check(message["allowed_mentions"] == serde_json::json!({"parse": []}), "it may mention somebody");
    check(length(&message["content"]) <= 2_000, "content is too long");
    let embeds = list(&message["embeds"]);
    check(embeds.len() <= 10, "too many embeds");
    let mut total = 0;
    for embed in &embeds {
        let fields = list(&embed["fields"]);
        let texts = [
            (&embed["title"], 256, "title"),
            (&embed["description"], 4_096, "description"),
            (&embed["author"]["name"], 256, "author"),
            (&embed["footer"]["text"], 2_048, "footer"),
        ];
        let of_fields =
            fields.iter().flat_map(|field| [(&field["name"], 256, "field"), (&field["value"], 1_024, "value")]);
        for (text, limit, what) in texts.into_iter().chain(of_fields) {
            check(length(text) <= limit, &format!("{what} is too long"));
            check(text.as_str().is_none_or(|text| !text.trim().is_empty()), &format!("{what} is blank"));
            total += length(text);
        }
        check(fields.len() <= 25, "too many fields");
        check(
            fields.iter().all(|field| field["name"].is_string() && field["value"].is_string()),
            "a field lacks something",
        );
        check(embed["color"].is_null() || embed["color"].as_u64().is_some_and(|colour| colour <= 0xFF_FF_FF), "colour");
        let attached = |url: &str| {
            let names = list(&message["attachments"]);
            url.strip_prefix("attachment://").is_some_and(|name| names.iter().any(|file| file["filename"] == name))
        };
        for url in [&embed["url"], &embed["image"]["url"], &embed["thumbnail"]["url"], &embed["author"]["url"]] {
            let web = |url: &str| url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
            check(url.as_str().is_none_or(|url| (web(url) && url.len() <= 2_048) || attached(url)), "an address");
        }
        let seen = ["title", "description", "fields", "image", "thumbnail", "author"];
        check(seen.iter().any(|part| !embed[part].is_null()), "an embed shows nothing");
        check(
            embed["timestamp"].is_null() || embed["timestamp"].as_str().is_some_and(|at| at.len() <= 35),
            "timestamp",
        );
    }
    check(total <= 6_000, "the embeds are too long in all");
    let rows = list(&message["components"]);
    check(rows.len() <= 5, "too many rows");
    let mut ids = Vec::new();
    for button in rows.iter().flat_map(|row| list(&row["components"])) {
        let id = button["custom_id"].as_str().unwrap_or_default().to_owned();
        check((1..=100).contains(&id.encode_utf16().count()) && !ids.contains(&id), "a custom_id");
        ids.push(id);
        check(length(&button["label"]) <= 80, "a label is too long");
        let blank = button["label"].as_str().is_none_or(|label| label.trim().is_empty());
        check(!blank || button["emoji"].is_object(), "a button shows nothing");
    }
    check(rows.iter().all(|row| (1..=5).contains(&list(&row["components"]).len())), "a row's length");
    check(!(embeds.is_empty() && length(&message["content"]) == 0), "it is empty");
    faults
}

fn json(message: Message) -> Json {
    serde_json::from_slice(&message.follow_up().unwrap().json).unwrap()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just(" \n\t".to_owned()),
        "\\PC{0,40}",
        "(@everyone |<@1>|\\*\\*a\\*\\*|👩‍👩‍👧|e\u{301}|😀){0,400}",
        (1_usize..9_000).prop_map(|length| "x".repeat(length)),
    ]
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("https://example.org/cat.png".to_owned()),
        Just("https://example.org/film.mp4?x=1".to_owned()),
        Just("javascript:alert(1)".to_owned()),
        (1_usize..4_000).prop_map(|length| format!("https://example.org/{}", "a".repeat(length))),
        text(),
    ]
}

fn link() -> impl Strategy<Value = Link> {
    (text(), option(address())).prop_map(|(label, url)| Link { label, url })
}

fn media() -> impl Strategy<Value = Media> {
    let blob = (text(), prop_oneof![Just("image/png"), Just("audio/ogg"), Just("")], 0_usize..1_100);
    prop_oneof![
        address().prop_map(Media::Url),
        blob.prop_map(|(file_name, mime, size)| Media::Blob(Blob {
            file_name,
            mime: mime.into(),
            data: vec![0; size]
        })),
    ]
}

prop_compose! {
    fn item()(
        texts in (option(text()), option(text()), option(address()), option(address())),
        media in option(media()),
        links in (option(link()), option(link())),
        fields in prop::collection::vec((text(), text(), any::<bool>()), 0..40),
        numbers in (option(any::<u32>()), option(any::<u64>())),
    ) -> Item {
        Item {
            id: "1".into(), kind: "meme".into(),
            title: texts.0, text: texts.1, url: texts.2, thumbnail: texts.3,
            media, author: links.0, source: links.1,
            fields: fields.into_iter().map(|(name, value, inline)| Field { name, value, inline }).collect(),
            color: numbers.0, published: numbers.1,
            tags: Vec::new(), rating: Rating::Everyone, actions: Vec::new(), state: None,
        }
    }
}

fn option<S: Strategy>(some: S) -> impl Strategy<Value = Option<S::Value>> {
    prop::option::of(some)
}

fn some_rows() -> impl Strategy<Value = Vec<ButtonRow>> {
    let id = prop_oneof!["[a-c]{0,2}", (90_usize..120).prop_map(|length| "i".repeat(length))];
    let button = (id, text(), prop::option::of(Just("👍"))).prop_map(|(id, label, emoji)| Button {
        id,
        label,
        emoji,
        style: ActionStyle::Danger,
    });
    prop::collection::vec(prop::collection::vec(button, 0..8), 0..8)
}

fn post(item: Item, rows: Vec<ButtonRow>, provider_name: String) -> Post {
    let delivery = autocontent_content::DeliveryId::from_bytes([1; 16]);
    Post { delivery, item, provider_name, rows, private: false }
}

fn notice(text: String) -> Notice {
    Notice { text, code: "test" }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_a_provider_answers_is_taken_by_discord(item in item(), rows in some_rows(), provider in text()) {
        let message = Message::post(&post(item, rows, provider), LARGEST_FILE);
        for file in &message.files {
            prop_assert!(file.data.len() <= 1_000 && !file.name.is_empty() && file.name.len() <= 100);
            prop_assert!(file.name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)));
        }
        prop_assert_eq!(faults(&json(message)), Vec::<String>::new());
    }

    #[test]
    fn whatever_is_in_a_list_is_taken_by_discord(items in prop::collection::vec(item(), 0..14), said in text()) {
        prop_assert_eq!(faults(&json(Message::items(&notice(said), &items))), Vec::<String>::new());
    }

    #[test]
    fn whatever_is_in_a_menu_is_taken_by_discord(rows in some_rows(), said in text()) {
        prop_assert_eq!(faults(&json(Message::menu(&notice(said), &rows))), Vec::<String>::new());
    }

    #[test]
    fn whatever_is_suggested_is_taken_by_discord(labels in prop::collection::vec((text(), text()), 0..40)) {
        let mut suggested: Vec<Choice> =
            labels.into_iter().map(|(label, value)| Choice { label, value: Value::Text(value) }).collect();
        suggested.push(Choice { label: "n".into(), value: Value::Number(f64::NAN) });
        let json: Json = serde_json::from_slice(&choices(&suggested).unwrap().json).unwrap();
        let made = json["data"]["choices"].as_array().unwrap().clone();
        prop_assert!(made.len() <= 25);
        for choice in &made {
            let of_text = choice["value"].is_number() || (1..=100).contains(&length(&choice["value"]));
            prop_assert!((1..=100).contains(&length(&choice["name"])) && of_text);
        }
    }
}

fn quote() -> Item {
    Item {
        id: "1".into(),
        kind: "quote".into(),
        title: None,
        text: Some("> All the world's a stage".into()),
        url: None,
        media: None,
        thumbnail: None,
        author: Some(Link { label: "William Shakespeare".into(), url: None }),
        source: Some(Link { label: "As You Like It".into(), url: Some("https://example.org/ayli".into()) }),
        fields: vec![Field { name: "Act".into(), value: "II".into(), inline: true }],
        color: Some(0x33_66_99),
        published: Some(0),
        tags: Vec::new(),
        rating: Rating::Everyone,
        actions: Vec::new(),
        state: None,
    }
}

#[test]
fn a_quote_becomes_an_embed_with_its_author_source_and_provider() {
    let row = vec![Button { id: "x".into(), label: String::new(), emoji: Some("👍"), style: ActionStyle::Secondary }];
    let message = Message::post(&post(quote(), vec![row], "Quotes".into()), LARGEST_FILE);
    assert_eq!(
        json(message),
        serde_json::json!({
            "embeds": [{
                "type": "rich",
                "description": "> All the world's a stage\n-# [As You Like It](https://example.org/ayli)",
                "author": {"name": "William Shakespeare"},
                "fields": [{"name": "Act", "value": "II", "inline": true}],
                "footer": {"text": "Quotes"},
                "color": 0x33_66_99,
                "timestamp": "1970-01-01T00:00:00Z",
            }],
            "components": [{"type": 1, "components": [
                {"type": 2, "style": 2, "custom_id": "x", "emoji": {"name": "👍"}, "disabled": false}
            ]}],
            "allowed_mentions": {"parse": []},
        })
    );
}

#[test]
fn a_file_is_attached_and_shown_and_one_too_large_is_left_out() {
    let blob = |size| Media::Blob(Blob { file_name: "ca t.png".into(), mime: "image/png".into(), data: vec![1; size] });
    let with = |size| Message::post(&post(Item { media: Some(blob(size)), ..quote() }, Vec::new(), String::new()), 100);
    let message = with(100);
    assert!(message.has_files());
    let json_of = json(message);
    assert_eq!(json_of["attachments"], serde_json::json!([{"id": 0, "filename": "ca_t.png"}]));
    assert_eq!(json_of["embeds"][0]["image"]["url"], "attachment://ca_t.png");
    let without = with(101);
    assert!(!without.has_files());
    assert_eq!(json(without)["embeds"][0]["image"], Json::Null);
}

#[test]
fn a_video_stands_in_the_text_where_discord_plays_it() {
    let media = Some(Media::Url("https://example.org/film.mp4".into()));
    let json = json(Message::post(&post(Item { media, ..quote() }, Vec::new(), String::new()), LARGEST_FILE));
    assert_eq!(json["content"], "https://example.org/film.mp4");
    assert_eq!(json["embeds"][0]["image"], Json::Null);
}

#[test]
fn a_notice_is_for_one_member_and_an_edit_says_nothing_about_that() {
    let said = notice("Nothing found.".into());
    assert_eq!(json(Message::notice(&said))["flags"], 64);
    let edit: Json = serde_json::from_slice(&Message::notice(&said).edit().unwrap().json).unwrap();
    assert_eq!(edit["flags"], Json::Null);
}

#[test]
fn what_replaces_a_menu_has_no_buttons_left() {
    let json = json(Message::instead(&notice("Deleted.".into())));
    assert_eq!(json["components"], serde_json::json!([]));
}
