//! One question as it was put: in which order its answers stand on the buttons. It goes out as the item's state and
//! comes back when a button is pressed.

use std::fmt;
use std::str::FromStr;

use autocontent_sdk::system::Random;

use crate::question::Question;

/// What the buttons of the answers are called, in their order. They say nothing about which answer is right.
pub(crate) const BUTTONS: [&str; 4] = ["a", "b", "c", "d"];

/// Reads and shows as "question-id:2031": the digits say which answer stands on each button.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    pub(crate) question: &'static Question,
    /// A permutation of 0 to 3; 0 is the right answer.
    order: [u8; 4],
}

/// Why a state is no round.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RoundError {
    /// This provider never wrote such a state.
    Malformed,
    /// The question was taken out of the program since.
    Gone,
}

impl Round {
    /// A round with the answers in random order.
    pub(crate) fn new(question: &'static Question, random: &mut Random) -> Round {
        let mut order = [0, 1, 2, 3];
        random.shuffle(&mut order);
        Round { question, order }
    }

    /// Each button with the answer on it, of a question's four.
    pub(crate) fn buttons<'a>(&self, answers: &[&'a str; 4]) -> impl Iterator<Item = (&'static str, &'a str)> {
        BUTTONS.into_iter().zip(self.order.map(|at| answers.get(usize::from(at)).copied().unwrap_or_default()))
    }

    /// Whether the right answer is on this button.
    pub(crate) fn is_right(&self, button: &str) -> bool {
        BUTTONS.into_iter().zip(self.order).any(|(other, answer)| other == button && answer == 0)
    }
}

impl fmt::Display for Round {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.order;
        write!(formatter, "{}:{a}{b}{c}{d}", self.question.id)
    }
}

impl FromStr for Round {
    type Err = RoundError;

    fn from_str(text: &str) -> Result<Round, RoundError> {
        let (id, digits) = text.split_once(':').ok_or(RoundError::Malformed)?;
        let mut order = [0; 4];
        if digits.len() != order.len() {
            return Err(RoundError::Malformed);
        }
        for (place, digit) in order.iter_mut().zip(digits.bytes()) {
            *place = digit.wrapping_sub(b'0');
        }
        if !(0..4).all(|answer| order.contains(&answer)) {
            return Err(RoundError::Malformed);
        }
        let question = Question::find(id).ok_or(RoundError::Gone)?;
        Ok(Round { question, order })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question::QUESTIONS;

    #[test]
    fn a_round_reads_back_as_it_was_written() {
        let mut random = Random::seeded(1);
        for question in &QUESTIONS {
            let round = Round::new(question, &mut random);
            let read: Round = round.to_string().parse().unwrap();
            assert_eq!((read.question.id, read.order), (question.id, round.order));
        }
    }

    #[test]
    fn exactly_the_button_with_the_first_answer_is_right() {
        let answers = ["right", "x", "y", "z"];
        let mut random = Random::seeded(2);
        for _ in 0..50 {
            let round = Round::new(&QUESTIONS[0], &mut random);
            for (button, answer) in round.buttons(&answers) {
                assert_eq!(round.is_right(button), answer == "right");
            }
            assert!(!round.is_right("reveal"));
        }
    }

    #[test]
    fn what_is_no_round_is_refused() {
        let id = QUESTIONS[0].id;
        for text in ["", id, &format!("{id}:"), &format!("{id}:0123 "), &format!("{id}:0122"), &format!("{id}:0124")] {
            assert_eq!(text.parse::<Round>().unwrap_err(), RoundError::Malformed, "{text:?}");
        }
        assert_eq!("no-such-question:0123".parse::<Round>().unwrap_err(), RoundError::Gone);
    }
}
