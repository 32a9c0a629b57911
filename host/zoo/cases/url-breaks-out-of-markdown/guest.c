#include "parts.h"

FIND {
    item *made = harmless();
    made->source.there = 1;
    made->source.value.label = of("a](https://evil.example) [b");
    made->source.value.url = some(how(asked));
    return answer_items(made, 1);
}
