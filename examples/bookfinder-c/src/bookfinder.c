/* `/bookfinder title:…` finds books by their title, in Open Library's catalogue (https://openlibrary.org/developers/api). */
#include <autocontent.h>

static ac_item item_of(const ac_json *book, const ac_audience *audience);
static ac_text joined(const ac_json *names);

/* Called in a fresh instance each time: what should be remembered goes into the cursor, or into storage. */
ac_answer find(const ac_request *request) {
    ac_text title = ac_option_text(&request->arguments, "title", ac_str(""));
    /* The cursor is the number of the next page, from 1. */
    int64_t page_number = 1;
    if (request->cursor.is_some && !ac_read_integer(request->cursor.val, &page_number))
        return ac_internal("the cursor %.*s is no number of a page", AC_TEXT(request->cursor.val));

    ac_text url = ac_format("https://openlibrary.org/search.json?q=%.*s"
                            "&fields=key%%2Ctitle%%2Cauthor_name%%2Cfirst_publish_year%%2Ccover_i&limit=%u&page=%lld",
                            AC_TEXT(ac_url_encode(title)), (unsigned)request->limit, (long long)page_number);
    ac_response response = ac_get(url);
    if (!ac_success(&response)) return ac_not_fetched(&response);
    const ac_json *found = ac_json_read(response.body);
    if (found == NULL) return ac_upstream("openlibrary.org answered with something else than JSON");

    /* Some servers tell of a failure of theirs with status 200. */
    const ac_json *books = ac_json_get(found, "docs");
    if (books == NULL) return ac_upstream("openlibrary.org answered without docs");

    ac_page page = {0};
    for (const ac_json *book = ac_json_first(books); book; book = book->next)
        ac_add(&page, item_of(book, &request->audience));
    if (ac_json_integer(ac_json_get(found, "numFound"), 0) > page_number * request->limit)
        ac_set(&page.next, ac_format("%lld", (long long)page_number + 1));
    return ac_found(page);
}

/* What the catalogue does not know of a book is left out. */
static ac_item item_of(const ac_json *book, const ac_audience *audience) {
    ac_text key = ac_json_text(ac_json_get(book, "key")); /* such as /works/OL893415W */
    ac_item item = ac_item_of(key, "book");
    ac_set(&item.title, ac_json_text(ac_json_get(book, "title")));
    ac_set(&item.text, ac_escape(joined(ac_json_get(book, "author_name"))));
    ac_set(&item.url, ac_concat(ac_str("https://openlibrary.org"), key));
    ac_set_source(&item, ac_str("Open Library"), ac_str("https://openlibrary.org"));

    int64_t year = ac_json_integer(ac_json_get(book, "first_publish_year"), 0);
    const char *first_published = ac_speaks(audience, "pt") ? "Primeira edição" : "First published";
    if (year) ac_add_field(&item, first_published, ac_format("%lld", (long long)year), true);

    int64_t cover = ac_json_integer(ac_json_get(book, "cover_i"), 0);
    if (cover > 0) ac_set_media(&item, ac_format("https://covers.openlibrary.org/b/id/%lld-L.jpg", (long long)cover));
    return item;
}

/* "Frank Herbert, Brian Herbert" */
static ac_text joined(const ac_json *names) {
    ac_builder made = {0};
    for (const ac_json *name = ac_json_first(names); name; name = name->next) {
        if (made.len) ac_put(&made, ac_str(", "));
        ac_put(&made, ac_json_text(name));
    }
    return ac_built(&made);
}
