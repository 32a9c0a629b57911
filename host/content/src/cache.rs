//! Pages that a provider allowed the host to answer from its own memory.
//!
//! A page is shared by everybody who asks the same of the same version of a provider, set up in the same way: command,
//! arguments, cursor, language and whether sensitive content is allowed. Who asks, and where, is no part of that.

use std::sync::Arc;
use std::time::Duration;

use autocontent_runtime::Digest;
use jiff::Timestamp;
use moka::sync::Cache;

use crate::contract::{Action, Field, Item, Link, Media, Page, Request};

/// Memory for cached pages, in bytes.
const CAPACITY: u64 = 32 << 20;
/// The longest that a page is kept, however long the provider allows.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// Cached pages.
pub(crate) struct AnswerCache {
    pages: Cache<Vec<u8>, Entry>,
}

#[derive(Clone)]
struct Entry {
    page: Arc<Page>,
    until: Timestamp,
    weight: u32,
}

impl AnswerCache {
    pub(crate) fn new() -> Self {
        let pages = Cache::builder()
            .weigher(|_: &Vec<u8>, entry: &Entry| entry.weight)
            .max_capacity(CAPACITY)
            .time_to_live(LONGEST)
            .build();
        Self { pages }
    }

    /// The page that answers `request`, if one is still fresh.
    pub(crate) fn get(&self, variant: &Digest, request: &Request, now: Timestamp) -> Option<Arc<Page>> {
        if self.pages.entry_count() == 0 {
            return None;
        }
        let entry = self.pages.get(&key(variant, request)?)?;
        (entry.until > now).then_some(entry.page)
    }

    /// Keeps a page for as long as the provider allows.
    pub(crate) fn keep(&self, variant: &Digest, request: &Request, page: &Arc<Page>, now: Timestamp) {
        let Some(seconds) = page.cache_for.filter(|seconds| *seconds > 0) else { return };
        let Some(key) = key(variant, request) else { return };
        let until = now + Duration::from_secs(seconds.into()).min(LONGEST);
        self.pages.insert(key, Entry { page: Arc::clone(page), until, weight: weight(page) });
        // Makes the entry count, which `get` looks at first, see the page.
        self.pages.run_pending_tasks();
    }
}

fn key(variant: &Digest, request: &Request) -> Option<Vec<u8>> {
    let Request { command, arguments, audience, cursor, .. } = request;
    serde_json::to_vec(&(variant, command, arguments, cursor, &audience.locale, audience.sensitive_allowed)).ok()
}

/// About how many bytes a page takes.
fn weight(page: &Page) -> u32 {
    let bytes: usize = page.items.iter().map(item_weight).sum();
    u32::try_from(bytes + text(page.next.as_ref())).unwrap_or(u32::MAX)
}

fn item_weight(item: &Item) -> usize {
    let media = match &item.media {
        Some(Media::Blob(blob)) => blob.data.len() + blob.file_name.len() + blob.mime.len(),
        Some(Media::Url(url)) => url.len(),
        None => 0,
    };
    let link = |link: Option<&Link>| link.map_or(0, |link| link.label.len() + text(link.url.as_ref()));
    let fields: usize = item.fields.iter().map(|field| size_of::<Field>() + field.name.len() + field.value.len()).sum();
    let actions: usize =
        item.actions.iter().map(|action| size_of::<Action>() + action.id.len() + action.label.len()).sum();
    let tags: usize = item.tags.iter().map(|tag| size_of::<String>() + tag.len()).sum();
    let texts = [&item.title, &item.text, &item.url, &item.thumbnail, &item.state];
    let texts: usize = texts.into_iter().map(|part| text(part.as_ref())).sum();
    size_of::<Item>()
        + item.id.len()
        + media
        + link(item.author.as_ref())
        + link(item.source.as_ref())
        + fields
        + actions
        + tags
        + texts
}

fn text(text: Option<&String>) -> usize {
    text.map_or(0, String::len)
}
