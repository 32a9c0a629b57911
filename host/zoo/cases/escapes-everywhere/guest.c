#include "parts.h"

FIND { return with(how(asked), BYTES("\x1b[2J\x1b[31mred\r\n\x07")); }
