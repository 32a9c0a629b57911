//! From a reply to the JSON of a Discord message that Discord surely takes.
//!
//! What is too long is cut with an ellipsis, what is too much or malformed is left out, and nothing is ever refused.
//! No message mentions anybody, whatever it says. serenity's builders make the parts.

mod embed;
mod text;

use autocontent_content::{Button, ButtonRow, Notice, Post, contract};
use serde::Serialize;
use serenity::{
    all::{ButtonStyle, MessageFlags, ReactionType},
    builder::{CreateActionRow, CreateButton, CreateEmbed},
};

use crate::rest::{File, Payload};
use text::cut;

/// Characters of a message's text.
const CONTENT: usize = 2_000;
/// Characters over all embeds of a message.
const ALL_EMBEDS: usize = 6_000;
const MOST_EMBEDS: usize = 10;
const MOST_ROWS: usize = 5;
const MOST_BUTTONS: usize = 5;
const LABEL: usize = 80;
const CUSTOM_ID: usize = 100;

/// Discord's types of first answers.
pub(crate) mod kind {
    pub(crate) const PONG: u8 = 1;
    pub(crate) const MESSAGE: u8 = 4;
    pub(crate) const DEFER: u8 = 5;
    pub(crate) const DEFER_UPDATE: u8 = 6;
    pub(crate) const UPDATE: u8 = 7;
    pub(crate) const CHOICES: u8 = 8;
}

/// A message, ready to be sent as a first answer, an edit or a follow-up.
#[derive(Debug, Default)]
pub(crate) struct Message {
    body: Body,
    files: Vec<File>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    embeds: Option<Vec<CreateEmbed>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    components: Option<Vec<CreateActionRow>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attached>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flags: Option<MessageFlags>,
    allowed_mentions: AllowedMentions,
}

/// Which of the files an attachment is.
#[derive(Clone, Debug, Serialize)]
struct Attached {
    id: usize,
    filename: String,
}

/// Nobody.
#[derive(Clone, Debug, Default, Serialize)]
struct AllowedMentions {
    parse: [&'static str; 0],
}

/// A first answer.
#[derive(Serialize)]
struct Callback<'a, T> {
    #[serde(rename = "type")]
    kind: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a T>,
}

impl Message {
    /// One item with its buttons. `largest_file` in bytes: a larger one is left out.
    pub(crate) fn post(post: &Post, largest_file: u64) -> Message {
        let mut message = Message::default();
        message.add(&post.item, &post.provider_name, ALL_EMBEDS, largest_file);
        message.body.components = Some(rows(&post.rows));
        if post.private { message.private() } else { message }
    }

    /// A text for one member.
    pub(crate) fn notice(notice: &Notice) -> Message {
        Message { body: Body { content: Some(content(&notice.text)), ..Body::default() }, files: Vec::new() }.private()
    }

    /// A text with buttons for one member.
    pub(crate) fn menu(notice: &Notice, buttons: &[ButtonRow]) -> Message {
        let mut message = Message::notice(notice);
        message.body.components = Some(rows(buttons));
        message
    }

    /// A text with a list of items for one member.
    pub(crate) fn items(notice: &Notice, items: &[contract::Item]) -> Message {
        let mut message = Message::notice(notice);
        let shown = items.len().min(MOST_EMBEDS);
        for item in items.iter().take(shown) {
            message.add(item, "", ALL_EMBEDS / shown, 0);
        }
        message
    }

    /// New buttons for a message that stays as it is.
    pub(crate) fn buttons(buttons: &[ButtonRow]) -> Message {
        Message { body: Body { components: Some(rows(buttons)), ..Body::default() }, files: Vec::new() }
    }

    /// A text in the place of a message and its buttons.
    pub(crate) fn instead(notice: &Notice) -> Message {
        let body = Body { content: Some(content(&notice.text)), components: Some(Vec::new()), ..Body::default() };
        Message { body, files: Vec::new() }
    }

    /// Whether files have to be uploaded with it.
    pub(crate) fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// As a first answer of this kind.
    pub(crate) fn callback(self, kind: u8) -> serde_json::Result<Payload> {
        let json = serde_json::to_vec(&Callback { kind, data: Some(&self.body) })?.into();
        Ok(Payload { json, files: self.files })
    }

