//! Bad manifests: each error names place and key, what is wrong and what is allowed.

use std::fmt::Write as _;

use autocontent_manifest::Manifest;

use crate::{FULL, LEAST};

/// The messages for the text, or a panic where there are none.
fn errors(text: &str) -> String {
    match Manifest::parse(text) {
        Ok(_) => panic!("taken, though it is wrong:\n{text}"),
        Err(errors) => errors.to_string(),
    }
}

/// full.toml with one thing changed.
fn changed(from: &str, to: &str) -> String {
    assert!(FULL.contains(from), "{from:?} is in full.toml");
    errors(&FULL.replacen(from, to, 1))
}

/// A table of changes to full.toml and what each brings.
fn table(changes: &[(&str, &str)]) -> String {
    let mut shown = String::new();
    for (from, to) in changes {
        writeln!(shown, "{from}  →  {}\n{}\n", to.trim(), changed(from, to)).unwrap();
    }
    shown
}

/// least.toml with more after it, and what each brings.
fn appended(additions: &[&str]) -> String {
    let mut shown = String::new();
    for addition in additions {
        writeln!(shown, "{addition}\n{}\n", errors(&format!("{LEAST}{addition}"))).unwrap();
    }
    shown
}

#[test]
fn text_that_is_no_toml() {
    let mut shown = String::new();
    for text in ["[provider", "id = ", "a = 1\na = 2", "a = \"\u{1}\"", "é = 1", "x = 1\n\ny = [1, }\n", "\u{0}"] {
        writeln!(shown, "{text:?}\n{}\n", errors(text)).unwrap();
    }
    crate::snapshots().bind(|| insta::assert_snapshot!(shown));
}

#[test]
fn provider() {
    crate::snapshots().bind(|| {
        insta::assert_snapshot!(table(&[
            ("id = \"news\"", "id = \"News!\""),
            ("id = \"news\"", "id = 7"),
            ("id = \"news\"", ""),
            ("name = \"News\"", "name = \"\""),
            ("version = \"1.2.0\"", "version = \"1.2\""),
            ("description = \"Headlines from any feed\"", "descripton = \"Headlines\""),
            ("contract = \"1.0\"", "contract = \"1.1\""),
            ("contract = \"1.0\"", "contract = \"2.0\""),
            ("contract = \"1.0\"", "contract = \"0.9\""),
            ("contract = \"1.0\"", "contract = \"one\""),
            ("contract = \"1.0\"", "contract = 1.0"),
            ("kinds = [\"news\", \"weather\"]", "kinds = []"),
            ("kinds = [\"news\", \"weather\"]", "kinds = [\"news\", \"news\", \"The Weather\"]"),
            ("homepage = \"https://example.com/news\"", "homepage = \"example.com\""),
            ("[provider]", "colour = 1\n[provider]"),
            ("[provider]", "[providers]"),
        ]));
    });
}

#[test]
fn commands() {
    crate::snapshots().bind(|| {
        insta::assert_snapshot!(table(&[
            ("name = \"news\"\ndescription = \"Headlines on", "name = \"News\"\ndescription = \"Headlines on"),
            ("name = \"news\"\ndescription = \"Headlines on", "name = \"favourites\"\ndescription = \"Headlines on"),
            ("pt-BR = \"notícias\"", "pt-BR = \"Notícias\""),
            ("pt-BR = \"notícias\"", "pt-BR = \"weather\""),
            ("pt-BR = \"notícias\"", "pt-br = \"notícias\""),
            ("pt-BR = \"notícias\"", "tlh = \"notícias\""),
            ("contexts = [\"guild\", \"bot-dm\"]", "contexts = []"),
            ("contexts = [\"guild\", \"bot-dm\"]", "contexts = [\"server\"]"),
            ("sensitive = true", "sensitive = \"yes\""),
            ("cooldown = \"5s\"", "cooldown = \"5 seconds\""),
            ("cooldown = \"5s\"", "cooldown = \"2h\""),
            ("cooldown = \"5s\"", "cooldown = 5"),
            ("name = \"weather\"", "name = \"news\""),
            ("name = \"week\"", "name = \"today\""),
            (
                "[[command.subcommand]]",
                "[[command.option]]\nname = \"a\"\ndescription = \"A\"\nkind = \"boolean\"\n[[command.subcommand]]"
            ),
        ]));
    });
}

