/* The parts of the SDK that need no host, as a program: it reads jobs from standard input and writes an answer to each.
 * A job is a letter, the length of its data in four bytes, lowest first, and the data; an answer is a length and data.
 */
#include <autocontent/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void ac_fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    exit(3);
}

static bool receive(void *to, size_t size) {
    return fread(to, 1, size, stdin) == size;
}

static void answer(ac_text text) {
    uint8_t length[4];
    for (int at = 0; at < 4; at++) length[at] = (uint8_t)(text.len >> (8 * at));
    fwrite(length, 1, sizeof length, stdout);
    if (text.len) fwrite(text.ptr, 1, text.len, stdout);
}

/* What was read, written again; "!" where it is not JSON. */
static ac_text json(ac_text text) {
    const ac_json *value = ac_json_read((ac_bytes){text.ptr, text.len});
    if (value == NULL) return ac_str("!");
    ac_json_writer out = {0};
    ac_write_json(&out, value);
    return ac_written(&out);
}

static ac_text integer(ac_text text) {
    int64_t number;
    return ac_read_integer(text, &number) ? ac_format("%lld", (long long)number) : ac_str("!");
}

/* A double in eight bytes, in several formats of ours and of the C library's. */
static ac_text formats(ac_text text) {
    double number = 0;
    if (text.len == sizeof number) memcpy(&number, text.ptr, sizeof number);
    long long whole = 0;
    memcpy(&whole, &number, sizeof whole);
#define SAME_AS_PRINTF(format, value)                                                       \
    do {                                                                                    \
        char theirs[512];                                                                   \
        int length = snprintf(theirs, sizeof theirs, format, value);                        \
        ac_text ours = ac_format(format, value);                                            \
        if (ours.len != (size_t)length || memcmp(ours.ptr, theirs, ours.len) != 0)          \
            return ac_format("%s: %.*s is not %s", #value ", " format, AC_TEXT(ours), theirs); \
    } while (0)
    SAME_AS_PRINTF("%lld", whole);
    SAME_AS_PRINTF("%-22lld|", whole);
    SAME_AS_PRINTF("%022lld", whole);
    SAME_AS_PRINTF("%llx", (unsigned long long)whole);
    SAME_AS_PRINTF("%25.21llu", (unsigned long long)whole);
    SAME_AS_PRINTF("%d", (int)whole);
    SAME_AS_PRINTF("%hd", (short)whole);
    SAME_AS_PRINTF("%hhu", (unsigned char)whole);
    SAME_AS_PRINTF("%zX", (size_t)whole);
    SAME_AS_PRINTF("%c", (int)(whole & 0x7f) | 1);
    SAME_AS_PRINTF("%8.3s|", "texts");
    SAME_AS_PRINTF("%-8s|", "texts");
    SAME_AS_PRINTF("%g", number == number ? number : 0);
    double small = number == number && number < 1e6 && number > -1e6 ? number : whole % 1000000 / 128.0;
    SAME_AS_PRINTF("%.3f", (double)(long long)(small * 1000) / 1000);
    SAME_AS_PRINTF("%09.1f", (double)(long long)small);
    SAME_AS_PRINTF("%-9.0f|", (double)(long long)small);
    return (ac_text){0};
#undef SAME_AS_PRINTF
}

/* A directive that there is not, and what stands behind it. */
static ac_text unknown(ac_text text) {
    return ac_format("%zu %p %s%%", text.len, (void *)0, "behind");
}

static ac_text done(uint8_t letter, ac_text text) {
    switch (letter) {
    case 'j': return json(text);
    case 'i': return integer(text);
    case 'f': return formats(text);
    case 'd': return unknown(text);
    case 'u': return ac_utf8((ac_bytes){text.ptr, text.len});
    case 'e': return ac_url_encode(text);
    case 'm': return ac_escape(text);
    case 't': return ac_trim(text);
    case 'c': return ac_cut(text, 10);
    case 's': return ac_str(ac_contains(text, ac_str("Needle")) ? "yes" : "no");
    default: ac_fail("there is no job %c", letter);
    }
}

int main(void) {
    uint8_t letter, length[4];
    while (receive(&letter, 1) && receive(length, sizeof length)) {
        size_t size = length[0] | (size_t)length[1] << 8 | (size_t)length[2] << 16 | (size_t)length[3] << 24;
        /* A block of just that size, so that one byte read too far is noticed. */
        uint8_t *data = malloc(size ? size : 1);
        if (!receive(data, size)) return 1;
        answer(done(letter, (ac_text){data, size}));
    }
    return 0;
}
