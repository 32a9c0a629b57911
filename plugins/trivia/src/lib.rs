//! `/trivia`: a question with four answers on buttons, in English and Portuguese.
//!
//! The questions stand in questions.toml; build.rs checks them and makes them part of the program.

mod language;
mod question;
mod round;

use autocontent_sdk::markdown::escape;
use autocontent_sdk::prelude::*;
use autocontent_sdk::system::Random;
use autocontent_sdk::{Deck, provider};

use language::Language;
use question::{QUESTIONS, Question};
use round::{BUTTONS, Round, RoundError};

provider!("provider.toml");

/// The button that gives the answer away.
const REVEAL: &str = "reveal";

/// 0xRRGGBB of the answer's side line.
const GREEN: u32 = 0x2e_a0_43;
const RED: u32 = 0xd1_34_38;
const BLUE: u32 = 0x3b_82_f6;

/// The provider.
#[derive(Debug)]
pub struct Trivia;

#[autocontent_sdk::export]
impl Provider for Trivia {
    type Command = Command;

    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let Command::Trivia { category, difficulty } = request.command;
        let language = Language::of(&request.audience);
        let fits = |question: &&Question| {
            category.is_none_or(|category| question.category == category)
                && difficulty.is_none_or(|difficulty| question.difficulty == difficulty)
        };
        let deck = Deck::new(request.cursor.as_deref());
        let (dealt, next) = deck.deal(QUESTIONS.iter().filter(fits), request.limit);
        if dealt.is_empty() {
            return Err(Failure::NothingFound);
        }
        let mut random = Random::new();
        let rounds = dealt.into_iter().map(|question| Round::new(question, &mut random));
        Ok(Page::of(rounds.map(|round| ask(&round, language))).next(next))
    }

    fn act(press: Press<Command>) -> Result<Page, Failure> {
        let language = Language::of(&press.request.audience);
        let state = press.state.unwrap_or_default();
        let round = state.parse::<Round>().map_err(|error| match error {
            RoundError::Malformed => Failure::Internal(format!("the state {state:?} is no round of trivia")),
            RoundError::Gone => Failure::NothingFound,
        })?;
        match press.action.as_str() {
            REVEAL => Ok(reveal(&round, language).into()),
            button if BUTTONS.contains(&button) => Ok(judge(&round, button, language).into()),
            other => Err(Failure::Internal(format!("there is no button {other:?}"))),
        }
    }
}

/// The question with its buttons.
fn ask(round: &Round, language: Language) -> Item {
    let question = round.question;
    let wording = language.wording(question);
    let (category, difficulty) = (question.category, question.difficulty);
    let title = format!("{} · {}", category.label(language.locale()), difficulty.label(language.locale()));
    let item = Item::new(question.id, Kind::Trivia)
        .title(title)
        .text(escape(wording.question))
        .tags([category.as_str(), difficulty.as_str()])
        .state(round.to_string());
    let answers = round.buttons(&wording.answers).map(|(button, answer)| Action::new(button, answer));
    let item = answers.fold(item, Item::action);
    item.action(Action::new(REVEAL, language.reveal()).style(ActionStyle::Primary))
}

/// Whether the answer on a button is right, which one is, and why.
fn judge(round: &Round, button: &str, language: Language) -> Item {
    if round.is_right(button) {
        return answer(round, "right", language).title(language.right()).color(GREEN);
    }
    let given = round.buttons(&language.wording(round.question).answers).find(|(other, _)| *other == button);
    let item = answer(round, "wrong", language).title(language.wrong()).color(RED);
    match given {
        Some((_, given)) => item.inline_field(language.your_answer(), escape(given)),
        None => item,
    }
}

/// The right answer and why it is.
fn reveal(round: &Round, language: Language) -> Item {
    answer(round, "answer", language).title(language.revealed()).color(BLUE)
}

/// The right answer to the question, with the explanation. `kind` makes the id another than the question's.
fn answer(round: &Round, kind: &str, language: Language) -> Item {
    let question = round.question;
    let wording = language.wording(question);
    let [right, ..] = wording.answers;
    Item::new(format!("{}/{kind}", question.id), Kind::Trivia)
        .text(format!("{}\n\n{}", escape(wording.question), escape(wording.explanation)))
        .inline_field(language.right_answer(), escape(right))
        .tags([question.category.as_str(), question.difficulty.as_str()])
}