#[test]
fn options() {
    crate::snapshots().bind(|| insta::assert_snapshot!(table(&[
        ("name = \"topic\"\nkind = \"text\"", "name = \"topic\"\nkind = \"txt\""),
        ("name = \"topic\"\nkind = \"text\"", "name = \"topic\"\nkind = \"colour\""),
        ("name = \"topic\"\nkind = \"text\"", "name = \"topic\"\nkind = \"integer\""),
        ("name = \"topic\"\nkind = \"text\"", "name = \"topic\"\nkind = \"user\""),
        ("name = \"topic\"\nkind = \"text\"", "name = \"topic\""),
        ("name = \"count\"", "name = \"topic\""),
        ("name = \"count\"", "name = \"assunto\""),
        (
            "required = true",
            "required = false\n[[command.option]]\nname = \"late\"\ndescription = \"Late\"\nkind = \"boolean\"\nrequired = true"
        ),
        ("min-length = 2", "min-length = 61"),
        ("max-length = 60", "max-length = 6001"),
        ("max-length = 60", "max-length = 0"),
        ("min = 1", "min = 11"),
        ("min = 1", "min = -9007199254740992"),
        ("min = 1", "min = 1.5"),
        ("min = 1", "min = 99999999999999999999"),
        ("max = 10", "max = 10\nchoices = [11]"),
        ("choices = [\"short\",", "autocomplete = true\nchoices = [\"short\","),
        ("choices = [\"short\",", "choices = [\"full\","),
        ("choices = [\"short\",", "choices = [\"In full\","),
        ("choices = [\"short\",", "choices = [\"Completo\","),
        ("choices = [\"short\",", "choices = [\"\", 3,"),
        ("label = \"In full\", value", "label = \"\", value"),
        ("label = \"In full\", value", "lable = \"In full\", value"),
        ("choices = [0.5,", "choices = [nan, 1e300, \"1\","),
        ("choices = [0.5,", "choices = [1e-200,"),
        ("description = \"What about\"", "description = \"\""),
    ])));
}

#[test]
fn capabilities_secrets_and_settings() {
    crate::snapshots().bind(|| {
        insta::assert_snapshot!(table(&[
            ("activity = [\"game\", \"music\"]", "activity = [\"games\"]"),
            ("http = [\"newsapi.org\"", "http = [\"https://newsapi.org\""),
            ("http = [\"newsapi.org\"", "http = [\"*.org\", \"*\", \"newsapi.org:443\""),
            ("http = [\"newsapi.org\"", "http = \"newsapi.org\" #"),
            ("storage = \"256 KiB\"", "storage = \"256 KB\""),
            ("storage = \"256 KiB\"", "storage = \"65 MiB\""),
            ("storage = \"256 KiB\"", "storage = \"0 B\""),
            ("[data]\nstores", "#"),
            ("[data]\nstores", "[data]\nstore"),
            ("host = \"newsapi.org\"", "host = \"evil.org\""),
            ("header = \"X-Api-Key\"", ""),
            ("header = \"X-Api-Key\"", "header = \"X-Api-Key\"\nquery = \"key\""),
            ("header = \"X-Api-Key\"", "header = \"Content-Length\""),
            ("header = \"X-Api-Key\"", "header = \"X Api\\r\\nKey\""),
            ("query = \"apiKey\"", "query = \"a&b\""),
            ("name = \"weather-key\"", "name = \"api-key\""),
            ("name = \"per-page\"", "name = \"country\""),
            ("default = \"us\"", "default = \"de\""),
            ("default = \"us\"", "default = 5"),
            ("default = 20", "default = 200"),
            ("default = 20\nmin = 1", "default = 20\nmin = 101"),
            ("default = 20", "default = 20\nchoices = [20, 20, 300]"),
            ("default = [\"top\", \"world\"]", "default = [\"top\", 3]"),
            (
                "kind = \"boolean\"\ndescription = \"Whether",
                "kind = \"boolean\"\nmin = 1\nchoices = [true]\ndescription = \"Whether"
            ),
            ("kind = \"texts\"", "kind = \"list\""),
            ("memory = \"16 MiB\"", "memory = \"65 MiB\""),
            ("memory = \"16 MiB\"", "memory = 16777216"),
            ("cpu = \"50ms\"", "cpu = \"2s\""),
            ("time = \"10s\"", "time = \"1m\""),
            ("cpu = \"50ms\"\ntime = \"10s\"", "cpu = \"500ms\"\ntime = \"200ms\""),
            ("media = \"1 MiB\"", "medium = \"1 MiB\""),
        ]));
    });
}

