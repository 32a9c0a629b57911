/* Reading JSON as RFC 8259 has it. */
#include <autocontent/json.h>
#include <string.h>

typedef struct {
    const uint8_t *at, *end;
    unsigned depth;
} reader;

static bool read_value(reader *in, ac_json *value);

static void skip_blanks(reader *in);
static bool take_word(reader *in, const char *word);

const ac_json *ac_json_read(ac_bytes bytes) {
    if (!ac_is_utf8(bytes)) return NULL;
    reader in = {.at = bytes.ptr, .end = bytes.ptr + bytes.len};
    /* Some servers put a byte-order mark before it. */
    take_word(&in, "\xef\xbb\xbf");
    ac_json *value = ac_alloc(sizeof *value);
    if (!read_value(&in, value)) return NULL;
    skip_blanks(&in);
    return in.at == in.end ? value : NULL;
}

const ac_json *ac_json_get(const ac_json *object, const char *name) {
    const ac_json *found = NULL;
    if (object == NULL || object->kind != AC_JSON_OBJECT) return NULL;
    ac_text wanted = ac_str(name);
    for (const ac_json *value = object->first; value; value = value->next)
        if (ac_same(value->name, wanted)) found = value;
    return found;
}

const ac_json *ac_json_at(const ac_json *parent, size_t index) {
    const ac_json *value = ac_json_first(parent);
    while (value && index--) value = value->next;
    return value;
}

const ac_json *ac_json_first(const ac_json *parent) {
    return parent ? parent->first : NULL;
}

size_t ac_json_count(const ac_json *parent) {
    return parent ? parent->count : 0;
}

ac_text ac_json_text(const ac_json *value) {
    return value ? value->text : (ac_text){0};
}

int64_t ac_json_integer(const ac_json *value, int64_t otherwise) {
    return value && value->whole ? value->integer : otherwise;
}

double ac_json_number(const ac_json *value, double otherwise) {
    return value && value->kind == AC_JSON_NUMBER ? value->number : otherwise;
}

bool ac_json_true(const ac_json *value) {
    return value && value->boolean;
}

static void skip_blanks(reader *in) {
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\t' || *in->at == '\n' || *in->at == '\r')) in->at++;
}

static bool take(reader *in, uint8_t byte) {
    if (in->at == in->end || *in->at != byte) return false;
    in->at++;
    return true;
}

static bool take_word(reader *in, const char *word) {
    size_t length = strlen(word);
    if ((size_t)(in->end - in->at) < length || memcmp(in->at, word, length) != 0) return false;
    in->at += length;
    return true;
}

static int hexadecimal(reader *in) {
    int code = 0;
    for (int digit = 0; digit < 4; digit++, in->at++) {
        if (in->at == in->end) return -1;
        uint8_t letter = *in->at;
        if (letter >= '0' && letter <= '9') code = code * 16 + letter - '0';
        else if (letter >= 'a' && letter <= 'f') code = code * 16 + letter - 'a' + 10;
        else if (letter >= 'A' && letter <= 'F') code = code * 16 + letter - 'A' + 10;
        else return -1;
    }
    return code;
}

