//! What tests in other crates need of the inside: how an interaction is read, and what a reply becomes. Only with the
//! feature `testing`.

use autocontent_content::contract::{Choice, Item};
use autocontent_content::{AccountId, Ask, ButtonRow, Notice, Post, Press, Typing};
use bytes::Bytes;

use crate::gateway::{self, Heard};
use crate::interaction::{self, Deed};
use crate::render::{self, Message, kind};
use crate::rest::Payload;

/// What a member did.
#[derive(Debug)]
pub enum Read {
    /// Used a command.
    Command(Ask),
    /// Is typing an option.
    Typing(Typing),
    /// Pressed a button.
    Press(Press),
    /// A ping, or what this host never offers.
    Other,
}

/// What Discord is sent: the JSON of a message, and the files beside it.
#[derive(Debug)]
pub struct Sent {
    /// The body of the call.
    pub json: Bytes,
    /// Name and size in bytes of each file.
    pub files: Vec<(String, usize)>,
}

/// The interaction's JSON in a frame of the gateway, if it carries one.
#[must_use]
pub fn frame(text: &str) -> Option<&str> {
    match gateway::heard(text)? {
        Heard::Ready => None,
        Heard::Interaction(interaction) => Some(interaction.get()),
    }
}

/// Reads an interaction.
///
/// # Errors
///
/// Why it can't be read.
pub fn interaction(text: &str, account: AccountId) -> Result<Read, String> {
    let (_, deed) = interaction::read(text, account).map_err(|error| error.to_string())?;
    Ok(match deed {
        Deed::Command(ask) => Read::Command(ask),
        Deed::Typing(typing) => Read::Typing(typing),
        Deed::Press(press) => Read::Press(press),
        Deed::Ping | Deed::Other(_) => Read::Other,
    })
}

/// A post as a first answer and as an edit.
///
/// # Errors
///
/// Where it can't be written as JSON.
pub fn post(post: &Post, largest_file: u64) -> serde_json::Result<[Sent; 2]> {
    let message = || Message::post(post, largest_file);
    Ok([message().callback(kind::MESSAGE)?.into(), message().edit()?.into()])
}

/// A menu, and a list of items, each as a first answer.
///
/// # Errors
///
/// Where one can't be written as JSON.
pub fn private(notice: &Notice, rows: &[ButtonRow], items: &[Item]) -> serde_json::Result<[Sent; 2]> {
    let (menu, list) = (Message::menu(notice, rows), Message::items(notice, items));
    Ok([menu.callback(kind::MESSAGE)?.into(), list.callback(kind::MESSAGE)?.into()])
}

/// Choices for an option that is being typed.
///
/// # Errors
///
/// Where they can't be written as JSON.
pub fn choices(choices: &[Choice]) -> serde_json::Result<Sent> {
    render::choices(choices).map(Sent::from)
}

impl From<Payload> for Sent {
    fn from(payload: Payload) -> Sent {
        let files = payload.files.into_iter().map(|file| (file.name, file.data.len())).collect();
        Sent { json: payload.json, files }
    }
}
