#include "parts.h"

SUGGEST {
    (void)command, (void)command_length, (void)name, (void)name_length, (void)arguments, (void)arguments_count, (void)user;
    (void)user_length, (void)scope, (void)scope_length, (void)place, (void)locale, (void)locale_length;
    (void)sensitive_allowed, (void)typed, (void)typed_length;
    list *all = take(sizeof(list));
    choice *choices = take(2 * sizeof(choice));
    choices[0] = (choice){of("one\ntwo\x1b[2J\xe2\x80\xae"), {VALUE_TEXT, {of("a value")}}};
    choices[1] = (choice){of("\n \t"), {VALUE_TEXT, {of("a value")}}};
    *all = (list){choices, 2};
    return all;
}

FIND { return answer_text(how(asked)); }
