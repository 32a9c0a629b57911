#include "parts.h"

FIND {
    (void)asked;
    item *made = harmless();
    made->rating = 1;
    return answer_items(made, 1);
}
