//! Any manifest survives being written and read, and no text whatever makes the reader panic.

use std::{
    collections::{BTreeMap, BTreeSet},
    str::FromStr,
    time::Duration,
};

use autocontent_manifest::{
    About, ActivityKind, ByteSize, Capabilities, Capability, Choice, Command, CommandLine, CommandOption, Context,
    DataStatement, Example, Invocation, Kind, Limits, Locale, Manifest, OptionKind, Secret, SecretPlace, Setting,
    SettingKind, Subcommand, Text, Triggers,
};
use proptest::{collection, option, prelude::*, sample};

use crate::FULL;

/// The k-th of some neighbours ends in its number, so that no two have the same name in any language.
fn name(stem: &str, index: usize) -> String {
    format!("{stem}{index}")
}

fn stem() -> impl Strategy<Value = String> {
    "[a-zäñ名и_'-]{1,8}"
}

fn parsed<T: FromStr + std::fmt::Debug>(regex: &'static str) -> impl Strategy<Value = T> {
    regex.prop_filter_map("not of this type", |text: String| text.parse().ok())
}

fn line(max: usize) -> impl Strategy<Value = String> {
    let refused = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    collection::vec(any::<char>().prop_map(move |c| if refused(c) { 'x' } else { c }), 1..=max)
        .prop_map(String::from_iter)
        .prop_filter("blank", |text| !text.trim().is_empty())
}

fn text<const MAX: usize>() -> impl Strategy<Value = Text<MAX>> {
    line(MAX.min(40)).prop_map(|text| text.parse().unwrap())
}

fn translated<T: std::fmt::Debug>(values: impl Strategy<Value = T>) -> impl Strategy<Value = BTreeMap<Locale, T>> {
    collection::btree_map(sample::select(Locale::ALL), values, 0..3)
}

fn choices<T: Clone + std::fmt::Debug + PartialEq + ToString>(
    values: impl Strategy<Value = T>,
) -> impl Strategy<Value = Vec<Choice<T>>> {
    collection::vec((stem(), translated(stem()), values, any::<bool>()), 0..6).prop_map(|drafts| {
        let mut choices: Vec<Choice<T>> = Vec::new();
        for (index, (label, labels, value, bare)) in drafts.into_iter().enumerate() {
            if choices.iter().any(|earlier| earlier.value == value) {
                continue;
            }
            let labels = labels.into_iter().map(|(locale, label)| (locale, name(&label, index))).collect();
            let own = value.to_string();
            // A bare value whose text is also another's label would be refused: begin with what no stem has.
            choices.push(if bare && own.starts_with(|c: char| c.is_ascii_uppercase()) {
                Choice { label: own, labels: BTreeMap::new(), value }
            } else {
                Choice { label: name(&label, index), labels, value }
            });
        }
        choices
    })
}

/// Five texts of the shortest length that is drawn fit into one line.
fn kind() -> impl Strategy<Value = OptionKind> {
    let lengths = (option::of(0..=1000_u16), option::of(1..=6000_u16))
        .prop_filter("min ≤ max", |(min, max)| min.zip(*max).is_none_or(|(min, max)| min <= max));
    let integers = (option::of(-9_007_199_254_740_991_i64..=0), option::of(0..=9_007_199_254_740_991_i64));
    let numbers = (option::of(-9_007_199_254_740_992.0..=0.0), option::of(0.0..=9_007_199_254_740_992.0));
    prop_oneof![
        (lengths, any::<bool>()).prop_map(|((min_length, max_length), autocomplete)| OptionKind::Text {
            min_length,
            max_length,
            choices: Vec::new(),
            autocomplete
        }),
        choices("[A-Z][ -~]{0,20}").prop_map(|choices| OptionKind::Text {
            min_length: None,
            max_length: None,
            choices,
            autocomplete: false
        }),
        (integers, any::<bool>()).prop_map(|((min, max), autocomplete)| OptionKind::Integer {
            min,
            max,
            choices: Vec::new(),
            autocomplete
        }),
        choices(-1000..=1000_i64).prop_map(|choices| OptionKind::Integer {
            min: Some(-1000),
            max: None,
            choices,
            autocomplete: false
        }),
        (numbers, any::<bool>()).prop_map(|((min, max), autocomplete)| OptionKind::Number {
            min,
            max,
            choices: Vec::new(),
            autocomplete
        }),
        choices(-1e9..1e9).prop_map(|choices| OptionKind::Number {
            min: None,
            max: Some(1e9),
            choices,
            autocomplete: false
        }),
        Just(OptionKind::Boolean),
        Just(OptionKind::User),
        Just(OptionKind::Channel),
        Just(OptionKind::Role),
        Just(OptionKind::Attachment),
    ]
}

