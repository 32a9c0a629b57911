//! One item as an embed.

use autocontent_content::contract::{Item, Link, Media};
use bytes::Bytes;
use serenity::{
    all::{Colour, Timestamp},
    builder::{CreateEmbed, CreateEmbedAuthor, CreateEmbedFooter},
};
use url::Url;

use super::text::{self, cut, units};
use crate::rest::File;

const TITLE: usize = 256;
const AUTHOR: usize = 256;
const FOOTER: usize = 2_048;
const DESCRIPTION: usize = 4_096;
const MOST_FIELDS: usize = 25;
const FIELD_NAME: usize = 256;
const FIELD_VALUE: usize = 1_024;
/// No field is begun with less room than this.
const SHORTEST_FIELD: usize = 16;
const ADDRESS: usize = 2_048;
/// A character that takes room and shows nothing, where Discord wants a text and there is none.
const NOTHING: &str = "\u{200b}";

/// An item to be shown.
pub(super) struct Shown {
    pub(super) embed: CreateEmbed,
    /// A video's address: Discord plays it only when it stands in the message's text.
    pub(super) link: Option<String>,
    pub(super) file: Option<File>,
}

/// Shows an item within `budget` characters. A file of more than `largest_file` bytes is left out.
pub(super) fn show(item: &Item, provider: &str, budget: usize, largest_file: u64) -> Shown {
    let mut room = Room(budget);
    let mut embed = CreateEmbed::new();
    // The short texts first, each with its share where the budget is small; the long text gets the rest.
    let title = item.title.as_deref().and_then(|title| room.line(title, TITLE.min(budget / 4)));
    let author =
        item.author.as_ref().and_then(|author| Some((room.line(&author.label, AUTHOR.min(budget / 8))?, author)));
    let source = item.source.as_ref().map(|source| (source, source_line(source)));
    let footer = match &source {
        Some((source, None)) if provider.is_empty() => source.label.clone(),
        Some((source, None)) => format!("{provider} · {}", source.label),
        _ => provider.to_owned(),
    };
    let footer = room.line(&footer, FOOTER.min(budget / 8));
    let source = source.and_then(|(_, line)| line).filter(|line| room.reserve(line, budget / 4));
    let description = description(item.text.as_deref(), source, &mut room);
    let mut fields = Vec::new();
    for field in &item.fields {
        // Discord takes no field of which nothing would be seen.
        if fields.len() == MOST_FIELDS || room.0 < SHORTEST_FIELD {
            break;
        }
        if !(field.name.trim().is_empty() && field.value.trim().is_empty()) {
            let name = room.or_nothing(&field.name, FIELD_NAME.min(room.0 / 2));
            fields.push((name, room.or_nothing(&field.value, FIELD_VALUE), field.inline));
        }
    }

    let (image, link, file) = media(item.media.as_ref(), largest_file);
    let thumbnail = item.thumbnail.as_deref().and_then(address);
    let seen = title.is_some()
        || author.is_some()
        || description.is_some()
        || !fields.is_empty()
        || image.is_some()
        || thumbnail.is_some();
    let description = description.or_else(|| (!seen).then(|| NOTHING.to_owned()));

    embed = embed.fields(fields);
    if let Some(title) = title {
        embed = embed.title(title);
    }
    if let Some(url) = item.url.as_deref().and_then(address) {
        embed = embed.url(url);
    }
    if let Some(description) = description {
        embed = embed.description(description);
    }
    if let Some((name, link)) = author {
        let author = CreateEmbedAuthor::new(name);
        embed = embed.author(match link.url.as_deref().and_then(address) {
            Some(url) => author.url(url),
            None => author,
        });
    }
    if let Some(footer) = footer {
        embed = embed.footer(CreateEmbedFooter::new(footer));
    }
    if let Some(image) = image {
        embed = embed.image(image);
    }
    if let Some(thumbnail) = thumbnail {
        embed = embed.thumbnail(thumbnail);
    }
    if let Some(colour) = item.color.filter(|colour| *colour <= 0xFF_FF_FF) {
        embed = embed.colour(Colour::new(colour));
    }
    if let Some(published) = item.published.and_then(moment) {
        embed = embed.timestamp(published);
    }
    Shown { embed, link, file }
}

/// The characters that an embed may still have.
struct Room(usize);

impl Room {
    /// The text within `limit` and what is left; none where nothing would be seen.
    fn take(&mut self, text: &str, limit: usize) -> Option<String> {
        let text = cut(text.trim(), limit.min(self.0));
        if text.trim().is_empty() {
            return None;
        }
        self.0 -= units(&text);
        Some(text.into_owned())
    }

    fn line(&mut self, text: &str, limit: usize) -> Option<String> {
        text::line(text, limit).and_then(|line| self.take(&line, limit))
    }

