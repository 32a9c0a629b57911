//! The provider as the host calls it, with what feeds answer in recordings.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod failures;
mod following;
mod hostile;

use autocontent_provider_news::News;
use autocontent_sdk::settings::Value;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Failure, Page};

/// A host with provider.toml's feeds, and one more of an atom feed.
fn host() -> Host {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    let mut english = defaults("feeds");
    english.push("Releases=https://feeds.example.org/releases.atom".into());
    host.set_setting("feeds", Value::Texts(english));
    host.set_setting("feeds-pt", Value::Texts(defaults("feeds-pt")));
    host
}

/// A host with these feeds alone.
fn with_feeds(recordings: &str, feeds: &[&str]) -> Host {
    let host = Host::new();
    host.replay(&[recordings]);
    host.set_setting("feeds", Value::Texts(feeds.iter().map(|&feed| feed.into()).collect()));
    host
}

/// The default of a setting in provider.toml.
fn defaults(setting: &str) -> Vec<String> {
    let manifest: toml::Table = include_str!("../../provider.toml").parse().unwrap();
    let settings = manifest["setting"].as_array().unwrap();
    let setting = settings.iter().find(|other| other["name"].as_str() == Some(setting)).unwrap();
    setting["default"].as_array().unwrap().iter().map(|feed| feed.as_str().unwrap().into()).collect()
}

fn latest() -> Ask {
    Ask::new("news latest").limit(10)
}

fn of(feed: &str) -> Ask {
    latest().argument("feed", feed)
}

fn search(topic: &str) -> Ask {
    Ask::new("news search").argument("topic", topic).limit(10)
}

fn find(ask: &Ask) -> Result<Page, Failure> {
    ask.find::<News>()
}

fn titles(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.title.as_deref().unwrap()).collect()
}

#[test]
fn rss_2_with_thumbnails_entities_and_cdata() {
    let _host = host();
    insta::assert_debug_snapshot!(find(&of("BBC News")).unwrap());
}

#[test]
fn rss_2_with_html_pictures_and_an_author() {
    let _host = host();
    insta::assert_debug_snapshot!(find(&of("the guardian")).unwrap());
}

#[test]
fn rss_1() {
    let _host = host();
    insta::assert_debug_snapshot!(find(&of("Deutsche Welle")).unwrap());
}

#[test]
fn atom_with_xhtml_relative_links_and_an_enclosure() {
    let _host = host();
    insta::assert_debug_snapshot!(find(&of("Releases")).unwrap());
}

#[test]
fn rss_0_91_in_latin_1() {
    let _host = host();
    insta::assert_debug_snapshot!(find(&of("Folha de S.Paulo")).unwrap());
}

#[test]
fn the_latest_of_all_feeds_are_merged_and_broken_feeds_are_left_out_and_logged() {
    let host = host();
    let page = find(&latest()).unwrap();
    assert_eq!(
        titles(&page),
        [
            "Harbour reopens after the storm",
            "New comet can be seen before dawn",
            "Climate talks go on late into the night",
            "Old bridge is moved by night",
            "Version <2.0>",
            "A quiet day for the markets",
            "1.9 <b>is text</b>",
        ]
    );
    assert_eq!(page.cache_for, None, "what is followed differs from place to place");
    let log: Vec<String> = host.log().into_iter().map(|(_, line)| line).collect();
    assert_eq!(
        log,
        [
            "left out the feed \"France 24\": https://www.france24.com/en/rss answered 503",
            "left out the feed \"NPR\": no answer in time",
            "left out the feed \"Al Jazeera\": it is no feed, as it begins with <html>",
        ]
    );
    assert_eq!(host.requests().len(), 8);
    assert!(host.requests().iter().all(|request| request.timeout_ms == Some(6000)));
}

