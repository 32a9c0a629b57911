/* What is asked of the host. In a folder of its own, as sources may be. */
#include "../probe.h"

ac_answer whole_item(void) {
    ac_item item = ac_item_of(ac_str("whole"), "probe");
    ac_set(&item.title, ac_str("Title"));
    ac_set(&item.text, ac_escape(ac_str("1. a *star*")));
    ac_set(&item.url, ac_str("https://example.org/item"));
    ac_set(&item.thumbnail, ac_str(""));
    ac_set_author(&item, ac_str("Ada"), ac_str(""));
    ac_set_source(&item, ac_str("The Paper"), ac_str("https://example.org/paper"));
    ac_set_file(&item, ac_str("dot.gif"), "image/gif", (ac_bytes){(uint8_t *)"GIF89a\0\xff", 8});
    for (int index = 0; index < 5; index++) ac_add_field(&item, "Score", ac_format("%d", index), index % 2 == 0);
    ac_set_color(&item, 0xabcdef);
    ac_set_published(&item, 1795000000123);
    for (int index = 0; index < 3; index++) ac_add_tag(&item, ac_format("tag%d", index));
    ac_set_sensitive(&item);
    ac_add_button(&item, "again", ac_str("Again"), AC_SECONDARY);
    ac_add_button(&item, "drop", ac_str("Drop"), AC_DANGER);
    ac_set(&item.state, ac_str("state"));
    ac_page page = {0};
    ac_add(&page, item);
    ac_set(&page.next, ac_str("2"));
    ac_cache_for(&page, 60);
    return ac_found(page);
}

ac_answer stored(void) {
    ac_bytes value;
    int64_t total;
    ac_list_string_t keys;
    ac_stored missing = ac_storage_get(AC_MEMBER, ac_str("seen"), &value);
    ac_stored result = ac_storage_set(AC_MEMBER, ac_str("seen"), ac_str("\xc3\xa9"), 60);
    if (result == AC_STORED) result = ac_storage_get(AC_MEMBER, ac_str("seen"), &value);
    if (result == AC_STORED) result = ac_storage_set(AC_PROVIDER, ac_str("text"), ac_str("plain"), 0);
    if (result == AC_STORED) result = ac_storage_increment(AC_PLACE, ac_str("count"), 5, &total);
    if (result == AC_STORED) result = ac_storage_delete(AC_PROVIDER, ac_str("text"));
    if (result == AC_STORED) result = ac_storage_keys(AC_MEMBER, ac_str("se"), ac_str(""), 10, &keys);
    if (result != AC_STORED) return ac_not_stored(result);
    static uint8_t big[70000];
    result = ac_storage_set(AC_PROVIDER, ac_str("big"), (ac_text){big, sizeof big}, 0);
    if (result != AC_TOO_LARGE) return ac_not_stored(result);
    return told(ac_format("%d %.*s %lld %zu %.*s", missing, AC_TEXT(value), (long long)total, keys.len, AC_TEXT(keys.ptr[0])));
}

ac_answer fetched(ac_text path) {
    ac_response response = ac_get(ac_concat(ac_str("https://example.org/"), ac_url_encode(path)));
    if (!ac_success(&response)) return ac_not_fetched(&response);
    const ac_json *answer = ac_json_read(response.body);
    if (answer == NULL) return ac_upstream("no JSON");
    ac_json_writer out = {0};
    ac_write_json(&out, ac_json_get(answer, "docs"));
    return told(ac_written(&out));
}

ac_answer posted(void) {
    ac_json_writer json = {0};
    ac_write_object(&json);
    ac_write_name(&json, "\xc3\xa9");
    ac_write_array(&json);
    ac_write_integer(&json, 1);
    ac_write_number(&json, 0.25);
    ac_write_text(&json, ac_str("\"\n"));
    ac_write_boolean(&json, true);
    ac_write_null(&json);
    ac_write_end(&json);
    ac_write_name(&json, "empty");
    ac_write_object(&json);
    ac_write_end(&json);
    ac_write_end(&json);
    ac_http_request post = ac_request_to(AC_POST, ac_str("https://example.org/post"));
    ac_add_header(&post, "Content-Type", ac_str("application/json"));
    ac_add_header(&post, "X-One", ac_str("1"));
    ac_set_body(&post, ac_written(&json));
    ac_http_request all[] = {post, ac_request_to(AC_HEAD, ac_str("https://example.org/timeout"))};
    ac_response responses[2];
    ac_fetch_all(all, 2, responses);
    return told(ac_format("%d %d %.*s", responses[0].status, responses[1].arrived,
                          AC_TEXT(ac_response_header(&responses[0], "RETRY-AFTER"))));
}

ac_answer secret(void) {
    ac_response response = ac_get(ac_str("https://example.org/refused"));
    return ac_not_authorised(&response, "api-key");
}

/* Copies of a structure, to each of which something else is added. */
ac_answer copies(void) {
    ac_item item = ac_item_of(ac_str("one"), "probe");
    ac_add_tag(&item, ac_str("both"));
    ac_add_field(&item, "Of", ac_str("both"), false);
    ac_add_button(&item, "both", ac_str("Both"), AC_SECONDARY);
    ac_page page = {0};
    const char *const ids[] = {"one", "two"};
    ac_item items[] = {item, item};
    for (int index = 0; index < 2; index++) {
        items[index].id = ac_str(ids[index]);
        ac_add_tag(&items[index], ac_str(ids[index]));
        ac_add_field(&items[index], "Of", ac_str(ids[index]), false);
        ac_add_button(&items[index], ids[index], ac_str(ids[index]), AC_SECONDARY);
    }
    for (int index = 0; index < 2; index++) ac_add(&page, items[index]);
    ac_http_request request = ac_request_to(AC_GET, ac_str("https://example.org/copies"));
    ac_add_header(&request, "X-Of", ac_str("both"));
    ac_http_request requests[] = {request, request};
    for (int index = 0; index < 2; index++) ac_add_header(&requests[index], "X-Of", ac_str(ids[index]));
    ac_response responses[2];
    ac_fetch_all(requests, 2, responses);
    return ac_found(page);
}

ac_answer configured(void) {
    ac_list_string_t texts = ac_setting_texts("texts");
    return told(ac_format("%.*s %lld %zu %.*s %g", AC_TEXT(ac_setting_text("text", ac_str("none"))),
                          (long long)ac_setting_integer("integer", 0), texts.len, AC_TEXT(texts.ptr[1]),
                          ac_setting_number("absent", 0.125)));
}
