/* What to ask the host for: HTTP, storage, settings, the log, the clock and randomness. */
#pragma once

#include <autocontent/answer.h>
#include <autocontent/json.h>
#include <autocontent/text.h>

/* HTTP, to the hosts that provider.toml names and the operator granted. Secrets are added by the host on the way out.
 *
 *     ac_response answer = ac_get(ac_str("https://example.org/latest.json"));
 *     if (!ac_success(&answer)) return ac_not_fetched(&answer);
 *     const ac_json *latest = ac_json_read(answer.body);
 */

typedef enum {
    AC_GET = AUTOCONTENT_PROVIDER_HTTP_METHOD_GET,
    AC_HEAD = AUTOCONTENT_PROVIDER_HTTP_METHOD_HEAD,
    AC_POST = AUTOCONTENT_PROVIDER_HTTP_METHOD_POST,
    AC_PUT = AUTOCONTENT_PROVIDER_HTTP_METHOD_PUT,
    AC_PATCH = AUTOCONTENT_PROVIDER_HTTP_METHOD_PATCH,
    AC_DELETE = AUTOCONTENT_PROVIDER_HTTP_METHOD_DELETE,
} ac_method;

/* `method`, `url`, `headers`, `body` and `timeout_ms`. */
typedef autocontent_provider_http_request_t ac_http_request;

/* Why nothing arrived; `tag` is one of AUTOCONTENT_PROVIDER_HTTP_ERROR_… */
typedef autocontent_provider_http_error_t ac_http_error;

/* Whatever the server answered, errors such as 404 included; or why nothing arrived. */
typedef struct {
    bool arrived;
    uint16_t status;
    autocontent_provider_http_list_header_t headers;
    /* Decompressed. `ac_utf8` makes a text of it. */
    ac_bytes body;
    /* Where the last redirect ended. */
    ac_text url;
    /* Where nothing arrived. */
    ac_http_error error;
} ac_response;

/* A request without headers and body, in as much time as the host allows. */
ac_http_request ac_request_to(ac_method method, ac_text url);
void ac_add_header(ac_http_request *request, const char *name, ac_text value);
void ac_set_body(ac_http_request *request, ac_text body);

ac_response ac_get(ac_text url);
ac_response ac_fetch(const ac_http_request *request);
/* All at once; as many responses, in the order of the requests. */
void ac_fetch_all(const ac_http_request *requests, size_t count, ac_response *responses);

/* Whether it arrived with a status of success (200 to 299). */
bool ac_success(const ac_response *response);
/* The failure to answer with where it did not: busy for 429, and for 503 with a Retry-After header, with its seconds.
 * The log names the server without the URL's query. */
ac_answer ac_not_fetched(const ac_response *response);
/* The same for a server that wants a key, which provider.toml calls `secret`: 401 and 403 tell the operator to fill it in. */
ac_answer ac_not_authorised(const ac_response *response, const char *secret);
/* The first header of that name, or the empty text. Case does not matter. */
ac_text ac_response_header(const ac_response *response, const char *name);

/* Small durable data, up to the quota that provider.toml asks for: the whole provider's, that of the guild or DM being
 * served, or that of the member. */
typedef enum {
    AC_PROVIDER = AUTOCONTENT_PROVIDER_STORAGE_SCOPE_PROVIDER,
    AC_PLACE = AUTOCONTENT_PROVIDER_STORAGE_SCOPE_PLACE,
    AC_MEMBER = AUTOCONTENT_PROVIDER_STORAGE_SCOPE_MEMBER,
} ac_scope;

typedef enum {
    AC_STORED,
    /* There is no such key. */
    AC_MISSING,
    /* The quota is used up. */
    AC_FULL,
    /* An empty key or one over 256 bytes, a value over 64 KiB, or a counter that is none. */
    AC_TOO_LARGE,
    /* Not granted, or the host's database can't be reached. */
    AC_UNAVAILABLE,
} ac_stored;

/* AC_STORED with the value, AC_MISSING with none, or an error. */
ac_stored ac_storage_get(ac_scope scope, ac_text key, ac_bytes *value);
/* For so many seconds, or for good where they are 0. */
ac_stored ac_storage_set(ac_scope scope, ac_text key, ac_text value, uint32_t seconds);
/* AC_STORED also where there was no such key. */
ac_stored ac_storage_delete(ac_scope scope, ac_text key);
/* Adds to a counter in one step; a missing key counts from 0. */
ac_stored ac_storage_increment(ac_scope scope, ac_text key, int64_t by, int64_t *total);
/* At most so many keys (and at most 1,000) that begin with `prefix`, in byte order, from behind `after` if that is not
 * empty. */
ac_stored ac_storage_keys(ac_scope scope, ac_text prefix, ac_text after, uint32_t limit, ac_list_string_t *keys);
/* The failure to answer with for an error of the storage. */
ac_answer ac_not_stored(ac_stored result);

/* The operator's setting, else provider.toml's default, else `otherwise`. Each is for settings of its kind: for one of
 * another kind it ends the call, with a message that says so. */
ac_text ac_setting_text(const char *name, ac_text otherwise);
int64_t ac_setting_integer(const char *name, int64_t otherwise);
double ac_setting_number(const char *name, double otherwise);
bool ac_setting_boolean(const char *name, bool otherwise);
/* A list of texts; empty where the setting has no value. */
ac_list_string_t ac_setting_texts(const char *name);

/* Lines for the operator, after a format like printf's. A call may write 100 of 2 KiB; the rest is counted and dropped. */
void ac_trace(const char *format, ...) __attribute__((format(printf, 1, 2)));
void ac_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));
void ac_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void ac_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void ac_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Milliseconds since the Unix epoch. */
uint64_t ac_now(void);

/* 64 random bits of the host's. */
uint64_t ac_random(void);
/* A number from 0 to below `bound`, each as likely; 0 where `bound` is 0. */
uint64_t ac_random_below(uint64_t bound);
