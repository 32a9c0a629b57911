/* Texts that grow, and what printf's formats come to. */
#include <autocontent/text.h>
#include <stdlib.h>
#include <string.h>

/* Digits of a double that are the same whichever way it is written. */
#define DIGITS 15

void ac_put(ac_builder *builder, ac_text text) {
    if (text.len == 0) return;
    if (text.len > builder->capacity - builder->len) {
        size_t capacity = builder->capacity ? builder->capacity : 32;
        while (capacity - builder->len < text.len && capacity <= SIZE_MAX / 2) capacity *= 2;
        if (capacity - builder->len < text.len) ac_fail("a text of more than %zu bytes does not fit into memory", text.len);
        builder->ptr = realloc(builder->ptr, capacity);
        builder->capacity = capacity;
    }
    memcpy(builder->ptr + builder->len, text.ptr, text.len);
    builder->len += text.len;
}

void ac_put_byte(ac_builder *builder, uint8_t byte) {
    ac_put(builder, (ac_text){&byte, 1});
}

ac_text ac_built(const ac_builder *builder) {
    return (ac_text){builder->ptr, builder->len};
}

ac_text ac_format(const char *format, ...) {
    va_list values;
    va_start(values, format);
    ac_text made = ac_format_list(format, values);
    va_end(values);
    return made;
}

ac_text ac_format_list(const char *format, va_list values) {
    ac_builder made = {0};
    ac_put_format_list(&made, format, values);
    return ac_built(&made);
}

void ac_put_format(ac_builder *builder, const char *format, ...) {
    va_list values;
    va_start(values, format);
    ac_put_format_list(builder, format, values);
    va_end(values);
}

/* What stands between % and the letter. */
typedef struct {
    bool left, zeros, precise;
    size_t width, precision;
    /* Of an integer, in bytes. */
    size_t size;
} shape;

static size_t read_size(const char **format, va_list *values, bool *negative);
static shape read_shape(const char **format, va_list *values);
static void put_padded(ac_builder *builder, const shape *shape, bool negative, ac_text text, bool number);
static void put_unsigned(ac_builder *builder, uint64_t number, unsigned base, bool capitals);
static void put_fixed(ac_builder *builder, double number, size_t precision);
static void put_short(ac_builder *builder, double number, size_t precision);

static ac_text shown_integer(uint64_t number, unsigned base, bool capitals, const shape *shape) {
    ac_builder digits = {0};
    put_unsigned(&digits, number, base, capitals);
    ac_builder made = {0};
    if (shape->precise)
        for (size_t length = digits.len; length < shape->precision; length++) ac_put_byte(&made, '0');
    ac_put(&made, ac_built(&digits));
    return ac_built(&made);
}

static int64_t signed_value(va_list *values, size_t size) {
    if (size == 8) return va_arg(*values, int64_t);
    int value = va_arg(*values, int);
    return size == 1 ? (signed char)value : size == 2 ? (short)value : value;
}

static uint64_t unsigned_value(va_list *values, size_t size) {
    if (size == 8) return va_arg(*values, uint64_t);
    unsigned value = va_arg(*values, unsigned);
    return size == 1 ? (unsigned char)value : size == 2 ? (unsigned short)value : value;
}

static ac_text shown_text(const char *text, const shape *shape) {
    if (text == NULL) text = "(null)";
    size_t length = 0;
    while ((!shape->precise || length < shape->precision) && text[length]) length++;
    return (ac_text){(uint8_t *)text, length};
}

