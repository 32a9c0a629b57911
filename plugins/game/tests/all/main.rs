//! The provider as the host calls it, with Steam played from recordings.

mod failures;
mod hostile;

use autocontent_provider_game::Games;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Activity, Choice, Failure, Game, Item, Page, Rating, Track, Trigger, settings};
use serde_json::json;

/// A host that plays a recording.
fn host(recording: &str) -> Host {
    let host = Host::new();
    host.replay(&[format!("recordings/{recording}.json")]);
    host
}

fn info(name: &str) -> Ask {
    Ask::new("game info").argument("name", name).limit(10)
}

fn news(name: &str) -> Ask {
    Ask::new("game news").argument("name", name).limit(10)
}

fn find(ask: &Ask) -> Result<Page, Failure> {
    ask.find::<Games>()
}

fn ids(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.id.as_str()).collect()
}

fn field<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
}

fn playing(name: &str) -> Trigger {
    Trigger::Activity(Activity::Game(Game { name: name.into(), details: None }))
}

#[test]
fn a_game_comes_with_the_facts_of_its_page() {
    let _host = host("examples");
    insta::assert_debug_snapshot!(find(&info("Portal 2")).unwrap());
}

#[test]
fn facts_and_labels_are_in_the_members_language_and_prices_in_the_operators_currency() {
    let host = host("portuguese");
    host.set_setting("country", settings::Value::Text("BR".into()));
    let page = find(&info("Portal 2").locale("pt-BR")).unwrap();
    insta::assert_debug_snapshot!(page);
}

#[test]
fn what_was_picked_from_the_proposals_needs_no_search() {
    let host = host("examples");
    let page = find(&info("steam:620")).unwrap();
    assert_eq!(ids(&page), ["steam-620"]);
    assert_eq!(host.requests().len(), 1);
}

#[test]
fn a_name_that_fits_several_games_brings_them_page_by_page_and_leaves_out_what_is_not_sold() {
    let _host = host("pages");
    let first = find(&info("portal")).unwrap();
    assert_eq!(ids(&first), ["steam-620", "steam-317400", "steam-684410"]);
    assert_eq!(field(&first.items[1], "Price"), Some("Free"));
    assert_eq!(first.next.as_deref(), Some("3"));
    let second = find(&info("portal").cursor(first.next)).unwrap_err();
    assert_eq!(second, Failure::NothingFound, "the last one is not sold in this country");
}

#[test]
fn one_item_that_is_wanted_is_one_request() {
    let host = host("pages");
    let page = find(&info("portal").limit(1)).unwrap();
    assert_eq!((ids(&page), page.next.as_deref()), (vec!["steam-620"], Some("1")));
    assert_eq!(host.requests().len(), 2);
}

#[test]
fn news_come_as_plain_text_with_their_feed_and_the_game() {
    let _host = host("examples");
    insta::assert_debug_snapshot!(find(&news("Dota 2")).unwrap());
}

#[test]
fn older_news_come_next() {
    let _host = host("pages");
    let first = find(&news("steam:570").limit(2)).unwrap();
    assert_eq!(ids(&first), ["news-5124585319846783124", "news-5124585319846700002"]);
    assert_eq!(first.next.as_deref(), Some("570:1763900000:5124585319846700002"));
    let second = find(&news("steam:570").limit(2).cursor(first.next)).unwrap();
    assert_eq!((ids(&second), second.next.as_deref()), (vec!["news-5124585319846600003"], None));
}

