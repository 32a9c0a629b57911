//! Ways to write the contract's items and pages. Every field is public too.

use std::time::Duration;

use crate::{Action, ActionStyle, Blob, Failure, Field, InvalidArgument, Item, Link, Media, Page, Rating};

impl Item {
    /// An item of a kind that provider.toml names, fit for everyone, with nothing else in it. `id` is stable for
    /// the same content: the host avoids repeats and honours blocks by it.
    pub fn new(id: impl Into<String>, kind: impl Into<String>) -> Item {
        Item {
            id: id.into(),
            kind: kind.into(),
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

    /// Sets the title: plain text.
    #[must_use]
    pub fn title(self, title: impl Into<String>) -> Item {
        Item { title: Some(title.into()), ..self }
    }

    /// Sets the text: Discord-flavoured Markdown, see [`markdown`](crate::markdown).
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Item {
        Item { text: Some(text.into()), ..self }
    }

    /// Sets the content's own page.
    #[must_use]
    pub fn url(self, url: impl Into<String>) -> Item {
        Item { url: Some(url.into()), ..self }
    }

    /// Sets the picture, video or sound: a URL, or a [`Blob`] that is uploaded.
    #[must_use]
    pub fn media(self, media: impl Into<Media>) -> Item {
        Item { media: Some(media.into()), ..self }
    }

    /// Sets the small picture beside the text, by its URL.
    #[must_use]
    pub fn thumbnail(self, url: impl Into<String>) -> Item {
        Item { thumbnail: Some(url.into()), ..self }
    }

    /// Sets who made it: a name, or `(name, url)`.
    #[must_use]
    pub fn author(self, author: impl Into<Link>) -> Item {
        Item { author: Some(author.into()), ..self }
    }

    /// Sets where it comes from: a name, or `(name, url)`.
    #[must_use]
    pub fn source(self, source: impl Into<Link>) -> Item {
        Item { source: Some(source.into()), ..self }
    }

    /// Adds a named value on a line of its own.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Item {
        self.fields.push(Field { name: name.into(), value: value.into(), inline: false });
        self
    }

    /// Adds a named value that may share a line with its neighbours.
    #[must_use]
    pub fn inline_field(mut self, name: impl Into<String>, value: impl Into<String>) -> Item {
        self.fields.push(Field { name: name.into(), value: value.into(), inline: true });
        self
    }

    /// Sets the colour, as 0xRRGGBB.
    #[must_use]
    pub fn color(self, color: u32) -> Item {
        Item { color: Some(color), ..self }
    }

    /// Sets when it was published, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn published(self, milliseconds: u64) -> Item {
        Item { published: Some(milliseconds), ..self }
    }

    /// Adds tags: what it is about.
    #[must_use]
    pub fn tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Item {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }

    /// Marks it as age-restricted.
    #[must_use]
    pub fn sensitive(self) -> Item {
        Item { rating: Rating::Sensitive, ..self }
    }

    /// Adds a button.
    #[must_use]
    pub fn action(mut self, action: Action) -> Item {
        self.actions.push(action);
        self
    }

    /// Sets what [`Provider::act`](crate::Provider::act) gets back when a button is pressed: at most 1 KiB. It
    /// stays with the host; members never see it.
    #[must_use]
    pub fn state(self, state: impl Into<String>) -> Item {
        Item { state: Some(state.into()), ..self }
    }
}

impl Action {
    /// A button of style secondary. `id` is what [`Press::action`](crate::Press::action) says when it is pressed.
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Action {
        Action { id: id.into(), label: label.into(), style: ActionStyle::Secondary }
    }

    /// Sets how it stands out.
    #[must_use]
    pub fn style(self, style: ActionStyle) -> Action {
        Action { style, ..self }
    }
}

impl Page {
    /// These items, best first, with nothing more to be had and not to be cached.
    pub fn of(items: impl IntoIterator<Item = Item>) -> Page {
        Page { items: items.into_iter().collect(), next: None, cache_for: None }
    }

    /// Sets the cursor under which more can be had, if any.
    #[must_use]
    pub fn next(self, cursor: Option<String>) -> Page {
        Page { next: cursor, ..self }
    }

    /// Lets the host answer from its memory for so long; whole seconds count. Everybody who asks the same gets
    /// the same page: leave it out where the answer depends on who asks, or should differ each time.
    #[must_use]
    pub fn cache_for(self, time: Duration) -> Page {
        Page { cache_for: Some(u32::try_from(time.as_secs()).unwrap_or(u32::MAX)), ..self }
    }
}

impl From<Item> for Page {
    fn from(item: Item) -> Page {
        Page::of([item])
    }
}

impl From<&str> for Link {
    fn from(label: &str) -> Link {
        Link { label: label.into(), url: None }
    }
}

impl From<String> for Link {
    fn from(label: String) -> Link {
        Link { label, url: None }
    }
}

impl<L: Into<String>, U: Into<String>> From<(L, U)> for Link {
    fn from((label, url): (L, U)) -> Link {
        Link { label: label.into(), url: Some(url.into()) }
    }
}

impl From<&str> for Media {
    fn from(url: &str) -> Media {
        Media::Url(url.into())
    }
}

impl From<String> for Media {
    fn from(url: String) -> Media {
        Media::Url(url)
    }
}

impl From<Blob> for Media {
    fn from(blob: Blob) -> Media {
        Media::Blob(blob)
    }
}

impl Failure {
    /// The option `name` can't be used; `reason` tells the member what would be right.
    pub fn invalid_argument(name: impl Into<String>, reason: impl Into<String>) -> Failure {
        Failure::InvalidArgument(InvalidArgument { name: name.into(), reason: reason.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chained_is_in_the_item() {
        let item = Item::new("7", "news")
            .title("Comet seen")
            .author("Ada")
            .source(("The Paper", "https://paper.example/7"))
            .inline_field("Score", "97")
            .tags(["space", "science"])
            .sensitive()
            .action(Action::new("more", "More").style(ActionStyle::Primary));
        assert_eq!(item.author, Some(Link { label: "Ada".into(), url: None }));
        assert_eq!(item.source.and_then(|source| source.url).as_deref(), Some("https://paper.example/7"));
        assert!(item.fields.iter().all(|field| field.inline));
        assert_eq!(item.tags, ["space", "science"]);
        assert_eq!(item.rating, Rating::Sensitive);
        assert_eq!(item.actions, [Action { id: "more".into(), label: "More".into(), style: ActionStyle::Primary }]);
    }

    #[test]
    fn a_page_is_cached_in_whole_seconds_only_when_told() {
        let page = Page::from(Item::new("7", "news"));
        assert_eq!(page.cache_for, None);
        assert_eq!(page.cache_for(Duration::from_millis(60_900)).cache_for, Some(60));
    }
}
