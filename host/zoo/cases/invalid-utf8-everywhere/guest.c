#include "parts.h"

FIND { return with(how(asked), BYTES("caf\xe9 \xff\xfe")); }
