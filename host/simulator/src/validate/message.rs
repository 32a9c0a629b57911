//! The limits of messages and of autocomplete.

use serde_json::{Value, json};

use super::{Path, Problems, components};

/// Components V2: what the message shows is made of components alone.
pub(crate) const COMPONENTS_V2: u64 = 1 << 15;
/// The largest colour.
const WHITE: i64 = 0xFF_FFFF;
/// Addresses that are opened.
const WEB: [&str; 2] = ["http", "https"];
/// Addresses that are shown: files of the message may be named too.
const MEDIA: [&str; 3] = ["http", "https", "attachment"];

/// Checks the fields of a message that is sent or edited; emptiness is another matter.
pub(crate) fn check(message: &Value, path: &Path<'_>, problems: &mut Problems) {
    problems.text(&message["content"], &path.key("content"), 0, 2_000);
    problems.boolean(&message["tts"], &path.key("tts"));
    let embeds = path.key("embeds");
    let list = problems.list(&message["embeds"], &embeds, 10);
    let mut total = 0;
    for (index, embed) in list.iter().enumerate() {
        total += check_embed(embed, &embeds.index(index), problems);
    }
    if total > 6_000 {
        problems.add(&embeds, "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000");
    }
    check_mentions(&message["allowed_mentions"], &path.key("allowed_mentions"), problems);
    let flags = problems.integer(&message["flags"], &path.key("flags"), 0, i64::MAX).unwrap_or_default();
    let v2 = flags.unsigned_abs() & COMPONENTS_V2 != 0;
    if v2 {
        for field in ["content", "embeds", "poll", "sticker_ids"] {
            let given = &message[field];
            if !given.is_null() && *given != "" && *given != json!([]) {
                let message = format!("The '{field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2");
                problems.add(&path.key(field), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message);
            }
        }
    }
    components::check(&message["components"], &path.key("components"), v2, problems);
}

/// Whether there is nothing to see; `files` is how many are attached.
pub(crate) fn is_empty(message: &Value, files: usize) -> bool {
    let blank = |field: &str| match &message[field] {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Null => true,
        _ => false,
    };
    let v2 = message["flags"].as_u64().unwrap_or_default() & COMPONENTS_V2 != 0;
    let embeds = message["embeds"].as_array().into_iter().flatten();
    files == 0
        && blank("content")
        && embeds.into_iter().all(is_blank_embed)
        && ["sticker_ids", "poll", "attachments"].iter().all(|field| blank(field))
        && (!v2 || blank("components"))
}

/// Checks the suggestions of an autocomplete.
pub(crate) fn check_choices(data: &Value, path: &Path<'_>, problems: &mut Problems) {
    let choices = path.key("choices");
    if data["choices"].is_null() {
        return problems.required(&choices);
    }
    for (index, choice) in problems.list(&data["choices"], &choices, 25).iter().enumerate() {
        let path = choices.index(index);
        problems.required_text(&choice["name"], &path.key("name"), 1, 100);
        match &choice["value"] {
            Value::Number(_) => {}
            value => _ = problems.required_text(value, &path.key("value"), 1, 100),
        }
    }
}

fn is_blank_embed(embed: &Value) -> bool {
    let shown =
        ["title", "description", "url", "image", "thumbnail", "author", "footer", "fields", "video", "timestamp"];
    shown.iter().all(|field| matches!(&embed[field], Value::Null) || embed[field] == "" || embed[field] == json!([]))
}

