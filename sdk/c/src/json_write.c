/* Writing JSON. */
#include <autocontent/json.h>

static void begin_value(ac_json_writer *out);
static void put_quoted(ac_json_writer *out, ac_text text);

static void open(ac_json_writer *out, bool object) {
    begin_value(out);
    if (out->depth == AC_JSON_DEPTH) ac_fail("JSON is written at most %d values deep", AC_JSON_DEPTH);
    ac_put_byte(&out->text, object ? '{' : '[');
    out->open = out->open << 1 | object;
    out->depth++;
    out->comma = false;
}

void ac_write_object(ac_json_writer *out) {
    open(out, true);
}

void ac_write_array(ac_json_writer *out) {
    open(out, false);
}

void ac_write_end(ac_json_writer *out) {
    if (out->depth == 0) ac_fail("ac_write_end without an object or array that is open");
    ac_put_byte(&out->text, out->open & 1 ? '}' : ']');
    out->open >>= 1;
    out->depth--;
    out->comma = true;
}

void ac_write_name(ac_json_writer *out, const char *name) {
    if (out->depth == 0 || !(out->open & 1)) ac_fail("ac_write_name outside of an object");
    begin_value(out);
    put_quoted(out, ac_str(name));
    ac_put_byte(&out->text, ':');
    out->comma = false;
}

void ac_write_text(ac_json_writer *out, ac_text text) {
    begin_value(out);
    put_quoted(out, text);
}

void ac_write_integer(ac_json_writer *out, int64_t number) {
    begin_value(out);
    ac_put_format(&out->text, "%lld", (long long)number);
}

void ac_write_number(ac_json_writer *out, double number) {
    begin_value(out);
    ac_put_number(&out->text, number);
}

void ac_write_boolean(ac_json_writer *out, bool value) {
    begin_value(out);
    ac_put(&out->text, ac_str(value ? "true" : "false"));
}

void ac_write_null(ac_json_writer *out) {
    begin_value(out);
    ac_put(&out->text, ac_str("null"));
}

void ac_write_json(ac_json_writer *out, const ac_json *value) {
    if (value == NULL) {
        ac_write_null(out);
        return;
    }
    switch (value->kind) {
    case AC_JSON_NULL: ac_write_null(out); break;
    case AC_JSON_BOOLEAN: ac_write_boolean(out, value->boolean); break;
    case AC_JSON_TEXT: ac_write_text(out, value->text); break;
    case AC_JSON_NUMBER:
        if (value->whole) ac_write_integer(out, value->integer);
        else ac_write_number(out, value->number);
        break;
    case AC_JSON_ARRAY:
    case AC_JSON_OBJECT:
        open(out, value->kind == AC_JSON_OBJECT);
        for (const ac_json *inner = value->first; inner; inner = inner->next) {
            if (value->kind == AC_JSON_OBJECT) {
                begin_value(out);
                put_quoted(out, inner->name);
                ac_put_byte(&out->text, ':');
                out->comma = false;
            }
            ac_write_json(out, inner);
        }
        ac_write_end(out);
        break;
    }
}

ac_text ac_written(const ac_json_writer *out) {
    if (out->depth) ac_fail("the JSON that was written is not complete: %u objects or arrays are still open", out->depth);
    return ac_built(&out->text);
}

static void begin_value(ac_json_writer *out) {
    if (out->comma) ac_put_byte(&out->text, ',');
    out->comma = true;
}

static void put_quoted(ac_json_writer *out, ac_text text) {
    ac_put_byte(&out->text, '"');
    for (size_t at = 0; at < text.len; at++) {
        uint8_t letter = text.ptr[at];
        if (letter == '"' || letter == '\\') {
            ac_put_byte(&out->text, '\\');
            ac_put_byte(&out->text, letter);
        } else if (letter < 0x20) {
            ac_put_format(&out->text, "\\u%04x", letter);
        } else {
            ac_put_byte(&out->text, letter);
        }
    }
    ac_put_byte(&out->text, '"');
}