    /// The text, or something that shows nothing where there is none.
    fn or_nothing(&mut self, text: &str, limit: usize) -> String {
        self.take(text, limit).unwrap_or_else(|| {
            self.0 = self.0.saturating_sub(1);
            NOTHING.to_owned()
        })
    }

    /// Keeps room for a line that must not be cut, with the line break before it, if it is at most `limit` long.
    fn reserve(&mut self, line: &str, limit: usize) -> bool {
        let needed = units(line) + 1;
        let fits = needed <= limit.min(self.0);
        if fits {
            self.0 -= needed;
        }
        fits
    }
}

/// The text, and the source on a last line. The room for the source is taken already.
fn description(text: Option<&str>, source: Option<String>, room: &mut Room) -> Option<String> {
    let reserved = source.as_deref().map_or(0, |line| units(line) + 1);
    let text = text.and_then(|text| room.take(text, DESCRIPTION - reserved.min(DESCRIPTION)));
    match (text, source) {
        (Some(text), Some(source)) => Some(format!("{text}\n{source}")),
        (text, source) => text.or(source),
    }
}

/// What the embed's image is, what stands in the message's text instead, and what is uploaded.
fn media(media: Option<&Media>, largest_file: u64) -> (Option<String>, Option<String>, Option<File>) {
    match media {
        None => (None, None, None),
        Some(Media::Url(url)) => match address(url) {
            Some(url) if is_video(&url) => (None, Some(url), None),
            url => (url, None, None),
        },
        Some(Media::Blob(blob)) => {
            if blob.data.is_empty() || u64::try_from(blob.data.len()).is_ok_and(|size| size > largest_file) {
                return (None, None, None);
            }
            let name = file_name(&blob.file_name);
            let image = blob.mime.starts_with("image/").then(|| format!("attachment://{name}"));
            (image, None, Some(File { name, mime: blob.mime.clone(), data: Bytes::from(blob.data.clone()) }))
        }
    }
}

/// The address, if Discord takes it as one: whole, of the web, not too long. One with a user's name or password in it is
/// none: `https://discord.com@evil.example` leads elsewhere than it looks.
fn address(text: &str) -> Option<String> {
    let url = Url::parse(text.trim()).ok()?;
    let plain = url.username().is_empty() && url.password().is_none();
    let web = plain && matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    (web && units(url.as_str()) <= ADDRESS).then(|| url.into())
}

fn is_video(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url).to_ascii_lowercase();
    [".mp4", ".webm", ".mov"].iter().any(|ending| path.ends_with(ending))
}

/// The source as a small link under the text; none where it has no address.
fn source_line(source: &Link) -> Option<String> {
    let url = source.url.as_deref().and_then(address)?.replace('(', "%28").replace(')', "%29");
    let label = text::line(&source.label.replace(['[', ']', '`'], " "), AUTHOR)?;
    Some(format!("-# [{label}]({url})"))
}

/// A name that needs no quoting anywhere: letters, digits, `.`, `-` and `_`, at most 100, not beginning with a dot.
fn file_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' };
    let name: String = name.rsplit(['/', '\\']).next().unwrap_or(name).chars().map(safe).collect();
    let name = name.trim_start_matches(['.', '_']);
    // The ending says what it is, so the beginning is cut.
    let cut = name.get(name.len().saturating_sub(100)..).unwrap_or(name).trim_start_matches(['.', '_']);
    if cut.is_empty() { "file".to_owned() } else { cut.to_owned() }
}

fn moment(millis: u64) -> Option<Timestamp> {
    Timestamp::from_millis(i64::try_from(millis).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_keep_their_ending() {
        assert_eq!(file_name("cat.png"), "cat.png");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("C:\\a b\"ção.gif"), "a_b___o.gif");
        assert_eq!(file_name(".._"), "file");
        assert_eq!(file_name(""), "file");
        let long = file_name(&format!("{}.webp", "x".repeat(300)));
        assert!(long.len() == 100 && long.ends_with("x.webp"), "{long}");
    }

    #[test]
    fn only_whole_addresses_of_the_web_are_taken() {
        assert_eq!(address(" https://example.org/a b ").as_deref(), Some("https://example.org/a%20b"));
        for bad in [
            "",
            "example.org",
            "javascript:alert(1)",
            "data:text/plain,x",
            "file:///etc/passwd",
            "https://",
            "attachment://x.png",
            "https://discord.com@evil.example/",
            "https://:password@evil.example/",
        ] {
            assert_eq!(address(bad), None, "{bad}");
        }
        assert_eq!(address(&format!("https://example.org/{}", "a".repeat(2_048))), None);
    }

    #[test]
    fn a_source_cannot_break_out_of_its_link() {
        let source =
            Link { label: "a](https://evil.example) [b\n".into(), url: Some("https://example.org/(x)".into()) };
        assert_eq!(source_line(&source).unwrap(), "-# [a (https://evil.example) b](https://example.org/%28x%29)");
    }
}