#[test]
fn members_who_speak_portuguese_get_feeds_in_portuguese() {
    let _host = host();
    let page = find(&latest().locale("pt-BR")).unwrap();
    assert_eq!(titles(&page), ["Safra de grãos bate recorde", "São Paulo terá nova ciclovia à beira do rio"]);
    let item = &page.items[0];
    assert_eq!(item.url.as_deref(), Some("https://agenciabrasil.ebc.com.br/economia/noticia/2026-01/safra"));
    assert_eq!(item.text.as_deref(), Some("A produção cresceu 5% no ano."));
    assert_eq!(item.media, Some("https://imagens.ebc.com.br/safra.jpg".into()));
}

#[test]
fn headlines_go_on_over_several_pages_though_new_ones_came_in_between() {
    let host = host();
    let ask = of("BBC News").limit(2);
    let first = find(&ask).unwrap();
    assert_eq!(titles(&first), ["Harbour reopens after the storm", "Climate talks go on late into the night"]);
    assert_eq!(first.cache_for, Some(300));
    let rest = find(&ask.clone().cursor(first.next.clone())).unwrap();
    assert_eq!((titles(&rest), &rest.next), (vec!["A quiet day for the markets"], &None));
    // The one that the cursor names is gone: what is older comes.
    let entry = |title, date| format!("<item><title>{title}</title><pubDate>{date}</pubDate></item>");
    let (new, old) = (entry("New", "01 Jan 2026 11:59:00 GMT"), entry("Old", "30 Dec 2025 10:00:00 GMT"));
    let feed = format!("<rss><channel>{new}{old}</channel></rss>");
    host.answer("https://feeds.bbci.co.uk/news/rss.xml", 200, &[], feed);
    assert_eq!(titles(&find(&ask.clone().cursor(first.next)).unwrap()), ["Old"]);
    assert_eq!(titles(&find(&ask.cursor(Some("rubbish".into()))).unwrap()), ["New", "Old"]);
}

#[test]
fn a_search_wants_all_words_whatever_their_case_and_accents() {
    let _host = host();
    assert_eq!(titles(&find(&search("CLIMATE delegates")).unwrap()), ["Climate talks go on late into the night"]);
    assert_eq!(titles(&find(&search("sao ciclovia").locale("pt-BR")).unwrap()).len(), 1);
    assert_eq!(find(&search("climate comet")), Err(Failure::NothingFound));
    assert_eq!(find(&search("comet").argument("feed", "BBC News")), Err(Failure::NothingFound));
}

#[test]
fn feeds_are_proposed_those_in_the_members_language_first() {
    let _host = host();
    let proposed = |ask: Ask, typed| -> Vec<String> {
        ask.suggest::<News>("feed", typed).into_iter().map(|choice| choice.label).collect()
    };
    assert_eq!(proposed(latest(), "bbc"), ["BBC News", "BBC News Brasil"]);
    assert_eq!(proposed(latest().locale("pt-BR"), "bbc"), ["BBC News Brasil", "BBC News"]);
    assert_eq!(proposed(latest().locale("pt-BR"), "agencia"), ["Agência Brasil"]);
    assert_eq!(proposed(latest(), "").len(), 14);
}

#[test]
fn each_default_feed_has_its_host_among_the_capabilities_and_no_host_is_idle() {
    let manifest: toml::Table = include_str!("../../provider.toml").parse().unwrap();
    let granted: Vec<&str> =
        manifest["capabilities"]["http"].as_array().unwrap().iter().map(|host| host.as_str().unwrap()).collect();
    let feeds = [defaults("feeds"), defaults("feeds-pt")].concat();
    let host = |feed: &String| feed.split('/').nth(2).unwrap().to_owned();
    let mut hosts: Vec<String> = feeds.iter().map(host).collect();
    hosts.sort();
    hosts.dedup();
    assert_eq!(granted, hosts);
}

#[test]
fn the_manifests_examples_are_answered() {
    let _host = host();
    for ask in [latest(), of("BBC News"), search("climate"), Ask::new("news following")] {
        assert!(!find(&ask).unwrap().items.is_empty());
    }
}
