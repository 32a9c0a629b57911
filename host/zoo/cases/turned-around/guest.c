#include "parts.h"

FIND { return with(how(asked), of("annexe\xe2\x80\xae" "gpj.exe\xe2\x81\xa6!")); }
