#include "parts.h"

FIND {
    (void)asked;
    answer *made = answer_items(harmless(), 1);
    made->value.page.next = some(repeated("cursor ", 1500000));
    return made;
}
