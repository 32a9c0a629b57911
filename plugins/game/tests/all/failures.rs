//! How it fails: what the member and the operator are told.

use autocontent_sdk::testing::Ask;
use autocontent_sdk::{Failure, log, settings};

use super::{Games, find, host, info, news, playing};

#[test]
fn nothing_is_found_where_steam_knows_nothing() {
    let host = host("nothing");
    for ask in [info("no such game"), news("no such game"), info("steam:99"), news("steam:99"), news("steam:98")] {
        assert_eq!(find(&ask), Err(Failure::NothingFound), "{ask:?}");
    }
    assert_eq!(host.log(), [(log::Level::Info, "Steam keeps no news of this".to_owned())]);
}

#[test]
fn what_is_played_must_be_the_game_itself() {
    let _host = host("playing");
    for name in ["Port", "no such game", " "] {
        let ask = Ask::new("game news").trigger(playing(name));
        assert_eq!(find(&ask), Err(Failure::NothingFound), "{name:?}");
    }
}

#[test]
fn a_missing_name_is_asked_for_in_the_members_language() {
    let _host = host("nothing");
    let english = Failure::invalid_argument("name", "name a game, such as Portal 2");
    let portuguese = Failure::invalid_argument("name", "diga o nome de um jogo, como Portal 2");
    assert_eq!(find(&Ask::new("game news")), Err(english.clone()));
    assert_eq!(find(&info("  ")), Err(english));
    assert_eq!(find(&Ask::new("game news").locale("pt-BR")), Err(portuguese.clone()));
    assert_eq!(find(&info(" ").locale("pt-PT")), Err(portuguese));
}

#[test]
fn a_country_that_is_none_is_for_the_operator() {
    let host = host("examples");
    for country in ["Brazil", "b", "b1", "", "ñs"] {
        host.set_setting("country", settings::Value::Text(country.into()));
        let told =
            format!("the setting `country` is {country:?}: write the two letters of a country, such as us or br");
        assert_eq!(find(&info("Portal 2")), Err(Failure::Misconfigured(told.clone())));
        assert_eq!(find(&news("Dota 2")), Err(Failure::Misconfigured(told)));
        assert_eq!(Ask::new("game info").suggest::<Games>("name", "portal"), []);
    }
    assert_eq!(host.requests(), []);
}

#[test]
fn too_many_requests_are_busy_for_as_long_as_steam_says() {
    let _host = host("faults");
    assert_eq!(find(&info("often")), Err(Failure::Busy(Some(90))));
    assert_eq!(find(&info("busy")), Err(Failure::Busy(Some(30))));
    assert_eq!(
        find(&news("steam:2")),
        Err(Failure::Busy(Some(120))),
        "the details count, too: they say whom it is for"
    );
}

#[test]
fn what_steam_does_wrong_is_told_to_the_operator_with_its_cause() {
    let _host = host("faults");
    let search = "https://store.steampowered.com/api/storesearch/ answered";
    let unusable = format!("{search} with JSON that can't be used: ");
    for (ask, told) in [
        (info("malformed"), format!("{unusable}EOF while parsing a string")),
        (info("misshapen"), format!("{unusable}invalid type: ")),
        (info("markup"), format!("{unusable}expected value")),
        (info("broken"), format!("{search} 502")),
        (info("slow"), "no answer in time".into()),
        (info("huge"), "the answer is larger than the host takes".into()),
        (news("steam:1"), "no answer in time".into()),
        (info("gone"), "no answer: ".into()),
        (info("steam:3"), "https://store.steampowered.com/api/appdetails answered with JSON".into()),
        (news("steam:4"), "https://api.steampowered.com/ISteamNews/GetNewsForApp/v2/ answered with JSON".into()),
    ] {
        let Err(Failure::Upstream(cause)) = find(&ask) else { unreachable!("{ask:?}") };
        assert!(cause.starts_with(&told), "{cause}");
    }
}

#[test]
fn proposals_that_fail_are_none_and_the_operator_reads_why() {
    let host = host("faults");
    assert_eq!(Ask::new("game info").suggest::<Games>("name", "slow"), []);
    let told = r#"no games to propose: Failure::Upstream("no answer in time")"#;
    assert_eq!(host.log(), [(log::Level::Warn, told.to_owned())]);
}

#[test]
fn a_cursor_of_somewhere_else_is_a_fault() {
    let _host = host("examples");
    for cursor in ["", "x", "620", "620:", ":1", "-1:1"] {
        assert!(matches!(find(&news("Dota 2").cursor(Some(cursor.into()))), Err(Failure::Internal(_))), "{cursor}");
    }
    assert!(matches!(find(&info("Portal 2").cursor(Some("x".into()))), Err(Failure::Internal(_))));
    assert_eq!(find(&info("Portal 2").cursor(Some("9".into()))), Err(Failure::NothingFound));
}
