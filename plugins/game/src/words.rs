//! The provider's own words.

use autocontent_sdk::Audience;

/// All that it says in one language.
pub(crate) struct Words {
    /// What Steam calls the language.
    pub(crate) steam: &'static str,
    pub(crate) price: &'static str,
    pub(crate) free: &'static str,
    pub(crate) released: &'static str,
    pub(crate) score: &'static str,
    pub(crate) publisher: &'static str,
    pub(crate) platforms: &'static str,
    pub(crate) genres: &'static str,
    pub(crate) game: &'static str,
    pub(crate) name_a_game: &'static str,
}

const ENGLISH: Words = Words {
    steam: "english",
    price: "Price",
    free: "Free",
    released: "Release",
    score: "Metacritic",
    publisher: "Publisher",
    platforms: "Runs on",
    genres: "Genres",
    game: "Game",
    name_a_game: "name a game, such as Portal 2",
};

const PORTUGUESE: Words = Words {
    steam: "brazilian",
    price: "Preço",
    free: "Grátis",
    released: "Lançamento",
    score: "Metacritic",
    publisher: "Distribuidora",
    platforms: "Roda em",
    genres: "Gêneros",
    game: "Jogo",
    name_a_game: "diga o nome de um jogo, como Portal 2",
};

impl Words {
    /// Those of the audience's language, English where it is neither.
    pub(crate) fn of(audience: &Audience) -> &'static Words {
        audience.choose(&ENGLISH, &[("pt", &PORTUGUESE)])
    }
}
