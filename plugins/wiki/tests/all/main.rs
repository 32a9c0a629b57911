//! The provider as the host calls it, with what Wikimedia's REST API answers in recordings.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use autocontent_provider_wiki::Wiki;
use autocontent_sdk::settings::Value;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Failure, Item, Page};
use proptest::prelude::*;

const EN: &str = "https://en.wikipedia.org";

fn host() -> Host {
    let host = Host::new();
    host.replay(&["recordings/examples.json"]);
    host
}

fn failing() -> Host {
    let host = Host::new();
    host.replay(&["recordings/failures.json"]);
    host
}

fn today() -> Ask {
    Ask::new("wiki today").limit(10)
}

fn summary(title: &str) -> Ask {
    Ask::new("wiki summary").argument("title", title)
}

fn find(ask: &Ask) -> Result<Page, Failure> {
    ask.find::<Wiki>()
}

fn first(ask: &Ask) -> Item {
    find(ask).unwrap().items.remove(0)
}

fn titles(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.title.as_deref().unwrap()).collect()
}

#[test]
fn what_happened_today_names_its_articles_and_the_licence() {
    let _host = host();
    insta::assert_debug_snapshot!(find(&today()).unwrap());
}

#[test]
fn a_summary_is_how_the_article_begins() {
    let _host = host();
    insta::assert_debug_snapshot!(find(&summary("Ada Lovelace")).unwrap());
}

#[test]
fn the_members_language_chooses_the_edition() {
    let _host = host();
    let page = find(&today().locale("pt-BR")).unwrap();
    assert_eq!(titles(&page), ["1892 · 1º de janeiro"]);
    assert_eq!(page.items[0].url.as_deref(), Some("https://pt.wikipedia.org/wiki/Ilha_Ellis"));
    assert_eq!(page.items[0].fields[0].name, "Artigos");
    assert_eq!(titles(&find(&today().locale("de")).unwrap()).len(), 3, "English, the first, is there for the rest");
}

#[test]
fn an_edition_without_lists_of_days_gives_way_to_the_first() {
    let _host = host();
    let ask = today().argument("date", "29/2").argument("about", "deaths").locale("pt-BR");
    assert_eq!(titles(&find(&ask).unwrap()), ["1800 · 29 de fevereiro"]);
}

#[test]
fn events_go_on_over_several_pages() {
    let _host = host();
    let page = find(&today().limit(2)).unwrap();
    assert_eq!(titles(&page), ["45 BC · 1 January", "1892 · 1 January"]);
    let rest = find(&today().limit(2).cursor(page.next)).unwrap();
    assert_eq!((titles(&rest), &rest.next), (vec!["2001 · 1 January"], &None));
    assert_eq!(find(&today().cursor(Some("01-01:18446744073709551615".into()))), Err(Failure::NothingFound));
}

#[test]
fn a_cursor_goes_on_with_its_day_where_another_has_begun() {
    let host = host();
    let page = find(&today().limit(2)).unwrap();
    host.set_now(1_767_311_999_000 + 60_000);
    let rest = find(&today().limit(2).cursor(page.next)).unwrap();
    assert_eq!((titles(&rest), rest.cache_for), (vec!["2001 · 1 January"], Some(60 * 60)));
}

