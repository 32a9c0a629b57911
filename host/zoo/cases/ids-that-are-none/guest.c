#include "parts.h"

FIND {
    item *made = harmless();
    text which = how(asked);
    if (is(which, "empty")) made->id = of("");
    if (is(which, "129")) made->id = repeated("x", 129);
    if (is(which, "128")) made->id = repeated("x", 128);
    if (is(which, "128 of two bytes")) made->id = repeated("\xc3\xa9", 128);
    if (is(which, "line")) made->id = of("a\nb");
    if (is(which, "nul")) made->id = BYTES("a\0b");
    if (is(which, "escape")) made->id = of("a\x1b[2J");
    if (is(which, "state of 1024")) made->state = some(repeated("x", 1024));
    if (is(which, "state of 1025")) made->state = some(repeated("x", 1025));
    if (is(which, "kind")) made->kind = of("meme");
    if (is(which, "kind in capitals")) made->kind = of("Misdeed");
    return answer_items(made, 1);
}