void ac_put_format_list(ac_builder *builder, const char *format, va_list list) {
    va_list values;
    va_copy(values, list);
    while (*format) {
        const char *plain = format;
        while (*format && *format != '%') format++;
        ac_put(builder, (ac_text){(uint8_t *)plain, (size_t)(format - plain)});
        if (*format == 0) break;
        const char *directive = format++;
        shape shape = read_shape(&format, &values);
        char letter = *format ? *format++ : 0;
        switch (letter) {
        case '%': ac_put_byte(builder, '%'); break;
        case 's': put_padded(builder, &shape, false, shown_text(va_arg(values, const char *), &shape), false); break;
        case 'c': {
            uint8_t byte = (uint8_t)va_arg(values, int);
            put_padded(builder, &shape, false, (ac_text){&byte, 1}, false);
            break;
        }
        case 'd':
        case 'i': {
            int64_t number = signed_value(&values, shape.size);
            uint64_t magnitude = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
            put_padded(builder, &shape, number < 0, shown_integer(magnitude, 10, false, &shape), !shape.precise);
            break;
        }
        case 'u':
        case 'x':
        case 'X': {
            uint64_t number = unsigned_value(&values, shape.size);
            ac_text shown = shown_integer(number, letter == 'u' ? 10 : 16, letter == 'X', &shape);
            put_padded(builder, &shape, false, shown, !shape.precise);
            break;
        }
        case 'f':
        case 'g': {
            double number = va_arg(values, double);
            bool negative = __builtin_signbit(number), finite = __builtin_isfinite(number);
            double magnitude = negative ? -number : number;
            ac_builder shown = {0};
            if (!finite) ac_put(&shown, ac_str(number != number ? "nan" : "inf"));
            else if (letter == 'f') put_fixed(&shown, magnitude, shape.precise ? shape.precision : 6);
            else put_short(&shown, magnitude, shape.precise ? shape.precision : 6);
            put_padded(builder, &shape, negative && number == number, ac_built(&shown), finite);
            break;
        }
        default:
            /* Which value it stands for is not known, and so those behind it aren't either. */
            ac_put(builder, ac_str(directive));
            format = "";
        }
    }
    va_end(values);
}

static shape read_shape(const char **format, va_list *values) {
    shape shape = {.size = sizeof(int)};
    for (;; (*format)++) {
        if (**format == '-') shape.left = true;
        else if (**format == '0') shape.zeros = true;
        else break;
    }
    bool negative = false;
    shape.width = read_size(format, values, &negative);
    shape.left |= negative;
    if (**format == '.') {
        (*format)++;
        negative = false;
        shape.precision = read_size(format, values, &negative);
        shape.precise = !negative;
    }
    for (;; (*format)++) {
        if (**format == 'h') shape.size = shape.size == 2 ? 1 : 2;
        else if (**format == 'l') shape.size = (*format)[-1] == 'l' ? sizeof(long long) : sizeof(long);
        else if (**format == 'z' || **format == 't') shape.size = sizeof(size_t);
        else if (**format == 'j') shape.size = sizeof(intmax_t);
        else break;
    }
    return shape;
}

/* A number of the format's own, or * for one of the values. */
static size_t read_size(const char **format, va_list *values, bool *negative) {
    if (**format == '*') {
        (*format)++;
        int size = va_arg(*values, int);
        *negative = size < 0;
        return size < 0 ? 0 - (size_t)size : (size_t)size;
    }
    size_t size = 0;
    for (; **format >= '0' && **format <= '9'; (*format)++) size = size * 10 + (size_t)(**format - '0');
    return size;
}

static void put_padded(ac_builder *builder, const shape *shape, bool negative, ac_text text, bool number) {
    size_t length = text.len + negative, missing = shape->width > length ? shape->width - length : 0;
    bool zeros = shape->zeros && number && !shape->left;
    for (size_t count = 0; !shape->left && !zeros && count < missing; count++) ac_put_byte(builder, ' ');
    if (negative) ac_put_byte(builder, '-');
    for (size_t count = 0; zeros && count < missing; count++) ac_put_byte(builder, '0');
    ac_put(builder, text);
    for (size_t count = 0; shape->left && count < missing; count++) ac_put_byte(builder, ' ');
}

static void put_unsigned(ac_builder *builder, uint64_t number, unsigned base, bool capitals) {
    uint8_t digits[20];
    size_t first = sizeof digits;
    do digits[--first] = (uint8_t)(capitals ? "0123456789ABCDEF" : "0123456789abcdef")[number % base];
    while (number /= base);
    ac_put(builder, (ac_text){digits + first, sizeof digits - first});
}

static double power_of_ten(int exponent) {
    double power = 1, base = 10;
    for (int left = exponent < 0 ? -exponent : exponent; left; left /= 2, base *= base)
        if (left % 2) power *= base;
    return power;
}

/* `number` times ten to the power of `exponent`, in two steps where one would go beyond what a double holds. */
static double scaled(double number, int exponent) {
    if (exponent > 300) return number * 1e300 * power_of_ten(exponent - 300);
    if (exponent < -300) return number / 1e300 / power_of_ten(-exponent - 300);
    return exponent < 0 ? number / power_of_ten(-exponent) : number * power_of_ten(exponent);
}

