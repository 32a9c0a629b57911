//! What a provider says, as JSON in the contract's own words: kebab-case names, enums as texts, bytes in base64.

use autocontent_content::contract::{ActionStyle, Choice, Failure, Item, Media, Page, Rating, Value as ContractValue};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Map, Value, json};

/// An item.
///
/// # Errors
///
/// Where it can't be written as JSON.
pub fn item_json(item: &Item) -> serde_json::Result<Value> {
    let mut json = serde_json::to_value(item)?;
    let mut put = |field: &str, value: Value| {
        if let Some(fields) = json.as_object_mut() {
            fields.insert(field.to_owned(), value);
        }
    };
    let rating = match item.rating {
        Rating::Everyone => "everyone",
        Rating::Sensitive => "sensitive",
    };
    put("rating", rating.into());
    if let Some(media) = &item.media {
        let media = match media {
            Media::Url(url) => json!({ "url": url }),
            Media::Blob(blob) => {
                let data = BASE64_STANDARD.encode(&blob.data);
                json!({ "blob": { "file-name": blob.file_name, "mime": blob.mime, "data": data } })
            }
        };
        put("media", media);
    }
    let actions = item.actions.iter().map(|action| {
        let style = match action.style {
            ActionStyle::Primary => "primary",
            ActionStyle::Secondary => "secondary",
            ActionStyle::Success => "success",
            ActionStyle::Danger => "danger",
        };
        json!({ "id": action.id, "label": action.label, "style": style })
    });
    put("actions", actions.collect());
    Ok(json)
}

/// A page.
pub(super) fn page_json(page: &Page) -> Value {
    // What can't be written as JSON is none that came through the contract.
    let items: Vec<_> = page.items.iter().map(|item| item_json(item).unwrap_or_default()).collect();
    json!({ "items": items, "next": page.next, "cache-for": page.cache_for })
}

/// A choice.
pub(super) fn choice_json(choice: &Choice) -> Value {
    let value = match &choice.value {
        ContractValue::Text(text)
        | ContractValue::User(text)
        | ContractValue::Channel(text)
        | ContractValue::Role(text)
        | ContractValue::Attachment(text) => json!(text),
        ContractValue::Integer(number) => json!(number),
        ContractValue::Number(number) => json!(number),
        ContractValue::Boolean(boolean) => json!(boolean),
    };
    json!({ "label": choice.label, "value": value })
}

/// A failure: an object whose one key says which.
pub(super) fn failure_json(failure: &Failure) -> Value {
    let (name, what) = match failure {
        Failure::NothingFound => ("nothing-found", Value::Bool(true)),
        Failure::InvalidArgument(invalid) => {
            ("invalid-argument", json!({ "name": invalid.name, "reason": invalid.reason }))
        }
        Failure::Busy(seconds) => ("busy", json!({ "seconds": seconds })),
        Failure::Upstream(reason) => ("upstream", json!(reason)),
        Failure::Misconfigured(reason) => ("misconfigured", json!(reason)),
        Failure::Internal(reason) => ("internal", json!(reason)),
    };
    Value::Object(Map::from_iter([(name.to_owned(), what)]))
}