fn options() -> impl Strategy<Value = Vec<CommandOption>> {
    collection::vec((stem(), text(), translated(stem()), translated(text()), any::<bool>(), kind()), 0..5).prop_map(
        |drafts| {
            let numbered = drafts.into_iter().enumerate();
            let mut options: Vec<CommandOption> = numbered
                .map(|(index, (stem, description, names, descriptions, required, kind))| CommandOption {
                    name: name(&stem, index).parse().unwrap(),
                    description,
                    names: names
                        .into_iter()
                        .map(|(locale, stem)| (locale, name(&stem, index).parse().unwrap()))
                        .collect(),
                    descriptions,
                    required,
                    kind,
                })
                .collect();
            options.sort_by_key(|option| !option.required);
            options
        },
    )
}

fn subcommands() -> impl Strategy<Value = Vec<Subcommand>> {
    collection::vec((stem(), text(), translated(stem()), translated(text()), options()), 0..4).prop_map(|drafts| {
        let numbered = drafts.into_iter().enumerate();
        numbered
            .map(|(index, (stem, description, names, descriptions, options))| Subcommand {
                name: name(&stem, index).parse().unwrap(),
                description,
                names: names.into_iter().map(|(locale, stem)| (locale, name(&stem, index).parse().unwrap())).collect(),
                descriptions,
                options,
            })
            .collect()
    })
}

fn commands() -> impl Strategy<Value = Vec<Command>> {
    let parts = prop_oneof![
        options().prop_map(|options| (options, Vec::new())),
        subcommands().prop_map(|subcommands| (Vec::new(), subcommands))
    ];
    let contexts = sample::subsequence(Context::ALL, 1..=3);
    let draft =
        (stem(), text(), translated(stem()), translated(text()), contexts, any::<bool>(), 0..=3_600_000_u64, parts);
    collection::vec(draft, 1..4).prop_map(|drafts| {
        let numbered = drafts.into_iter().enumerate();
        numbered
            .map(
                |(
                    index,
                    (stem, description, names, descriptions, contexts, sensitive, cooldown, (options, subcommands)),
                )| Command {
                    name: name(&stem, index).parse().unwrap(),
                    description,
                    names: names
                        .into_iter()
                        .map(|(locale, stem)| (locale, name(&stem, index).parse().unwrap()))
                        .collect(),
                    descriptions,
                    contexts: BTreeSet::from_iter(contexts),
                    sensitive,
                    cooldown: Duration::from_millis(cooldown),
                    options,
                    subcommands,
                },
            )
            .collect()
    })
}

