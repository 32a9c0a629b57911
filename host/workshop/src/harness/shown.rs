//! A reply as it would be shown, in JSON that is the same each time: the signed ids of buttons are replaced by their places.

use std::collections::HashMap;

use autocontent_content::contract::ActionStyle;
use autocontent_content::{Button, ButtonRow, MessageId, Reply};
use autocontent_discord::preview;
use serde::Serialize;
use serde_json::Value;

use super::error::HarnessError;
use super::item::item_json;

/// A reply as it would be shown.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// `post`, `notice`, `menu`, `items`, `buttons` or `delete`.
    pub kind: &'static str,
    /// Whether only the member sees it.
    pub private: bool,
    /// The message as Discord would be sent it; for `buttons` only what changes of the message that carries the button. The ids
    /// of buttons are those of [`ShownButton::id`].
    pub message: Value,
    /// The item of a post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<Value>,
    /// The items of a list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Value>,
    /// The host's own sentence to the member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<String>,
    /// Which notice it is, such as `nothing_found`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'static str>,
    /// All buttons, row by row.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<ShownButton>,
    /// What would be uploaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ShownFile>,
}

/// A button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownButton {
    /// Which message it was first shown under, and its place there: "2.1". Both count from 1.
    pub id: String,
    /// May be empty where there is an emoji.
    pub label: String,
    /// One Unicode emoji.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emoji: Option<&'static str>,
    /// `primary`, `secondary`, `success` or `danger`.
    pub style: &'static str,
}

/// A file that would be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ShownFile {
    /// As the message refers to it.
    pub name: String,
    /// Such as "image/png".
    pub mime: String,
    /// Its size.
    pub bytes: usize,
    /// What is in it.
    #[serde(skip)]
    pub data: bytes::Bytes,
}

/// What was shown until now, so that its buttons can be pressed.
#[derive(Debug, Default)]
pub(super) struct Screen {
    messages: u64,
    /// From the signed id to ours.
    ids: HashMap<String, String>,
    /// Message by message.
    buttons: Vec<Vec<(ShownButton, String)>>,
}

/// A button that can be pressed.
pub(super) struct Pressable {
    /// As the host signed it.
    pub(super) signed: String,
    /// The message that it was first shown under.
    pub(super) message: MessageId,
}

impl Screen {
    /// Shows a reply.
    pub(super) fn show(&mut self, reply: &Reply) -> Result<Shown, HarnessError> {
        let rendered = preview(reply)?;
        let (kind, private, rows): (_, _, &[ButtonRow]) = match reply {
            Reply::Post(post) => ("post", post.private, &post.rows),
            Reply::Buttons { rows } => ("buttons", false, rows),
            Reply::Notice(_) => ("notice", true, &[]),
            Reply::Menu { rows, .. } => ("menu", true, rows),
            Reply::Items { .. } => ("items", true, &[]),
            Reply::Delete { .. } => ("delete", true, &[]),
        };
        let notice = match reply {
            Reply::Post(_) | Reply::Buttons { .. } => None,
            Reply::Notice(notice)
            | Reply::Menu { notice, .. }
            | Reply::Items { notice, .. }
            | Reply::Delete { notice, .. } => Some(notice),
        };
        let item = match reply {
            Reply::Post(post) => Some(item_json(&post.item)?),
            _ => None,
        };
        let items = match reply {
            Reply::Items { items, .. } => items.iter().map(item_json).collect::<Result<_, _>>()?,
            _ => Vec::new(),
        };
        let buttons = self.buttons_of(rows, kind != "buttons");
        let mut message = rendered.message;
        self.rename(&mut message);
        let files = rendered.files.into_iter();
        let files =
            files.map(|file| ShownFile { name: file.name, mime: file.mime, bytes: file.data.len(), data: file.data });
        let (text, code) = (notice.map(|notice| notice.text.clone()), notice.map(|notice| notice.code));
        Ok(Shown { kind, private, message, item, items, notice: text, code, buttons, files: files.collect() })
    }

    /// The message that was shown last.
    pub(super) fn last(&self) -> MessageId {
        MessageId::new(self.messages)
    }

    /// The button of this id, else of this label or emoji, of those that were shown last.
    pub(super) fn find(&self, wanted: &str) -> Result<Pressable, HarnessError> {
        let wanted = wanted.trim();
        let reads_so = |button: &ShownButton| {
            let emoji = button.emoji.unwrap_or_default();
            let whole = format!("{emoji} {}", button.label);
            [button.label.as_str(), emoji, whole.trim()].contains(&wanted)
        };
        let of_last = || self.buttons.iter().rev().flatten();
        // A provider may call its button like the id of another one.
        let found = of_last().find(|(button, signed)| signed == wanted || button.id == wanted);
        let found = found.or_else(|| of_last().find(|(button, _)| reads_so(button)));
        let Some((button, signed)) = found.filter(|_| !wanted.is_empty()) else {
            let names =
                self.buttons.last().into_iter().flatten().map(|(button, _)| {
                    format!("{:?}", [button.emoji.unwrap_or_default(), &button.label].join(" ").trim())
                });
            let names: Vec<_> = names.collect();
            let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(HarnessError::NoButton { wanted: wanted.to_owned(), there });
        };
        let message = button.id.split('.').next().and_then(|number| number.parse().ok()).unwrap_or_default();
        Ok(Pressable { signed: signed.clone(), message: MessageId::new(message) })
    }

    fn buttons_of(&mut self, rows: &[ButtonRow], new_message: bool) -> Vec<ShownButton> {
        if new_message {
            self.messages += 1;
        }
        let mut place = 0;
        let shown: Vec<_> = rows
            .iter()
            .flatten()
            .map(|button| {
                place += 1;
                let id = format!("{}.{place}", self.messages);
                let id = self.ids.entry(button.id.clone()).or_insert(id).clone();
                (self::button(button, id), button.id.clone())
            })
            .collect();
        let buttons = shown.iter().map(|(button, _)| button.clone()).collect();
        if !shown.is_empty() {
            self.buttons.push(shown);
        }
        buttons
    }

    fn rename(&self, message: &mut Value) {
        let rows = message.get_mut("components").and_then(Value::as_array_mut).into_iter().flatten();
        let buttons = rows.filter_map(|row| row.get_mut("components")?.as_array_mut()).flatten();
        for id in buttons.filter_map(|button| button.get_mut("custom_id")) {
            if let Some(ours) = id.as_str().and_then(|signed| self.ids.get(signed)) {
                *id = Value::from(ours.as_str());
            }
        }
    }
}

fn button(button: &Button, id: String) -> ShownButton {
    let style = match button.style {
        ActionStyle::Primary => "primary",
        ActionStyle::Secondary => "secondary",
        ActionStyle::Success => "success",
        ActionStyle::Danger => "danger",
    };
    ShownButton { id, label: button.label.clone(), emoji: button.emoji, style }
}
