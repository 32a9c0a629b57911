//! The provider as the host calls it, with GIPHY played from recordings.

mod failures;
mod hostile;

use autocontent_provider_gif::Gif;
use autocontent_sdk::http::Request;
use autocontent_sdk::settings::Value;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Choice, Failure, Item, Media, Page, Rating};

fn ask() -> Ask {
    Ask::new("gif").limit(10)
}

fn about_cats() -> Ask {
    ask().argument("topic", " happy cat ")
}

fn find(ask: &Ask) -> Result<Page, Failure> {
    ask.find::<Gif>()
}

fn played(recording: &str) -> Host {
    let host = Host::new();
    host.replay(&[&format!("recordings/{recording}.json")]);
    host
}

fn ids(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.id.as_str()).collect()
}

#[test]
fn the_best_on_a_topic_come_with_their_makers_and_the_attribution_that_giphy_wants() {
    let _host = played("examples");
    let page = find(&about_cats()).unwrap();
    insta::assert_debug_snapshot!(page);
    let attributed = |item: &Item| item.source.as_ref().is_some_and(|source| source.label == "Powered By GIPHY");
    assert!(page.items.iter().all(attributed));
}

#[test]
fn a_file_that_is_too_large_gives_way_to_a_smaller_one() {
    let _host = played("examples");
    let page = find(&about_cats()).unwrap();
    let files: Vec<&str> = page
        .items
        .iter()
        .map(|item| match item.media.as_ref().unwrap() {
            Media::Url(url) => url.split(['?']).next().unwrap().rsplit('/').next().unwrap(),
            Media::Blob(_) => "",
        })
        .collect();
    assert_eq!(files, ["giphy.gif", "giphy-downsized-large.gif", "200.gif"]);
}

#[test]
fn the_second_page_goes_on_where_the_first_ended_and_what_has_no_file_is_left_out() {
    let _host = played("examples");
    let first = find(&about_cats()).unwrap();
    let second = find(&about_cats().cursor(first.next)).unwrap();
    assert_eq!(ids(&second), ["exHappyCat04", "exHappyCat05"]);
    assert_eq!(second.next, None);
}

#[test]
fn what_is_rated_r_or_not_at_all_is_sensitive() {
    let _host = played("examples");
    let page = find(&about_cats().cursor(Some("3".into()))).unwrap();
    let ratings: Vec<Rating> = page.items.iter().map(|item| item.rating).collect();
    assert_eq!(ratings, [Rating::Everyone, Rating::Sensitive]);
}

#[test]
fn the_rating_asked_for_follows_the_audience_and_the_setting() {
    let host = played("examples");
    assert_eq!(ids(&find(&about_cats().sensitive_allowed()).unwrap()), ["exHappyCat04", "exHappyCat05"]);
    host.set_setting("rating", Value::Text("g".into()));
    assert_eq!(ids(&find(&about_cats()).unwrap()), ["exHappyCat04"]);
    let asked: Vec<String> = host.requests().into_iter().map(|request| request.url).collect();
    assert!(asked[0].contains("rating=r&") && asked[1].contains("rating=g&"), "{asked:?}");
}

#[test]
fn the_search_is_in_the_members_language() {
    let _host = played("examples");
    assert_eq!(ids(&find(&about_cats().locale("pt-BR")).unwrap()), ["exHappyCat01"]);
}

#[test]
fn every_language_of_discords_is_one_of_giphys_or_english() {
    let host = Host::new();
    for (locale, language) in
        [("zh-TW", "zh-TW"), ("zh-CN", "zh-CN"), ("es-419", "es"), ("sv-SE", "sv"), ("bg", "en"), ("", "en")]
    {
        let _ = find(&about_cats().locale(locale));
        let url = host.requests().pop().unwrap().url;
        assert!(url.contains(&format!("lang={language}&")), "{locale}: {url}");
    }
}

#[test]
fn without_a_topic_come_those_that_are_popular_to_the_end_of_what_giphy_shows() {
    let _host = played("examples");
    let page = find(&ask()).unwrap();
    assert_eq!((ids(&page), page.next.as_deref(), page.cache_for), (vec!["exTrending01"], Some("1"), Some(300)));
    assert_eq!(find(&ask().cursor(Some("499".into()))).unwrap().next, None);
}

#[test]
fn a_random_one_differs_each_time_and_there_is_always_another() {
    let host = played("examples");
    let ask = ask().argument("random", true);
    let page = find(&ask.clone().argument("topic", "thank you")).unwrap();
    assert_eq!((ids(&page), page.cache_for), (vec!["exRandom0001"], None));
    assert_eq!(ids(&find(&ask.clone().cursor(page.next)).unwrap()), ["exRandom0002"]);
    assert_eq!(find(&ask.argument("topic", "xqzvbn")), Err(Failure::NothingFound));
    let anew = |request: &Request| request.headers.iter().any(|header| header.value == "no-cache");
    assert!(host.requests().iter().all(anew), "and the host remembers none");
}

#[test]
fn a_random_one_without_a_file_leads_on_to_another() {
    let host = Host::new();
    let body = r#"{ "data": { "id": "exNoFile0001", "images": {} } }"#;
    host.answer("https://api.giphy.com/v1/gifs/random?rating=pg", 200, &[], body);
    let page = find(&ask().argument("random", true)).unwrap();
    assert_eq!((page.items.len(), page.next.as_deref()), (0, Some("again")));
}

#[test]
fn topics_are_proposed_from_what_others_search_for() {
    let host = played("examples");
    let propose = |typed| ask().suggest::<Gif>("topic", typed);
    assert!(propose(" ha ").is_empty() && host.requests().is_empty(), "a key's requests are few");
    assert_eq!(propose("happy c"), [Choice::new("happy cat", "happy cat"), Choice::new("happy child", "happy child")]);
}

#[test]
fn where_giphy_proposes_nothing_the_cause_is_logged() {
    let host = played("examples");
    assert!(ask().suggest::<Gif>("topic", "oops").is_empty());
    assert_eq!(host.log().len(), 1);
}
