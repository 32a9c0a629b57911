#include "parts.h"

FIND { return with(how(asked), of("")); }
