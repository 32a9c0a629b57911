/* Texts, and memory.
 *
 * A text is an address and a length in bytes; it need not end in a zero. What the host hands over is UTF-8, and what
 * it is handed must be: a call that answers with anything else ends in a fault. `ac_utf8` makes a text of any bytes.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <ac.h>

/* `ptr` and `len`. The empty text is {0}. */
typedef ac_string_t ac_text;

/* Bytes that need not be text. */
typedef ac_list_u8_t ac_bytes;

/* Text or nothing: `is_some` and `val`. */
typedef ac_option_string_t ac_optional_text;

/* So many bytes, all zero, for the rest of the call. Ends the call where the memory of provider.toml's [limits] is used
 * up. */
void *ac_alloc(size_t size);

/* Ends the call: the message goes to the log, the operator reads it as the fault's cause, and the member reads that
 * the provider failed. For what can't happen; where there is no answer, return a failure instead. */
_Noreturn void ac_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The text up to the zero; empty for NULL. It is not copied. */
ac_text ac_str(const char *zero_terminated);

/* The same text with a zero at its end. */
const char *ac_cstr(ac_text text);

/* Any bytes as a text: what is not UTF-8 is replaced by U+FFFD. Copied only where something was replaced. */
ac_text ac_utf8(ac_bytes bytes);

/* Whether the bytes are UTF-8. */
bool ac_is_utf8(ac_bytes bytes);

/* The texts, one behind the other: ac_concat(ac_str("by "), author). */
#define ac_concat(...) \
    ac_concat_all((const ac_text[]){__VA_ARGS__}, sizeof((const ac_text[]){__VA_ARGS__}) / sizeof(ac_text))
ac_text ac_concat_all(const ac_text *texts, size_t count);

/* Text after a format like printf's: %s %c %d %i %u %x %X %f %g %% with the lengths hh, h, l, ll, z, j and t, a width,
 * the flags 0 and -, and a precision. From anything else on, such as %p, the format is put as it stands. A text is given as
 * "%.*s" with AC_TEXT(text). */
ac_text ac_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
ac_text ac_format_list(const char *format, va_list values) __attribute__((format(printf, 1, 0)));

/* A text's two values for "%.*s". */
#define AC_TEXT(text) (int)(text).len, (const char *)(text).ptr

/* Whether both are the same, byte by byte. */
bool ac_same(ac_text one, ac_text other);
bool ac_equals(ac_text text, const char *zero_terminated);
bool ac_starts_with(ac_text text, const char *zero_terminated);

/* Whether `part` stands in the text; the case of A to Z does not matter. The empty text stands in every one. */
bool ac_contains(ac_text text, ac_text part);

/* The text without blanks and line breaks at its ends. */
ac_text ac_trim(ac_text text);

/* At most so many bytes: a longer text is cut between two characters and ends in an ellipsis. */
ac_text ac_cut(ac_text text, size_t most);

/* Reads a decimal number; false where the text is none, or none of 64 bits. */
bool ac_read_integer(ac_text text, int64_t *number);

/* The text as part of a URL: everything but letters, digits and -._~ as %XX. */
ac_text ac_url_encode(ac_text text);

/* The text with a backslash before each character that Discord's Markdown would take as its own. */
ac_text ac_escape(ac_text text);

/* A text that grows. Starts as {0}; `ac_built` is the text so far. */
typedef struct {
    uint8_t *ptr;
    size_t len;
    size_t capacity;
} ac_builder;

void ac_put(ac_builder *builder, ac_text text);
void ac_put_byte(ac_builder *builder, uint8_t byte);
void ac_put_format(ac_builder *builder, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ac_put_format_list(ac_builder *builder, const char *format, va_list values) __attribute__((format(printf, 2, 0)));
/* A number as JSON writes it, with 15 digits that count; "null" for what is not finite. */
void ac_put_number(ac_builder *builder, double number);
ac_text ac_built(const ac_builder *builder);
