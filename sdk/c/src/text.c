/* Texts: joined, compared, encoded. */
#include <autocontent/text.h>
#include <string.h>

static size_t utf8_character(const uint8_t *at, size_t room);

ac_text ac_str(const char *zero_terminated) {
    ac_text text = {(uint8_t *)zero_terminated, zero_terminated ? strlen(zero_terminated) : 0};
    return text;
}

const char *ac_cstr(ac_text text) {
    char *copy = ac_alloc(text.len + 1);
    if (text.len) memcpy(copy, text.ptr, text.len);
    return copy;
}

ac_text ac_utf8(ac_bytes bytes) {
    if (ac_is_utf8(bytes)) return (ac_text){bytes.ptr, bytes.len};
    ac_builder made = {0};
    for (size_t at = 0; at < bytes.len;) {
        size_t size = utf8_character(bytes.ptr + at, bytes.len - at);
        ac_put(&made, size ? (ac_text){bytes.ptr + at, size} : ac_str("\xef\xbf\xbd"));
        at += size ? size : 1;
    }
    return ac_built(&made);
}

bool ac_is_utf8(ac_bytes bytes) {
    for (size_t at = 0; at < bytes.len;) {
        size_t size = utf8_character(bytes.ptr + at, bytes.len - at);
        if (size == 0) return false;
        at += size;
    }
    return true;
}

ac_text ac_concat_all(const ac_text *texts, size_t count) {
    ac_builder made = {0};
    for (size_t index = 0; index < count; index++) ac_put(&made, texts[index]);
    return ac_built(&made);
}

bool ac_same(ac_text one, ac_text other) {
    return one.len == other.len && (one.len == 0 || memcmp(one.ptr, other.ptr, one.len) == 0);
}

bool ac_equals(ac_text text, const char *zero_terminated) {
    return ac_same(text, ac_str(zero_terminated));
}

bool ac_starts_with(ac_text text, const char *zero_terminated) {
    size_t length = strlen(zero_terminated);
    return text.len >= length && (length == 0 || memcmp(text.ptr, zero_terminated, length) == 0);
}

static uint8_t lower(uint8_t letter) {
    return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
}

bool ac_contains(ac_text text, ac_text part) {
    for (size_t start = 0; part.len <= text.len && start <= text.len - part.len; start++) {
        size_t same = 0;
        while (same < part.len && lower(text.ptr[start + same]) == lower(part.ptr[same])) same++;
        if (same == part.len) return true;
    }
    return false;
}

static bool blank(uint8_t letter) {
    return letter == ' ' || (letter >= '\t' && letter <= '\r');
}

ac_text ac_trim(ac_text text) {
    while (text.len && blank(text.ptr[0])) text.ptr++, text.len--;
    while (text.len && blank(text.ptr[text.len - 1])) text.len--;
    return text;
}

ac_text ac_cut(ac_text text, size_t most) {
    static const char ELLIPSIS[] = "\xe2\x80\xa6";
    if (text.len <= most) return text;
    size_t room = most < sizeof ELLIPSIS - 1 ? 0 : most - (sizeof ELLIPSIS - 1);
    /* A byte 10xxxxxx goes on with a character. */
    while (room && (text.ptr[room] & 0xc0) == 0x80) room--;
    text.len = room;
    return most < sizeof ELLIPSIS - 1 ? text : ac_concat(text, ac_str(ELLIPSIS));
}

bool ac_read_integer(ac_text text, int64_t *number) {
    bool negative = text.len && text.ptr[0] == '-';
    size_t at = negative ? 1 : 0;
    if (at == text.len) return false;
    /* Counted downwards, as there is one more negative number than positive ones. */
    int64_t read = 0;
    for (; at < text.len; at++) {
        if (text.ptr[at] < '0' || text.ptr[at] > '9') return false;
        int digit = text.ptr[at] - '0';
        if (read < (INT64_MIN + digit) / 10) return false;
        read = read * 10 - digit;
    }
    if (!negative && read == INT64_MIN) return false;
    *number = negative ? read : -read;
    return true;
}

static bool letter_or_digit(uint8_t byte) {
    return (byte >= '0' && byte <= '9') || (lower(byte) >= 'a' && lower(byte) <= 'z');
}

ac_text ac_url_encode(ac_text text) {
    static const char DIGITS[] = "0123456789ABCDEF";
    ac_builder made = {0};
    for (size_t at = 0; at < text.len; at++) {
        uint8_t byte = text.ptr[at];
        if (letter_or_digit(byte) || byte == '-' || byte == '.' || byte == '_' || byte == '~') {
            ac_put_byte(&made, byte);
        } else {
            ac_put_byte(&made, '%');
            ac_put_byte(&made, (uint8_t)DIGITS[byte >> 4]);
            ac_put_byte(&made, (uint8_t)DIGITS[byte & 15]);
        }
    }
    return ac_built(&made);
}

ac_text ac_escape(ac_text text) {
    ac_builder made = {0};
    /* What stands in the line so far: nothing, a number (which a full stop would make a list of), or text. */
    enum { NOTHING, NUMBER, TEXT } line = NOTHING;
    for (size_t at = 0; at < text.len; at++) {
        uint8_t letter = text.ptr[at];
        bool marks_line = letter == '#' || letter == '>' || letter == '-' || letter == '+';
        bool special = letter && strchr("\\*_~`|[]<", letter);
        if (special || (line == NOTHING && marks_line) || (line == NUMBER && letter == '.')) ac_put_byte(&made, '\\');
        ac_put_byte(&made, letter);
        if (letter == '\n') line = NOTHING;
        else if (letter >= '0' && letter <= '9' && line != TEXT) line = NUMBER;
        else if (letter != ' ' || line != NOTHING) line = TEXT;
    }
    return ac_built(&made);
}

/* How many bytes the character at `at` has; 0 where there is none of UTF-8. */
static size_t utf8_character(const uint8_t *at, size_t room) {
    uint8_t first = at[0];
    if (first < 0x80) return 1;
    size_t size = first >= 0xc2 && first <= 0xdf ? 2 : (first & 0xf0) == 0xe0 ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
    if (size == 0 || size > room) return 0;
    for (size_t index = 1; index < size; index++)
        if ((at[index] & 0xc0) != 0x80) return 0;
    /* Too long for what they mean, a surrogate, or beyond U+10FFFF. */
    bool wrong = (first == 0xe0 && at[1] < 0xa0) || (first == 0xed && at[1] > 0x9f) || (first == 0xf0 && at[1] < 0x90) ||
                 (first == 0xf4 && at[1] > 0x8f);
    return wrong ? 0 : size;
}
