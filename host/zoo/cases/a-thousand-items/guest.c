#include "parts.h"

FIND {
    (void)asked;
    u32 count = 1000;
    item *items = take(count * sizeof(item));
    for (u32 i = 0; i < count; i++) items[i] = *harmless();
    return answer_items(items, count);
}
