//! The elements that mean something in a feed, whatever they are called in each of its formats.

/// The vocabulary that an element is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// RSS: no namespace, or that of RSS 1.0.
    Feed,
    Atom,
    Rdf,
    DublinCore,
    Content,
    Media,
    Itunes,
    Elsewhere,
}

impl Place {
    /// The vocabulary of a namespace.
    pub(crate) fn of(namespace: &str) -> Place {
        match namespace.trim_end_matches('/') {
            "" | "http://purl.org/rss/1.0" | "http://backend.userland.com/rss2" => Place::Feed,
            "http://www.w3.org/2005/Atom" => Place::Atom,
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#" => Place::Rdf,
            "http://purl.org/dc/elements/1.1" | "http://purl.org/dc/terms" => Place::DublinCore,
            "http://purl.org/rss/1.0/modules/content" => Place::Content,
            "http://search.yahoo.com/mrss" => Place::Media,
            "http://www.itunes.com/dtds/podcast-1.0.dtd" => Place::Itunes,
            _ => Place::Elsewhere,
        }
    }
}

/// What an element is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Root,
    Channel,
    Item,
    Title,
    Summary,
    Content,
    Link,
    Id,
    Published,
    Updated,
    /// Atom's `author`, with a name and addresses in it.
    Person,
    /// A name.
    Author,
    Category,
    Enclosure,
    /// `media:content`
    Media,
    /// `media:thumbnail`
    Thumbnail,
    Rating,
    /// Nothing that is known here.
    Other,
}

impl Tag {
    /// What the element `name` of a vocabulary is for.
    pub(crate) fn of(place: Place, name: &str) -> Tag {
        match (place, name) {
            (Place::Feed, "rss") | (Place::Rdf, "RDF") | (Place::Atom, "feed") => Tag::Root,
            (Place::Feed, "channel") => Tag::Channel,
            (Place::Feed, "item") | (Place::Atom, "entry") => Tag::Item,
            (Place::Feed | Place::Atom | Place::DublinCore, "title") => Tag::Title,
            (Place::Feed | Place::DublinCore, "description") | (Place::Atom, "summary") => Tag::Summary,
            (Place::Content, "encoded") | (Place::Atom, "content") => Tag::Content,
            (Place::Feed | Place::Atom, "link") => Tag::Link,
            (Place::Feed, "guid") | (Place::Atom, "id") => Tag::Id,
            (Place::Feed, "pubDate") | (Place::Atom, "published") | (Place::DublinCore, "date") => Tag::Published,
            (Place::Atom, "updated") | (Place::DublinCore, "modified") => Tag::Updated,
            (Place::Atom, "author") => Tag::Person,
            // RSS's own `author` is an address of electronic mail.
            (Place::Atom, "name") | (Place::DublinCore, "creator") => Tag::Author,
            (Place::Feed | Place::Atom, "category") | (Place::DublinCore, "subject") => Tag::Category,
            (Place::Feed, "enclosure") => Tag::Enclosure,
            (Place::Media, "content") => Tag::Media,
            (Place::Media, "thumbnail") => Tag::Thumbnail,
            (Place::Media, "rating" | "adult") | (Place::Itunes, "explicit") => Tag::Rating,
            _ => Tag::Other,
        }
    }

    /// Whether it counts however deep it stands in an entry.
    pub(crate) fn is_anywhere(self) -> bool {
        matches!(self, Tag::Rating | Tag::Media | Tag::Thumbnail)
    }

    /// Whether what it says stands in it as text.
    pub(crate) fn is_field(self) -> bool {
        matches!(
            self,
            Tag::Title
                | Tag::Summary
                | Tag::Content
                | Tag::Link
                | Tag::Id
                | Tag::Published
                | Tag::Updated
                | Tag::Author
                | Tag::Category
                | Tag::Rating
        )
    }
}