#[test]
fn examples() {
    crate::snapshots().bind(|| {
        insta::assert_snapshot!(table(&[
            ("command = \"/news topic:space travel count:3\"", "command = \"news topic:space\""),
            ("command = \"/news topic:space travel count:3\"", "command = \"/nwes topic:space\""),
            ("command = \"/news topic:space travel count:3\"", "command = \"/news topic:space count:30\""),
            ("command = \"/news topic:space travel count:3\"", "command = \"/news tpoic:space\""),
            ("command = \"/news topic:space travel count:3\"", "command = \"/news\""),
            ("command = \"/news topic:space travel count:3\"", "command = \"/weather\""),
            ("command = \"/news topic:space travel count:3\"", "comand = \"/weather\""),
        ]));
    });
}

#[test]
fn parts_that_have_the_wrong_shape() {
    crate::snapshots().bind(|| {
        insta::assert_snapshot!(appended(&[
            "option = 1",
            "[command.option]\nname = \"a\"",
            "option = [1]",
            "names = \"quote\"",
            "names = { pt-BR = 1 }",
            "[[limits]]",
            "[secret]",
            "[a.\"b c\".\"\\u0000\"]",
            "[\"\"]",
        ]));
    });
}

#[test]
fn all_errors_come_at_once_and_in_order() {
    let text = "example = [{ command = \"x\" }]\n[limits]\ncpu = \"9s\"\n[provider]\nid = \"X\"\nkind = []\n[[command]]\nname = \"A\"\n[[command.option]]\n";
    crate::snapshots().bind(|| insta::assert_snapshot!(errors(text)));
}

#[test]
fn messages_name_the_file() {
    let errors = Manifest::parse("\"é\" = 1\nx = 2").unwrap_err().with_file("plugins/quote/provider.toml");
    assert!(errors.to_string().lines().all(|line| line.starts_with("plugins/quote/provider.toml:")), "{errors}");
    let unknown: Vec<(usize, usize)> = errors
        .iter()
        .filter(|error| error.problem.contains("no such key"))
        .map(|error| (error.line, error.column))
        .collect();
    assert_eq!(unknown, [(1, 1), (2, 1)]);
}

#[test]
fn columns_count_characters() {
    let errors = Manifest::parse("[provider]\nid = \"ok\"\nkinds = [\"é\", \"ééé\", \"X\"]").unwrap_err();
    let columns: Vec<usize> =
        errors.iter().filter(|error| error.key == "provider.kinds").map(|error| error.column).collect();
    assert_eq!(columns, [10, 15, 22]);
}

