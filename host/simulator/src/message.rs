//! Messages as Discord keeps and shows them.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use crate::Snowflake;

/// Only the one who ran the command sees the message.
pub(crate) const EPHEMERAL: u64 = 1 << 6;
/// The message says "is thinking…" until it is edited.
pub(crate) const LOADING: u64 = 1 << 7;
/// How many messages are kept; the oldest go first.
const KEPT: usize = 100_000;

/// A message as it stands now.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its id.
    pub id: Snowflake,
    /// The channel that it is in.
    pub channel: Snowflake,
    /// The application that wrote it.
    pub author: Snowflake,
    /// The message object as Discord answers it.
    pub json: Value,
}

/// A button of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// What the app is told when it is pressed; links have none.
    pub custom_id: Option<String>,
    /// Its text; empty where it has only an emoji.
    pub label: String,
    /// The emoji's name.
    pub emoji: Option<String>,
    /// 1 primary, 2 secondary, 3 success, 4 danger, 5 link.
    pub style: u64,
    /// Whether it can't be pressed.
    pub disabled: bool,
    /// Where a link leads.
    pub url: Option<String>,
}

impl Message {
    /// The text above the embeds; empty where there is none.
    pub fn content(&self) -> &str {
        self.json.get("content").and_then(Value::as_str).unwrap_or_default()
    }

    /// The embeds as they were sent.
    pub fn embeds(&self) -> &[Value] {
        self.json.get("embeds").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Discord's message flags.
    pub fn flags(&self) -> u64 {
        self.json.get("flags").and_then(Value::as_u64).unwrap_or_default()
    }

    /// Whether only the one who ran the command sees it.
    pub fn is_ephemeral(&self) -> bool {
        self.flags() & EPHEMERAL != 0
    }

    /// Whether it still says "is thinking…".
    pub fn is_loading(&self) -> bool {
        self.flags() & LOADING != 0
    }

    /// All its buttons, row by row, in whatever containers they sit.
    pub fn buttons(&self) -> Vec<Button> {
        let mut buttons = Vec::new();
        if let Some(components) = self.json.get("components") {
            collect_buttons(components, &mut buttons);
        }
        buttons
    }

    /// The button with this custom id, label or emoji.
    pub fn button(&self, which: &str) -> Option<Button> {
        let names = |button: &Button| {
            button.custom_id.as_deref() == Some(which)
                || button.label == which
                || button.emoji.as_deref() == Some(which)
        };
        self.buttons().into_iter().find(names)
    }
}

fn collect_buttons(components: &Value, into: &mut Vec<Button>) {
    for component in components.as_array().into_iter().flatten() {
        let text = |key: &str| component.get(key).and_then(Value::as_str).map(str::to_owned);
        if component.get("type").and_then(Value::as_u64) == Some(2) {
            let emoji = component.get("emoji").and_then(|emoji| emoji.get("name")).and_then(Value::as_str);
            into.push(Button {
                custom_id: text("custom_id"),
                label: text("label").unwrap_or_default(),
                emoji: emoji.map(str::to_owned),
                style: component.get("style").and_then(Value::as_u64).unwrap_or_default(),
                disabled: component.get("disabled").and_then(Value::as_bool).unwrap_or_default(),
                url: text("url"),
            });
        }
        for inner in ["components", "accessory"] {
            match component.get(inner) {
                Some(Value::Array(_)) => collect_buttons(&component[inner], into),
                Some(one @ Value::Object(_)) => collect_buttons(&Value::Array(vec![one.clone()]), into),
                _ => {}
            }
        }
    }
}

/// The messages of all channels.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    by_id: HashMap<Snowflake, Message>,
    order: VecDeque<Snowflake>,
}

impl Messages {
    pub(crate) fn insert(&mut self, message: Message) {
        if self.by_id.len() >= KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_id.remove(&oldest);
        }
        self.order.push_back(message.id);
        self.by_id.insert(message.id, message);
    }

    pub(crate) fn get(&self, id: Snowflake) -> Option<&Message> {
        self.by_id.get(&id)
    }

    pub(crate) fn get_mut(&mut self, id: Snowflake) -> Option<&mut Message> {
        self.by_id.get_mut(&id)
    }

    pub(crate) fn remove(&mut self, id: Snowflake) -> Option<Message> {
        let message = self.by_id.remove(&id)?;
        self.order.retain(|other| *other != id);
        Some(message)
    }

    /// The messages of a channel, newest first.
    pub(crate) fn of_channel(&self, channel: Snowflake) -> Vec<Message> {
        let newest_first = self.order.iter().rev().filter_map(|id| self.by_id.get(id));
        newest_first.filter(|message| message.channel == channel).cloned().collect()
    }
}
