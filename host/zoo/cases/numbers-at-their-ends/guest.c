#include "parts.h"

FIND {
    (void)asked;
    item *made = harmless();
    made->color = (maybe_u32){1, 0xffffffff};
    made->published = (maybe_u64){1, ~0ull};
    return answer_items(made, 1);
}
