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
