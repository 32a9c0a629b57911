//! Reads RSS 0.91 to 2.0, RSS 1.0 and Atom, event by event: nothing of a document is kept but the entries' fields.
//!
//! Feeds are written by strangers. Entities that a document declares are never expanded, so none can be a bomb;
//! nesting, entries and lengths are bounded.

use autocontent_sdk::html::{character, plain};
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::tag::{Place, Tag};

/// Entries that are read of one feed. They stand there newest first, as a rule.
const MOST_ENTRIES: usize = 50;
/// Elements within elements. An article in XHTML has some 15.
const DEEPEST: usize = 64;
/// Bytes that are kept of a field.
const LONGEST_FIELD: usize = 8 << 10;
/// Categories and pictures that are kept of an entry.
const MOST_OF_A_KIND: usize = 8;

/// A feed.
#[derive(Debug, Default)]
pub(crate) struct Feed {
    /// The site's own page, as written.
    pub(crate) link: Option<String>,
    /// Whether it says of all its entries that they are not for everyone.
    is_sensitive: bool,
    /// In the document's order.
    pub(crate) entries: Vec<Entry>,
}

/// One entry, as written. An empty text means that there was none.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// `guid`, `id` or `rdf:about`.
    pub(crate) id: String,
    /// HTML.
    pub(crate) title: String,
    /// HTML; the summary if there is one, else the content.
    pub(crate) summary: String,
    content: String,
    pub(crate) link: String,
    pub(crate) published: String,
    updated: String,
    /// HTML.
    pub(crate) author: String,
    pub(crate) categories: Vec<String>,
    pub(crate) pictures: Vec<Picture>,
    /// Whether the feed itself says that it is not for everyone.
    pub(crate) is_sensitive: bool,
}

/// A picture of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) url: String,
    /// `media:thumbnail`, which is small.
    pub(crate) is_thumbnail: bool,
    /// In pixels, 0 where the feed doesn't say.
    pub(crate) width: u32,
}

/// Reads a feed.
///
/// # Errors
///
/// Why it can't be read, such as "it is no feed, as it begins with <html>".
pub(crate) fn parse(xml: &str) -> Result<Feed, String> {
    let mut reader = NsReader::from_str(xml);
    // Many feeds have a bare & in an address or a title.
    reader.config_mut().allow_dangling_amp = true;
    let mut document = Document::default();
    while !document.is_complete() {
        let event = reader.read_event();
        match event
            .map_err(|error| format!("it is not well-formed XML near byte {}: {error}", reader.buffer_position()))?
        {
            Event::Start(start) => {
                let place = place(&reader, &start);
                document.start(place, &start)?;
            }
            Event::Empty(start) => {
                let place = place(&reader, &start);
                document.start(place, &start)?;
                document.end(start.local_name().as_ref());
            }
            Event::End(end) => document.end(end.local_name().as_ref()),
            Event::Text(text) => document.text(&text.xml10_content()),
            Event::CData(text) => document.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Some(letter) = character(&reference) {
                    document.text(letter.encode_utf8(&mut [0; 4]));
                }
            }
            Event::Eof => break,
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
    document.finish()
}

fn place(reader: &NsReader<&[u8]>, start: &BytesStart<'_>) -> Place {
    match reader.resolver().resolve_element(start.name()) {
        (ResolveResult::Bound(namespace), _) => Place::of(namespace.into_inner()),
        (ResolveResult::Unbound, _) => Place::Feed,
        (ResolveResult::Unknown(_), _) => Place::Elsewhere,
    }
}

/// What was read so far.
#[derive(Default)]
struct Document {
    feed: Feed,
    entry: Option<Entry>,
    /// The elements that are open.
    open: Vec<Tag>,
    /// The innermost field that is open, and what stands in it so far.
    field: Option<Field>,
    is_feed: bool,
    enough: bool,
}

struct Field {
    tag: Tag,
    /// Which of the open elements it is.
    depth: usize,
    text: String,
    form: Form,
}

/// How a field's text is to be read.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// What stands there is HTML.
    Html,
    /// What stands there is plain.
    Plain,
    /// Elements that stand there are the HTML.
    Xhtml,
}