#[test]
fn different_events_that_name_the_same_articles_first_are_different_items() {
    let host = Host::new();
    let event = |text: &str| {
        format!(r#"{{ "text": "{text}", "year": 1969, "pages": [{{ "title": "Apollo_11", "pageid": 662 }}] }}"#)
    };
    let body = format!(r#"{{ "selected": [{}, {}] }}"#, event("It lands."), event("It leaves again."));
    host.answer(&format!("{EN}/api/rest_v1/feed/onthisday/selected/01/01"), 200, &[], body);
    let items = find(&today()).unwrap().items;
    assert_ne!(items[0].id, items[1].id);
}

#[test]
fn articles_whose_links_do_not_fit_are_left_out_whole() {
    let host = Host::new();
    let page = format!(r#"{{ "title": "{}", "pageid": 1 }}"#, "é".repeat(60));
    let body = format!(r#"{{ "selected": [{{ "text": "Much.", "pages": [{page}, {page}, {page}, {page}] }}] }}"#);
    host.answer(&format!("{EN}/api/rest_v1/feed/onthisday/selected/01/01"), 200, &[], body);
    let links = first(&today()).fields.remove(0).value;
    assert!(links.encode_utf16().count() <= 1024 && links.lines().count() == 2, "{links}");
    assert!(links.lines().all(|link| link.ends_with(')')), "{links}");
}

#[test]
fn another_day_is_read_as_the_member_writes_it() {
    let host = host();
    for (date, locale) in [("20 July", "en-GB"), ("7/20", "en-US"), ("20 de julho", "pt-BR"), ("07-20", "fr")] {
        host.set_setting("editions", Value::Texts(vec!["en".into()]));
        let ask = today().argument("date", date).argument("about", "events").locale(locale);
        assert_eq!(find(&ask).unwrap().items.len(), 2, "{date}");
    }
    let ask = today().argument("about", "holidays");
    assert_eq!(titles(&find(&ask).unwrap()), ["1 January"]);
}

#[test]
fn what_is_no_day_is_refused_in_the_members_language() {
    let _host = host();
    let failure = Failure::invalid_argument("date", "write a day such as 22 November or 11-22");
    assert_eq!(find(&today().argument("date", "soon")), Err(failure));
    let failure = Failure::invalid_argument("date", "escreva um dia como 22 de novembro ou 22/11");
    assert_eq!(find(&today().argument("date", "31/2").locale("pt-BR")), Err(failure));
}

#[test]
fn today_is_kept_until_midnight_at_most() {
    let host = host();
    let kept = || find(&today()).unwrap().cache_for;
    assert_eq!(kept(), Some(60 * 60));
    host.set_now(1_767_311_999_000);
    assert_eq!(kept(), Some(1));
}

#[test]
fn days_are_proposed_in_both_readings() {
    let _host = host();
    let proposed = |typed, locale| -> Vec<String> {
        let choices = today().locale(locale).suggest::<Wiki>("date", typed);
        choices.into_iter().map(|choice| choice.label).collect()
    };
    assert_eq!(proposed("", "en-GB"), ["1 January"]);
    assert_eq!(proposed("3/4", "en-US"), ["4 March", "3 April"]);
    assert_eq!(proposed("3/4", "pt-BR"), ["3 de abril", "4 de março"]);
    assert!(proposed("soon", "en-US").is_empty());
}

#[test]
fn a_title_that_is_not_there_leads_to_the_first_that_begins_like_it() {
    let _host = host();
    assert_eq!(first(&summary("ada lovel")).title.as_deref(), Some("Ada Lovelace"));
    assert_eq!(find(&summary("Xyzzyxyzzy")), Err(Failure::NothingFound));
}

#[test]
fn an_ambiguous_title_lists_what_it_may_mean() {
    let _host = host();
    insta::assert_debug_snapshot!(first(&summary("Mercury")));
}

#[test]
fn what_no_title_has_is_refused_without_asking() {
    let host = host();
    let failure = Failure::invalid_argument("title", "no title has # < > [ ] { } | in it");
    assert_eq!(find(&summary("a|b")), Err(failure));
    assert!(summary("").suggest::<Wiki>("title", "[[").is_empty());
    for (locale, told) in [("en-GB", "name an article"), ("pt-BR", "diga o nome de um artigo")] {
        let Err(Failure::InvalidArgument(why)) = find(&summary("  ").locale(locale)) else { panic!("{locale}") };
        assert!(why.name == "title" && why.reason.starts_with(told), "{why:?}");
    }
    assert!(host.requests().is_empty());
}

#[test]
fn titles_are_proposed_while_typing_and_a_slow_server_is_left_alone() {
    let host = host();
    let choices = summary("").suggest::<Wiki>("title", "ada");
    let labels: Vec<&str> = choices.iter().map(|choice| choice.label.as_str()).collect();
    assert_eq!(labels[0], "Ada Lovelace: English mathematician (1815–1852)");
    assert!((90..=100).contains(&labels[2].chars().count()), "{}", labels[2]);
    assert_eq!(choices[1].value, "Ada (programming language)".into());
    assert_eq!(summary("").locale("pt-BR").suggest::<Wiki>("title", "ilha").len(), 1);
    assert!(summary("").suggest::<Wiki>("title", " ").is_empty());
    assert!(host.requests().iter().all(|request| request.timeout_ms == Some(1500)));
    let host = failing();
    for typed in ["slow", "bad"] {
        assert!(summary("").suggest::<Wiki>("title", typed).is_empty());
    }
    assert_eq!(host.log().len(), 2, "the operator reads why");
}

#[test]
fn a_random_article_is_drawn_again_where_it_only_lists_meanings() {
    let host = host();
    assert_eq!(first(&Ask::new("wiki random")).title.as_deref(), Some("Lighthouse of Genoa"));
    assert_eq!(find(&Ask::new("wiki random")).unwrap().cache_for, None);
    host.replay(&["recordings/random-disambiguation.json"]);
    assert_eq!(first(&Ask::new("wiki random")).title.as_deref(), Some("Lighthouse of Genoa"));
    let no_memory = |request: &autocontent_sdk::http::Request| {
        request.headers.iter().any(|header| header.name == "Cache-Control" && header.value == "no-cache")
    };
    assert!(host.requests().iter().all(no_memory));
}

#[test]
fn each_way_to_fail_is_told_with_its_cause() {
    let _host = failing();
    let upstream = |why: String| Err(Failure::Upstream(why));
    let json = "answered with JSON that can't be used";
    let page = format!("{EN}/api/rest_v1/page/summary");
    assert_eq!(find(&summary("Limited")), Err(Failure::Busy(Some(12))));
    assert_eq!(find(&today()), Err(Failure::Busy(Some(60))));
    assert_eq!(
        find(&summary("Malformed")),
        upstream(format!("{page}/Malformed {json}: EOF while parsing a value at line 1 column 27"))
    );
    assert_eq!(
        find(&summary("Shapeless")),
        upstream(format!("{page}/Shapeless {json}: missing field `title` at line 3 column 9"))
    );
    assert_eq!(find(&summary("Slow")), upstream("no answer in time".into()));
    assert!(matches!(find(&summary("Far")), Err(Failure::Upstream(_))));
    assert_eq!(find(&summary("Down")), upstream(format!("{page}/Down answered 500")));
    assert!(matches!(find(&today().argument("about", "events")), Err(Failure::Upstream(_))));
    assert_eq!(find(&Ask::new("wiki random")), upstream("no answer in time".into()));
}

#[test]
fn an_empty_list_is_nothing_found() {
    let _host = host();
    let ask = today().argument("date", "29 Feb").argument("about", "births");
    assert_eq!(find(&ask), Err(Failure::NothingFound));
}

#[test]
fn a_setting_that_names_no_edition_is_told_to_the_operator() {
    let host = host();
    for (editions, words) in [
        (vec!["en_US"], "the setting `editions` has \"en_US\""),
        (vec!["en", "-"], "the setting `editions` has \"-\""),
        (vec!["evil.example/"], "the setting `editions` has \"evil.example/\""),
        (vec![], "the setting `editions` names no edition"),
    ] {
        host.set_setting("editions", Value::Texts(editions.into_iter().map(Into::into).collect()));
        for ask in [today(), summary("x"), Ask::new("wiki random")] {
            let Err(Failure::Misconfigured(why)) = find(&ask) else { panic!("{words}") };
            assert!(why.starts_with(words), "{why}");
        }
    }
    assert!(host.requests().is_empty());
}

#[test]
fn the_manifests_examples_are_answered() {
    let _host = host();
    let july = today().argument("date", "20 July").argument("about", "events");
    for ask in [today(), july, Ask::new("wiki random"), summary("Ada Lovelace")] {
        assert!(!find(&ask).unwrap().items.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_server_answers_nothing_panics(
        body in prop_oneof![prop::collection::vec(any::<u8>(), 0..200), hostile().prop_map(String::into_bytes)],
        date in ".{0,30}", title in ".{0,100}", typed in ".{0,20}",
    ) {
        let host = Host::new();
        for path in ["/api/rest_v1/feed/onthisday/selected/01/01", "/api/rest_v1/page/random/summary", "/api/rest_v1/page/summary/T"] {
            host.answer(&format!("{EN}{path}"), 200, &[], body.clone());
        }
        host.answer(&format!("{EN}/w/rest.php/v1/search/title?q=t&limit=10"), 200, &[], body);
        for ask in [today(), today().argument("date", date), summary("T"), summary(&title), Ask::new("wiki random")] {
            if let Ok(page) = find(&ask) {
                for item in page.items {
                    prop_assert!((1..=128).contains(&item.id.chars().count()), "{:?}", item.id);
                    prop_assert!(!item.id.contains(char::is_control));
                    prop_assert!(item.url.is_none_or(|url| url.starts_with("https://")));
                }
            }
        }
        for choice in summary("").suggest::<Wiki>("title", "t") {
            prop_assert!((1..=100).contains(&choice.label.chars().count()));
        }
        today().suggest::<Wiki>("date", &typed);
    }
}

/// JSON of the right shape with anything in it.
fn hostile() -> impl Strategy<Value = String> {
    let text = || "[a-zé<>#*: \u{1}]{0,120}".prop_map(|text| text.replace('\u{1}', "\\u0001"));
    (text(), text(), text(), any::<i64>()).prop_map(|(title, text, url, number)| {
        let id = number.unsigned_abs();
        let article = format!(
            r#"{{"type":"{text}","title":"{title}","pageid":{id},"extract":"{text}","description":null,
            "thumbnail":{{"source":"{url}"}},"content_urls":{{"desktop":{{"page":"{url}"}}}}}}"#
        );
        let bare = format!(r#"{{"title":"{title}"}}"#);
        let rest = &article[1..article.len() - 1];
        format!(
            r#"{{{rest},"selected":[{{"text":"{text}","year":{number},"pages":[{article}]}},{{"text":"{text}","pages":[{bare}]}},
            {{"text":"{text}"}}],"pages":[{{"title":"{title}","description":"{text}"}}]}}"#
        )
    })
}
