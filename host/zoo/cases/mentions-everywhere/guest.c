#include "parts.h"

FIND { return with(how(asked), of("@everyone @here <@1> <@!1> <@&2> <#3>")); }
