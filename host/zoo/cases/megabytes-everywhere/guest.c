#include "parts.h"

FIND { return with(how(asked), repeated("All work and no play. ", 40000)); }
