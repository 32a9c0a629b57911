//! From provider.toml to typed commands.

use autocontent_sdk::prelude::*;
use autocontent_sdk::testing::Ask;
use autocontent_sdk::{Arguments, Attachment, Channel, FromValue, Role, User, Value};

autocontent_sdk::provider!("tests/everything.toml");

/// Answers with what it was asked, as Rust writes it.
struct Echo;

#[autocontent_sdk::export]
impl Provider for Echo {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        Ok(Item::new("echo", Kind::News).text(format!("{:?}", request.command)).into())
    }

    fn suggest(partial: Partial<Typing>) -> Vec<Choice> {
        vec![Choice::new(format!("{:?} {:?}", partial.typing, partial.typed), "echo")]
    }
}

fn echo(ask: &Ask) -> String {
    ask.find::<Echo>().unwrap().items.remove(0).text.unwrap()
}

fn of_kind<T: FromValue>(value: Value) -> T {
    T::from_value(value).unwrap()
}

fn everything(text: &str, build: fn(String) -> Value) -> Value {
    build(text.into())
}

#[test]
fn a_subcommand_is_a_variant_with_its_options_as_fields() {
    let ask = Ask::new("news top").argument("per-page", 5).argument("category", "c++");
    let expected = Command::NewsTop { per_page: 5, category: Some(NewsTopCategory::C) };
    assert_eq!(echo(&ask), format!("{expected:?}"));

    let ask = Ask::new("news find").argument("word", "comet").argument("type", "long");
    let expected = Command::NewsFind { word: "comet".into(), year: None, r#type: Some(NewsFindType::Long) };
    assert_eq!(echo(&ask), format!("{expected:?}"));
}

#[test]
fn every_kind_of_option_has_its_type() {
    let ask = Ask::new("profile")
        .argument("who", Value::User("u".into()))
        .argument("where", Value::Channel("c".into()))
        .argument("rank", Value::Role("r".into()))
        .argument("picture", Value::Attachment("https://files.example/p.png".into()))
        .argument("score", 0.5)
        .argument("public", true);
    let expected = Command::Profile {
        who: of_kind::<User>(everything("u", Value::User)),
        r#where: Some(of_kind::<Channel>(everything("c", Value::Channel))),
        rank: Some(of_kind::<Role>(everything("r", Value::Role))),
        picture: Some(of_kind::<Attachment>(everything("https://files.example/p.png", Value::Attachment))),
        score: Some(0.5),
        public: Some(true),
    };
    assert_eq!(echo(&ask), format!("{expected:?}"));
}

#[test]
fn a_command_without_options_is_a_variant_without_fields() {
    assert_eq!(echo(&Ask::new("surprise")), format!("{:?}", Command::Surprise));
}

#[test]
fn what_does_not_fit_the_manifest_names_the_option() {
    let cases = [
        (Ask::new("news top"), "per-page", "is required"),
        (Ask::new("news top").argument("per-page", "five"), "per-page", "must be a whole number"),
        (Ask::new("surprise").argument("word", "x"), "word", "is no option of this command"),
        (
            Ask::new("news find").argument("word", "x").argument("type", "wide"),
            "type",
            r#"must be one of "short", "long""#,
        ),
    ];
    for (ask, name, reason) in cases {
        assert_eq!(ask.find::<Echo>(), Err(Failure::invalid_argument(name, reason)));
    }
}

#[test]
fn a_command_that_the_manifest_does_not_have_is_the_providers_own_fault() {
    for name in ["weather", "news", "news  top", ""] {
        let failure = Failure::Internal(format!("version 1.0.0 of everything has no command {name}"));
        assert_eq!(Ask::new(name).find::<Echo>(), Err(failure));
    }
}

#[test]
fn choices_know_their_values_and_labels() {
    assert_eq!(
        NewsTopCategory::ALL.iter().map(|choice| choice.as_str()).collect::<Vec<_>>(),
        ["science", "80s", "c++", "c"]
    );
    assert_eq!(NewsTopCategory::V80s.as_str(), "80s");
    assert_eq!(NewsTopCategory::C2.as_str(), "c");
    assert_eq!(NewsTopCategory::Science.label("pt-BR"), "Ciências");
    assert_eq!(NewsTopCategory::Science.label("de"), "Science");
}

#[test]
fn kinds_become_text() {
    assert_eq!(String::from(Kind::TopStory), "top-story");
    assert_eq!(Item::new("1", Kind::News).kind, Kind::News.as_str());
}

#[test]
fn typing_carries_the_other_options_as_far_as_they_are_right() {
    let ask = Ask::new("news find").argument("year", 1986).argument("type", "nonsense");
    let typing = Typing::NewsFindWord { year: Some(1986), r#type: None };
    assert_eq!(ask.suggest::<Echo>("word", "com")[0].label, format!("{typing:?} \"com\""));
}

#[test]
fn nothing_is_proposed_for_an_option_without_autocomplete() {
    assert_eq!(Ask::new("news find").suggest::<Echo>("type", "s"), []);
    assert_eq!(Ask::new("news top").suggest::<Echo>("word", "s"), []);
}

#[test]
fn a_button_that_no_item_has_and_one_that_nobody_answers_fail() {
    let item = Item::new("1", Kind::News).action(Action::new("more", "More"));
    let failure = Failure::Internal("the provider has no answer to its button \"more\"".into());
    assert_eq!(Ask::new("surprise").press::<Echo>(&item, "more"), Err(failure));
    let failure = Failure::Internal("the item \"1\" has no button \"less\"".into());
    assert_eq!(Ask::new("surprise").press::<Echo>(&item, "less"), Err(failure));
}

#[test]
fn commands_can_be_read_without_a_provider() {
    fn parse<C: autocontent_sdk::Command>(name: &str, arguments: Arguments) -> Result<C, Failure> {
        C::parse(name, arguments)
    }
    assert_eq!(parse("surprise", Arguments::default()), Ok(Command::Surprise));
}
