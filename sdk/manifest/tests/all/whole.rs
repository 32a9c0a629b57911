//! Good manifests.

use std::time::Duration;

use autocontent_manifest::{
    ActivityKind, ByteSize, Context, Limits, Locale, Manifest, OptionKind, SecretPlace, SettingValue,
};

use crate::{FULL, LEAST};

#[test]
fn every_part_of_a_manifest_is_read() {
    let manifest = Manifest::parse(FULL).unwrap();
    assert_eq!(manifest.provider.id.as_str(), "news");
    assert_eq!(manifest.provider.version, semver::Version::new(1, 2, 0));
    assert_eq!(manifest.provider.contract, Manifest::CONTRACT);
    assert_eq!(manifest.provider.homepage.as_deref(), Some("https://example.com/news"));

    let news = &manifest.commands[0];
    assert_eq!(news.names[&Locale::PortugueseBrazil].as_str(), "notícias");
    assert_eq!(news.contexts.iter().copied().collect::<Vec<_>>(), [Context::Guild, Context::BotDm]);
    assert!(news.sensitive);
    assert_eq!(news.cooldown, Duration::from_secs(5));
    let topic = &news.options[0];
    assert!(topic.required);
    assert_eq!(
        topic.kind,
        OptionKind::Text { min_length: Some(2), max_length: Some(60), choices: Vec::new(), autocomplete: true }
    );
    let OptionKind::Text { choices, .. } = &news.options[2].kind else { panic!("style is a text") };
    assert_eq!((choices[0].label.as_str(), choices[0].value.as_str()), ("short", "short"));
    assert_eq!((choices[1].label.as_str(), choices[1].value.as_str()), ("In full", "full"));
    assert_eq!(choices[1].labels[&Locale::PortugueseBrazil], "Completo");
    let OptionKind::Number { choices, .. } = &news.options[3].kind else { panic!("level is a number") };
    assert_eq!((choices[0].label.as_str(), choices[0].value), ("0.5", 0.5));
    assert_eq!((choices[1].label.as_str(), choices[1].value), ("One", 1.0));
    assert_eq!(manifest.commands[1].subcommands[1].options[0].name.as_str(), "place");

    assert!(manifest.triggers.activity.contains(&ActivityKind::Music) && manifest.triggers.schedule);
    assert!(manifest.capabilities.http[1].matches("api.example.com"));
    assert_eq!(manifest.capabilities.storage, Some(ByteSize::kib(256)));
    assert!(matches!(&manifest.secrets[0].place, SecretPlace::Header(name) if name.as_str() == "X-Api-Key"));
    assert!(matches!(&manifest.secrets[1].place, SecretPlace::Query(name) if name.as_str() == "apiKey"));
    assert_eq!(manifest.settings[2].kind.default_value(), Some(SettingValue::Number(1.0)));
    assert_eq!(manifest.settings[3].kind.default_value(), None);
    assert_eq!(manifest.examples[1].command.name(), "weather week");
    assert_eq!(manifest.limits.cpu, Duration::from_millis(50));
    assert!(manifest.data.unwrap().stores.as_str().starts_with("The topics"));
}

#[test]
fn what_is_left_out_has_its_default() {
    let manifest = Manifest::parse(LEAST).unwrap();
    assert_eq!(manifest.limits, Limits::DEFAULT);
    assert_eq!((manifest.limits.memory, manifest.limits.media), (ByteSize::mib(32), ByteSize::mib(4)));
    assert_eq!((manifest.limits.cpu, manifest.limits.time), (Duration::from_millis(100), Duration::from_secs(8)));
    let command = &manifest.commands[0];
    assert_eq!(command.contexts.iter().copied().collect::<Vec<_>>(), Context::ALL);
    assert_eq!(command.cooldown, Duration::from_secs(3));
    assert!(!command.sensitive && command.options.is_empty() && command.subcommands.is_empty());
    assert!(
        manifest.capabilities.http.is_empty() && manifest.capabilities.storage.is_none() && manifest.data.is_none()
    );
}

#[test]
fn invocations_are_found_by_their_full_name() {
    let manifest = Manifest::parse(FULL).unwrap();
    let full_name = |name: &str| manifest.invocation(name).map(|invocation| invocation.full_name());
    assert_eq!(full_name("news").as_deref(), Some("news"));
    assert_eq!(full_name("weather week").as_deref(), Some("weather week"));
    assert_eq!(manifest.invocation("weather week").unwrap().options().len(), 1);
    for unknown in ["", "weather", "weather month", "news top", "week", "news ", "weather week x", "notícias"] {
        assert_eq!(full_name(unknown), None, "{unknown}");
    }
}

#[test]
fn what_is_written_is_read_the_same() {
    for text in [FULL, LEAST] {
        let manifest = Manifest::parse(text).unwrap();
        assert_eq!(Manifest::parse(&manifest.to_toml()).unwrap(), manifest);
    }
    crate::snapshots().bind(|| insta::assert_snapshot!(Manifest::parse(FULL).unwrap().to_toml()));
}

#[test]
fn a_manifest_asks_for_its_capabilities_and_triggers() {
    let asks = |text: &str| {
        Manifest::parse(text).unwrap().asks().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(asks(FULL), "http:*.example.com http:newsapi.org storage:262144 activity:game activity:music schedule");
    assert_eq!(asks(LEAST), "");
}
