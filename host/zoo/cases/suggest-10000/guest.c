#include "parts.h"

SUGGEST {
    (void)command, (void)command_length, (void)name, (void)name_length, (void)arguments, (void)arguments_count, (void)user;
    (void)user_length, (void)scope, (void)scope_length, (void)place, (void)locale, (void)locale_length;
    (void)sensitive_allowed, (void)typed, (void)typed_length;
    list *all = take(sizeof(list));
    choice *choices = take(5000 * sizeof(choice));
    for (u32 i = 0; i < 5000; i++) choices[i] = (choice){of("A choice"), {VALUE_TEXT, {of("a choice")}}};
    *all = (list){choices, 5000};
    return all;
}

FIND { return answer_text(how(asked)); }
