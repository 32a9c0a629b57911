#include "parts.h"

SUGGEST {
    (void)command, (void)command_length, (void)name, (void)name_length, (void)arguments, (void)arguments_count, (void)user;
    (void)user_length, (void)scope, (void)scope_length, (void)place, (void)locale, (void)locale_length;
    (void)sensitive_allowed, (void)typed, (void)typed_length;
    list *all = take(sizeof(list));
    choice *choices = take(sizeof(choice));
    choices[0] = (choice){BYTES("\xff"), {VALUE_TEXT, {of("a value")}}};
    *all = (list){choices, 1};
    return all;
}

FIND { return answer_text(how(asked)); }
