#include "parts.h"

FIND {
    (void)asked;
    for (u32 i = 0; i < 100000; i++) log_write(WARN, "again", 5);
    return answer_text(of("done"));
}
