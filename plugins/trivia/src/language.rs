//! The provider's own words.

use autocontent_sdk::Audience;

use crate::question::{Question, Wording};

/// The languages that there are questions in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Portuguese,
}

impl Language {
    /// The audience's own, English where there is nothing in that.
    pub(crate) fn of(audience: &Audience) -> Language {
        if audience.speaks("pt") { Language::Portuguese } else { Language::English }
    }

    /// The question in this language.
    pub(crate) fn wording(self, question: &Question) -> &Wording {
        match self {
            Language::English => &question.english,
            Language::Portuguese => &question.portuguese,
        }
    }

    /// The locale that provider.toml has labels in for this language.
    pub(crate) fn locale(self) -> &'static str {
        self.choose(["en-US", "pt-BR"])
    }

    /// The label of the button that gives the answer away.
    pub(crate) fn reveal(self) -> &'static str {
        self.choose(["Reveal", "Revelar"])
    }

    /// The title after the right answer.
    pub(crate) fn right(self) -> &'static str {
        self.choose(["✅ Right!", "✅ Certo!"])
    }

    /// The title after a wrong answer.
    pub(crate) fn wrong(self) -> &'static str {
        self.choose(["❌ Wrong", "❌ Errado"])
    }

    /// The title of an answer given away.
    pub(crate) fn revealed(self) -> &'static str {
        self.choose(["💡 The answer", "💡 A resposta"])
    }

    /// Stands before the answer that the member gave.
    pub(crate) fn your_answer(self) -> &'static str {
        self.choose(["Your answer", "Sua resposta"])
    }

    /// Stands before the right answer.
    pub(crate) fn right_answer(self) -> &'static str {
        self.choose(["Right answer", "Resposta certa"])
    }

    fn choose(self, [english, portuguese]: [&'static str; 2]) -> &'static str {
        match self {
            Language::English => english,
            Language::Portuguese => portuguese,
        }
    }
}
