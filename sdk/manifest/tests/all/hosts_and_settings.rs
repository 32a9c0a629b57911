//! Types that others use by themselves.

use autocontent_manifest::{ByteSize, HostPattern, Locale, Manifest, ProviderId, SettingValue};

use crate::FULL;

#[test]
fn operators_values_are_checked_against_the_settings() {
    let manifest = Manifest::parse(FULL).unwrap();
    let check = |name: &str, value: SettingValue| {
        let setting = manifest.settings.iter().find(|setting| setting.name.as_str() == name).unwrap();
        setting.kind.check(&value).map_err(|error| error.to_string())
    };
    assert_eq!(check("country", SettingValue::Text("br".into())), Ok(()));
    assert_eq!(check("per-page", SettingValue::Integer(100)), Ok(()));
    assert_eq!(check("threshold", SettingValue::Number(1.5)), Ok(()));
    assert_eq!(check("feeds", SettingValue::Texts(vec!["a".into()])), Ok(()));
    assert_eq!(
        check("country", SettingValue::Text("de".into())).unwrap_err(),
        r#""de" is not one of the choices; use "us", "br" or "gb""#
    );
    assert_eq!(check("per-page", SettingValue::Integer(0)).unwrap_err(), "0 is out of range; use 1 to 100");
    assert_eq!(
        check("per-page", SettingValue::Text("9".into())).unwrap_err(),
        r#""9" is of the wrong kind; use a whole number"#
    );
    assert_eq!(
        check("threshold", SettingValue::Number(f64::NAN)).unwrap_err(),
        "NaN is of the wrong kind; use a finite number"
    );
    assert!(check("feeds", SettingValue::Texts(vec!["a".into(); 101])).is_err());
    assert!(check("images", SettingValue::Integer(1)).is_err());
}

#[test]
fn operators_values_are_read_as_they_are_typed() {
    let manifest = Manifest::parse(FULL).unwrap();
    let parse = |name: &str, text: &str| {
        let setting = manifest.settings.iter().find(|setting| setting.name.as_str() == name).unwrap();
        setting.kind.parse(text).map_err(|error| error.to_string())
    };
    assert_eq!(parse("country", "br"), Ok(SettingValue::Text("br".into())));
    assert_eq!(parse("per-page", " 7 "), Ok(SettingValue::Integer(7)));
    assert_eq!(parse("threshold", "0.5"), Ok(SettingValue::Number(0.5)));
    assert_eq!(parse("images", "true"), Ok(SettingValue::Boolean(true)));
    assert_eq!(parse("feeds", "top, world"), Ok(SettingValue::Texts(vec!["top".into(), "world".into()])));
    assert_eq!(parse("feeds", ""), Ok(SettingValue::Texts(vec![])));
    assert_eq!(parse("images", "yes").unwrap_err(), r#""yes" is of the wrong kind; use true or false"#);
    assert_eq!(parse("per-page", "7.5").unwrap_err(), r#""7.5" is of the wrong kind; use a whole number"#);
    assert_eq!(parse("threshold", "NaN").unwrap_err(), "NaN is of the wrong kind; use a finite number");
    assert_eq!(parse("per-page", "101").unwrap_err(), "101 is out of range; use 1 to 100");
    assert!(parse("country", " br").is_err(), "a text is taken as it is");
}

#[test]
fn newtypes_are_checked_when_they_are_deserialised() {
    assert_eq!(serde_json::from_str::<ProviderId>("\"news\"").unwrap().to_string(), "news");
    assert!(serde_json::from_str::<ProviderId>("\"News\"").is_err());
    assert_eq!(serde_json::from_str::<Locale>("\"pt-BR\"").unwrap(), Locale::PortugueseBrazil);
    assert_eq!(serde_json::to_string(&ByteSize::mib(32)).unwrap(), "\"32 MiB\"");
    assert_eq!(
        serde_json::from_str::<HostPattern>("\"*.com\"").map_err(|error| error.to_string()).unwrap_err(),
        r#""*.com" is not a host pattern; name a domain of two parts or more after *, such as "*.example.com""#
    );
}

#[test]
fn there_is_every_locale_of_discord() {
    let words: Vec<&str> = Locale::ALL.iter().map(|locale| locale.as_str()).collect();
    let expected = "bg cs da de el en-GB en-US es-419 es-ES fi fr hi hr hu id it ja ko lt nl no pl pt-BR ro ru sv-SE th tr uk vi zh-CN zh-TW";
    assert_eq!(words, expected.split(' ').collect::<Vec<_>>());
    for locale in Locale::ALL {
        assert_eq!(locale.as_str().parse(), Ok(*locale));
    }
}
