/* Does what it is told. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

/* Goes on for ever, as `number` is never 1. */
static int depth(volatile int *number) {
    volatile int more[64] = {0};
    return *number == 1 ? 0 : depth(&more[*number]) + more[0];
}

static ac_answer failed(ac_text kind) {
    if (ac_equals(kind, "nothing")) return ac_nothing_found();
    if (ac_equals(kind, "argument")) return ac_invalid_argument("text", ac_str("must be shorter"));
    if (ac_equals(kind, "busy")) return ac_busy(30);
    if (ac_equals(kind, "upstream")) return ac_upstream("%s is down", "it");
    if (ac_equals(kind, "misconfigured")) return ac_misconfigured("no key");
    return ac_internal("no such kind: %.*s", AC_TEXT(kind));
}

static ac_answer random_numbers(void) {
    uint64_t below = ac_random_below(1000);
    assert(below < 1000 && ac_random_below(1) == 0 && ac_random_below(0) == 0);
    return told(ac_format("%llx %llu", (unsigned long long)ac_random(), (unsigned long long)below));
}

/* Memory in all ways, and whether anything was overwritten. */
static ac_answer memory(int64_t blocks) {
    char **kept = calloc((size_t)blocks, sizeof *kept);
    for (int64_t index = 0; index < blocks; index++) {
        kept[index] = malloc((size_t)(index % 100) + 1);
        memset(kept[index], (int)(index % 100), (size_t)(index % 100) + 1);
        if (index % 3 == 0) kept[index] = realloc(kept[index], (size_t)(index % 100) * 2 + 1);
        if (index % 7 == 0) free(malloc(1000));
    }
    for (int64_t index = 0; index < blocks; index++)
        for (int64_t at = 0; at <= index % 100; at++) assert(kept[index][at] == index % 100);
    assert(malloc(0) != malloc(0));
    const char *fresh = ac_alloc(1000);
    for (int at = 0; at < 1000; at++) assert(fresh[at] == 0);
    return told(ac_str("kept"));
}

ac_answer find(const ac_request *request) {
    ac_text what = ac_option_text(&request->arguments, "what", ac_str(""));
    ac_text text = ac_option_text(&request->arguments, "text", ac_str("none"));
    int64_t number = ac_option_integer(&request->arguments, "number", 0);

    if (ac_equals(what, "echo")) return told(ac_format("%.*s %lld", AC_TEXT(text), (long long)number));
    if (ac_equals(what, "whole")) return whole_item();
    if (ac_equals(what, "empty")) return ac_found((ac_page){0});
    if (ac_equals(what, "many")) {
        ac_page page = {0};
        for (int64_t index = 0; index < number; index++)
            ac_add(&page, ac_item_of(ac_format("%lld", (long long)index), "probe"));
        return ac_found(page);
    }
    if (ac_equals(what, "long")) {
        ac_builder made = {0};
        for (int64_t index = 0; index < number; index++) ac_put(&made, ac_str("\xc3\xa9"));
        return told(ac_built(&made));
    }
    if (ac_equals(what, "clock")) return told(ac_format("%llu", (unsigned long long)ac_now()));
    if (ac_equals(what, "random")) return random_numbers();
    if (ac_equals(what, "memory")) return memory(number);
    if (ac_equals(what, "failure")) return failed(text);
    if (ac_equals(what, "storage")) return stored();
    if (ac_equals(what, "fetch")) return fetched(text);
    if (ac_equals(what, "post")) return posted();
    if (ac_equals(what, "secret")) return secret();
    if (ac_equals(what, "copies")) return copies();
    if (ac_equals(what, "settings")) return configured();
    if (ac_equals(what, "wrong setting")) return told(ac_setting_boolean("text", false) ? text : what);
    if (ac_equals(what, "wrong option")) return told(ac_option_boolean(&request->arguments, "text", true) ? text : what);
    if (ac_equals(what, "log")) {
        ac_trace("a trace");
        ac_debug("%d", 1);
        ac_info("half a character: \xc3");
        ac_warn("%s", "a warning");
        ac_error("an error");
        return told(ac_str("logged"));
    }
    if (ac_equals(what, "fail")) ac_fail("there is nothing for %.*s", AC_TEXT(text));
    if (ac_equals(what, "abort")) abort();
    if (ac_equals(what, "assert")) assert(number == 7);
    if (ac_equals(what, "exhaust")) for (;;) ac_alloc(100000);
    if (ac_equals(what, "half")) return told((ac_text){(uint8_t *)"\xc3", 1});
    if (ac_equals(what, "recurse")) return told(ac_format("%d", depth(&(volatile int){0})));
    if (ac_equals(what, "speaks")) return told(ac_str(ac_speaks(&request->audience, "pt") ? "yes" : "no"));
    return ac_internal("nobody told how to %.*s", AC_TEXT(what));
}

ac_choices suggest(const ac_partial *partial) {
    ac_choices choices = {0};
    if (ac_equals(partial->typed, "nothing")) return choices;
    const char *const words[] = {"Amor", "Mar", "Tempo"};
    for (size_t index = 0; index < sizeof words / sizeof *words; index++)
        if (ac_contains(ac_str(words[index]), partial->typed)) ac_choose_text(&choices, ac_str(words[index]), ac_str("word"));
    ac_choose_integer(&choices, partial->name, -7);
    ac_choose_number(&choices, partial->command, 0.5);
    return choices;
}

ac_answer act(const ac_press *press) {
    if (ac_equals(press->action, "fail")) ac_fail("not this button");
    ac_text state = press->state.is_some ? press->state.val : ac_str("none");
    return told(ac_format("%.*s %.*s %.*s %.*s", AC_TEXT(press->action), AC_TEXT(press->item), AC_TEXT(state),
                          AC_TEXT(press->request.command)));
}

ac_answer told(ac_text text) {
    ac_page page = {0};
    ac_item item = ac_item_of(ac_str("told"), "probe");
    ac_set(&item.text, text);
    ac_add(&page, item);
    return ac_found(page);
}
