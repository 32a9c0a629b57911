#include "parts.h"

FIND {
    u8 kind = is(how(asked), "upstream") ? UPSTREAM : is(how(asked), "internal") ? INTERNAL : MISCONFIGURED;
    return fail(kind, repeated("nothing\n2026-01-01T00:00:00Z ERROR the disk is on fire\x1b[5m\n", 10000));
}