fn setting_kind() -> impl Strategy<Value = SettingKind> {
    let distinct =
        || collection::btree_set(".{0,12}", 0..4).prop_map(|choices| choices.into_iter().collect::<Vec<_>>());
    prop_oneof![
        (distinct(), ".{0,20}", any::<bool>()).prop_map(|(choices, free, has)| {
            SettingKind::Text { default: has.then(|| choices.first().cloned().unwrap_or(free)), choices }
        }),
        (any::<i64>(), option::of(Just(i64::MIN)), option::of(Just(i64::MAX))).prop_map(|(default, min, max)| {
            SettingKind::Integer { default: Some(default), choices: Vec::new(), min, max }
        }),
        collection::btree_set(-5..5_i64, 0..4).prop_map(|choices| SettingKind::Integer {
            default: None,
            choices: choices.into_iter().collect(),
            min: Some(-5),
            max: Some(5)
        }),
        (-1e300..1e300, any::<bool>()).prop_map(|(value, has)| SettingKind::Number {
            default: has.then_some(value),
            choices: vec![value],
            min: None,
            max: Some(value)
        }),
        option::of(any::<bool>()).prop_map(|default| SettingKind::Boolean { default }),
        (distinct(), any::<bool>())
            .prop_map(|(choices, has)| SettingKind::Texts { default: has.then(|| choices.clone()), choices }),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    (1_u64 << 20..=64 << 20, 10..=100_u64, 100..=20_000_u64, 0_u64..=8 << 20).prop_map(|(memory, cpu, time, media)| {
        Limits {
            memory: ByteSize(memory),
            cpu: Duration::from_millis(cpu),
            time: Duration::from_millis(time),
            media: ByteSize(media),
        }
    })
}

fn about() -> impl Strategy<Value = About> {
    let kinds = collection::btree_set(parsed::<Kind>("[a-z][a-z0-9-]{0,8}"), 1..4);
    let version = (any::<u32>(), any::<u32>(), any::<u32>());
    let homepage = option::of("https://[a-z]{1,8}\\.org(/[!-~]{0,8})?");
    (parsed("[a-z][a-z0-9-]{1,31}"), line(40), version, line(40), line(20), kinds, homepage).prop_map(
        |(id, name, (major, minor, patch), description, license, kinds, homepage)| About {
            id,
            name,
            version: semver::Version::new(major.into(), minor.into(), patch.into()),
            description,
            license,
            contract: Manifest::CONTRACT,
            kinds: kinds.into_iter().collect(),
            homepage,
        },
    )
}

fn secrets() -> impl Strategy<Value = Vec<Secret>> {
    let place = prop_oneof![
        parsed("X-[A-Za-z0-9-]{1,20}").prop_map(SecretPlace::Header),
        parsed("[a-zA-Z_]{1,20}").prop_map(SecretPlace::Query),
    ];
    let host = parsed("([a-z]{1,5}\\.)?secrets\\.example");
    collection::btree_map(parsed("[a-z][a-z0-9-]{0,8}"), (text(), host, place), 0..4).prop_map(|secrets| {
        secrets
            .into_iter()
            .map(|(name, (description, host, place))| Secret { name, description, host, place })
            .collect()
    })
}

fn settings() -> impl Strategy<Value = Vec<Setting>> {
    collection::btree_map(parsed("[a-z][a-z0-9-]{0,8}"), (text(), setting_kind()), 0..6).prop_map(|settings| {
        settings.into_iter().map(|(name, (description, kind))| Setting { name, description, kind }).collect()
    })
}

fn manifest() -> impl Strategy<Value = Manifest> {
    let triggers = (sample::subsequence(ActivityKind::ALL, 0..=2), any::<bool>());
    let http = collection::btree_set(parsed("(\\*\\.)?[a-z]{1,8}\\.[a-z0-9-]{1,8}\\.org"), 0..4);
    let storage = option::of(1_u64..=64 << 20);
    (about(), commands(), triggers, (http, any::<bool>()), storage, secrets(), settings(), limits(), text()).prop_map(
        |(
            provider,
            commands,
            (activity, schedule),
            (http, further_hosts),
            storage,
            secrets,
            settings,
            limits,
            stores,
        )| {
            let mut http: Vec<_> = http.into_iter().collect();
            http.extend(["secrets.example".parse().unwrap(), "*.secrets.example".parse().unwrap()]);
            let examples = commands
                .iter()
                .flat_map(Command::invocations)
                .map(|invocation| Example { command: typed(&invocation) })
                .collect();
            Manifest {
                provider,
                commands,
                triggers: Triggers { activity: BTreeSet::from_iter(activity), schedule },
                capabilities: Capabilities { http, further_hosts, storage: storage.map(ByteSize) },
                secrets,
                settings,
                examples,
                limits,
                data: storage.map(|_| DataStatement { stores }),
            }
        },
    )
}

/// The command with each of its options filled in.
fn typed(invocation: &Invocation<'_>) -> CommandLine {
    let mut line = format!("/{}", invocation.full_name());
    for option in invocation.options() {
        let value = match &option.kind {
            OptionKind::Text { choices, min_length, .. } => match choices.last() {
                Some(choice) => choice.value.clone(),
                None => "é".repeat(min_length.unwrap_or(1).max(1).into()),
            },
            OptionKind::Integer { choices, .. } => choices.last().map_or(0, |choice| choice.value).to_string(),
            OptionKind::Number { choices, .. } => choices.last().map_or(0.0, |choice| choice.value).to_string(),
            OptionKind::Boolean => String::from("false"),
            OptionKind::User => String::from("<@1>"),
            OptionKind::Channel => String::from("<#2>"),
            OptionKind::Role => String::from("<@&3>"),
            OptionKind::Attachment => String::from("https://example.com"),
        };
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
        line.push_str(&format!(" {}:\"{quoted}\"", option.name));
    }
    CommandLine::parse(&line).unwrap()
}

fn manifest_that_fits() -> impl Strategy<Value = Manifest> {
    manifest().prop_filter("text ≤ 64 KiB", |manifest| manifest.to_toml().len() <= Manifest::TEXT_MAX)
}

fn capability() -> impl Strategy<Value = Capability> {
    let host = || parsed("(\\*\\.)?[a-z]{1,8}\\.[a-z0-9-]{1,8}\\.org");
    prop_oneof![
        host().prop_map(Capability::Http),
        host().prop_map(Capability::PlainHttp),
        any::<u64>().prop_map(|bytes| Capability::Storage(ByteSize(bytes))),
        sample::select(ActivityKind::ALL).prop_map(Capability::Activity),
        Just(Capability::Schedule),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_manifest_is_read_as_it_was_written(manifest in manifest_that_fits()) {
        let text = manifest.to_toml();
        match Manifest::parse(&text) {
            Ok(read) => prop_assert_eq!(read, manifest),
            Err(errors) => prop_assert!(false, "{}\n{}", errors, text),
        }
    }

    #[test]
    fn any_capability_is_read_as_it_was_written(capability in capability()) {
        prop_assert_eq!(capability.to_string().parse::<Capability>(), Ok(capability.clone()));
        let json = serde_json::to_string(&capability).unwrap();
        prop_assert_eq!(serde_json::from_str::<Capability>(&json).unwrap(), capability);
    }

    #[test]
    fn a_provider_asks_for_what_its_manifest_says(manifest in manifest_that_fits()) {
        let asks = manifest.asks();
        for host in &manifest.capabilities.http {
            prop_assert!(asks.contains(&Capability::Http(host.clone())));
        }
        let rest = manifest.triggers.activity.len() + usize::from(manifest.triggers.schedule);
        let storage = usize::from(manifest.capabilities.storage.is_some());
        prop_assert_eq!(asks.len(), manifest.capabilities.http.len() + storage + rest);
        prop_assert!(!asks.iter().any(|asked| matches!(asked, Capability::PlainHttp(_))));
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        prop_assert!(Manifest::parse(&text).is_err());
    }

    /// A good manifest with a piece of it replaced.
    #[test]
    fn no_damage_makes_the_reader_panic(from in any::<sample::Index>(), length in 0..40_usize, piece in "[ -~\n\"=\\[\\]{}.é]{0,20}") {
        let letters: Vec<char> = FULL.chars().collect();
        let from = from.index(letters.len());
        let to = (from + length).min(letters.len());
        let damaged: String = letters[..from].iter().copied().chain(piece.chars()).chain(letters[to..].iter().copied()).collect();
        if let Err(errors) = Manifest::parse(&damaged) {
            prop_assert!(errors.iter().count() > 0);
            let lines = damaged.lines().count() + 1;
            for error in &errors {
                prop_assert!((1..=lines).contains(&error.line) && error.column >= 1, "{}", error);
            }
        }
    }

    #[test]
    fn no_command_line_makes_the_parser_panic(line in "/(news|weather week|x)[ -~é\"\\\\:]{0,40}( (topic|count|place):[ -~é\"\\\\]{0,20}){0,3}") {
        let manifest = Manifest::parse(FULL).unwrap();
        if let Ok(line) = CommandLine::parse(&line)
            && let Some(invocation) = manifest.invocation(line.name())
            && let Ok(arguments) = invocation.arguments(&line)
        {
            prop_assert_eq!(invocation.check(&arguments), Ok(()));
        }
    }
}
