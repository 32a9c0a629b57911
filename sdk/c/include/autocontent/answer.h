/* What to answer with: a page of items, or why there is none; and choices for an option that is typed.
 *
 * The structures are the contract's own, with all fields in reach; the functions write what takes more than one line.
 * Set what may be absent with `ac_set`: an empty text leaves it absent.
 */
#pragma once

#include <autocontent/text.h>

/* One piece of content. `kind` is one of provider.toml's; `id` is the same for the same content. */
typedef autocontent_provider_items_item_t ac_item;

/* `items`, `next` (the cursor to more) and `cache_for` (seconds). Starts as {0}. */
typedef autocontent_provider_items_page_t ac_page;

/* Why there is no answer. */
typedef autocontent_provider_items_failure_t ac_failure;

/* What `find` and `act` return; made by one of the functions below. */
typedef struct {
    bool found;
    ac_page page;
    ac_failure failure;
} ac_answer;

/* How a button stands out. */
typedef enum {
    AC_PRIMARY = AUTOCONTENT_PROVIDER_ITEMS_ACTION_STYLE_PRIMARY,
    AC_SECONDARY = AUTOCONTENT_PROVIDER_ITEMS_ACTION_STYLE_SECONDARY,
    AC_SUCCESS = AUTOCONTENT_PROVIDER_ITEMS_ACTION_STYLE_SUCCESS,
    AC_DANGER = AUTOCONTENT_PROVIDER_ITEMS_ACTION_STYLE_DANGER,
} ac_style;

/* An item with nothing else in it, fit for everyone. */
ac_item ac_item_of(ac_text id, const char *kind);

/* Sets a text that may be absent, such as &item.title, &item.text, &item.url, &item.thumbnail, &item.state or
 * &page.next; the empty text makes it absent. */
void ac_set(ac_optional_text *place, ac_text text);

/* Sets who made the item, or where it comes from: a name, and the address of a page, which may be empty. With an empty
 * name it is left out. */
void ac_set_author(ac_item *item, ac_text name, ac_text url);
void ac_set_source(ac_item *item, ac_text name, ac_text url);

/* Sets the picture, video or sound: by its public https address, or as a file that is uploaded. */
void ac_set_media(ac_item *item, ac_text url);
void ac_set_file(ac_item *item, ac_text file_name, const char *mime, ac_bytes data);

/* Adds a named value; several that are `side_by_side` share a line. */
void ac_add_field(ac_item *item, const char *name, ac_text value, bool side_by_side);
/* Adds a tag: what the item is about. */
void ac_add_tag(ac_item *item, ac_text tag);
/* Adds a button, at most 5; pressing it calls `act` with this id. */
void ac_add_button(ac_item *item, const char *id, ac_text label, ac_style style);

/* 0xRRGGBB */
void ac_set_color(ac_item *item, uint32_t color);
/* Milliseconds since the Unix epoch. */
void ac_set_published(ac_item *item, uint64_t milliseconds);
/* Marks the item as age-restricted. */
void ac_set_sensitive(ac_item *item);

/* Adds an item, best first. It is copied: what is set in it later does not count. */
void ac_add(ac_page *page, ac_item item);
/* Lets the host answer from its memory for so many seconds. Everybody who asks the same gets the same page: leave it
 * out where the answer depends on who asks, or should differ each time. */
void ac_cache_for(ac_page *page, uint32_t seconds);

/* The page; without items it means the same as `ac_nothing_found`. */
ac_answer ac_found(ac_page page);
/* The request was fine, but there is no content for it. */
ac_answer ac_nothing_found(void);
/* A value that provider.toml allows and the provider can't use; the member reads what would be right. */
ac_answer ac_invalid_argument(const char *option, ac_text reason);
/* The upstream asks to wait; 0 where it does not say for how long. */
ac_answer ac_busy(uint32_t seconds);
/* The upstream failed. This text and the next two are for the log and the operator, never for the member. */
ac_answer ac_upstream(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The operator must change something. */
ac_answer ac_misconfigured(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A fault of the provider's own. */
ac_answer ac_internal(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Proposals for the option being typed, at most 25; starts as {0}. */
typedef exports_autocontent_provider_suggestions_list_choice_t ac_choices;

/* Adds a choice: what the member reads (1 to 100 characters), and what arrives if they take it. */
void ac_choose_text(ac_choices *choices, ac_text label, ac_text value);
void ac_choose_integer(ac_choices *choices, ac_text label, int64_t value);
void ac_choose_number(ac_choices *choices, ac_text label, double value);
