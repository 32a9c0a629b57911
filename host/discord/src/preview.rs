//! A reply as Discord would be sent it, without Discord: for whoever tries a provider out.

use autocontent_content::Reply;
use bytes::Bytes;

use crate::interaction::DEFAULT_ATTACHMENT_LIMIT;
use crate::render::Message;

/// A message, and the files beside it.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The JSON of a message; for [`Reply::Buttons`] only what changes.
    pub message: serde_json::Value,
    /// Its files, in the order of the message's attachments.
    pub files: Vec<PreviewFile>,
}

/// A file that would be uploaded.
#[derive(Clone, Debug)]
pub struct PreviewFile {
    /// As the message refers to it.
    pub name: String,
    /// Such as "image/png".
    pub mime: String,
    /// What is in it.
    pub data: Bytes,
}

/// Renders a reply for a place where files of up to 10 MiB may be uploaded, which is anywhere.
///
/// # Errors
///
/// Where it can't be written as JSON.
pub fn preview(reply: &Reply) -> serde_json::Result<Preview> {
    let message = match reply {
        Reply::Post(post) => Message::post(post, DEFAULT_ATTACHMENT_LIMIT),
        Reply::Buttons { rows } => Message::buttons(rows),
        Reply::Notice(notice) | Reply::Delete { notice, .. } => Message::notice(notice),
        Reply::Menu { notice, rows } => Message::menu(notice, rows),
        Reply::Items { notice, items } => Message::items(notice, items),
    };
    let payload = message.follow_up()?;
    let files = payload.files.into_iter().map(|file| PreviewFile { name: file.name, mime: file.mime, data: file.data });
    Ok(Preview { message: serde_json::from_slice(&payload.json)?, files: files.collect() })
}
