#include "parts.h"

FIND {
    item *made = harmless();
    text url = how(asked);
    made->url = made->thumbnail = some(url);
    made->media.there = 1;
    made->media.value.url = url;
    link to = {of("Here"), some(url)};
    made->author.there = made->source.there = 1;
    made->author.value = made->source.value = to;
    return answer_items(made, 1);
}