/* The decimal digits of a positive number: so many of them, and where the point stands before the first. */
typedef struct {
    uint64_t digits;
    int exponent;
} decimal;

static decimal decimal_of(double number, int count) {
    int exponent = 0;
    /* The power of ten just above, from the binary one: log10(2) is 0.30103. */
    union { double number; uint64_t bits; } raw = {number};
    exponent = (int)(((int)(raw.bits >> 52 & 0x7ff) - 1023) * 30103LL / 100000) + 1;
    double top = power_of_ten(count);
    double digits = scaled(number, count - exponent);
    while (digits >= top) digits = scaled(number, count - ++exponent);
    while (digits * 10 < top) digits = scaled(number, count - --exponent);
    uint64_t whole = (uint64_t)digits;
    double rest = digits - (double)whole;
    whole += rest > 0.5 || (rest == 0.5 && whole % 2);
    if ((double)whole >= top) whole /= 10, exponent++;
    return (decimal){whole, exponent};
}

/* The number with so many digits behind the point; at most DIGITS in all are those of the number, the rest zeros. */
static void put_fixed(ac_builder *builder, double number, size_t precision) {
    decimal decimal = {0, 0};
    int behind = precision > 400 ? 400 : (int)precision;
    if (number > 0) {
        decimal = decimal_of(number, DIGITS);
        int wanted = decimal.exponent + behind;
        if (wanted < 0) decimal.digits = 0;
        uint64_t step = 1;
        for (int count = wanted; count >= 0 && count < DIGITS; count++) step *= 10;
        uint64_t rest = decimal.digits % step;
        decimal.digits /= step;
        /* What is just in the middle goes to the even digit. */
        decimal.digits += rest > step / 2 || (step > 1 && rest == step / 2 && decimal.digits % 2);
    }
    ac_builder digits = {0};
    put_unsigned(&digits, decimal.digits, 10, false);
    for (int count = DIGITS; number > 0 && decimal.digits && count < decimal.exponent + behind; count++)
        ac_put_byte(&digits, '0');
    ac_builder padded = {0};
    for (size_t length = digits.len; length < (size_t)behind + 1; length++) ac_put_byte(&padded, '0');
    ac_put(&padded, ac_built(&digits));
    size_t point = padded.len - (size_t)behind;
    ac_put(builder, (ac_text){padded.ptr, point});
    if (behind) ac_put_byte(builder, '.');
    ac_put(builder, (ac_text){padded.ptr + point, (size_t)behind});
}

/* The number with so many digits that count, without zeros at its end. */
static void put_short(ac_builder *builder, double number, size_t precision) {
    int count = precision == 0 ? 1 : precision > DIGITS ? DIGITS : (int)precision;
    if (number == 0) {
        ac_put_byte(builder, '0');
        return;
    }
    decimal decimal = decimal_of(number, count);
    ac_builder digits = {0};
    put_unsigned(&digits, decimal.digits, 10, false);
    while (digits.len > 1 && digits.ptr[digits.len - 1] == '0') digits.len--;
    int exponent = decimal.exponent - 1;
    size_t before = exponent < -4 || exponent >= count ? 1 : exponent < 0 ? 0 : (size_t)exponent + 1;
    if (before == 0) {
        ac_put(builder, ac_str("0."));
        for (int zeros = exponent + 1; zeros < 0; zeros++) ac_put_byte(builder, '0');
    }
    for (size_t at = 0; at < digits.len || at < before; at++) {
        if (at == before && before) ac_put_byte(builder, '.');
        ac_put_byte(builder, at < digits.len ? digits.ptr[at] : '0');
    }
    if (exponent < -4 || exponent >= count) ac_put_format(builder, "e%s%02d", exponent < 0 ? "-" : "+", exponent < 0 ? -exponent : exponent);
}

void ac_put_number(ac_builder *builder, double number) {
    if (!__builtin_isfinite(number)) {
        ac_put(builder, ac_str("null"));
        return;
    }
    if (number < 0) ac_put_byte(builder, '-');
    put_short(builder, number < 0 ? -number : number, DIGITS);
}