impl Document {
    fn is_complete(&self) -> bool {
        self.enough
    }

    fn start(&mut self, place: Place, start: &BytesStart<'_>) -> Result<(), String> {
        if self.open.len() >= DEEPEST {
            return Err(format!("it has more than {DEEPEST} elements within each other"));
        }
        let name = start.local_name();
        let tag = Tag::of(place, name.as_ref());
        if self.open.is_empty() {
            self.is_feed = tag == Tag::Root;
            if !self.is_feed {
                let name: String = name.as_ref().chars().take(40).collect();
                return Err(format!("it is no feed, as it begins with <{name}>"));
            }
        }
        self.open.push(tag);
        if let Some(field) = self.field.as_mut().filter(|field| field.form == Form::Xhtml) {
            field.push(&format!("<{}>", name.as_ref()));
            return Ok(());
        }
        // What an entry quotes of others, such as the `source` that it was taken from, is not its own.
        let is_own = matches!(self.open.as_slice(), [.., Tag::Item, _] | [.., Tag::Item, Tag::Person, Tag::Author]);
        match (tag, self.entry.as_mut()) {
            (Tag::Item, None) => {
                self.entry = Some(Entry { id: attribute(start, "about").unwrap_or_default(), ..Entry::default() });
            }
            (_, Some(entry)) if is_own || tag.is_anywhere() => entry.take_attributes(tag, start),
            (Tag::Link, None) if is_page(start) => {
                self.feed.link = self.feed.link.take().or_else(|| attribute(start, "href"));
            }
            _ => {}
        }
        let is_wanted = if self.entry.is_some() { is_own || tag.is_anywhere() } else { self.is_of_channel(tag) };
        if tag.is_field() && is_wanted {
            let form = match (place, attribute(start, "type").as_deref()) {
                (Place::Atom, Some("html" | "text/html")) => Form::Html,
                (Place::Atom, Some("xhtml")) => Form::Xhtml,
                (Place::Atom, _) => Form::Plain,
                _ => Form::Html,
            };
            self.field = Some(Field { tag, depth: self.open.len(), text: String::new(), form });
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(field) = &mut self.field {
            if field.form == Form::Html { field.push(text) } else { field.push(&escape(text)) }
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(field) = self.field.take_if(|field| field.depth == self.open.len()) {
            let text = field.text.trim();
            match (&mut self.entry, field.tag) {
                (Some(entry), tag) => entry.take(tag, text),
                (None, Tag::Rating) => self.feed.is_sensitive |= is_for_adults(text),
                (None, _) if !text.is_empty() => self.feed.link = Some(text.into()),
                (None, _) => {}
            }
        }
        match (self.open.pop(), &mut self.field) {
            (Some(Tag::Item), None) => {
                self.feed.entries.extend(self.entry.take().map(Entry::finish));
                self.enough = self.feed.entries.len() >= MOST_ENTRIES;
            }
            (_, Some(field)) if field.form == Form::Xhtml => field.push(&format!("</{name}>")),
            _ => {}
        }
    }

    fn finish(self) -> Result<Feed, String> {
        if !self.is_feed {
            return Err("it has no elements".into());
        }
        if !self.enough && !self.open.is_empty() {
            return Err("it ends within an element".into());
        }
        // What the channel says may stand behind its entries.
        let mut feed = self.feed;
        for entry in &mut feed.entries {
            entry.is_sensitive |= feed.is_sensitive;
        }
        Ok(feed)
    }

    /// Whether it is the channel's own link or rating, and not the link of its picture or of a search field.
    fn is_of_channel(&self, tag: Tag) -> bool {
        let is_own = matches!(self.open.as_slice(), [Tag::Root, Tag::Channel, _] | [Tag::Root, Tag::Rating]);
        is_own && matches!(tag, Tag::Link | Tag::Rating)
    }
}

impl Field {
    fn push(&mut self, text: &str) {
        if self.text.len() + text.len() <= LONGEST_FIELD {
            self.text.push_str(text);
        } else {
            let room = LONGEST_FIELD.saturating_sub(self.text.len());
            self.text.push_str(text.get(..text.floor_char_boundary(room)).unwrap_or_default());
        }
    }
}

impl Entry {
    /// What an element says by its attributes.
    fn take_attributes(&mut self, tag: Tag, start: &BytesStart<'_>) {
        let is_image = |start| attribute(start, "type").is_some_and(|mime| mime.starts_with("image/"));
        match tag {
            Tag::Link if is_page(start) => set(&mut self.link, &attribute(start, "href").unwrap_or_default()),
            Tag::Link if is_image(start) => self.picture(attribute(start, "href"), start, false),
            Tag::Enclosure if is_image(start) => self.picture(attribute(start, "url"), start, false),
            Tag::Media if is_image(start) || attribute(start, "medium").as_deref() == Some("image") => {
                self.picture(attribute(start, "url"), start, false);
            }
            Tag::Thumbnail => self.picture(attribute(start, "url"), start, true),
            Tag::Category => {
                if let Some(term) = attribute(start, "label").or_else(|| attribute(start, "term")) {
                    self.take(Tag::Category, &term);
                }
            }
            _ => {}
        }
    }

    /// What an element says by its text.
    fn take(&mut self, tag: Tag, text: &str) {
        match tag {
            Tag::Title => set(&mut self.title, text),
            Tag::Summary => set(&mut self.summary, text),
            Tag::Content => set(&mut self.content, text),
            Tag::Link => set(&mut self.link, text),
            Tag::Id => self.id = text.into(),
            Tag::Published => set(&mut self.published, text),
            Tag::Updated => set(&mut self.updated, text),
            Tag::Author => set(&mut self.author, text),
            Tag::Rating => self.is_sensitive |= is_for_adults(text),
            Tag::Category if !text.is_empty() && self.categories.len() < MOST_OF_A_KIND => {
                self.categories.push(text.into());
            }
            _ => {}
        }
    }

    fn picture(&mut self, url: Option<String>, start: &BytesStart<'_>, is_thumbnail: bool) {
        if let Some(url) = url.filter(|_| self.pictures.len() < MOST_OF_A_KIND) {
            let width = attribute(start, "width").and_then(|width| width.parse().ok()).unwrap_or(0);
            self.pictures.push(Picture { url, is_thumbnail, width });
        }
    }

    /// Fills gaps by the second best. A `guid` is a link too, unless it says otherwise, and then it doesn't look like one.
    fn finish(mut self) -> Entry {
        let (content, updated) = (std::mem::take(&mut self.content), std::mem::take(&mut self.updated));
        set(&mut self.summary, &content);
        set(&mut self.published, &updated);
        if self.id.starts_with("http") {
            set(&mut self.link, &self.id);
        }
        self
    }
}

/// Whether a rating says that something is not for everyone.
fn is_for_adults(rating: &str) -> bool {
    ["adult", "yes", "true", "explicit"].iter().any(|word| rating.eq_ignore_ascii_case(word))
}

/// Sets what is still empty: what comes first counts.
fn set(field: &mut String, text: &str) {
    if field.is_empty() {
        text.clone_into(field);
    }
}

/// Whether a link leads to the entry's or feed's page. RSS's links have no attributes.
fn is_page(start: &BytesStart<'_>) -> bool {
    attribute(start, "rel").is_none_or(|rel| rel == "alternate")
}

/// An attribute by its local name.
fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = start.html_attributes();
    let found =
        attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    // Addresses often have a bare & in them, which `plain` leaves alone.
    let value = plain(found.value.get(..LONGEST_FIELD).unwrap_or(&found.value));
    (!value.is_empty() && value.len() <= LONGEST_FIELD).then_some(value)
}
