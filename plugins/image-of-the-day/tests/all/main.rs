//! The provider as the host calls it, with NASA's service played from recordings.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod failures;
mod hostile;

use autocontent_provider_image_of_the_day::ImageOfTheDay;
use autocontent_sdk::http::Request;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Choice, Failure, Item, Media, Page};

fn ask() -> Ask {
    Ask::new("image-of-the-day").limit(10)
}

fn find(ask: &Ask) -> Result<Page, Failure> {
    ask.find::<ImageOfTheDay>()
}

fn titles(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.title.as_deref().unwrap()).collect()
}

fn field<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
}

#[test]
fn the_newest_picture_comes_with_its_owner_page_and_day() {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    insta::assert_debug_snapshot!(find(&ask()).unwrap());
}

#[test]
fn the_days_before_come_next_the_last_first() {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    let first = find(&ask()).unwrap();
    assert_eq!(first.next.as_deref(), Some("2025-12-31"));
    let second = find(&ask().cursor(first.next)).unwrap();
    insta::assert_debug_snapshot!(second);
    assert_eq!(second.next.as_deref(), Some("2025-12-26"));
}

#[test]
fn a_video_shows_its_still_picture_or_plays_where_it_is_a_file() {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    let page = find(&ask().cursor(Some("2025-12-31".into()))).unwrap();
    let media = |title| page.items.iter().find(|item| item.title.as_deref() == Some(title)).unwrap().media.clone();
    let url = |url: &str| Some(Media::Url(url.into()));
    assert_eq!(media("A Comet's Pass"), url("https://img.youtube.com/vi/EXAMPLE0001/0.jpg"));
    assert_eq!(media("Saturn behind the Moon"), url("https://apod.nasa.gov/apod/image/2512/MoonSaturn.mp4"));
    assert_eq!(media("A Globe of Mars"), None);
}

#[test]
fn while_todays_picture_is_not_out_yesterdays_is_the_newest() {
    let host = Host::new();
    host.replay(&["recordings/failures/not-out-yet.json"]);
    let page = find(&ask()).unwrap();
    assert_eq!((titles(&page), page.next.as_deref()), (vec!["The Last Night"], Some("2025-12-30")));
}

#[test]
fn days_without_a_picture_do_not_hide_those_around_them_and_the_first_day_is_the_end() {
    let host = Host::new();
    host.replay(&["recordings/failures/missing-day.json"]);
    let page = find(&ask().cursor(Some("1995-06-20".into()))).unwrap();
    assert_eq!(titles(&page), ["The Wind of a Pulsar", "Neutron Star Earth"]);
    assert_eq!(page.next, None);
    assert_eq!(page.cache_for, Some(60), "those that failed for a moment may be there soon");
}

#[test]
fn days_that_have_no_picture_at_all_are_no_reason_to_ask_again_soon() {
    let host = Host::new();
    host.replay(&["recordings/failures/missing-day.json"]);
    for day in [17, 18] {
        let url = format!("https://api.nasa.gov/planetary/apod?api_key=DEMO_KEY&date=1995-06-{day}");
        host.answer(&url, 404, &[], r#"{ "code": 404 }"#);
    }
    let page = find(&ask().cursor(Some("1995-06-20".into()))).unwrap();
    assert_eq!((page.items.len(), page.cache_for), (2, Some(86_400)));
}

#[test]
fn what_is_called_yesterday_is_not_kept_until_it_is_another_day() {
    let host = Host::new();
    host.replay(&["recordings/failures/not-out-yet.json"]);
    for (typed, lasts) in [("yesterday", 1_800), (" Ontem ", 1_800), ("2025-12-31", 86_400)] {
        let page = find(&ask().argument("date", typed)).unwrap();
        assert_eq!((titles(&page), page.cache_for), (vec!["The Last Night"], Some(lasts)), "{typed}");
    }
}

#[test]
fn a_date_brings_the_picture_of_that_day_alone() {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    let page = find(&ask().argument("date", " 2024-01-31 ")).unwrap();
    assert_eq!((titles(&page), page.next.clone(), page.cache_for), (vec!["A Bridge of Stars"], None, Some(86_400)));
    assert_eq!(page.items[0].url.as_deref(), Some("https://apod.nasa.gov/apod/ap240131.html"));
}

#[test]
fn a_video_whose_still_picture_the_service_cannot_find_is_shown_without() {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    let page = find(&ask().argument("date", "2021-06-13")).unwrap();
    assert_eq!(field(&page.items[0], "Video"), Some("[Open](https://player.vimeo.com/video/100000001?title=0)"));
    assert_eq!(page.items[0].media, None);
}

#[test]
fn random_pictures_are_new_each_time_and_one_of_no_day_is_left_out() {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    let page = find(&ask().argument("random", true)).unwrap();
    assert_eq!((titles(&page), page.cache_for), (vec!["Aurora over Clouds"], None));
    assert_eq!(host.log().len(), 1);
    assert_eq!(find(&ask().limit(1).argument("random", true)), Err(Failure::NothingFound));
    let anew = |request: &Request| request.headers.iter().any(|header| header.value == "no-cache");
    assert!(host.requests().iter().all(anew), "and the host remembers none");
}

#[test]
fn what_nobody_claims_is_not_said_to_be_free_and_what_is_no_video_is_not_called_one() {
    let host = Host::new();
    let url = "https://api.nasa.gov/planetary/apod?api_key=DEMO_KEY&thumbs=true";
    let body = r#"{ "date": "2026-01-01", "media_type": "other", "url": "https://apod.nasa.gov/apod/sky.html" }"#;
    host.answer(url, 200, &[], body);
    let fields = find(&ask()).unwrap().items.remove(0).fields;
    let fields: Vec<(&str, &str)> = fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    assert_eq!(fields, [("Link", "[Open](https://apod.nasa.gov/apod/sky.html)")]);
}

#[test]
fn the_providers_own_words_are_in_the_members_language() {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    let page = find(&ask().locale("pt-BR").cursor(Some("2025-12-31".into()))).unwrap();
    let ring = page.items.iter().find(|item| item.id == "apod-2025-12-27").unwrap();
    assert_eq!(field(ring, "Tamanho original"), Some("[Abrir](https://apod.nasa.gov/apod/image/2512/Ring_large.jpg)"));
}

#[test]
fn days_of_interest_are_proposed_in_the_members_language() {
    let propose = |locale, typed| ask().locale(locale).suggest::<ImageOfTheDay>("date", typed);
    assert_eq!(propose("en-US", "a y"), [Choice::new("A year ago: 2025-01-01", "2025-01-01")]);
    assert_eq!(propose("pt-BR", "prim"), [Choice::new("A primeira: 1995-06-16", "1995-06-16")]);
    assert_eq!(propose("en-US", "").len(), 8);
    assert_eq!(propose("en-US", "2024-01-31"), [Choice::new("2024-01-31", "2024-01-31")]);
    for choice in ["today", "hoje", "yesterday", "Ontem"] {
        assert_eq!(propose("en-US", choice).len(), 1, "{choice}");
    }
    assert!(propose("en-US", "2031-01-01").is_empty());
}

#[test]
fn on_the_29th_of_february_a_year_ago_is_no_day() {
    let host = Host::new();
    host.set_now(1_709_200_000_000);
    let labels: Vec<String> =
        ask().suggest::<ImageOfTheDay>("date", "").into_iter().map(|choice| choice.label).collect();
    assert_eq!(labels[0], "Today: 2024-02-29");
    assert!(labels.iter().all(|label| !label.starts_with("A year ago")));
    assert!(labels.contains(&"Twenty years ago: 2004-02-29".to_owned()));
}