#[test]
fn news_of_the_same_second_all_come() {
    let host = Host::new();
    let details = "https://store.steampowered.com/api/appdetails?appids=7&l=english&cc=us";
    host.answer(details, 200, &[], r#"{ "7": { "success": false } }"#);
    let url = "https://api.steampowered.com/ISteamNews/GetNewsForApp/v2/?appid=7";
    let all = [(9, 100), (8, 50), (7, 50), (6, 50), (5, 50), (4, 20)];
    // As Steam counts: the newest ones before a second.
    let answer = |count: usize, before: Option<u64>| {
        let found = all.iter().filter(|(_, date)| before.is_none_or(|before| *date < before)).take(count);
        let found: Vec<_> = found.map(|(gid, date)| json!({ "gid": gid.to_string(), "date": date })).collect();
        let enddate = before.map(|before| format!("&enddate={before}")).unwrap_or_default();
        let url = format!("{url}&count={count}&maxlength=1500{enddate}");
        host.answer(&url, 200, &[], json!({ "appnews": { "newsitems": found } }).to_string());
    };
    answer(2, None);
    for count in 3..=6 {
        answer(count, Some(51));
        answer(count, Some(21));
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    while let Ok(page) = find(&news("steam:7").limit(2).cursor(cursor)) {
        seen.extend(page.items.into_iter().map(|item| item.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["news-9", "news-8", "news-7", "news-6", "news-5", "news-4"]);
}

#[test]
fn names_are_no_markup_and_signs_alone_are_no_other_name() {
    let host = Host::new();
    let app = json!({ "type": "app", "name": "†††", "id": 7 });
    host.answer(
        "https://store.steampowered.com/api/storesearch/?term=%21%21%21&l=english&cc=us",
        200,
        &[],
        json!({ "items": [app] }).to_string(),
    );
    let data = json!({ "name": "A <b [b] & c", "steam_appid": 7, "developers": ["<x>"] });
    host.answer(
        "https://store.steampowered.com/api/appdetails?appids=7&l=english&cc=us",
        200,
        &[],
        json!({ "7": { "success": true, "data": data } }).to_string(),
    );
    let item = find(&info("steam:7")).unwrap().items.remove(0);
    assert_eq!((item.title.as_deref(), item.author.unwrap().label), (Some("A <b [b] & c"), "<x>".to_owned()));
    assert_eq!(find(&Ask::new("game news").trigger(playing("!!!"))), Err(Failure::NothingFound));
}

#[test]
fn news_can_be_the_makers_own_alone() {
    let host = host("pages");
    let page = find(&news("steam:570").limit(2).argument("official", true)).unwrap();
    assert!(page.items.iter().all(|item| item.source.as_ref().unwrap().label == "Steam · Community Announcements"));
    assert!(host.requests()[0].url.ends_with("&feeds=steam_community_announcements"));
}

#[test]
fn whoever_plays_gets_news_of_that_game_and_they_are_not_kept_for_others() {
    let _host = host("playing");
    let page = find(&Ask::new("game news").limit(10).trigger(playing("DOTA™ 2"))).unwrap();
    assert_eq!((ids(&page), page.cache_for), (vec!["news-5124585319846783124"], None));
}

#[test]
fn games_for_adults_are_sensitive_by_age_and_by_descriptor() {
    let _host = host("mature");
    let rating = |ask: &Ask| find(ask).unwrap().items[0].rating;
    for id in ["steam:1", "steam:2", "steam:3", "steam:6"] {
        assert_eq!(rating(&info(id)), Rating::Sensitive, "{id}");
    }
    assert_eq!(rating(&info("steam:4")), Rating::Everyone);
    assert_eq!(rating(&news("steam:3")), Rating::Sensitive);
    assert_eq!(rating(&news("steam:5")), Rating::Sensitive, "nothing says whom it is for");
}

#[test]
fn answers_are_kept_for_those_who_ask_the_same() {
    let _host = host("examples");
    assert_eq!(find(&info("Portal 2")).unwrap().cache_for, Some(3_600));
    assert_eq!(find(&news("Dota 2")).unwrap().cache_for, Some(600));
}

#[test]
fn games_are_proposed_by_name_once_two_letters_are_typed() {
    let host = host("pages");
    let propose = |typed: &str| Ask::new("game info").suggest::<Games>("name", typed);
    assert_eq!(propose(" p "), []);
    assert_eq!(host.requests(), []);
    let choices = propose(" portal ");
    assert_eq!(choices[0], Choice::new("Portal 2", "steam:620"));
    assert_eq!(choices.len(), 4, "bundles are no games");
    assert_eq!(Ask::new("game news").argument("official", true).suggest::<Games>("name", "portal"), choices);
    assert!(host.requests().iter().all(|request| request.timeout_ms == Some(2_000)));
}

#[test]
fn what_is_heard_is_no_game() {
    let track = Track { title: "Still Alive".into(), artist: "GLaDOS".into(), album: None };
    let ask = Ask::new("game news").trigger(Trigger::Activity(Activity::Music(track)));
    assert_eq!(find(&ask), Err(Failure::invalid_argument("name", "name a game, such as Portal 2")));
}
