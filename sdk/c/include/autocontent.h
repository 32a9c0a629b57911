/* Write content providers for Autocontent in C.
 *
 * A provider describes itself in provider.toml and defines `find` in a file of its folder src/:
 *
 *     #include <autocontent.h>
 *
 *     ac_answer find(const ac_request *request) {
 *         ac_text name = ac_option_text(&request->arguments, "name", ac_str("world"));
 *         ac_item item = ac_item_of(name, "greeting");
 *         ac_set(&item.title, ac_concat(ac_str("Hello, "), name));
 *         ac_page page = {0};
 *         ac_add(&page, item);
 *         return ac_found(page);
 *     }
 *
 * Where provider.toml marks an option `autocomplete`, define `suggest` too; where items have buttons, `act`.
 *
 * Each call happens in a fresh instance: nothing is remembered between calls, and all memory is given back when one
 * ends. So nothing has to be freed, and every text that a function here returns stays until the call is over.
 *
 * There is no libc: no files, no stdio, no errno. libc/ has <string.h>, <stdlib.h> and <assert.h> with what makes
 * sense here.
 *
 *     autocontent/text.h      texts: make, join, format, compare, encode
 *     autocontent/request.h   what is asked: options, the audience, what a member types
 *     autocontent/answer.h    what to answer with: items, pages, failures, choices
 *     autocontent/host.h      what to ask the host for: HTTP, storage, settings, log, clock, randomness
 *     autocontent/json.h      a reader and a writer of JSON
 */
#pragma once

#include <autocontent/answer.h>
#include <autocontent/host.h>
#include <autocontent/json.h>
#include <autocontent/request.h>
#include <autocontent/text.h>

/* Content for the request. Required. */
ac_answer find(const ac_request *request);

/* Proposals for the option that a member is typing. Define it exactly where provider.toml marks an option
 * `autocomplete`. */
ac_choices suggest(const ac_partial *partial);

/* What to show when a member pressed a button that the provider put under an item. Define it where items have any. */
ac_answer act(const ac_press *press);
