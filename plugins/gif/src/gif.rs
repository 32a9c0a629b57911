//! A GIF as GIPHY tells of it, and the item that it becomes.

use autocontent_sdk::http::https;
use autocontent_sdk::text::{fold, line};
use autocontent_sdk::{Item, Link};
use serde::Deserialize;

use crate::Kind;
use crate::rating::GifRating;

/// What GIPHY's terms want to be seen beside its content, in just these words.
const ATTRIBUTION: &str = "Powered By GIPHY";
/// The largest file that is shown, in bytes; what is larger begins to play late.
const LARGEST: u64 = 8_000_000;

/// One GIF. Any field may be missing or empty.
#[derive(Debug, Deserialize)]
pub(crate) struct Gif {
    id: String,
    /// Its page.
    url: Option<String>,
    title: Option<String>,
    rating: Option<String>,
    username: Option<String>,
    user: Option<User>,
    #[serde(default)]
    images: Images,
}

#[derive(Debug, Deserialize)]
struct User {
    display_name: Option<String>,
    profile_url: Option<String>,
}

/// The same GIF in several sizes.
#[derive(Debug, Default, Deserialize)]
struct Images {
    original: Option<Image>,
    /// At most 8 MB.
    downsized_large: Option<Image>,
    /// 200 pixels high.
    fixed_height: Option<Image>,
}

#[derive(Debug, Deserialize)]
struct Image {
    url: Option<String>,
    /// In bytes, as a text.
    size: Option<String>,
}

impl Gif {
    /// The item, or none where there is nothing to be shown. `topic` is what was searched for.
    pub(crate) fn item(&self, topic: Option<&str>) -> Option<Item> {
        let file = self.file().filter(|_| (1..=128).contains(&self.id.len()))?;
        let page = self.url.as_deref().and_then(https);
        let mut item = Item::new(self.id.as_str(), Kind::Gif)
            .media(file)
            .source((ATTRIBUTION, page.unwrap_or("https://giphy.com")))
            .tags(topic.map(fold));
        item.title = self.title.as_deref().and_then(line);
        item.url = page.map(Into::into);
        item.author = self.author();
        let rating = self.rating.as_deref().and_then(GifRating::read);
        if rating.is_none_or(|rating| rating > GifRating::Pg13) {
            return Some(item.sensitive());
        }
        Some(item)
    }

    /// The best of its files that isn't too large.
    fn file(&self) -> Option<&str> {
        let Images { original, downsized_large, fixed_height } = &self.images;
        let original = original.as_ref().filter(|image| image.bytes().is_some_and(|bytes| bytes <= LARGEST));
        let images = [original, downsized_large.as_ref(), fixed_height.as_ref()].into_iter().flatten();
        images.filter_map(|image| image.url.as_deref()).find_map(https)
    }

    fn author(&self) -> Option<Link> {
        let user = self.user.as_ref();
        let own = user.and_then(|user| line(user.display_name.as_deref()?));
        let label = own.or_else(|| line(self.username.as_deref()?))?;
        let profile = user.and_then(|user| https(user.profile_url.as_deref()?));
        Some(Link { label, url: profile.map(Into::into) })
    }
}

impl Image {
    fn bytes(&self) -> Option<u64> {
        self.size.as_deref()?.trim().parse().ok()
    }
}
