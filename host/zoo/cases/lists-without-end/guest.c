#include "parts.h"

FIND {
    item *made = harmless();
    u32 count = 3000;
    if (is(how(asked), "fields")) {
        field *fields = take(count * sizeof(field));
        for (u32 i = 0; i < count; i++) fields[i] = (field){of("Score"), repeated("97 ", 1 + i % 9), i & 1};
        made->fields = (list){fields, count};
    } else if (is(how(asked), "actions")) {
        action *actions = take(count * sizeof(action));
        for (u32 i = 0; i < count; i++) actions[i] = (action){of("the same id for all"), of("Press"), i & 3};
        made->actions = (list){actions, count};
    } else {
        text *tags = take(count * sizeof(text));
        for (u32 i = 0; i < count; i++) tags[i] = of("a tag");
        made->tags = (list){tags, count};
    }
    return answer_items(made, 1);
}
