// `/bookfinder title:…` finds books by their title, in Open Library's catalogue (https://openlibrary.org/developers/api).

import { choose, failure, http, provider } from "autocontent";

import { booksIn, item } from "./book.js";

export default provider({
  // Called in a fresh copy of the program each time: what should be remembered goes into the cursor, or into storage.
  find(request) {
    const page = Number(request.cursor ?? 1);
    const query = {
      q: request.options.title,
      fields: "key,title,author_name,first_publish_year,cover_i",
      limit: request.limit,
      page,
    };
    const found = http.get("https://openlibrary.org/search.json", { query }).success().json();
    const books = booksIn(found);
    if (books.length === 0) throw failure.nothingFound();

    const firstPublished = choose(request.audience, "First published", { pt: "Primeira edição" });
    return {
      items: books.map((book) => item(book, firstPublished)),
      // Comes back as `request.cursor` when a member wants another.
      next: found.numFound > page * request.limit ? String(page + 1) : undefined,
    };
  },
});