    /// As a follow-up.
    pub(crate) fn follow_up(self) -> serde_json::Result<Payload> {
        Ok(Payload { json: serde_json::to_vec(&self.body)?.into(), files: self.files })
    }

    /// As an edit, which leaves who sees the message as it is.
    pub(crate) fn edit(mut self) -> serde_json::Result<Payload> {
        self.body.flags = None;
        self.follow_up()
    }

    fn private(mut self) -> Message {
        self.body.flags = Some(MessageFlags::EPHEMERAL);
        self
    }

    fn add(&mut self, item: &contract::Item, provider: &str, budget: usize, largest_file: u64) {
        let shown = embed::show(item, provider, budget, largest_file);
        if let Some(link) = shown.link {
            self.body.content.get_or_insert_with(|| content(&link));
        }
        self.body.embeds.get_or_insert_default().push(shown.embed);
        if let Some(file) = shown.file {
            self.body.attachments.push(Attached { id: self.files.len(), filename: file.name.clone() });
            self.files.push(file);
        }
    }
}

/// A first answer without a message: "bot is thinking", or nothing to be seen.
pub(crate) fn acknowledgement(kind: u8, private: bool) -> serde_json::Result<Payload> {
    #[derive(Serialize)]
    struct Flags {
        flags: MessageFlags,
    }
    let flags = Flags { flags: MessageFlags::EPHEMERAL };
    Payload::json(&Callback { kind, data: private.then_some(&flags) })
}

/// The choices for an option that is being typed.
pub(crate) fn choices(choices: &[contract::Choice]) -> serde_json::Result<Payload> {
    #[derive(Serialize)]
    struct Choices<'a> {
        choices: Vec<Choice<'a>>,
    }
    #[derive(Serialize)]
    struct Choice<'a> {
        name: String,
        value: Scalar<'a>,
    }
    #[derive(Serialize)]
    #[serde(untagged)]
    enum Scalar<'a> {
        Text(&'a str),
        Integer(i64),
        Number(f64),
    }
    let choices = choices.iter().filter_map(|choice| {
        let value = match &choice.value {
            contract::Value::Text(text) if (1..=100).contains(&text::units(text)) => Scalar::Text(text),
            contract::Value::Integer(number) => Scalar::Integer(*number),
            contract::Value::Number(number) if number.is_finite() => Scalar::Number(*number),
            _ => return None,
        };
        Some(Choice { name: text::line(&choice.label, 100)?, value })
    });
    Payload::json(&Callback { kind: kind::CHOICES, data: Some(&Choices { choices: choices.take(25).collect() }) })
}

fn content(text: &str) -> String {
    // Discord takes no message of blanks.
    if text.trim().is_empty() { "…".to_owned() } else { cut(text, CONTENT).into_owned() }
}

fn rows(rows: &[ButtonRow]) -> Vec<CreateActionRow> {
    let mut used = Vec::new();
    let mut made = Vec::new();
    for row in rows {
        let buttons: Vec<_> = row.iter().filter_map(|one| button(one, &mut used)).take(MOST_BUTTONS).collect();
        if !buttons.is_empty() && made.len() < MOST_ROWS {
            made.push(CreateActionRow::Buttons(buttons));
        }
    }
    made
}

/// The button, unless it could not be pressed or would look like nothing: Discord refuses the whole message for it.
fn button<'a>(button: &'a Button, used: &mut Vec<&'a str>) -> Option<CreateButton> {
    let id = button.id.as_str();
    if id.is_empty() || text::units(id) > CUSTOM_ID || used.contains(&id) {
        return None;
    }
    let label = text::line(&button.label, LABEL);
    if label.is_none() && button.emoji.is_none() {
        return None;
    }
    used.push(id);
    let mut made = CreateButton::new(id).style(match button.style {
        contract::ActionStyle::Primary => ButtonStyle::Primary,
        contract::ActionStyle::Secondary => ButtonStyle::Secondary,
        contract::ActionStyle::Success => ButtonStyle::Success,
        contract::ActionStyle::Danger => ButtonStyle::Danger,
    });
    if let Some(label) = label {
        made = made.label(label);
    }
    if let Some(emoji) = button.emoji {
        made = made.emoji(ReactionType::Unicode(emoji.to_owned()));
    }
    Some(made)
}

#[cfg(test)]
mod tests;
