#include "parts.h"

FIND {
    answer *made = fail(INVALID_ARGUMENT, of("how"));
    made->value.failure.value.invalid.reason = how(asked);
    if (is(how(asked), "long")) made->value.failure.value.invalid.reason = repeated("please ", 100000);
    if (is(how(asked), "name")) made->value.failure.value.invalid.name = of("`@everyone [here](https://evil.example)");
    return made;
}