/// Checks an embed; returns the characters that count towards the 6,000.
fn check_embed(embed: &Value, path: &Path<'_>, problems: &mut Problems) -> usize {
    if problems.object(embed, path).is_none() {
        return 0;
    }
    let count = |text: Option<&str>| text.map_or(0, |text| text.chars().count());
    let mut total = count(problems.text(&embed["title"], &path.key("title"), 0, 256));
    total += count(problems.text(&embed["description"], &path.key("description"), 0, 4_096));
    problems.url(&embed["url"], &path.key("url"), &WEB);
    problems.integer(&embed["color"], &path.key("color"), 0, WHITE);
    if let Some(time) = problems.text(&embed["timestamp"], &path.key("timestamp"), 0, 64)
        && time.parse::<jiff::Timestamp>().is_err()
    {
        let message = format!("Could not parse {time}. Should be ISO8601.");
        problems.add(&path.key("timestamp"), "DATE_TIME_TYPE_PARSE", message);
    }
    for (field, text, limit) in [("footer", "text", 2_048), ("author", "name", 256)] {
        let path = path.key(field);
        if let Some(part) = problems.object(&embed[field], &path) {
            total += count(problems.required_text(&part[text], &path.key(text), 1, limit));
            problems.url(&part["icon_url"], &path.key("icon_url"), &MEDIA);
            problems.url(&part["url"], &path.key("url"), &WEB);
        }
    }
    for field in ["image", "thumbnail"] {
        let path = path.key(field);
        if let Some(media) = problems.object(&embed[field], &path) {
            if media["url"].is_null() {
                problems.required(&path.key("url"));
            }
            problems.url(&media["url"], &path.key("url"), &MEDIA);
        }
    }
    let fields = path.key("fields");
    for (index, field) in problems.list(&embed["fields"], &fields, 25).iter().enumerate() {
        let path = fields.index(index);
        total += count(problems.required_text(&field["name"], &path.key("name"), 1, 256));
        total += count(problems.required_text(&field["value"], &path.key("value"), 1, 1_024));
        problems.boolean(&field["inline"], &path.key("inline"));
    }
    total
}

fn check_mentions(mentions: &Value, path: &Path<'_>, problems: &mut Problems) {
    let Some(mentions) = problems.object(mentions, path) else { return };
    let parse = path.key("parse");
    let kinds = problems.list(&mentions["parse"], &parse, 3);
    for (index, kind) in kinds.iter().enumerate() {
        if !matches!(kind.as_str(), Some("users" | "roles" | "everyone")) {
            let message = "Value must be one of {'everyone', 'roles', 'users'}.";
            problems.add(&parse.index(index), "BASE_TYPE_CHOICES", message);
        }
    }
    for list in ["users", "roles"] {
        let named = problems.list(&mentions[list], &path.key(list), 100);
        if !named.is_empty() && kinds.iter().any(|kind| kind == list) {
            let message = format!("parse:[\"{list}\"] and {list}: [ids...] are mutually exclusive.");
            problems.add(path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(message: &Value) -> Value {
        let mut problems = Problems::default();
        check(message, &Path::ROOT, &mut problems);
        problems.into_json()
    }

    #[test]
    fn a_message_at_every_limit_passes() {
        let embed = json!({
            "title": "t".repeat(256), "description": "d".repeat(2_464), "url": "https://example.com",
            "color": 0xFF_FFFF, "timestamp": "2026-01-01T00:00:00.000Z", "footer": { "text": "f".repeat(2_048) },
            "author": { "name": "a".repeat(256), "url": "http://example.com" },
            "image": { "url": "attachment://a.png" }, "fields": [{ "name": "n".repeat(256), "value": "v".repeat(720) }],
        });
        assert_eq!(problems(&json!({ "content": "ã".repeat(2_000), "embeds": [embed] })), json!({}));
    }

    #[test]
    fn six_thousand_characters_are_counted_over_all_embeds() {
        let embed = json!({ "description": "d".repeat(3_001) });
        let found = problems(&json!({ "embeds": [embed, embed] }));
        assert_eq!(found["embeds"]["_errors"][0]["code"], "MAX_EMBED_SIZE_EXCEEDED");
    }

    #[test]
    fn blank_embeds_and_lone_components_make_an_empty_message() {
        let row = json!({ "type": 1, "components": [{ "type": 2, "style": 1, "label": "a", "custom_id": "a" }] });
        assert!(is_empty(&json!({ "content": " ", "embeds": [{ "color": 1 }], "components": [row] }), 0));
        assert!(!is_empty(&json!({}), 1));
        assert!(!is_empty(&json!({ "embeds": [{ "title": "t" }] }), 0));
    }
}
