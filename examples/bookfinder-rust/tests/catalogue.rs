//! The provider, called as a host calls it, with the catalogue's answers from recordings/. `cargo test` runs it.

use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Failure, Media, Page};
use bookfinder_provider::Catalogue;

fn ask(title: &str) -> Ask {
    Ask::new("bookfinder").argument("title", title).limit(10)
}

fn find(ask: &Ask) -> Result<Page, Failure> {
    let host = Host::new();
    host.replay(&["recordings/examples.json", "recordings/failures.json"]);
    ask.find::<Catalogue>()
}

#[test]
fn a_book_has_its_author_year_cover_and_page() {
    let page = find(&ask("dune")).unwrap();
    let book = &page.items[0];
    assert_eq!(book.title.as_deref(), Some("Dune"));
    assert_eq!(book.text.as_deref(), Some("Frank Herbert"));
    assert_eq!(book.fields[0].value, "1965");
    assert_eq!(book.url.as_deref(), Some("https://openlibrary.org/works/OL893415W"));
    let cover = "https://covers.openlibrary.org/b/id/11481354-L.jpg";
    assert_eq!(book.media, Some(Media::Url(cover.to_owned())));
}

#[test]
fn what_the_catalogue_does_not_know_of_a_book_is_left_out() {
    let page = find(&ask("dune")).unwrap();
    let book = &page.items[2];
    assert_eq!(book.title.as_deref(), Some("The Dune Encyclopedia"));
    assert!(book.text.is_none() && book.media.is_none() && book.fields.is_empty());
}

#[test]
fn the_cursor_leads_to_more_books_as_long_as_there_are_any() {
    let first = find(&ask("dune")).unwrap();
    assert_eq!(first.next.as_deref(), Some("2"));
    let second = find(&ask("dune").cursor(first.next)).unwrap();
    assert_eq!(second.items[0].title.as_deref(), Some("Dune Messiah"));
    assert_eq!(second.next, None);
}

#[test]
fn members_read_it_in_their_language() {
    let page = find(&ask("dune").locale("pt-BR")).unwrap();
    assert_eq!(page.items[0].fields[0].name, "Primeira edição");
}

#[test]
fn a_title_that_no_book_has_brings_an_empty_page() {
    assert!(find(&ask("xyzzyx")).unwrap().items.is_empty());
}

#[test]
fn what_goes_wrong_at_the_catalogue_is_told_apart() {
    assert_eq!(find(&ask("too often")), Err(Failure::Busy(Some(30))));
    for title in ["out of order", "no json", "asleep"] {
        assert!(matches!(find(&ask(title)), Err(Failure::Upstream(_))), "{title}");
    }
}
