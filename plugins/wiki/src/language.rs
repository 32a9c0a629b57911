//! The provider's own words.

use autocontent_sdk::Audience;

use crate::day::Day;

/// The languages that the provider speaks; what Wikipedia says is in the edition's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Portuguese,
}

const MONTHS: [[&str; 2]; 12] = [
    ["January", "janeiro"],
    ["February", "fevereiro"],
    ["March", "março"],
    ["April", "abril"],
    ["May", "maio"],
    ["June", "junho"],
    ["July", "julho"],
    ["August", "agosto"],
    ["September", "setembro"],
    ["October", "outubro"],
    ["November", "novembro"],
    ["December", "dezembro"],
];

impl Language {
    /// The audience's own, English where that is not among them.
    pub(crate) fn of(audience: &Audience) -> Language {
        if audience.speaks("pt") { Language::Portuguese } else { Language::English }
    }

    /// "22 November", "22 de novembro", "1º de maio".
    pub(crate) fn date(self, Day { month, day }: Day) -> String {
        let month = usize::from(month).checked_sub(1).and_then(|at| MONTHS.get(at));
        let month = month.map(|names| self.choose(*names)).unwrap_or_default();
        match (self, day) {
            (Language::English, _) => format!("{day} {month}"),
            (Language::Portuguese, 1) => format!("1º de {month}"),
            (Language::Portuguese, _) => format!("{day} de {month}"),
        }
    }

    /// "1963", "44 BC".
    pub(crate) fn year(self, year: i64) -> String {
        match year {
            1.. => year.to_string(),
            _ => format!("{} {}", year.unsigned_abs(), self.choose(["BC", "a.C."])),
        }
    }

    /// The name of the field with the articles that an event names.
    pub(crate) fn articles(self) -> &'static str {
        self.choose(["Articles", "Artigos"])
    }

    /// What a date would have to be.
    pub(crate) fn no_date(self) -> &'static str {
        self.choose(["write a day such as 22 November or 11-22", "escreva um dia como 22 de novembro ou 22/11"])
    }

    /// What a title would have to be.
    pub(crate) fn name_an_article(self) -> &'static str {
        self.choose(["name an article, such as Ada Lovelace", "diga o nome de um artigo, como Ada Lovelace"])
    }

    /// What a title must not have in it.
    pub(crate) fn no_title(self) -> &'static str {
        self.choose(["no title has # < > [ ] { } | in it", "nenhum título tem # < > [ ] { } |"])
    }

    /// Stands before the articles that a title may mean.
    pub(crate) fn may_mean(self) -> &'static str {
        self.choose(["It may mean:", "Pode ser:"])
    }

    fn choose(self, [english, portuguese]: [&'static str; 2]) -> &'static str {
        match self {
            Language::English => english,
            Language::Portuguese => portuguese,
        }
    }
}
