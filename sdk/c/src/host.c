/* Storage, settings, the log, the clock and randomness. */
#include <autocontent/host.h>
#include <string.h>

static ac_stored failed_with(autocontent_provider_storage_error_t error);

ac_stored ac_storage_get(ac_scope scope, ac_text key, ac_bytes *value) {
    ac_option_list_u8_t found;
    autocontent_provider_storage_error_t error;
    if (!autocontent_provider_storage_get((uint8_t)scope, &key, &found, &error)) return failed_with(error);
    *value = found.is_some ? found.val : (ac_bytes){0};
    return found.is_some ? AC_STORED : AC_MISSING;
}

ac_stored ac_storage_set(ac_scope scope, ac_text key, ac_text value, uint32_t seconds) {
    ac_bytes bytes = {value.ptr, value.len};
    autocontent_provider_storage_error_t error;
    bool stored = autocontent_provider_storage_set((uint8_t)scope, &key, &bytes, seconds ? &seconds : NULL, &error);
    return stored ? AC_STORED : failed_with(error);
}

ac_stored ac_storage_delete(ac_scope scope, ac_text key) {
    autocontent_provider_storage_error_t error;
    return autocontent_provider_storage_delete((uint8_t)scope, &key, &error) ? AC_STORED : failed_with(error);
}

ac_stored ac_storage_increment(ac_scope scope, ac_text key, int64_t by, int64_t *total) {
    autocontent_provider_storage_error_t error;
    bool stored = autocontent_provider_storage_increment((uint8_t)scope, &key, by, total, &error);
    return stored ? AC_STORED : failed_with(error);
}

ac_stored ac_storage_keys(ac_scope scope, ac_text prefix, ac_text after, uint32_t limit, ac_list_string_t *keys) {
    autocontent_provider_storage_error_t error;
    bool stored =
        autocontent_provider_storage_keys((uint8_t)scope, &prefix, after.len ? &after : NULL, limit, keys, &error);
    return stored ? AC_STORED : failed_with(error);
}

ac_answer ac_not_stored(ac_stored result) {
    switch (result) {
    case AC_FULL: return ac_misconfigured("the provider's storage quota is used up");
    case AC_TOO_LARGE: return ac_internal("a storage key, value or number is beyond what the contract allows");
    case AC_UNAVAILABLE: return ac_internal("the host's storage is unavailable");
    case AC_MISSING:
    case AC_STORED: break;
    }
    return ac_internal("ac_not_stored was called where nothing had failed");
}

static ac_stored failed_with(autocontent_provider_storage_error_t error) {
    switch (error.tag) {
    case AUTOCONTENT_PROVIDER_STORAGE_ERROR_FULL: return AC_FULL;
    case AUTOCONTENT_PROVIDER_STORAGE_ERROR_TOO_LARGE: return AC_TOO_LARGE;
    default: return AC_UNAVAILABLE;
    }
}

/* Whether the setting has a value, which is then of this kind. */
static bool setting(const char *name, uint8_t kind, autocontent_provider_settings_value_t *value) {
    static const char *const KINDS[] = {"text", "integer", "number", "boolean", "texts"};
    ac_text wanted = ac_str(name);
    if (!autocontent_provider_settings_get(&wanted, value)) return false;
    if (value->tag != kind)
        ac_fail("the setting \"%s\" is of kind %s in provider.toml, and was read as %s", name, KINDS[value->tag], KINDS[kind]);
    return true;
}

ac_text ac_setting_text(const char *name, ac_text otherwise) {
    autocontent_provider_settings_value_t value;
    return setting(name, AUTOCONTENT_PROVIDER_SETTINGS_VALUE_TEXT, &value) ? value.val.text : otherwise;
}

int64_t ac_setting_integer(const char *name, int64_t otherwise) {
    autocontent_provider_settings_value_t value;
    return setting(name, AUTOCONTENT_PROVIDER_SETTINGS_VALUE_INTEGER, &value) ? value.val.integer : otherwise;
}

double ac_setting_number(const char *name, double otherwise) {
    autocontent_provider_settings_value_t value;
    return setting(name, AUTOCONTENT_PROVIDER_SETTINGS_VALUE_NUMBER, &value) ? value.val.number : otherwise;
}

bool ac_setting_boolean(const char *name, bool otherwise) {
    autocontent_provider_settings_value_t value;
    return setting(name, AUTOCONTENT_PROVIDER_SETTINGS_VALUE_BOOLEAN, &value) ? value.val.boolean : otherwise;
}

ac_list_string_t ac_setting_texts(const char *name) {
    autocontent_provider_settings_value_t value;
    return setting(name, AUTOCONTENT_PROVIDER_SETTINGS_VALUE_TEXTS, &value) ? value.val.texts : (ac_list_string_t){0};
}

static void log_line(uint8_t level, const char *format, va_list values) {
    ac_text line = ac_format_list(format, values);
    /* The host takes no line that is not UTF-8, and it should not end the call. */
    line = ac_utf8((ac_bytes){line.ptr, line.len});
    autocontent_provider_log_write(level, &line);
}

#define LOG(function, level)                  \
    void function(const char *format, ...) {  \
        va_list values;                       \
        va_start(values, format);             \
        log_line(level, format, values);      \
        va_end(values);                       \
    }

LOG(ac_trace, AUTOCONTENT_PROVIDER_LOG_LEVEL_TRACE)
LOG(ac_debug, AUTOCONTENT_PROVIDER_LOG_LEVEL_DEBUG)
LOG(ac_info, AUTOCONTENT_PROVIDER_LOG_LEVEL_INFO)
LOG(ac_warn, AUTOCONTENT_PROVIDER_LOG_LEVEL_WARN)
LOG(ac_error, AUTOCONTENT_PROVIDER_LOG_LEVEL_ERROR)

_Noreturn void ac_fail(const char *format, ...) {
    /* Where memory is used up, the message finds none either. */
    static bool failing;
    if (failing) {
        ac_text line = ac_str("out of memory; raise `memory` under [limits] in provider.toml");
        autocontent_provider_log_write(AUTOCONTENT_PROVIDER_LOG_LEVEL_ERROR, &line);
        __builtin_trap();
    }
    failing = true;
    va_list values;
    va_start(values, format);
    log_line(AUTOCONTENT_PROVIDER_LOG_LEVEL_ERROR, format, values);
    __builtin_trap();
}

uint64_t ac_now(void) {
    return autocontent_provider_system_now();
}

uint64_t ac_random(void) {
    ac_list_u8_t bytes;
    uint64_t number = 0;
    autocontent_provider_system_random(sizeof number, &bytes);
    memcpy(&number, bytes.ptr, bytes.len < sizeof number ? bytes.len : sizeof number);
    return number;
}

uint64_t ac_random_below(uint64_t bound) {
    if (bound == 0) return 0;
    /* Numbers from the last, incomplete round through 0 to bound - 1 would make the small ones likelier. */
    uint64_t number, most = UINT64_MAX - (UINT64_MAX % bound + 1) % bound;
    do number = ac_random();
    while (number > most);
    return number % bound;
}