static size_t put_character(uint8_t *to, uint32_t code) {
    if (code < 0x80) return to[0] = (uint8_t)code, 1;
    if (code < 0x800) return to[0] = (uint8_t)(0xc0 | code >> 6), to[1] = (uint8_t)(0x80 | (code & 0x3f)), 2;
    if (code < 0x10000) {
        to[0] = (uint8_t)(0xe0 | code >> 12);
        to[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
        to[2] = (uint8_t)(0x80 | (code & 0x3f));
        return 3;
    }
    to[0] = (uint8_t)(0xf0 | code >> 18);
    to[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
    to[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
    to[3] = (uint8_t)(0x80 | (code & 0x3f));
    return 4;
}

/* What \uXXXX means, of which two may make one character. */
static bool read_unicode(reader *in, uint32_t *character) {
    int code = hexadecimal(in);
    if (code < 0) return false;
    *character = (uint32_t)code;
    if (code < 0xd800 || code > 0xdfff) return true;
    *character = 0xfffd;
    if (code > 0xdbff || in->end - in->at < 6 || in->at[0] != '\\' || in->at[1] != 'u') return true;
    reader ahead = *in;
    ahead.at += 2;
    int second = hexadecimal(&ahead);
    if (second < 0xdc00 || second > 0xdfff) return true;
    *character = 0x10000 + ((uint32_t)(code - 0xd800) << 10) + (uint32_t)(second - 0xdc00);
    in->at = ahead.at;
    return true;
}

/* Behind the opening quote. Without escapes the text stays where it is; with them it becomes no longer. */
static bool read_text(reader *in, ac_text *text) {
    const uint8_t *start = in->at;
    while (in->at < in->end && *in->at != '"' && *in->at != '\\' && *in->at >= 0x20) in->at++;
    if (take(in, '"')) {
        *text = (ac_text){(uint8_t *)start, (size_t)(in->at - 1 - start)};
        return true;
    }
    const uint8_t *quote = in->at;
    while (quote < in->end && *quote != '"') quote += *quote == '\\' ? 2 : 1;
    if (quote >= in->end) {
        in->at = in->end;
        return false;
    }
    uint8_t *made = ac_alloc((size_t)(quote - start));
    size_t length = (size_t)(in->at - start);
    memcpy(made, start, length);
    while (in->at < in->end) {
        uint8_t letter = *in->at;
        if (letter < 0x20) return false;
        in->at++;
        if (letter == '"') {
            *text = (ac_text){made, length};
            return true;
        }
        if (letter != '\\') {
            made[length++] = letter;
            continue;
        }
        if (in->at == in->end) return false;
        static const char ESCAPES[] = "\"\\/bfnrt", MEANINGS[] = "\"\\/\b\f\n\r\t";
        letter = *in->at;
        const char *escape = letter ? strchr(ESCAPES, letter) : NULL;
        if (escape) {
            made[length++] = (uint8_t)MEANINGS[escape - ESCAPES];
            in->at++;
            continue;
        }
        if (letter != 'u') return false;
        in->at++;
        uint32_t character;
        if (!read_unicode(in, &character)) return false;
        length += put_character(made + length, character);
    }
    return false;
}

static double power_of_ten(int exponent) {
    double power = 1, base = 10;
    for (; exponent; exponent /= 2, base *= base)
        if (exponent % 2) power *= base;
    return power;
}

static bool digit(const reader *in) {
    return in->at < in->end && *in->at >= '0' && *in->at <= '9';
}

static bool read_number(reader *in, ac_json *value) {
    const uint8_t *start = in->at;
    bool negative = take(in, '-');
    uint64_t digits = 0;
    /* The power of ten that the digits are to be multiplied with. */
    int exponent = 0;
    if (!digit(in)) return false;
    bool zero = *in->at == '0';
    for (size_t count = 0; digit(in); in->at++, count++) {
        if (zero && count) return false;
        /* Digits past the 18th change nothing that a double can hold. */
        if (digits < 100000000000000000) digits = digits * 10 + (uint64_t)(*in->at - '0');
        else exponent++;
    }
    const uint8_t *whole_end = in->at;
    if (take(in, '.')) {
        if (!digit(in)) return false;
        for (; digit(in); in->at++)
            if (digits < 100000000000000000) digits = digits * 10 + (uint64_t)(*in->at - '0'), exponent--;
    }
    if (take(in, 'e') || take(in, 'E')) {
        bool down = take(in, '-');
        if (!down) take(in, '+');
        if (!digit(in)) return false;
        int given = 0;
        for (; digit(in); in->at++)
            if (given < 100000) given = given * 10 + (*in->at - '0');
        exponent += down ? -given : given;
    }
    value->kind = AC_JSON_NUMBER;
    value->whole = in->at == whole_end && ac_read_integer((ac_text){(uint8_t *)start, (size_t)(whole_end - start)}, &value->integer);
    double number = (double)digits;
    if (digits && exponent > 0) number = exponent > 400 ? __builtin_inf() : number * power_of_ten(exponent > 308 ? 308 : exponent) * (exponent > 308 ? power_of_ten(exponent - 308) : 1);
    if (digits && exponent < 0) {
        int down = -exponent;
        number = down > 400 ? 0 : down > 290 ? number / 1e290 / power_of_ten(down - 290) : number / power_of_ten(down);
    }
    value->number = negative ? -number : number;
    if (__builtin_isfinite(number)) return true;
    /* Beyond what a double holds. */
    return false;
}

static bool read_members(reader *in, ac_json *parent, uint8_t end) {
    if (++in->depth > AC_JSON_DEPTH) return false;
    skip_blanks(in);
    if (take(in, end)) return in->depth--, true;
    const ac_json **behind = &parent->first;
    do {
        ac_json *value = ac_alloc(sizeof *value);
        if (end == '}') {
            skip_blanks(in);
            if (!take(in, '"') || !read_text(in, &value->name)) return false;
            skip_blanks(in);
            if (!take(in, ':')) return false;
        }
        if (!read_value(in, value)) return false;
        *behind = value;
        behind = (const ac_json **)&value->next;
        parent->count++;
        skip_blanks(in);
    } while (take(in, ','));
    in->depth--;
    return take(in, end);
}

static bool read_value(reader *in, ac_json *value) {
    skip_blanks(in);
    if (in->at == in->end) return false;
    switch (*in->at) {
    case '{': return in->at++, value->kind = AC_JSON_OBJECT, read_members(in, value, '}');
    case '[': return in->at++, value->kind = AC_JSON_ARRAY, read_members(in, value, ']');
    case '"': return in->at++, value->kind = AC_JSON_TEXT, read_text(in, &value->text);
    case 't': return value->kind = AC_JSON_BOOLEAN, value->boolean = true, take_word(in, "true");
    case 'f': return value->kind = AC_JSON_BOOLEAN, take_word(in, "false");
    case 'n': return take_word(in, "null");
    default: return read_number(in, value);
    }
}
