//! How it fails: what the member and the operator are told.

use autocontent_sdk::testing::Ask;
use autocontent_sdk::{Failure, Game, log, settings};

use super::{Activity, Music, Trigger, album, artist, field, find, host, ids, track};

#[test]
fn nothing_is_found_where_the_sources_know_nothing() {
    let _host = host("nothing");
    for ask in [
        track("no such track"),
        track("no such track").argument("artist", "no such artist"),
        track("track:404"),
        track("track:5550"),
        album("no such album"),
        album("album:404"),
        artist("no such artist"),
    ] {
        assert_eq!(find(&ask), Err(Failure::NothingFound), "{ask:?}");
    }
}

#[test]
fn a_missing_name_is_asked_for_in_the_members_language() {
    let host = host("nothing");
    for (ask, option, english, portuguese) in [
        (
            Ask::new("music track"),
            "title",
            "name a track, such as Clair de lune",
            "diga o nome de uma faixa, como Clair de lune",
        ),
        (
            album(" "),
            "title",
            "name an album, such as Clube da Esquina",
            "diga o nome de um álbum, como Clube da Esquina",
        ),
        (
            artist(""),
            "name",
            "name an artist, such as Milton Nascimento",
            "diga o nome de um artista, como Milton Nascimento",
        ),
    ] {
        assert_eq!(find(&ask), Err(Failure::invalid_argument(option, english)));
        assert_eq!(find(&ask.locale("pt-BR")), Err(Failure::invalid_argument(option, portuguese)));
    }
    let playing = Trigger::Activity(Activity::Game(Game { name: "Portal 2".into(), details: None }));
    let ask = Ask::new("music track").trigger(playing);
    assert_eq!(find(&ask), Err(Failure::invalid_argument("title", "name a track, such as Clair de lune")));
    assert_eq!(host.requests(), []);
}

#[test]
fn a_country_that_is_none_is_for_the_operator() {
    let host = host("examples");
    for country in ["Brazil", "b", "b1", "", "ñs"] {
        host.set_setting("country", settings::Value::Text(country.into()));
        let told =
            format!("the setting `country` is {country:?}: write the two letters of a country, such as us or br");
        for ask in [track("Clair de lune"), album("Clube da Esquina"), artist("Milton Nascimento")] {
            assert_eq!(find(&ask), Err(Failure::Misconfigured(told.clone())));
        }
    }
    assert_eq!(host.requests(), []);
}

#[test]
fn too_many_requests_are_busy_for_as_long_as_the_source_says() {
    let _host = host("faults");
    for (ask, seconds) in [
        (track("often"), Some(60)),
        (track("forbidden"), Some(60)),
        (artist("often"), None),
        (artist("later"), Some(5)),
        (artist("too often"), Some(7)),
    ] {
        assert_eq!(find(&ask), Err(Failure::Busy(seconds)), "{ask:?}");
    }
}

#[test]
fn what_the_sources_do_wrong_is_told_to_the_operator_with_its_cause() {
    let _host = host("faults");
    let store = "https://itunes.apple.com/search answered";
    let unusable = format!("{store} with JSON that can't be used: ");
    let musicbrainz = "https://musicbrainz.org/ws/2/artist answered";
    for (ask, told) in [
        (track("malformed"), format!("{unusable}EOF while parsing")),
        (track("misshapen"), format!("{unusable}invalid type: ")),
        (track("markup"), format!("{unusable}expected value")),
        (track("broken"), format!("{store} 500")),
        (track("slow"), "no answer in time".into()),
        (track("huge"), "the answer is larger than the host takes".into()),
        (track("gone"), "no answer: ".into()),
        (artist("malformed"), format!("{musicbrainz} with JSON that can't be used: EOF")),
        (artist("markup"), format!("{musicbrainz} 502")),
        (artist("slow"), "no answer in time".into()),
    ] {
        let Err(Failure::Upstream(cause)) = find(&ask) else { unreachable!("{ask:?}") };
        assert!(cause.starts_with(&told), "{cause}");
    }
}

#[test]
fn an_artist_is_shown_without_albums_where_the_store_fails() {
    let host = host("faults");
    let page = find(&artist("Milton Nascimento")).unwrap();
    assert_eq!((ids(&page).len(), &page.items[0].thumbnail), (1, &None));
    assert_eq!(field(&page.items[0], "Albums"), None);
    assert_eq!(page.cache_for, Some(60), "they may be there soon");
    assert!(host.requests().iter().all(|request| request.timeout_ms.is_some_and(|time| time < 10_000)));
    let told = "an artist's albums are left out: Failure::Busy(Some(60))";
    assert_eq!(host.log(), [(log::Level::Warn, told.to_owned())]);
}

#[test]
fn proposals_that_fail_are_none_and_the_operator_reads_why() {
    let host = host("faults");
    assert_eq!(Ask::new("music track").suggest::<Music>("title", "slow"), []);
    let told = r#"no music to propose: Failure::Upstream("no answer in time")"#;
    assert_eq!(host.log(), [(log::Level::Warn, told.to_owned())]);
}

#[test]
fn a_cursor_of_somewhere_else_is_a_fault() {
    let _host = host("examples");
    for ask in [track("Clair de lune"), album("Clube da Esquina"), artist("Milton Nascimento")] {
        for cursor in ["", "x", "-1", "1.5"] {
            let answer = find(&ask.clone().cursor(Some(cursor.into())));
            assert!(matches!(answer, Err(Failure::Internal(_))), "{cursor}");
        }
    }
}
