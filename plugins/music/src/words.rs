//! The provider's own words.

use autocontent_sdk::Audience;

/// All that it says in one language.
pub(crate) struct Words {
    pub(crate) album: &'static str,
    pub(crate) albums: &'static str,
    pub(crate) released: &'static str,
    pub(crate) length: &'static str,
    pub(crate) genre: &'static str,
    pub(crate) tracks: &'static str,
    pub(crate) what: &'static str,
    pub(crate) from: &'static str,
    pub(crate) born: &'static str,
    pub(crate) died: &'static str,
    pub(crate) founded: &'static str,
    pub(crate) ended: &'static str,
    /// MusicBrainz's types of artists, as they are called there and here.
    types: &'static [(&'static str, &'static str)],
    /// What Apple asks to be said beside what its store gives.
    pub(crate) courtesy: &'static str,
    pub(crate) name_a_track: &'static str,
    pub(crate) name_an_album: &'static str,
    pub(crate) name_an_artist: &'static str,
}

const ENGLISH: Words = Words {
    album: "Album",
    albums: "Albums",
    released: "Release",
    length: "Length",
    genre: "Genre",
    tracks: "Tracks",
    what: "Kind",
    from: "From",
    born: "Born",
    died: "Died",
    founded: "Founded",
    ended: "Ended",
    types: &[],
    courtesy: "Provided courtesy of iTunes",
    name_a_track: "name a track, such as Clair de lune",
    name_an_album: "name an album, such as Clube da Esquina",
    name_an_artist: "name an artist, such as Milton Nascimento",
};

const PORTUGUESE: Words = Words {
    album: "Álbum",
    albums: "Álbuns",
    released: "Lançamento",
    length: "Duração",
    genre: "Gênero",
    tracks: "Faixas",
    what: "Tipo",
    from: "Origem",
    born: "Nascimento",
    died: "Morte",
    founded: "Fundação",
    ended: "Fim",
    types: &[
        ("Person", "Pessoa"),
        ("Group", "Grupo"),
        ("Orchestra", "Orquestra"),
        ("Choir", "Coro"),
        ("Character", "Personagem"),
        ("Other", "Outro"),
    ],
    courtesy: "Cortesia do iTunes",
    name_a_track: "diga o nome de uma faixa, como Clair de lune",
    name_an_album: "diga o nome de um álbum, como Clube da Esquina",
    name_an_artist: "diga o nome de um artista, como Milton Nascimento",
};

impl Words {
    /// Those of the audience's language, English where it is neither.
    pub(crate) fn of(audience: &Audience) -> &'static Words {
        audience.choose(&ENGLISH, &[("pt", &PORTUGUESE)])
    }

    /// What MusicBrainz's type of an artist is called.
    pub(crate) fn artist_type<'a>(&self, name: &'a str) -> &'a str {
        self.types.iter().find(|(theirs, _)| *theirs == name).map_or(name, |(_, ours)| ours)
    }
}
