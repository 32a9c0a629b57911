//! The provider as the host calls it, with what xkcd's JSON interface answers in recordings.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashSet;

use autocontent_provider_comic::Xkcd;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Choice, Failure, Page};
use proptest::prelude::*;

fn host() -> Host {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    host
}

fn number(number: i64) -> Ask {
    Ask::new("comic number").argument("number", number)
}

fn search(words: &str) -> Ask {
    Ask::new("comic search").argument("words", words)
}

fn find(ask: &Ask) -> Result<Page, Failure> {
    ask.clone().limit(10).find::<Xkcd>()
}

fn titles(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.title.as_deref().unwrap()).collect()
}

#[test]
fn a_comic_has_its_picture_its_text_its_author_and_its_licence() {
    let _host = host();
    insta::assert_debug_snapshot!(find(&number(1)).unwrap());
}

#[test]
fn torn_letters_are_mended_html_is_left_out_and_pictures_are_https() {
    let _host = host();
    assert_eq!(titles(&find(&number(3)).unwrap()), ["3: Café Graph"]);
    let item = find(&number(5)).unwrap().items.remove(0);
    assert_eq!(item.title.as_deref(), Some("5: Prime Numbers"));
    assert_eq!(item.text.as_deref(), Some(r"Seventeen is the most random \* number \*."));
    assert_eq!(item.media, Some("https://imgs.xkcd.com/comics/prime_numbers.png".into()));
    assert_eq!(find(&number(4)).unwrap().items[0].media, None, "it plays in the browser");
}

#[test]
fn the_latest_comic_is_followed_by_those_before_it() {
    let _host = host();
    let first = find(&Ask::new("comic latest")).unwrap();
    assert_eq!(titles(&first), ["5: Prime Numbers"]);
    let rest = find(&Ask::new("comic latest").cursor(first.next)).unwrap();
    assert_eq!(titles(&rest), ["4: Garden", "3: Café Graph", "2: Slide Rule", "1: Tides"]);
    assert_eq!(rest.next, None);
}

#[test]
fn random_comics_are_all_different_until_all_have_come() {
    let _host = host();
    let mut ids = HashSet::new();
    let mut cursor = None;
    for _ in 0..5 {
        let page = Ask::new("comic random").cursor(cursor).find::<Xkcd>().unwrap();
        assert_eq!(page.cache_for, None);
        ids.extend(page.items.into_iter().map(|item| item.id));
        cursor = page.next;
    }
    assert_eq!((ids.len(), cursor), (5, None));
}

#[test]
fn number_404_is_missing_and_said_to_be_in_the_members_language() {
    let host = host();
    for (locale, words) in [("en-GB", "xkcd left that number out"), ("pt-BR", "o xkcd pulou esse número")] {
        let Err(Failure::InvalidArgument(why)) = find(&number(404).locale(locale)) else { panic!("{locale}") };
        assert!(why.name == "number" && why.reason.contains(words), "{why:?}");
    }
    assert!(host.requests().is_empty());
}

#[test]
fn a_number_beyond_the_newest_is_told_the_newest() {
    let host = Host::new();
    host.replay(&["recordings/failures.json"]);
    let failure = Failure::invalid_argument("number", "there is no such comic; the newest is 5");
    assert_eq!(find(&number(6)), Err(failure));
    let failure = Failure::invalid_argument("words", "não existe esse quadrinho; o mais novo é o 5");
    assert_eq!(find(&search("#6").locale("pt-BR")), Err(failure));
}

