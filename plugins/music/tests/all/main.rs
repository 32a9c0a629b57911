//! The provider as the host calls it, with iTunes and MusicBrainz played from recordings.

mod failures;
mod hostile;

use autocontent_provider_music::Music;
use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Activity, Choice, Failure, Item, Media, Page, Rating, Track, Trigger, settings};
use serde_json::{Value, json};

/// A host that plays a recording.
fn host(recording: &str) -> Host {
    let host = Host::new();
    host.replay(&[format!("recordings/{recording}.json")]);
    host
}

fn track(title: &str) -> Ask {
    Ask::new("music track").argument("title", title).limit(10)
}

fn album(title: &str) -> Ask {
    Ask::new("music album").argument("title", title).limit(10)
}

fn artist(name: &str) -> Ask {
    Ask::new("music artist").argument("name", name).limit(10)
}

fn hearing(title: &str, artist: &str) -> Ask {
    let track = Track { title: title.into(), artist: artist.into(), album: None };
    Ask::new("music track").limit(10).trigger(Trigger::Activity(Activity::Music(track)))
}

fn find(ask: &Ask) -> Result<Page, Failure> {
    ask.find::<Music>()
}

fn ids(page: &Page) -> Vec<&str> {
    page.items.iter().map(|item| item.id.as_str()).collect()
}

fn field<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
}

#[test]
fn a_track_comes_with_album_cover_and_where_it_is_sold() {
    let _host = host("examples");
    insta::assert_debug_snapshot!(find(&track("Clair de lune").argument("artist", "Claude Debussy")).unwrap());
}

#[test]
fn albums_come_with_their_covers() {
    let _host = host("examples");
    insta::assert_debug_snapshot!(find(&album("Clube da Esquina")).unwrap());
}

#[test]
fn an_artist_is_who_musicbrainz_says_with_the_stores_albums() {
    let host = host("examples");
    insta::assert_debug_snapshot!(find(&artist("Milton Nascimento")).unwrap());
    assert_eq!(host.log(), []);
}

#[test]
fn the_providers_own_words_are_in_the_members_language_and_the_store_is_the_operators() {
    let host = host("portuguese");
    host.set_setting("country", settings::Value::Text(" BR ".into()));
    let page = find(&artist("Milton Nascimento").locale("pt-BR")).unwrap();
    let names: Vec<&str> = page.items[0].fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["Tipo", "Origem", "Nascimento", "Álbuns"]);
    assert_eq!(field(&page.items[0], "Tipo"), Some("Pessoa"));
    let page = find(&track("Clair de lune").argument("artist", "Claude Debussy").locale("pt-PT")).unwrap();
    assert_eq!(field(&page.items[0], "Duração"), Some("5:05"));
    assert_eq!(page.items[0].source.as_ref().unwrap().label, "Cortesia do iTunes");
    let page = find(&album("Clube da Esquina").locale("pt-BR")).unwrap();
    assert_eq!(field(&page.items[0], "Faixas"), Some("21"));
}

#[test]
fn a_title_alone_brings_all_that_are_called_so_page_by_page() {
    let _host = host("pages");
    let first = find(&track("Clair de lune").limit(2)).unwrap();
    assert_eq!((ids(&first), first.next.as_deref()), (vec!["track-201281527", "track-1452618374"], Some("2")));
    let second = find(&track("Clair de lune").limit(2).cursor(first.next)).unwrap();
    assert_eq!((ids(&second), second.next.as_deref()), (vec!["track-1440742903"], None));
}

#[test]
fn title_and_artist_mean_one_and_a_part_of_the_title_all_that_fit() {
    let _host = host("pages");
    let by_milton = |title| find(&album(title).argument("artist", "Milton Nascimento")).unwrap();
    assert_eq!(ids(&by_milton("Clube")), ["album-1443750001", "album-1443750002"]);
    assert_eq!(ids(&by_milton("Clube da Esquina 2")), ["album-1443750002"]);
}

