//! Replies as a person reads them in a terminal.

use std::fmt::Write as _;

use autocontent_content::contract::{Item, Media};
use autocontent_content::{ButtonRow, Post, Reply};

/// A reply in plain text, as near to what Discord shows as a terminal gets.
pub(crate) fn reply(reply: &Reply) -> String {
    match reply {
        Reply::Post(post) => self::post(post),
        Reply::Notice(notice) | Reply::Delete { notice, .. } => notice.text.clone(),
        Reply::Items { notice, items } => {
            let items: Vec<_> = items.iter().map(item).collect();
            format!("{}\n\n{}", notice.text, items.join("\n\n"))
        }
        Reply::Menu { notice, rows } => format!("{}\n{}", notice.text, buttons(rows)),
        Reply::Buttons { rows } => buttons(rows),
    }
}

fn post(post: &Post) -> String {
    format!("{}\n{}\n— {}", item(&post.item), buttons(&post.rows), post.provider_name)
}

fn item(item: &Item) -> String {
    let mut text = String::new();
    let mut line = |content: &str| {
        if !content.is_empty() {
            let _ = writeln!(text, "{content}");
        }
    };
    if let Some(author) = &item.author {
        line(&author.label);
    }
    line(item.title.as_deref().unwrap_or_default());
    line(item.url.as_deref().unwrap_or_default());
    line(item.text.as_deref().unwrap_or_default());
    for field in &item.fields {
        line(&format!("{}: {}", field.name, field.value));
    }
    match &item.media {
        Some(Media::Url(url)) => line(url),
        Some(Media::Blob(blob)) => line(&format!("[{}, {} bytes of {}]", blob.file_name, blob.data.len(), blob.mime)),
        None => {}
    }
    if let Some(source) = &item.source {
        line(&source.label);
    }
    text.trim_end().to_owned()
}

fn buttons(rows: &[ButtonRow]) -> String {
    let row = |row: &ButtonRow| {
        let labels = row
            .iter()
            .map(|button| format!("[{}]", [button.emoji.unwrap_or_default(), &button.label].join(" ").trim()));
        labels.collect::<Vec<_>>().join(" ")
    };
    rows.iter().map(row).collect::<Vec<_>>().join("\n")
}
