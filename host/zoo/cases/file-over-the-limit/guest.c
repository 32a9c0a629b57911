#include "parts.h"

FIND {
    item *made = harmless();
    u32 size = is(how(asked), "too much") ? 65537 : 65536;
    made->media.there = 1;
    made->media.kind = MEDIA_BLOB;
    made->media.value.blob = (blob){of("x.gif"), of("image/gif"), repeated("x", size)};
    return answer_items(made, 1);
}
