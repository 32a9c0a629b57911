#include "parts.h"

FIND {
    (void)asked;
    item *made = harmless();
    action *button = take(sizeof(action));
    *button = (action){of("press"), of("Press"), 0};
    made->actions = (list){button, 1};
    return answer_items(made, 1);
}

ACT {
    (void)pressed;
    return is(pressed->action, "known") ? answer_text(of("known")) : fail(INTERNAL, of("no such button"));
}
