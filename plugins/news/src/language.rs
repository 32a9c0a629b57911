//! The languages of members and feeds, and the provider's own words.

use autocontent_sdk::Audience;

/// The languages that the provider speaks; each has feeds of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Portuguese,
}

impl Language {
    /// All of them.
    pub(crate) const ALL: [Language; 2] = [Language::English, Language::Portuguese];

    /// The audience's own, English where that is not among them.
    pub(crate) fn of(audience: &Audience) -> Language {
        if audience.speaks("pt") { Language::Portuguese } else { Language::English }
    }

    /// The setting with the feeds in this language.
    pub(crate) fn setting(self) -> &'static str {
        self.choose(["feeds", "feeds-pt"])
    }

    /// Why a name means no feed; `some` are names that do.
    pub(crate) fn no_such_feed(self, some: &str) -> String {
        match self {
            Language::English => format!("there is no feed of that name; there are {some}"),
            Language::Portuguese => format!("não há fonte com esse nome; há {some}"),
        }
    }

    /// Why a feed can't be unfollowed.
    pub(crate) fn not_followed(self) -> &'static str {
        self.choose(["this feed is not followed here", "esta fonte não é seguida aqui"])
    }

    /// Why a feed can't be followed.
    pub(crate) fn too_many(self, most: usize) -> String {
        match self {
            Language::English => format!("{most} feeds are followed here already; unfollow one first"),
            Language::Portuguese => format!("já são seguidas {most} fontes aqui; deixe de seguir uma antes"),
        }
    }

    /// Says that a feed is followed now.
    pub(crate) fn followed(self, name: &str) -> String {
        match self {
            Language::English => format!("{name} is followed here"),
            Language::Portuguese => format!("{name} é seguida aqui"),
        }
    }

    /// Says that a feed is followed no more.
    pub(crate) fn unfollowed(self, name: &str) -> String {
        match self {
            Language::English => format!("{name} is no longer followed here"),
            Language::Portuguese => format!("{name} não é mais seguida aqui"),
        }
    }

    /// What following a feed does.
    pub(crate) fn what_following_does(self) -> &'static str {
        self.choose([
            "Without a feed, `/news latest` and `/news search` ask those that are followed here.",
            "Sem uma fonte, `/news latest` e `/news search` consultam as que são seguidas aqui.",
        ])
    }

    /// The title of the list of followed feeds.
    pub(crate) fn following(self) -> &'static str {
        self.choose(["Followed here", "Seguidas aqui"])
    }

    /// Stands where no feed is followed.
    pub(crate) fn none_followed(self) -> &'static str {
        self.choose([
            "No feed is followed here yet: `/news follow` begins. Until then those in your language are asked.",
            "Nenhuma fonte é seguida aqui ainda: comece com `/news follow`. Até lá são consultadas as do seu idioma.",
        ])
    }

    /// Stands behind a followed feed that the operator no longer offers.
    pub(crate) fn gone(self) -> &'static str {
        self.choose(["no longer offered", "não é mais oferecida"])
    }

    fn choose(self, [english, portuguese]: [&'static str; 2]) -> &'static str {
        match self {
            Language::English => english,
            Language::Portuguese => portuguese,
        }
    }
}