#[test]
fn only_what_was_shown_is_found_and_the_answer_says_so() {
    let host = host();
    assert_eq!(find(&search("tides")), Err(Failure::NothingFound));
    for seen in [1, 2, 3] {
        find(&number(seen)).unwrap();
    }
    let page = find(&search("TIDES")).unwrap();
    assert_eq!(titles(&page), ["1: Tides"]);
    assert_eq!(page.items[0].fields[0].value, "1 of 3 comics known so far");
    let page = find(&search("cafe").locale("pt-BR")).unwrap();
    assert_eq!(page.items[0].fields[0].value, "1 de 3 quadrinhos conhecidos até agora");
    assert_eq!(titles(&find(&search("six hours")).unwrap()), ["1: Tides"], "by what is said in it");
    assert_eq!(titles(&find(&search("batteries drawer")).unwrap()), ["2: Slide Rule"]);
    assert_eq!(find(&search("garden")), Err(Failure::NothingFound));
    assert_eq!(titles(&find(&search("#2")).unwrap()), ["2: Slide Rule"]);
    assert!(host.log().is_empty());
}

#[test]
fn what_is_found_goes_on_over_several_pages_newest_first() {
    let _host = host();
    for seen in [1, 2, 3, 4, 5] {
        find(&number(seen)).unwrap();
    }
    let mut found = Vec::new();
    let mut cursor = None;
    loop {
        let page = search("e").limit(2).cursor(cursor).find::<Xkcd>().unwrap();
        found.extend(titles(&page).into_iter().map(ToOwned::to_owned));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(found, ["5: Prime Numbers", "4: Garden", "3: Café Graph", "2: Slide Rule", "1: Tides"]);
    assert_eq!(find(&search("e").cursor(Some("99".into()))), Err(Failure::NothingFound));
}

#[test]
fn proposals_are_what_was_shown() {
    let _host = host();
    assert!(number(1).suggest::<Xkcd>("number", "").is_empty());
    for seen in [1, 2] {
        find(&number(seen)).unwrap();
    }
    let labels = |ask: &Ask, option, typed| -> Vec<String> {
        ask.suggest::<Xkcd>(option, typed).into_iter().map(|choice| choice.label).collect()
    };
    assert_eq!(labels(&number(1), "number", ""), ["2: Slide Rule", "1: Tides"]);
    assert_eq!(labels(&number(1), "number", "tid"), ["1: Tides"]);
    assert_eq!(labels(&search(""), "words", "sl"), ["Slide Rule"]);
}

#[test]
fn a_proposal_brings_its_comic_and_a_number_that_is_typed_among_words_is_a_word() {
    let host = host();
    let body = r#"{"num": 1, "safe_title": "2", "alt": "", "img": "", "year": "2006", "month": "1", "day": "1"}"#;
    host.answer("https://xkcd.com/1/info.0.json", 200, &[], body);
    for seen in [1, 2] {
        find(&number(seen)).unwrap();
    }
    let proposed = search("").suggest::<Xkcd>("words", "2");
    assert_eq!(proposed, [Choice::new("2", "#1")]);
    assert_eq!(titles(&find(&search("#1")).unwrap()), ["1: 2"]);
    assert_eq!(titles(&find(&search("2")).unwrap()), ["1: 2"]);
}

#[test]
fn a_random_comic_is_one_request_beside_the_newest_and_no_other_is_noted() {
    let host = host();
    assert_eq!(find(&Ask::new("comic random")).unwrap().items.len(), 1);
    assert_eq!(host.requests().len(), 2);
    assert_eq!(number(1).suggest::<Xkcd>("number", "").len(), 1);
}

#[test]
fn no_answer_is_waited_for_so_long_that_the_second_has_no_time() {
    let host = host();
    for ask in [Ask::new("comic random"), number(1), Ask::new("comic latest")] {
        find(&ask).unwrap();
    }
    assert!(host.requests().iter().all(|request| request.timeout_ms.is_some_and(|time| time < 4_000)));
}

#[test]
fn what_has_no_number_of_a_comic_is_the_upstreams_failure() {
    let host = Host::new();
    for body in ["{}", r#"{"num": 2000000000}"#, r#"{"num": 0}"#, r#"{"num": -1}"#] {
        host.answer("https://xkcd.com/info.0.json", 200, &[], body);
        for ask in [Ask::new("comic latest"), Ask::new("comic random")] {
            assert!(matches!(find(&ask), Err(Failure::Upstream(_))), "{body}");
        }
    }
}

#[test]
fn each_way_to_fail_is_told_with_its_cause() {
    let host = Host::new();
    host.replay(&["recordings/failures.json"]);
    let upstream = |why: &str| Err(Failure::Upstream(why.into()));
    let json = "answered with JSON that can't be used";
    assert_eq!(find(&number(1)), Err(Failure::Busy(Some(30))));
    assert_eq!(
        find(&number(2)),
        upstream(&format!("https://xkcd.com/2/info.0.json {json}: EOF while parsing a string at line 1 column 26"))
    );
    assert_eq!(find(&number(3)), upstream("no answer in time"));
    assert_eq!(find(&number(4)), upstream("https://xkcd.com/4/info.0.json answered 503"));
    assert_eq!(
        find(&number(5)),
        upstream(&format!("https://xkcd.com/5/info.0.json {json}: missing field `num` at line 3 column 9"))
    );
    assert!(matches!(find(&number(7)), Err(Failure::Upstream(_))));
}

#[test]
fn one_comic_that_fails_does_not_spoil_the_others() {
    let host = host();
    let cursor = Some("3".to_owned());
    host.answer("https://xkcd.com/2/info.0.json", 500, &[], "");
    let page = find(&Ask::new("comic latest").cursor(cursor)).unwrap();
    assert_eq!(titles(&page), ["3: Café Graph", "1: Tides"]);
    assert_eq!(page.cache_for, Some(60), "it may be there again soon");
    host.answer("https://xkcd.com/2/info.0.json", 404, &[], "");
    let page = find(&Ask::new("comic latest").cursor(Some("3".to_owned()))).unwrap();
    assert_eq!((page.items.len(), page.cache_for), (2, Some(86_400)), "there is no such comic");
}

#[test]
fn the_manifests_examples_are_answered() {
    let _host = host();
    for ask in [Ask::new("comic latest"), number(1), Ask::new("comic random")] {
        assert!(!find(&ask).unwrap().items.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_server_answers_nothing_panics(body in prop::collection::vec(any::<u8>(), 0..200), words in ".{0,20}") {
        let host = Host::new();
        host.answer("https://xkcd.com/info.0.json", 200, &[], body);
        let _ = find(&Ask::new("comic latest"));
        let _ = find(&Ask::new("comic random"));
        let _ = find(&search(&words));
    }

    #[test]
    fn whatever_a_comic_says_it_can_be_shown_and_found(
        number in 1..100_000_i64, title in ".{0,300}", alt in ".{0,300}", img in ".{0,40}", day in ".{0,4}", cursor in ".{0,8}",
    ) {
        let host = Host::new();
        let quoted = [&title, &alt, &img, &day].map(|text| json(text));
        let [title, alt, img, day] = quoted;
        let body = format!(r#"{{"num":{number},"safe_title":{title},"alt":{alt},"img":{img},"year":"2006","month":"1","day":{day}}}"#);
        host.answer("https://xkcd.com/info.0.json", 200, &[], body);
        let page = find(&Ask::new("comic latest")).unwrap();
        prop_assert!(page.items[0].id.len() <= 128);
        let _ = find(&Ask::new("comic latest").cursor(Some(cursor.clone())));
        let _ = search("a").cursor(Some(cursor)).find::<Xkcd>();
        prop_assert!(search("").suggest::<Xkcd>("words", "").iter().all(|choice| choice.label.chars().count() <= 100));
    }
}

/// A text as JSON writes it.
fn json(text: &str) -> String {
    let letters = text.chars().map(|letter| match letter {
        '"' | '\\' => format!("\\{letter}"),
        letter if letter.is_control() => format!("\\u{:04x}", u32::from(letter)),
        letter => letter.to_string(),
    });
    format!("\"{}\"", letters.collect::<String>())
}
