//! `/bookfinder title:…` finds books by their title, in Open Library's catalogue (https://openlibrary.org/developers/api).

use autocontent_sdk::http;
use autocontent_sdk::markdown::escape;
use autocontent_sdk::prelude::*;
use serde::Deserialize;

// Makes the types `Command` and `Kind` of provider.toml. What is wrong with the file is a compile error.
autocontent_sdk::provider!("provider.toml");

/// The provider.
#[derive(Debug)]
pub struct Catalogue;

#[autocontent_sdk::export]
impl Provider for Catalogue {
    type Command = Command;

    /// Called in a fresh instance each time: what should be remembered goes into the cursor, or into storage.
    fn find(request: Request<Command>) -> Result<Page, Failure> {
        let Command::Bookfinder { title } = request.command;
        let page = page_number(request.cursor.as_deref())?;
        let found: Found = http::Request::get("https://openlibrary.org/search.json")
            .query("q", title)
            .query("fields", "key,title,author_name,first_publish_year,cover_i")
            .query("limit", request.limit)
            .query("page", page)
            .send()?
            .success()?
            .json()?;

        let more = found.number > page.saturating_mul(request.limit);
        let first_published = request.audience.choose("First published", &[("pt", "Primeira edição")]);
        let books = found.books.into_iter().map(|book| book.item(first_published));
        Ok(Page::of(books).next(more.then(|| (page + 1).to_string())))
    }
}

/// The cursor is the number of the next page, from 1.
fn page_number(cursor: Option<&str>) -> Result<usize, Failure> {
    let number = cursor.map_or(Ok(1), str::parse);
    number.map_err(|_| Failure::Internal(format!("the cursor {cursor:?} is no number of a page")))
}

/// What the catalogue answers, as far as it is of use here.
#[derive(Deserialize)]
struct Found {
    #[serde(rename = "numFound")]
    number: usize,
    #[serde(rename = "docs")]
    books: Vec<Book>,
}

#[derive(Deserialize)]
struct Book {
    /// Such as `/works/OL893415W`.
    key: String,
    title: String,
    #[serde(default, rename = "author_name")]
    authors: Vec<String>,
    first_publish_year: Option<i32>,
    #[serde(rename = "cover_i")]
    cover: Option<i64>,
}

impl Book {
    fn item(self, first_published: &str) -> Item {
        let mut item = Item::new(&self.key, Kind::Book)
            .title(self.title)
            .url(format!("https://openlibrary.org{}", self.key))
            .source(("Open Library", "https://openlibrary.org"));
        if !self.authors.is_empty() {
            item = item.text(escape(&self.authors.join(", ")));
        }
        if let Some(year) = self.first_publish_year {
            item = item.inline_field(first_published, year.to_string());
        }
        if let Some(cover) = self.cover {
            item = item.media(format!("https://covers.openlibrary.org/b/id/{cover}-L.jpg"));
        }
        item
    }
}
