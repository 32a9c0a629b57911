//! Communities that answer in Reddit's form of listings: <https://www.reddit.com/dev/api#listings>.

use std::time::Duration;

use autocontent_sdk::http::{Error, Request, https};
use autocontent_sdk::{Failure, Item, Page, settings};
use serde::Deserialize;

use crate::{Kind, Wanted};

/// What is new is worth more than a request saved.
pub(crate) const LASTS: Duration = Duration::from_secs(10 * 60);
/// Posts that are asked for at once: more than the host shows of a page, as some aren't pictures.
const MOST: u32 = 25;
const DEFAULT: &str = "https://www.reddit.com/r/memes";

#[derive(Deserialize)]
struct Listing {
    data: Posts,
}

#[derive(Deserialize)]
struct Posts {
    #[serde(default)]
    children: Vec<Child>,
    after: Option<String>,
}

#[derive(Deserialize)]
struct Child {
    data: Post,
}

#[derive(Deserialize)]
struct Post {
    id: String,
    title: Option<String>,
    /// What it shows or links to.
    url: Option<String>,
    /// Its own page, from the site's root.
    permalink: Option<String>,
    author: Option<String>,
    subreddit: Option<String>,
    score: Option<i64>,
    over_18: Option<bool>,
    /// Put on top by moderators: rules and news, mostly.
    #[serde(default)]
    stickied: bool,
    post_hint: Option<String>,
    /// Seconds since the Unix epoch.
    created_utc: Option<f64>,
}

/// At most `limit` posts that come after the one that the cursor names; a listing moves, and what is counted would be others
/// by then.
pub(crate) fn ask(wanted: &Wanted, cursor: Option<&str>, limit: usize) -> Result<Page, Failure> {
    let community = Community::set()?;
    // The button is from a time when the operator had chosen the other source.
    if cursor.is_some_and(|cursor| !is_name(cursor)) {
        return Err(Failure::NothingFound);
    }
    let mut request = match wanted.topic {
        None => Request::get(format!("{}/hot.json", community.address)),
        Some(topic) => Request::get(format!("{}/search.json", community.address))
            .query("q", topic)
            .query("restrict_sr", 1)
            .query("include_over_18", if wanted.audience.sensitive_allowed { "on" } else { "off" }),
    };
    // Without `raw_json`, titles and addresses are escaped for HTML.
    request = request.query("raw_json", 1).query("limit", MOST);
    if let Some(after) = cursor {
        request = request.query("after", after);
    }
    let response = request.send().map_err(|error| community.unasked(error))?;
    if matches!(response.status, 401 | 403 | 404) {
        return Err(community.refused(response.status));
    }
    let posts = response.success()?.json::<Listing>()?.data;
    let shown = |post: &Post| !post.stickied && (wanted.audience.sensitive_allowed || post.over_18 == Some(false));
    let children = posts.children.into_iter().map(|child| child.data).filter(shown);
    let mut items: Vec<(String, Item)> =
        children.filter_map(|post| Some((post.name(), post.item(&community, wanted)?))).collect();
    let after = match items.get(limit.saturating_sub(1)) {
        // Some are left, and the next page begins with them.
        Some((last, _)) if items.len() > limit => Some(last.clone()),
        _ => posts.after.filter(|after| is_name(after)),
    };
    items.truncate(limit);
    let next = after.filter(|after| cursor != Some(after.as_str()));
    Ok(Page::of(items.into_iter().map(|(_, item)| item)).next(next))
}

/// The community that the operator set.
struct Community {
    /// With no slash at its end.
    address: String,
    /// "https://www.reddit.com", of its address.
    site: String,
}

impl Community {
    fn set() -> Result<Community, Failure> {
        let set = settings::text("listing").unwrap_or_else(|| DEFAULT.into());
        let address = set.trim().trim_end_matches('/').to_owned();
        let host = address.strip_prefix("https://").and_then(|rest| rest.split('/').next());
        match host.filter(|host| !host.is_empty() && !address.contains(['?', '#'])) {
            Some(host) => Ok(Community { site: format!("https://{host}"), address }),
            None => Err(Failure::Misconfigured(format!(
                "the setting `listing` is {set:?}: write the address of a community, such as {DEFAULT}"
            ))),
        }
    }

    fn unasked(&self, error: Error) -> Failure {
        match error {
            Error::Denied(why) => Failure::Misconfigured(format!(
                "the setting `listing` names {}, which can't be asked ({why}): grant it with `autocontent provider grant \
                 meme http:{}`, or choose a community at another host",
                self.site,
                self.site.trim_start_matches("https://")
            )),
            error => error.into(),
        }
    }

    fn refused(&self, status: u16) -> Failure {
        let why = match status {
            404 => "there is no such community",
            _ => "it is private, or the site takes no requests from this machine",
        };
        Failure::Misconfigured(format!(
            "{} answered {status}: {why}; set `listing` to another, or `source` to google",
            self.address
        ))
    }
}

impl Post {
    /// The item, or none where it is no picture.
    fn item(&self, community: &Community, wanted: &Wanted) -> Option<Item> {
        let picture = self.url.as_deref().and_then(https).filter(|url| self.is_picture(url))?;
        if !is_name(&self.id) {
            return None;
        }
        let Community { site, .. } = community;
        let page = self.permalink.as_deref().filter(|link| link.starts_with('/')).map(|link| format!("{site}{link}"));
        let tags = wanted.tags().into_iter().chain(self.subreddit.as_ref().map(|name| name.to_lowercase()));
        let mut item = Item::new(format!("listing-{}", self.id), Kind::Meme).media(picture).tags(tags);
        item.title.clone_from(&self.title);
        let name = self.subreddit.as_ref().map_or_else(|| site.clone(), |name| format!("r/{name}"));
        item.source = Some((name, page.as_deref().unwrap_or(site)).into());
        item.url = page;
        if let Some(author) = self.author.as_deref().filter(|author| !author.is_empty() && *author != "[deleted]") {
            item =
                item.author((format!("u/{author}"), format!("{site}/user/{}", autocontent_sdk::http::encode(author))));
        }
        if let Some(score) = self.score {
            item = item.inline_field(wanted.audience.choose("Score", &[("pt", "Pontos")]), score.to_string());
        }
        item.published = self.created_utc.and_then(milliseconds);
        // Unknown counts as sensitive.
        Some(if self.over_18 == Some(false) { item } else { item.sensitive() })
    }

    /// What the site calls it in `after`.
    fn name(&self) -> String {
        format!("t3_{}", self.id)
    }

    fn is_picture(&self, url: &str) -> bool {
        let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        let picture = [".jpg", ".jpeg", ".png", ".gif", ".webp"].iter().any(|ending| path.ends_with(ending));
        picture || self.post_hint.as_deref() == Some("image")
    }
}

/// Whether this is what a site calls a post: "t3_1abcde" in `after`, "1abcde" in a post.
fn is_name(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Of seconds, where they are of a time since 1970 that can be counted.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
fn milliseconds(seconds: f64) -> Option<u64> {
    (0.0..=1e11).contains(&seconds).then_some((seconds * 1_000.0) as u64)
}
