//! Whatever a source answers, there is an answer.

use autocontent_sdk::settings::Value as Setting;
use autocontent_sdk::testing::Host;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{about, ask, find};

/// What may stand where something else is expected.
fn anything() -> impl Strategy<Value = Value> {
    const KEYS: &[&str] = &[
        "images_results",
        "search_metadata",
        "status",
        "error",
        "title",
        "source",
        "link",
        "original",
        "thumbnail",
        "is_product",
        "data",
        "children",
        "after",
        "id",
        "url",
        "permalink",
        "author",
        "subreddit",
        "score",
        "over_18",
        "stickied",
        "post_hint",
        "created_utc",
    ];
    const TEXTS: &[&str] = &["", "/", "https://", "https://é.png", "image", "t3_1"];
    autocontent_provider_hostile::anything(KEYS, TEXTS)
}

/// Lets both sources answer every kind of request so.
fn ask_all(status: u16, body: &[u8]) {
    let host = Host::new();
    let google = "https://serpapi.com/search.json?engine=google_images&q=";
    let reddit = "https://www.reddit.com/r/memes";
    for url in [
        format!("{google}funny%20memes&ijn=0&safe=active&hl=en"),
        format!("{google}cat%20meme&ijn=4294967295&safe=off&hl=en"),
        format!("{reddit}/hot.json?raw_json=1&limit=25"),
        format!("{reddit}/search.json?q=cat&restrict_sr=1&include_over_18=on&raw_json=1&limit=25&after=4294967295"),
    ] {
        host.answer(&url, status, &[("retry-after", "1.5")], body);
    }
    for (source, cursor) in [("google", format!("4294967295:{}", usize::MAX)), ("listing", "4294967295".to_owned())] {
        host.set_setting("source", Setting::Text(source.into()));
        let last = about("cat").sensitive_allowed().cursor(Some(cursor));
        for ask in [ask(), ask().limit(0), last.limit(u32::MAX)] {
            if let Ok(page) = find(&ask) {
                assert!(
                    page.items.iter().all(|item| (1..=128).contains(&item.id.chars().count()) && item.media.is_some())
                );
                assert!(page.next.is_none_or(|next| next.len() < 100));
            }
        }
    }
}

proptest! {
    #[test]
    fn any_json_is_answered(value in anything(), status in prop::sample::select(vec![200_u16, 401, 404, 429, 503])) {
        ask_all(status, value.to_string().as_bytes());
    }

    #[test]
    fn any_picture_is_answered(images in prop::collection::vec(anything(), 0..4)) {
        ask_all(200, json!({ "images_results": images }).to_string().as_bytes());
    }

    #[test]
    fn any_post_is_answered(post in anything(), after in any::<Option<String>>(), created in any::<f64>()) {
        let mut post = post;
        if let Some(post) = post.as_object_mut() {
            post.insert("created_utc".into(), json!(created));
        }
        let body = json!({ "data": { "children": [{ "data": post }], "after": after } });
        ask_all(200, body.to_string().as_bytes());
    }

    #[test]
    fn any_bytes_are_answered(body in prop::collection::vec(any::<u8>(), 0..64)) {
        ask_all(200, &body);
    }
}
