//! What a provider's page is made into before anything else sees it: fit to be kept, logged and read.
//!
//! Nothing is refused here. What is longer than any place shows is cut, what is more than the contract takes is left out,
//! and characters that work on the reader instead of being read are dropped: control characters, which a database
//! (PostgreSQL and its NUL) or a terminal stumbles over, and those that turn the rest of a line around, by which
//! `exe.gpj` reads as `jpg.exe`. What goes back to the provider (ids, state, cursor) is never changed, only dropped.

use autocontent_manifest::ProviderId;

use crate::contract::{Action, Field, Item, Link, Media, Page};

/// Items of a page; more than is ever asked for.
const ITEMS: usize = 25;
/// Bytes of a text of several lines. No place shows more than 4,096 characters.
const TEXT: usize = 16 << 10;
/// Bytes of a text on one line.
const LINE: usize = 1 << 10;
/// Bytes of an address; a longer one is left out, as it would lead elsewhere when cut.
const ADDRESS: usize = 2 << 10;
/// Bytes of a cursor: it is kept with each delivery. A longer one is left out.
const CURSOR: usize = 4 << 10;
/// The contract's bounds.
const FIELDS: usize = 25;
const ACTIONS: usize = 5;
const ACTION_ID: usize = 32;
/// Tags of an item; nobody blocks by more.
const TAGS: usize = 50;
/// Characters of what a provider tells a member in its own words.
const REASON: usize = 200;

/// The page, fit to be kept and shown.
pub(crate) fn page(mut page: Page, provider: &ProviderId) -> Page {
    page.items.truncate(ITEMS);
    let items = page.items.into_iter().map(item).collect();
    let next = page.next.filter(|cursor| {
        let fits = cursor.len() <= CURSOR && !cursor.contains('\0');
        if !fits {
            tracing::warn!(%provider, bytes = cursor.len(), "a cursor is over {CURSOR} bytes or has a zero byte; it is dropped");
        }
        fits
    });
    Page { items, next, ..page }
}

/// What a provider tells a member in its own words: one line, not long.
pub(crate) fn reason(text: String) -> String {
    let line = line(text);
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(REASON) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or_default()),
        None => line,
    }
}

fn item(mut item: Item) -> Item {
    item.fields.truncate(FIELDS);
    item.tags.truncate(TAGS);
    let mut ids: Vec<String> = Vec::new();
    item.actions.retain(|action| {
        let length = action.id.chars().count();
        let good = (1..=ACTION_ID).contains(&length) && !action.id.contains(char::is_control);
        let good = good && !ids.contains(&action.id) && ids.len() < ACTIONS;
        if good {
            ids.push(action.id.clone());
        }
        good
    });
    Item {
        title: item.title.map(line),
        text: item.text.map(lines),
        url: item.url.and_then(address),
        media: item.media.and_then(media),
        thumbnail: item.thumbnail.and_then(address),
        author: item.author.map(link),
        source: item.source.map(link),
        fields: item.fields.into_iter().map(field).collect(),
        tags: item.tags.into_iter().map(line).collect(),
        actions: item.actions.into_iter().map(|action| Action { label: line(action.label), ..action }).collect(),
        ..item
    }
}

fn link(link: Link) -> Link {
    Link { label: line(link.label), url: link.url.and_then(address) }
}

fn field(field: Field) -> Field {
    Field { name: line(field.name), value: lines(field.value), ..field }
}

fn media(media: Media) -> Option<Media> {
    match media {
        Media::Url(url) => address(url).map(Media::Url),
        Media::Blob(mut blob) => {
            blob.file_name = line(blob.file_name);
            // It becomes a header of the upload.
            if blob.mime.len() > LINE || !blob.mime.bytes().all(|byte| byte.is_ascii_graphic()) {
                "application/octet-stream".clone_into(&mut blob.mime);
            }
            Some(Media::Blob(blob))
        }
    }
}

fn address(url: String) -> Option<String> {
    (url.len() <= ADDRESS && !url.contains(char::is_control)).then_some(url)
}

/// A text of several lines.
fn lines(text: String) -> String {
    without(text, TEXT, |character| character.is_control() && !matches!(character, '\n' | '\t'))
}

