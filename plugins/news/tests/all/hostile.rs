//! Feeds are written by strangers.

use autocontent_sdk::Rating;
use proptest::prelude::*;

use crate::*;

const URL: &str = "https://feeds.example.org/x";

/// Asks for a feed that is these bytes.
fn read(body: impl Into<Vec<u8>>, content_type: &str) -> Result<Page, Failure> {
    let host = Host::new();
    host.set_setting("feeds", Value::Texts(vec![format!("Feed={URL}")]));
    host.answer(URL, 200, &[("content-type", content_type)], body);
    let _ = find(&search("a b"));
    find(&latest())
}

/// Pieces of feeds, put together at random.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<rss>",
        "</rss>",
        "<channel>",
        "</channel>",
        "<item>",
        "</item>",
        "<title>",
        "</title>",
        "<link>",
        "</link>",
        "<description>",
        "</description>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<?xml version='1.0'?>",
        "&amp;",
        "&#0;",
        "&#xd800;",
        "&lt;p",
        "&",
        "<",
        ">",
        "\"",
        "=",
        "<pubDate>",
        "</pubDate>",
        "Thu, 01 Jan 2026 00:00:00 GMT",
        "\u{0}",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "</feed>",
        "<entry>",
        "</entry>",
        "<content type='xhtml'>",
        "</content>",
        "<link href='//x/é %'/>",
        "<enclosure url='a' type='image/png'/>",
        "<!DOCTYPE rss [<!ENTITY a 'b'>]>",
        "&a;",
        "😀",
        "<media:thumbnail url='x' width='99999999999'/>",
        "<guid>",
        "</guid>",
        "<category>",
        "</category>",
        "text ",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_feed_is_nothing_panics_and_what_is_shown_keeps_the_contract(
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            pieces().prop_map(String::into_bytes),
            pieces().prop_map(|pieces| format!("<rss><channel><item><title>A</title>{pieces}</item></channel></rss>").into_bytes()),
        ],
        content_type in prop::sample::select(vec!["", "text/xml", "text/xml;charset=latin1", "x;charset=utf-16", ";charset="]),
    ) {
        let Ok(page) = read(body, content_type) else { return Ok(()) };
        for item in page.items {
            prop_assert_eq!(item.id.len(), 32);
            prop_assert!(item.title.is_some_and(|title| (1..=251).contains(&title.chars().count())));
            prop_assert!(item.url.is_none_or(|url| url.starts_with("https://")));
            prop_assert!(item.thumbnail.is_none_or(|url| url.starts_with("https://")));
        }
    }
}

#[test]
fn no_more_is_read_of_a_feed_than_is_of_use() {
    let entry = |number| format!("<item><title>{number}</title><guid>{number}</guid></item>");
    let entries: String = (0..500).map(entry).collect();
    let page = read(format!("<rss><channel>{entries}"), "text/xml").unwrap();
    assert_eq!(titles(&page)[9], "9");
    let long = format!("<rss><channel><item><title>{}</title></item></channel></rss>", "word ".repeat(100_000));
    assert!(read(long, "text/xml").unwrap().items[0].title.as_ref().unwrap().len() <= 260);
    let large = " ".repeat((1 << 20) + 1);
    assert_eq!(read(large, "text/xml"), Err(Failure::Upstream("the feed \"Feed\": it has more than 1 MiB".into())));
}

#[test]
fn mentions_markdown_and_tags_stand_there_as_text() {
    let item =
        "<title>**x** [a](https://evil.example) &lt;@1&gt;</title><description># y &amp;lt;b&amp;gt;</description>";
    let page = read(format!("<rss><channel><item>{item}</item></channel></rss>"), "text/xml").unwrap();
    assert_eq!(page.items[0].title.as_deref(), Some("**x** [a](https://evil.example) <@1>"));
    assert_eq!(page.items[0].text.as_deref(), Some(r"\# y \<b>"));
}

#[test]
fn what_a_feed_says_is_not_for_everyone_is_sensitive() {
    let feed = "<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item><title>A</title>\
                <media:content><media:rating scheme='urn:simple'>adult</media:rating></media:content></item></channel></rss>";
    assert_eq!(read(feed, "text/xml").unwrap().items[0].rating, Rating::Sensitive);
}

#[test]
fn what_a_channel_says_is_not_for_everyone_is_sensitive_in_each_of_its_entries() {
    let itunes = "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'";
    let media = "xmlns:media='http://search.yahoo.com/mrss/'";
    let (item, entry) = ("<item><title>A</title></item>", "<entry><title>A</title></entry>");
    let rated = |feed: String| read(feed, "text/xml").unwrap().items[0].rating == Rating::Sensitive;
    for rating in ["Yes", "true", "explicit"] {
        let rating = format!("<itunes:explicit> {rating} </itunes:explicit>");
        assert!(rated(format!("<rss {itunes}><channel>{rating}{item}</channel></rss>")), "{rating}");
        assert!(rated(format!("<rss {itunes}><channel>{item}{rating}</channel></rss>")), "{rating} at the end");
    }
    let rating = "<media:rating>ADULT</media:rating>";
    assert!(rated(format!("<feed xmlns='http://www.w3.org/2005/Atom' {media}>{rating}{entry}</feed>")));
    assert!(!rated(format!("<rss {itunes}><channel><itunes:explicit>no</itunes:explicit>{item}</channel></rss>")));
    assert!(!rated(format!("<rss {itunes}><channel><image>{rating}</image>{item}</channel></rss>")));
}

#[test]
fn the_author_is_the_entrys_own_and_not_a_contributor_or_that_of_its_source() {
    let author = |inner: &str| {
        let entry = format!("<entry><title>A</title>{inner}</entry>");
        let page = read(format!("<feed xmlns='http://www.w3.org/2005/Atom'>{entry}</feed>"), "text/xml").unwrap();
        page.items[0].author.as_ref().map(|author| author.label.clone())
    };
    assert_eq!(author("<author><name>Ada</name></author>").as_deref(), Some("Ada"));
    assert_eq!(author("<source><author><name>Grace</name></author></source>"), None);
    assert_eq!(author("<contributor><name>Grace</name></contributor>"), None);
}

#[test]
fn what_comes_from_the_future_does_not_stand_first_for_ever() {
    let feed = "<rss><channel><item><title>A</title><pubDate>1 Jan 2099 00:00:00 GMT</pubDate></item></channel></rss>";
    assert_eq!(read(feed, "text/xml").unwrap().items[0].published, Some(1_767_225_600_000));
}
