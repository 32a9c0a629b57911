/* An item of which one part is whatever the misdeed needs. */
#pragma once
#include "provider.h"

/* Sets the part that `how` names. */
static answer *with(text part, text value) {
    item *made = harmless();
    answer *all = answer_items(made, 1);
    if (is(part, "id")) made->id = value;
    if (is(part, "kind")) made->kind = value;
    if (is(part, "title")) made->title = some(value);
    if (is(part, "text")) made->text = some(value);
    if (is(part, "url")) made->url = some(value);
    if (is(part, "media")) made->media.there = 1, made->media.value.url = value;
    if (is(part, "thumbnail")) made->thumbnail = some(value);
    if (is(part, "author")) made->author.there = 1, made->author.value.label = value;
    if (is(part, "author-url")) made->author.there = 1, made->author.value.label = of("x"), made->author.value.url = some(value);
    if (is(part, "source")) made->source.there = 1, made->source.value.label = value;
    field *one = take(sizeof(field));
    *one = (field){of("Score"), of("97"), 1};
    if (is(part, "field-name")) one->name = value, made->fields.at = one, made->fields.count = 1;
    if (is(part, "field-value")) one->value = value, made->fields.at = one, made->fields.count = 1;
    text *tag = take(sizeof(text));
    *tag = value;
    if (is(part, "tag")) made->tags.at = tag, made->tags.count = 1;
    action *button = take(sizeof(action));
    *button = (action){of("press"), of("Press"), 0};
    if (is(part, "action-id")) button->id = value, made->actions.at = button, made->actions.count = 1;
    if (is(part, "action-label")) button->label = value, made->actions.at = button, made->actions.count = 1;
    if (is(part, "state")) made->state = some(value);
    if (is(part, "next")) all->value.page.next = some(value);
    made->media.value.blob.data = is(part, "file-name") || is(part, "mime") ? of("GIF89a") : made->media.value.blob.data;
    if (is(part, "file-name")) made->media.there = 1, made->media.kind = MEDIA_BLOB, made->media.value.blob.mime = of("image/gif"), made->media.value.blob.file_name = value;
    if (is(part, "mime")) made->media.there = 1, made->media.kind = MEDIA_BLOB, made->media.value.blob.mime = value, made->media.value.blob.file_name = of("x.gif");
    if (is(part, "reason")) return fail(UPSTREAM, value);
    return all;
}
