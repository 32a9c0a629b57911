//! The provider without a host: what it would ask for is answered from here. `cargo test` runs it.

use autocontent_sdk::testing::{Ask, Host};
use autocontent_sdk::{Failure, Media, Page};
use bookfinder_provider::Catalogue;

/// Where one item is asked for.
const FIRST_PAGE: &str = "https://openlibrary.org/search.json?q=dune\
    &fields=key%2Ctitle%2Cauthor_name%2Cfirst_publish_year%2Ccover_i&limit=1&page=1";

fn dune() -> Ask {
    Ask::new("bookfinder").argument("title", "dune")
}

/// What the provider makes of an answer.
fn of_answer(ask: &Ask, status: u16, body: &str) -> Result<Page, Failure> {
    let host = Host::new();
    host.answer(FIRST_PAGE, status, &[], body);
    ask.find::<Catalogue>()
}

const DUNE: &str = r#"{ "numFound": 12, "docs": [{
    "key": "/works/OL893415W", "title": "Dune", "author_name": ["Frank Herbert"],
    "first_publish_year": 1965, "cover_i": 11481354
}] }"#;

#[test]
fn a_book_has_its_author_year_cover_and_page() {
    let page = of_answer(&dune(), 200, DUNE).unwrap();
    let book = &page.items[0];
    assert_eq!(book.title.as_deref(), Some("Dune"));
    assert_eq!(book.text.as_deref(), Some("Frank Herbert"));
    assert_eq!(book.fields[0].value, "1965");
    assert_eq!(book.url.as_deref(), Some("https://openlibrary.org/works/OL893415W"));
    let cover = "https://covers.openlibrary.org/b/id/11481354-L.jpg";
    assert_eq!(book.media, Some(Media::Url(cover.to_owned())));
}

#[test]
fn where_there_are_more_books_the_cursor_leads_to_them() {
    assert_eq!(of_answer(&dune(), 200, DUNE).unwrap().next.as_deref(), Some("2"));
    let all = DUNE.replace("12", "1");
    assert_eq!(of_answer(&dune(), 200, &all).unwrap().next, None);
}

#[test]
fn what_a_book_lacks_is_left_out() {
    let bare = r#"{ "numFound": 1, "docs": [{ "key": "/works/OL1W", "title": "Untitled" }] }"#;
    let page = of_answer(&dune(), 200, bare).unwrap();
    let book = &page.items[0];
    assert!(book.text.is_none() && book.media.is_none() && book.fields.is_empty());
}

#[test]
fn members_read_it_in_their_language() {
    let page = of_answer(&dune().locale("pt-BR"), 200, DUNE).unwrap();
    assert_eq!(page.items[0].fields[0].name, "Primeira edição");
}

#[test]
fn no_book_is_an_empty_page() {
    assert!(of_answer(&dune(), 200, r#"{ "numFound": 0, "docs": [] }"#).unwrap().items.is_empty());
}

#[test]
fn what_goes_wrong_at_the_catalogue_is_said_so() {
    assert_eq!(of_answer(&dune(), 429, ""), Err(Failure::Busy(None)));
    assert!(matches!(of_answer(&dune(), 500, ""), Err(Failure::Upstream(_))));
    assert!(matches!(of_answer(&dune(), 200, "<html>"), Err(Failure::Upstream(_))));
}
