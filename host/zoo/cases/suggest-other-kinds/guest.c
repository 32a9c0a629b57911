#include "parts.h"

SUGGEST {
    (void)command, (void)command_length, (void)name, (void)name_length, (void)arguments, (void)arguments_count, (void)user;
    (void)user_length, (void)scope, (void)scope_length, (void)place, (void)locale, (void)locale_length;
    (void)sensitive_allowed, (void)typed, (void)typed_length;
    list *all = take(sizeof(list));
    choice *choices = take(4 * sizeof(choice));
    choices[0] = (choice){of("A number"), {VALUE_NUMBER, {.number = 1e308}}};
    choices[1] = (choice){of("An integer"), {VALUE_INTEGER, {.integer = 1ll << 62}}};
    choices[2] = (choice){of("A boolean"), {VALUE_BOOLEAN, {.boolean = 1}}};
    choices[3] = (choice){of("A text"), {VALUE_TEXT, {of("")}}};
    *all = (list){choices, 4};
    return all;
}

FIND { return answer_text(how(asked)); }
