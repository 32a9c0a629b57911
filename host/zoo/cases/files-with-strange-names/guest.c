#include "parts.h"

FIND {
    item *made = harmless();
    made->media.there = 1;
    made->media.kind = MEDIA_BLOB;
    made->media.value.blob = (blob){how(asked), of("image/gif"), of("GIF89a")};
    return answer_items(made, 1);
}
