#include "parts.h"

FIND {
    (void)asked;
    const char *names[] = {"", "DISCORD_TOKEN", "../token", "discord-token", "api-key", "PATH"};
    u32 found = 0;
    for (u32 i = 0; i < 6; i++) {
        u64 result[4] = {0};
        settings_get(names[i], length(names[i]), result);
        found += *(u8 *)result;
    }
    text many = repeated("key", 100000);
    u64 result[4] = {0};
    settings_get(many.at, many.length, result);
    found += *(u8 *)result;
    return answer_text(of(found ? "found some" : "found none"));
}
