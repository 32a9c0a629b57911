#include "parts.h"

FIND {
    item *made = harmless();
    made->text = some(how(asked));
    return answer_items(made, 1);
}
