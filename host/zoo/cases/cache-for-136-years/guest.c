#include "parts.h"

FIND {
    (void)asked;
    answer *made = answer_items(harmless(), 1);
    made->value.page.cache_for = (maybe_u32){1, 0xffffffff};
    return made;
}
