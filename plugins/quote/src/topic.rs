//! What quotations can be about. The build script reads this file too: a quotation may only name these.

/// A topic and what members call it.
#[derive(Debug)]
pub(crate) struct Topic {
    /// As in quotes.toml, and as a tag.
    pub(crate) id: &'static str,
    /// In English.
    pub(crate) english: &'static str,
    /// In Portuguese.
    pub(crate) portuguese: &'static str,
}

/// All topics, by id.
pub(crate) static TOPICS: [Topic; 30] = [
    Topic { id: "ambition", english: "Ambition", portuguese: "Ambição" },
    Topic { id: "art", english: "Art", portuguese: "Arte" },
    Topic { id: "beauty", english: "Beauty", portuguese: "Beleza" },
    Topic { id: "books", english: "Books", portuguese: "Livros" },
    Topic { id: "change", english: "Change", portuguese: "Mudança" },
    Topic { id: "courage", english: "Courage", portuguese: "Coragem" },
    Topic { id: "death", english: "Death", portuguese: "Morte" },
    Topic { id: "dreams", english: "Dreams", portuguese: "Sonhos" },
    Topic { id: "fate", english: "Fate", portuguese: "Destino" },
    Topic { id: "freedom", english: "Freedom", portuguese: "Liberdade" },
    Topic { id: "friendship", english: "Friendship", portuguese: "Amizade" },
    Topic { id: "happiness", english: "Happiness", portuguese: "Felicidade" },
    Topic { id: "hope", english: "Hope", portuguese: "Esperança" },
    Topic { id: "humour", english: "Humour", portuguese: "Humor" },
    Topic { id: "justice", english: "Justice", portuguese: "Justiça" },
    Topic { id: "knowledge", english: "Knowledge", portuguese: "Conhecimento" },
    Topic { id: "life", english: "Life", portuguese: "Vida" },
    Topic { id: "love", english: "Love", portuguese: "Amor" },
    Topic { id: "memory", english: "Memory", portuguese: "Memória" },
    Topic { id: "nature", english: "Nature", portuguese: "Natureza" },
    Topic { id: "perseverance", english: "Perseverance", portuguese: "Perseverança" },
    Topic { id: "power", english: "Power", portuguese: "Poder" },
    Topic { id: "sea", english: "The sea", portuguese: "Mar" },
    Topic { id: "solitude", english: "Solitude", portuguese: "Solidão" },
    Topic { id: "time", english: "Time", portuguese: "Tempo" },
    Topic { id: "truth", english: "Truth", portuguese: "Verdade" },
    Topic { id: "virtue", english: "Virtue", portuguese: "Virtude" },
    Topic { id: "war", english: "War", portuguese: "Guerra" },
    Topic { id: "wisdom", english: "Wisdom", portuguese: "Sabedoria" },
    Topic { id: "youth", english: "Youth", portuguese: "Juventude" },
];