#[test]
fn what_was_picked_from_the_proposals_is_looked_up() {
    let _host = host("pages");
    assert_eq!(ids(&find(&track("track:1452618374")).unwrap()), ["track-1452618374"]);
    assert_eq!(ids(&find(&album("album:1443750003")).unwrap()), ["album-1443750003"]);
}

#[test]
fn artists_of_the_same_name_come_together_and_similar_ones_page_by_page() {
    let _host = host("pages");
    let same = find(&artist("Twin")).unwrap();
    let told: Vec<_> = same.items.iter().map(|item| item.text.as_deref().unwrap()).collect();
    assert_eq!((told, same.next.as_deref()), (vec!["US duo", "UK band"], None));

    let first = find(&artist("bard").limit(2)).unwrap();
    assert_eq!((first.items.len(), first.next.as_deref()), (2, Some("2")));
    let second = find(&artist("bard").limit(2).cursor(first.next)).unwrap();
    assert_eq!((second.items[0].title.as_deref(), second.next), (Some("Bard's Song"), None));
}

#[test]
fn explicit_music_is_sensitive_and_so_is_what_nobody_says_of() {
    let _host = host("explicit");
    let rating = |ask: &Ask| find(ask).unwrap().items[0].rating;
    assert_eq!(rating(&track("track:3001")), Rating::Sensitive);
    assert_eq!(rating(&track("track:3002")), Rating::Everyone, "cleaned");
    assert_eq!(rating(&track("track:3003")), Rating::Sensitive, "unknown");
    assert_eq!(rating(&album("album:3000")), Rating::Sensitive);
}

/// A host whose sources know of one artist of this name and of one album by them.
fn with_artist(name: &str, album_artist: &str, explicitness: &str, explicit: &str, encoded: &str) -> Host {
    let host = Host::new();
    let found = json!({ "count": 1, "artists": [{ "id": "00000000-0000-4000-8000-000000000001", "name": name }] });
    let url = format!("https://musicbrainz.org/ws/2/artist?query={encoded}&dismax=true&fmt=json&limit=10");
    host.answer(&url, 200, &[], found.to_string());
    let album = json!({
        "artistName": album_artist, "collectionName": "An album", "collectionExplicitness": explicitness,
        "artworkUrl100": "https://covers.example/100x100bb.jpg", "collectionViewUrl": "https://store.example/1",
    });
    let url = format!(
        "https://itunes.apple.com/search?term={encoded}&media=music&entity=album&explicit={explicit}&country=us&limit=25"
    );
    host.answer(&url, 200, &[], json!({ "results": [album] }).to_string());
    host
}

#[test]
fn explicit_albums_and_their_covers_are_shown_with_an_artist_only_where_they_may_be() {
    let _host = with_artist("Loud", "Loud", "explicit", "No", "Loud");
    let item = find(&artist("Loud")).unwrap().items.remove(0);
    assert_eq!((item.thumbnail, item.fields.len(), item.rating), (None, 0, Rating::Everyone));
    let _host = with_artist("Loud", "Loud", "explicit", "Yes", "Loud");
    let item = find(&artist("Loud").sensitive_allowed()).unwrap().items.remove(0);
    assert_eq!((item.thumbnail.is_some(), item.fields.len(), item.rating), (true, 1, Rating::Sensitive));
}

#[test]
fn a_name_of_signs_alone_is_no_other_such_name() {
    let _host = with_artist("!!!", "†††", "notExplicit", "No", "%21%21%21");
    let item = find(&artist("!!!")).unwrap().items.remove(0);
    assert_eq!((item.title.as_deref(), item.thumbnail), (Some("!!!"), None));
}

