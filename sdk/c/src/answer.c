/* Items, pages, failures and choices. */
#include <autocontent/answer.h>
#include <autocontent/request.h>
#include <stdlib.h>
#include <string.h>

/* Room for one more at the end of a list, which has room for the next power of two. */
static void *grown(void *list, size_t length, size_t size) {
    return length & (length - 1) ? list : realloc(list, (length ? length * 2 : 1) * size);
}

/* The same in a block of its own each time: an item may be a copy of another, which must not see what is added to it. */
static void *copied(const void *list, size_t length, size_t size) {
    void *copy = malloc((length + 1) * size);
    if (length) memcpy(copy, list, length * size);
    return copy;
}

#define PUSH(list, ...) \
    ((list)->ptr = grown((list)->ptr, (list)->len, sizeof *(list)->ptr), (void)((list)->ptr[(list)->len++] = (__VA_ARGS__)))

#define PUSH_TO_COPY(list, ...) \
    ((list)->ptr = copied((list)->ptr, (list)->len, sizeof *(list)->ptr), (void)((list)->ptr[(list)->len++] = (__VA_ARGS__)))

ac_item ac_item_of(ac_text id, const char *kind) {
    ac_item item = {.id = id, .kind = ac_str(kind)};
    return item;
}

void ac_set(ac_optional_text *place, ac_text text) {
    *place = (ac_optional_text){text.len > 0, text};
}

static autocontent_provider_items_option_link_t link_of(ac_text name, ac_text url) {
    return (autocontent_provider_items_option_link_t){name.len > 0, {name, {url.len > 0, url}}};
}

void ac_set_author(ac_item *item, ac_text name, ac_text url) {
    item->author = link_of(name, url);
}

void ac_set_source(ac_item *item, ac_text name, ac_text url) {
    item->source = link_of(name, url);
}

void ac_set_media(ac_item *item, ac_text url) {
    item->media.is_some = url.len > 0;
    item->media.val.tag = AUTOCONTENT_PROVIDER_ITEMS_MEDIA_URL;
    item->media.val.val.url = url;
}

void ac_set_file(ac_item *item, ac_text file_name, const char *mime, ac_bytes data) {
    item->media.is_some = true;
    item->media.val.tag = AUTOCONTENT_PROVIDER_ITEMS_MEDIA_BLOB;
    item->media.val.val.blob = (autocontent_provider_items_blob_t){file_name, ac_str(mime), data};
}

void ac_add_field(ac_item *item, const char *name, ac_text value, bool side_by_side) {
    PUSH_TO_COPY(&item->fields, (autocontent_provider_items_field_t){ac_str(name), value, side_by_side});
}

void ac_add_tag(ac_item *item, ac_text tag) {
    PUSH_TO_COPY(&item->tags, tag);
}

void ac_add_button(ac_item *item, const char *id, ac_text label, ac_style style) {
    PUSH_TO_COPY(&item->actions, (autocontent_provider_items_action_t){ac_str(id), label, (uint8_t)style});
}

void ac_set_color(ac_item *item, uint32_t color) {
    item->color = (ac_option_u32_t){true, color};
}

void ac_set_published(ac_item *item, uint64_t milliseconds) {
    item->published = (ac_option_u64_t){true, milliseconds};
}

void ac_set_sensitive(ac_item *item) {
    item->rating = AUTOCONTENT_PROVIDER_ITEMS_RATING_SENSITIVE;
}

void ac_add(ac_page *page, ac_item item) {
    PUSH(&page->items, item);
}

void ac_cache_for(ac_page *page, uint32_t seconds) {
    page->cache_for = (ac_option_u32_t){true, seconds};
}

ac_answer ac_found(ac_page page) {
    return (ac_answer){.found = true, .page = page};
}

static ac_answer failed(ac_failure failure) {
    return (ac_answer){.failure = failure};
}

ac_answer ac_nothing_found(void) {
    return failed((ac_failure){.tag = AUTOCONTENT_PROVIDER_ITEMS_FAILURE_NOTHING_FOUND});
}

ac_answer ac_invalid_argument(const char *option, ac_text reason) {
    ac_failure failure = {.tag = AUTOCONTENT_PROVIDER_ITEMS_FAILURE_INVALID_ARGUMENT};
    failure.val.invalid_argument.name = ac_str(option);
    failure.val.invalid_argument.reason = reason;
    return failed(failure);
}

ac_answer ac_busy(uint32_t seconds) {
    ac_failure failure = {.tag = AUTOCONTENT_PROVIDER_ITEMS_FAILURE_BUSY};
    failure.val.busy = (ac_option_u32_t){seconds > 0, seconds};
    return failed(failure);
}

/* The three kinds of failure with a text have it at the same place. */
#define FAILED_WITH(kind)                        \
    va_list values;                              \
    va_start(values, format);                    \
    ac_failure failure = {.tag = kind};          \
    failure.val.internal = ac_format_list(format, values); \
    va_end(values);                              \
    return failed(failure)

ac_answer ac_upstream(const char *format, ...) {
    FAILED_WITH(AUTOCONTENT_PROVIDER_ITEMS_FAILURE_UPSTREAM);
}

ac_answer ac_misconfigured(const char *format, ...) {
    FAILED_WITH(AUTOCONTENT_PROVIDER_ITEMS_FAILURE_MISCONFIGURED);
}

ac_answer ac_internal(const char *format, ...) {
    FAILED_WITH(AUTOCONTENT_PROVIDER_ITEMS_FAILURE_INTERNAL);
}

static void choose(ac_choices *choices, ac_text label, ac_value value) {
    PUSH(choices, (exports_autocontent_provider_suggestions_choice_t){label, value});
}

void ac_choose_text(ac_choices *choices, ac_text label, ac_text value) {
    choose(choices, label, (ac_value){.tag = AC_VALUE_TEXT, .val.text = value});
}

void ac_choose_integer(ac_choices *choices, ac_text label, int64_t value) {
    choose(choices, label, (ac_value){.tag = AC_VALUE_INTEGER, .val.integer = value});
}

void ac_choose_number(ac_choices *choices, ac_text label, double value) {
    choose(choices, label, (ac_value){.tag = AC_VALUE_NUMBER, .val.number = value});
}
