/* HTTP through the host. */
#include <autocontent/host.h>
#include <stdlib.h>
#include <string.h>

static ac_response arrived(autocontent_provider_http_response_t answer);
static ac_text without_query(ac_text url);

ac_http_request ac_request_to(ac_method method, ac_text url) {
    return (ac_http_request){.method = (uint8_t)method, .url = url};
}

void ac_add_header(ac_http_request *request, const char *name, ac_text value) {
    autocontent_provider_http_list_header_t *headers = &request->headers;
    /* In a block of its own each time: the request may be a copy of another, which must not see this header. */
    autocontent_provider_http_header_t *copy = malloc((headers->len + 1) * sizeof *copy);
    if (headers->len) memcpy(copy, headers->ptr, headers->len * sizeof *copy);
    headers->ptr = copy;
    headers->ptr[headers->len++] = (autocontent_provider_http_header_t){ac_str(name), value};
}

void ac_set_body(ac_http_request *request, ac_text body) {
    request->body = (ac_option_list_u8_t){true, {body.ptr, body.len}};
}

ac_response ac_get(ac_text url) {
    ac_http_request request = ac_request_to(AC_GET, url);
    return ac_fetch(&request);
}

ac_response ac_fetch(const ac_http_request *request) {
    ac_http_request own = *request;
    autocontent_provider_http_response_t answer;
    ac_http_error error;
    return autocontent_provider_http_fetch(&own, &answer, &error) ? arrived(answer) : (ac_response){.error = error};
}

void ac_fetch_all(const ac_http_request *requests, size_t count, ac_response *responses) {
    autocontent_provider_http_list_request_t all = {(ac_http_request *)requests, count};
    autocontent_provider_http_list_result_response_error_t answers;
    autocontent_provider_http_fetch_all(&all, &answers);
    for (size_t index = 0; index < count; index++) {
        autocontent_provider_http_result_response_error_t *answer = &answers.ptr[index];
        responses[index] = answer->is_err ? (ac_response){.error = answer->val.err} : arrived(answer->val.ok);
    }
}

bool ac_success(const ac_response *response) {
    return response->arrived && response->status >= 200 && response->status < 300;
}

ac_answer ac_not_authorised(const ac_response *response, const char *secret) {
    if (!response->arrived || (response->status != 401 && response->status != 403)) return ac_not_fetched(response);
    return ac_misconfigured("%.*s answered %d: the secret `%s` is missing or wrong; fill it in with `autocontent provider secret`",
                            AC_TEXT(without_query(response->url)), response->status, secret);
}

/* A server that answers without success: it may ask to wait. */
static ac_answer refused(const ac_response *response) {
    int64_t seconds;
    bool says = ac_read_integer(ac_trim(ac_response_header(response, "retry-after")), &seconds) && seconds >= 0;
    if (response->status == 429 || (response->status == 503 && says))
        return ac_busy(!says ? 0 : seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds);
    return ac_upstream("%.*s answered %d", AC_TEXT(without_query(response->url)), response->status);
}

ac_answer ac_not_fetched(const ac_response *response) {
    if (response->arrived) return refused(response);
    const ac_http_error *error = &response->error;
    switch (error->tag) {
    case AUTOCONTENT_PROVIDER_HTTP_ERROR_DENIED:
        return ac_misconfigured("the host refused an HTTP request: %.*s", AC_TEXT(error->val.denied));
    case AUTOCONTENT_PROVIDER_HTTP_ERROR_INVALID_REQUEST:
        return ac_internal("an HTTP request could not be sent: %.*s", AC_TEXT(error->val.invalid_request));
    case AUTOCONTENT_PROVIDER_HTTP_ERROR_TIMEOUT: return ac_upstream("no answer in time");
    case AUTOCONTENT_PROVIDER_HTTP_ERROR_TOO_LARGE: return ac_upstream("the answer is larger than the host takes");
    case AUTOCONTENT_PROVIDER_HTTP_ERROR_UNREACHABLE:
        return ac_upstream("no answer: %.*s", AC_TEXT(error->val.unreachable));
    default: return ac_internal("more HTTP requests than one call may make");
    }
}

ac_text ac_response_header(const ac_response *response, const char *name) {
    ac_text wanted = ac_str(name);
    for (size_t index = 0; index < response->headers.len; index++) {
        const autocontent_provider_http_header_t *header = &response->headers.ptr[index];
        if (header->name.len == wanted.len && ac_contains(header->name, wanted)) return header->value;
    }
    return (ac_text){0};
}

static ac_response arrived(autocontent_provider_http_response_t answer) {
    return (ac_response){
        .arrived = true, .status = answer.status, .headers = answer.headers, .body = answer.body, .url = answer.url};
}

/* The query may say more about a member than the log should know. */
static ac_text without_query(ac_text url) {
    size_t length = 0;
    while (length < url.len && url.ptr[length] != '?' && url.ptr[length] != '#') length++;
    return (ac_text){url.ptr, length};
}
