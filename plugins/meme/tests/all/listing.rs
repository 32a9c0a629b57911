//! Memes from a Reddit-like listing.

use autocontent_sdk::settings::Value;
use autocontent_sdk::{Failure, Rating};

use super::{about, ask, find, played, playing, titles};

#[test]
fn pictures_come_with_their_author_and_community() {
    let _host = played("listing");
    insta::assert_debug_snapshot!(find(&ask()).unwrap());
}

#[test]
fn what_is_restricted_or_unrated_is_sensitive_and_only_for_those_who_may_see_it() {
    let _host = played("listing");
    let page = find(&ask().sensitive_allowed()).unwrap();
    let ratings: Vec<(&str, Rating)> =
        titles(&page).into_iter().zip(page.items.iter().map(|item| item.rating)).collect();
    insta::assert_debug_snapshot!(ratings);
    assert_eq!(titles(&find(&about("example quest").sensitive_allowed()).unwrap()), ["That boat at night"]);
}

#[test]
fn a_cursor_leads_through_a_listing_and_on_to_what_comes_after() {
    let _host = played("listing");
    let first = find(&ask().limit(1)).unwrap();
    assert_eq!((titles(&first), first.next.as_deref()), (vec!["Me & my *first* build"], Some("t3_1bbbbb")));
    let second = find(&ask().limit(1).cursor(first.next)).unwrap();
    assert_eq!((titles(&second), second.next.as_deref()), (vec!["Somewhere else"], Some("t3_1ggggg")));
    let third = find(&ask().limit(1).cursor(second.next)).unwrap();
    assert_eq!((titles(&third), third.next.as_deref()), (vec!["The last one"], None));
}

#[test]
fn a_topic_and_an_activity_are_searched_for_in_the_community() {
    let _host = played("listing");
    for ask in [about(" example quest "), ask().trigger(playing("example quest"))] {
        let page = find(&ask).unwrap();
        assert_eq!(
            (titles(&page), page.items[0].tags.join(" ")),
            (vec!["That boat again"], "example quest memes".into())
        );
    }
}

#[test]
fn the_operator_chooses_the_community() {
    let host = played("listing");
    host.set_setting("listing", Value::Text(" https://old.reddit.com/r/memes+wholesomememes/ ".into()));
    let page = find(&ask()).unwrap();
    assert_eq!(titles(&page), ["A kind one"]);
    let page = page.items[0].url.as_deref();
    assert_eq!(page, Some("https://old.reddit.com/r/wholesomememes/comments/1kkkkk/a_kind_one/"));
}

#[test]
fn the_score_is_in_the_members_language() {
    let _host = played("listing");
    let page = find(&ask().locale("pt-BR")).unwrap();
    assert_eq!(page.items[0].fields[0].name, "Pontos");
}

#[test]
fn a_search_without_results_is_not_found_and_a_page_without_pictures_leads_on() {
    let _host = played("failures/listing-nothing");
    assert_eq!(find(&about("xqzvbn")), Err(Failure::NothingFound));
    let page = find(&ask()).unwrap();
    assert_eq!((page.items.len(), page.next.as_deref()), (0, Some("t3_1aaaaa")));
    assert_eq!(find(&ask().cursor(page.next)), Err(Failure::NothingFound));
}

#[test]
fn a_community_that_is_none_or_refuses_is_for_the_operator() {
    let host = played("failures/listing-refused");
    let mut told = vec![find(&ask()).unwrap_err()];
    for listing in [
        "https://www.reddit.com/r/no-such-community",
        "http://www.reddit.com/r/memes",
        "r/memes",
        "https:///r/memes",
        "https://www.reddit.com/r/memes?sort=new",
        "https://memes.example.com/r/memes",
    ] {
        host.set_setting("listing", Value::Text(listing.into()));
        told.push(find(&ask()).unwrap_err());
    }
    assert!(told.iter().all(|failure| matches!(failure, Failure::Misconfigured(_))));
    insta::assert_debug_snapshot!(&told[..6]);
    let Failure::Misconfigured(told) = &told[6] else { panic!() };
    assert!(told.starts_with("the setting `listing` names https://memes.example.com, which can't be asked ("));
    assert!(told.contains("`autocontent provider grant meme http:memes.example.com`"));
}

#[test]
fn too_many_requests_means_busy_for_as_long_as_the_site_says() {
    let _host = played("failures/listing-too-many");
    assert_eq!(find(&ask()), Err(Failure::Busy(Some(7))));
}

#[test]
fn malformed_answers_and_none_are_the_upstreams() {
    let _host = played("failures/listing-malformed");
    insta::assert_debug_snapshot!([find(&ask()).unwrap_err(), find(&about("example quest")).unwrap_err()]);
    let _host = played("failures/listing-time-out");
    assert_eq!(find(&ask()), Err(Failure::Upstream("no answer in time".into())));
}
