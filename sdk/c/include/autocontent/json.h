/* JSON: a reader that makes a tree, and a writer.
 *
 *     const ac_json *answer = ac_json_read(body);
 *     for (const ac_json *book = ac_json_first(ac_json_get(answer, "docs")); book; book = book->next)
 *         ac_text title = ac_json_text(ac_json_get(book, "title"));
 *
 * Every function takes NULL for a value that is not there, and then answers as for a value of another kind: so a way
 * through several values needs one check at its end.
 */
#pragma once

#include <autocontent/text.h>

typedef enum {
    AC_JSON_NULL,
    AC_JSON_BOOLEAN,
    AC_JSON_NUMBER,
    AC_JSON_TEXT,
    AC_JSON_ARRAY,
    AC_JSON_OBJECT,
} ac_json_kind;

/* A value. Its texts are UTF-8 without escapes. */
typedef struct ac_json {
    ac_json_kind kind;
    /* Whether a number is a whole one within 64 bits; then `integer` is exact. */
    bool whole;
    bool boolean;
    int64_t integer;
    double number;
    ac_text text;
    /* How many values stand in an array or object. */
    size_t count;
    const struct ac_json *first;
    /* The one behind it in the same array or object. */
    const struct ac_json *next;
    /* Its name in an object. */
    ac_text name;
} ac_json;

/* How deep values may stand in values; what is deeper is not read and not written. */
#define AC_JSON_DEPTH 64

/* The value that the bytes are, or NULL where they are no JSON in UTF-8. A number that is not whole or beyond 64 bits
 * may be off in the 15th digit; a half of a surrogate pair becomes U+FFFD. */
const ac_json *ac_json_read(ac_bytes bytes);

/* The value of that name in an object, the last one where there are several; else NULL. */
const ac_json *ac_json_get(const ac_json *object, const char *name);
/* The value at that place in an array or object, counted from 0; else NULL. */
const ac_json *ac_json_at(const ac_json *parent, size_t index);
/* The first value in an array or object; else NULL. */
const ac_json *ac_json_first(const ac_json *parent);
/* How many values stand in an array or object; else 0. */
size_t ac_json_count(const ac_json *parent);

/* The text, or the empty one. */
ac_text ac_json_text(const ac_json *value);
/* The whole number, or `otherwise`. */
int64_t ac_json_integer(const ac_json *value, int64_t otherwise);
/* The number, or `otherwise`. */
double ac_json_number(const ac_json *value, double otherwise);
/* Whether it is `true`. */
bool ac_json_true(const ac_json *value);

/* Writes JSON; starts as {0}. Commas and escapes are its business:
 *
 *     ac_json_writer out = {0};
 *     ac_write_object(&out);
 *     ac_write_name(&out, "seen");
 *     ac_write_integer(&out, 3);
 *     ac_write_end(&out);
 *     ac_text json = ac_written(&out);
 */
typedef struct {
    ac_builder text;
    /* One bit for each open array (0) or object (1). */
    uint64_t open;
    unsigned depth;
    bool comma;
} ac_json_writer;

void ac_write_object(ac_json_writer *out);
void ac_write_array(ac_json_writer *out);
/* Ends the object or array that was begun last. */
void ac_write_end(ac_json_writer *out);
/* The name of the value that is written next, in an object. */
void ac_write_name(ac_json_writer *out, const char *name);
void ac_write_text(ac_json_writer *out, ac_text text);
void ac_write_integer(ac_json_writer *out, int64_t number);
/* `null` for what is not finite. */
void ac_write_number(ac_json_writer *out, double number);
void ac_write_boolean(ac_json_writer *out, bool value);
void ac_write_null(ac_json_writer *out);
/* A value that was read, with all in it. */
void ac_write_json(ac_json_writer *out, const ac_json *value);
/* What was written. Ends the call where an object or array is still open. */
ac_text ac_written(const ac_json_writer *out);
