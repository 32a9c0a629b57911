#include "parts.h"

FIND {
    (void)asked;
    item *made = harmless();
    made->media.there = 1;
    made->media.kind = MEDIA_BLOB;
    made->media.value.blob = (blob){of("x.gif"), of("image/gif\r\nX-Evil: 1"), of("GIF89a")};
    return answer_items(made, 1);
}
