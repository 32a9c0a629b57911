#include "parts.h"

FIND { return with(how(asked), BYTES("a\0b")); }