#[test]
fn albums_whose_links_do_not_fit_are_left_out_whole() {
    let host = with_artist("Long", "Long", "notExplicit", "No", "Long");
    let albums: Vec<Value> = (0..5)
        .map(|number| {
            let page = format!("https://store.example/{number}?{}", "x".repeat(300));
            json!({ "artistName": "Long", "collectionName": "An album", "collectionExplicitness": "cleaned", "collectionViewUrl": page })
        })
        .collect();
    let url = "https://itunes.apple.com/search?term=Long&media=music&entity=album&explicit=No&country=us&limit=25";
    host.answer(url, 200, &[], json!({ "results": albums }).to_string());
    let page = find(&artist("Long")).unwrap();
    let links = field(&page.items[0], "Albums").unwrap();
    assert!(links.len() <= 1024 && links.lines().count() == 3, "{links}");
    assert!(links.lines().all(|link| link.starts_with('[') && link.ends_with(')')), "{links}");
}

#[test]
fn explicit_music_is_looked_for_only_where_it_may_be_shown() {
    let _host = host("explicit");
    assert_eq!(ids(&find(&track("Loud Song")).unwrap()), ["track-3002"]);
    assert_eq!(ids(&find(&track("Loud Song").sensitive_allowed()).unwrap()), ["track-3001", "track-3002"]);
}

#[test]
fn whoever_hears_a_track_gets_that_one_and_it_is_not_kept_for_others() {
    let _host = host("heard");
    let page = find(&hearing("Clair de lune - Remastered", "Claude Debussy; Jean-Yves Thibaudet")).unwrap();
    assert_eq!((ids(&page), page.cache_for, page.next.as_deref()), (vec!["track-1452618374"], None, None));
}

#[test]
fn what_is_heard_must_be_the_track_itself() {
    let host = host("heard");
    for (title, artist) in [
        ("Clair de lune", "Nobody"),
        ("Another", "Claude Debussy"),
        ("Unknown", "Claude Debussy"),
        (" ", "Claude Debussy"),
        ("Clair de lune", " "),
    ] {
        assert_eq!(find(&hearing(title, artist)), Err(Failure::NothingFound), "{title:?} by {artist:?}");
    }
    assert_eq!(host.requests().len(), 3, "nothing is asked for without a title or an artist");
}

#[test]
fn answers_are_kept_for_a_day_for_those_who_ask_the_same() {
    let _host = host("examples");
    for ask in [album("Clube da Esquina"), artist("Milton Nascimento")] {
        assert_eq!(find(&ask).unwrap().cache_for, Some(86_400));
    }
}

#[test]
fn covers_are_asked_for_in_the_size_that_is_shown() {
    let _host = host("examples");
    let page = find(&album("Clube da Esquina")).unwrap();
    let Some(Media::Url(cover)) = &page.items[0].media else { unreachable!("an album has a cover") };
    assert!(cover.ends_with("/600x600bb.jpg"), "{cover}");
}

#[test]
fn names_are_proposed_once_three_letters_are_typed_and_nothing_twice() {
    let host = host("suggestions");
    let propose = |command: &str, option: &str, typed: &str| Ask::new(command).suggest::<Music>(option, typed);
    assert_eq!(propose("music track", "title", " cl "), []);
    assert_eq!(host.requests(), []);

    let debussy = Choice::new("Clair de lune · Claude Debussy & Jean-Yves Thibaudet", "track:1452618374");
    let washington = Choice::new("Clair de lune · Kamasi Washington", "track:1440742903");
    assert_eq!(propose("music track", "title", "clai"), [debussy.clone(), washington]);
    let by_debussy = Ask::new("music track").argument("artist", "Claude Debussy").suggest::<Music>("title", "clai");
    assert_eq!(by_debussy, [debussy]);

    let album = Choice::new("Clube da Esquina · Milton Nascimento & Lô Borges", "album:1443750001");
    assert_eq!(propose("music album", "title", "clube")[0], album);
    let artists = ["Milton Nascimento", "Mila"].map(|name| Choice::new(name, name));
    for (command, option) in [("music artist", "name"), ("music track", "artist"), ("music album", "artist")] {
        assert_eq!(propose(command, option, "mil"), artists);
    }
    assert!(host.requests().iter().all(|request| request.timeout_ms == Some(2_000)));
    assert!(host.requests().iter().all(|request| !request.url.contains("musicbrainz.org")));
}
