//! The provider as the host calls it, with NASA's service played from recordings.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod failures;
mod hostile;

use autocontent_provider_image_of_the_day::ImageOfTheDay;
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
}

#[test]
fn the_providers_own_words_are_in_the_members_language() {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    let page = find(&ask().locale("pt-BR").cursor(Some("2025-12-31".into()))).unwrap();
    let ring = page.items.iter().find(|item| item.id == "apod-2025-12-27").unwrap();
    assert_eq!(field(ring, "Direitos"), Some("Domínio público"));
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
