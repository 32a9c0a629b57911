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
    item *made = harmless();
    made->kind = of("meme");
    return answer_items(made, 1);
}