/// A text that is shown on one line. Line breaks stay, as blanks: whoever shows it makes blanks of them.
pub(crate) fn line(text: String) -> String {
    without(text, LINE, |character| {
        (character.is_control() && !matches!(character, '\n' | '\t'))
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

/// The text without such characters, cut to `most` bytes.
fn without(mut text: String, most: usize, unwanted: impl Fn(char) -> bool) -> String {
    if text.contains(&unwanted) {
        text.retain(|character| !unwanted(character));
    }
    text.truncate(text.floor_char_boundary(most));
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{ActionStyle, Blob, Rating};

    fn plain() -> Item {
        Item {
            id: "1".into(),
            kind: "quote".into(),
            title: None,
            text: None,
            url: None,
            media: None,
            thumbnail: None,
            author: None,
            source: None,
            fields: Vec::new(),
            color: None,
            published: None,
            tags: Vec::new(),
            rating: Rating::Everyone,
            actions: Vec::new(),
            state: None,
        }
    }

    fn tidied(next: Option<String>, items: Vec<Item>) -> Page {
        page(Page { items, next, cache_for: None }, &"quote".parse().unwrap())
    }

    #[test]
    fn what_works_on_the_reader_is_dropped_and_what_is_read_stays() {
        let text = "a\0b\u{1b}[2J\r\nc\td\u{9b}";
        let item = item(Item { title: Some(format!("{text}\u{202e}e")), text: Some(text.into()), ..plain() });
        assert_eq!(item.text.as_deref(), Some("ab[2J\nc\td"));
        assert_eq!(item.title.as_deref(), Some("ab[2J\nc\tde"));
        let hebrew = "שלום\u{200f}!";
        assert_eq!(line(hebrew.to_owned()), hebrew);
    }

    #[test]
    fn texts_are_cut_at_a_character_and_addresses_left_out() {
        assert_eq!(lines("é".repeat(TEXT / 2)).len(), TEXT);
        assert_eq!(lines(format!("x{}", "é".repeat(TEXT / 2))).len(), TEXT - 1);
        assert_eq!(line("x".repeat(LINE + 1)).len(), LINE);
        assert!(address("x".repeat(ADDRESS)).is_some());
        assert_eq!(address("x".repeat(ADDRESS + 1)), None);
        assert_eq!(address("https://example.org/\nx".into()), None);
    }

    #[test]
    fn a_cursor_is_kept_whole_or_not_at_all() {
        assert!(tidied(Some("x".repeat(CURSOR)), Vec::new()).next.is_some());
        assert_eq!(tidied(Some("x".repeat(CURSOR + 1)), Vec::new()).next, None);
        assert_eq!(tidied(Some("a\0b".into()), Vec::new()).next, None);
        assert_eq!(tidied(Some("a\nb".into()), Vec::new()).next.as_deref(), Some("a\nb"));
    }

    #[test]
    fn lists_end_where_the_contract_says() {
        let field = Field { name: "n".into(), value: "v".into(), inline: false };
        let action = |id: String| Action { id, label: "Press".into(), style: ActionStyle::Primary };
        let mut actions = vec![action("x".repeat(33)), action(String::new()), action("a\nb".into())];
        actions.extend(["a", "a", "b", "c", "d", "e", "f"].map(|id| action(id.into())));
        let item = Item { fields: vec![field; 26], tags: vec!["t".into(); 51], actions, ..plain() };
        let page = tidied(None, vec![item; 26]);
        assert_eq!(page.items.len(), 25);
        let item = &page.items[0];
        assert_eq!((item.fields.len(), item.tags.len()), (25, 50));
        let ids: Vec<_> = item.actions.iter().map(|action| action.id.as_str()).collect();
        assert_eq!(ids, ["a", "b", "c", "d", "e"]);
    }

    #[test]
    fn a_media_type_with_a_line_break_is_none() {
        let blob = |mime: &str| Media::Blob(Blob { file_name: "x".into(), mime: mime.into(), data: vec![1] });
        assert_eq!(media(blob("image/png")), Some(blob("image/png")));
        assert_eq!(media(blob("image/png\r\nX-Evil: 1")), Some(blob("application/octet-stream")));
    }

    #[test]
    fn a_reason_is_one_short_line() {
        assert_eq!(reason("not\n\n# this\u{202e} one".into()), "not # this one");
        assert_eq!(reason("x".repeat(200)), "x".repeat(200));
        assert_eq!(reason("x".repeat(201)), format!("{}…", "x".repeat(200)));
    }
}
