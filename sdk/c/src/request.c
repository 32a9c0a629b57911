/* Options by name. */
#include <autocontent/request.h>
#include <string.h>

/* The kinds in provider.toml, by the tags of their values. */
static const char *const KINDS[] = {"text", "integer", "number", "boolean", "user", "channel", "role", "attachment"};

const ac_value *ac_option(const ac_arguments *arguments, const char *name) {
    for (size_t index = 0; index < arguments->len; index++)
        if (ac_equals(arguments->ptr[index].name, name)) return &arguments->ptr[index].value;
    return NULL;
}

static const ac_value *of_kind(const ac_arguments *arguments, const char *name, uint8_t kind) {
    const ac_value *value = ac_option(arguments, name);
    if (value && value->tag != kind)
        ac_fail("the option \"%s\" is of kind %s in provider.toml, and was read as %s", name, KINDS[value->tag], KINDS[kind]);
    return value;
}

ac_text ac_option_text(const ac_arguments *arguments, const char *name, ac_text otherwise) {
    const ac_value *value = of_kind(arguments, name, AC_VALUE_TEXT);
    return value ? value->val.text : otherwise;
}

int64_t ac_option_integer(const ac_arguments *arguments, const char *name, int64_t otherwise) {
    const ac_value *value = of_kind(arguments, name, AC_VALUE_INTEGER);
    return value ? value->val.integer : otherwise;
}

double ac_option_number(const ac_arguments *arguments, const char *name, double otherwise) {
    const ac_value *value = of_kind(arguments, name, AC_VALUE_NUMBER);
    return value ? value->val.number : otherwise;
}

bool ac_option_boolean(const ac_arguments *arguments, const char *name, bool otherwise) {
    const ac_value *value = of_kind(arguments, name, AC_VALUE_BOOLEAN);
    return value ? value->val.boolean : otherwise;
}

ac_text ac_option_id(const ac_arguments *arguments, const char *name) {
    const ac_value *value = ac_option(arguments, name);
    if (value == NULL) return (ac_text){0};
    if (value->tag < AC_VALUE_USER) ac_fail("the option \"%s\" is of kind %s in provider.toml, which has no id", name, KINDS[value->tag]);
    /* All four are a text at the same place. */
    return value->val.user;
}

bool ac_speaks(const ac_audience *audience, const char *language) {
    size_t length = strlen(language);
    ac_text own = audience->locale;
    if (own.len < length || (own.len > length && own.ptr[length] != '-' && own.ptr[length] != '_')) return false;
    own.len = length;
    return ac_contains(own, ac_str(language));
}
