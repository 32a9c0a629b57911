#include "parts.h"

FIND {
    text said = how(asked);
    log_write(is(said, "") ? ERROR : INFO, said.at, said.length);
    return answer_text(of("logged"));
}