#[test]
fn counts_are_bounded() {
    let option =
        |index: usize| format!("[[command.option]]\nname = \"o{index}\"\ndescription = \"O\"\nkind = \"boolean\"\n");
    let options = |count: usize| format!("{LEAST}{}", (0..count).map(option).collect::<String>());
    assert!(Manifest::parse(&options(25)).is_ok());
    assert!(errors(&options(26)).contains("command.option: there are 26; give at most 25"));

    let subcommands = |count: usize| {
        let one = |index: usize| format!("[[command.subcommand]]\nname = \"s{index}\"\ndescription = \"S\"\n");
        format!("{LEAST}{}", (0..count).map(one).collect::<String>())
    };
    assert!(Manifest::parse(&subcommands(25)).is_ok());
    assert!(errors(&subcommands(26)).contains("command.subcommand: there are 26; give at most 25"));

    let commands = |count: usize| {
        let one = |index: usize| format!("[[command]]\nname = \"c{index}\"\ndescription = \"C\"\n");
        format!("{LEAST}{}", (1..count).map(one).collect::<String>())
    };
    assert!(Manifest::parse(&commands(100)).is_ok());
    assert!(errors(&commands(101)).contains("command: there are 101; give 1 to 100"));

    let choices = |count: i32| {
        let values = (0..count).collect::<Vec<_>>();
        format!(
            "{LEAST}[[command.option]]\nname = \"o\"\ndescription = \"O\"\nkind = \"integer\"\nchoices = {values:?}\n"
        )
    };
    assert!(Manifest::parse(&choices(25)).is_ok());
    assert!(errors(&choices(26)).contains("command.option.choices: there are 26; give 1 to 25"));
    assert!(errors(&choices(0)).contains("command.option.choices: there are 0; give 1 to 25"));
}

/// A command of two options, 25 choices each of 100 + 59 characters and one description to fill it up.
fn large(description: usize, translation: usize) -> String {
    let option = |name: &str| {
        let choice = |index: usize| format!("{{ label = \"{index:0>100}\", value = \"{index:0>55}\" }}");
        let choices = (0..25).map(choice).collect::<Vec<_>>().join(", ");
        format!("[[command.option]]\nname = \"{name}\"\ndescription = \"O\"\nkind = \"text\"\nchoices = [{choices}]\n")
    };
    let heading = LEAST.replace("A quotation", &"é".repeat(description));
    let translated = format!("descriptions = {{ de = \"{}\" }}\n", "ü".repeat(translation));
    format!(
        "{heading}{translated}{}{}[[command.option]]\nname = \"c\"\ndescription = \"{}\"\nkind = \"boolean\"\n",
        option("a"),
        option("b"),
        "x".repeat(100)
    )
}

#[test]
fn a_command_has_at_most_8000_characters_in_all() {
    // "quote", two options of (1 + 1 + 25 × 155), and one of (1 + 100).
    let rest = 5 + 2 * (2 + 25 * 155) + 101;
    assert!(rest < 8000 - 100);
    let manifest = Manifest::parse(&large(100, 1)).unwrap();
    assert_eq!(manifest.commands[0].options.len(), 3);

    // As many more choices as it takes to reach the bound exactly, the longest translation counted.
    let spare = 8000 - rest - 100;
    let filled = |extra: usize| {
        let more = format!(
            "[[command.option]]\nname = \"d\"\ndescription = \"{}\"\nkind = \"boolean\"\n",
            "x".repeat(extra - 1)
        );
        format!("{}{more}", large(1, 100))
    };
    assert!(spare > 2 && spare <= 101, "{spare}");
    assert!(Manifest::parse(&filled(spare)).is_ok());
    assert!(errors(&filled(spare + 1)).contains("has 8001 characters"), "{}", errors(&filled(spare + 1)));
}

#[test]
fn the_text_is_bounded() {
    let padded = |length: usize| format!("{LEAST}#{}", "x".repeat(length - LEAST.len() - 1));
    assert!(Manifest::parse(&padded(Manifest::TEXT_MAX)).is_ok());
    assert!(errors(&padded(Manifest::TEXT_MAX + 1)).contains("the text has 65537 bytes; use at most 65536"));
}

#[test]
fn deep_nesting_is_refused_and_nothing_more() {
    for text in [
        "a.".repeat(32_000) + "a = 1",
        format!("a = {}", "[".repeat(60_000)),
        format!("a = {}", "{a=".repeat(20_000)),
        "[a".to_owned() + &".a".repeat(32_000) + "]",
    ] {
        assert!(!errors(&text).is_empty());
    }
}
