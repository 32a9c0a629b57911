/* What a guest in C needs of the contract, by hand: the canonical ABI lays records out as C lays out structs. */
#pragma once

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

#define IMPORT(interface, name) \
    __attribute__((import_module("autocontent:provider/" interface "@1.0.0"), import_name(name)))
#define EXPORT(interface, name) __attribute__((export_name("autocontent:provider/" interface "@1.0.0#" name)))

typedef struct { const char *at; u32 length; } text;
typedef struct { u8 there; text value; } maybe_text;
typedef struct { void *at; u32 count; } list;
typedef struct { text label; maybe_text url; } link;
typedef struct { u8 there; link value; } maybe_link;
typedef struct { u8 there; u32 value; } maybe_u32;
typedef struct { u8 there; u64 value; } maybe_u64;
typedef struct { text file_name, mime, data; } blob;
enum { MEDIA_URL, MEDIA_BLOB };
typedef struct { u8 there; u8 padding[3]; u8 kind; union { text url; blob blob; } value; } maybe_media;
typedef struct { text name, value; u8 in_line; } field;
typedef struct { text id, label; u8 style; } action;
typedef struct {
    text id, kind;
    maybe_text title, text, url;
    maybe_media media;
    maybe_text thumbnail;
    maybe_link author, source;
    list fields;
    maybe_u32 color;
    maybe_u64 published;
    list tags;
    u8 rating;
    list actions;
    maybe_text state;
} item;
_Static_assert(sizeof(item) == 208, "an item is laid out as the contract says");
typedef struct { list items; maybe_text next; maybe_u32 cache_for; } page;
enum { NOTHING_FOUND, INVALID_ARGUMENT, BUSY, UPSTREAM, MISCONFIGURED, INTERNAL };
typedef struct { u8 kind; union { struct { text name, reason; } invalid; maybe_u32 busy; text reason; } value; } failure;
typedef struct { u8 failed; union { page page; failure failure; } value; } answer;
_Static_assert(sizeof(answer) == 32, "an answer is laid out as the contract says");

enum { VALUE_TEXT, VALUE_INTEGER, VALUE_NUMBER, VALUE_BOOLEAN };
typedef struct { u8 kind; union { text text; long long integer; double number; u8 boolean; } value; } value;
typedef struct { text name; value value; } argument;
/* The beginning of a request; guests here need no more of it. */
typedef struct { text command; list arguments; } request;
typedef struct { text action, item; maybe_text state; request request; } press;
typedef struct { text label; value value; } choice;

enum { GET, HEAD, POST, PUT, PATCH, DELETE };
enum { PROVIDER, PLACE, MEMBER };
enum { TRACE, DEBUG, INFO, WARN, ERROR };
IMPORT("log", "write") void log_write(u32 level, const char *at, u32 length);
IMPORT("settings", "get") void settings_get(const char *name, u32 length, void *result);
IMPORT("system", "now") u64 system_now(void);
IMPORT("system", "random") void system_random(u32 length, list *result);
IMPORT("storage", "get") void storage_get(u32 scope, const char *key, u32 length, void *result);
IMPORT("storage", "set")
void storage_set(u32 scope, const char *key, u32 length, const void *value, u32 size, u32 has_ttl, u32 ttl, void *result);

/* Memory that nobody gives back: an instance lives for one call. */
extern u8 __heap_base;
static u32 used;
static void *take(u32 size) {
    u8 *at = &__heap_base + used;
    used += (size + 15) & ~15u;
    while ((u32)(&__heap_base + used) > __builtin_wasm_memory_size(0) * 65536)
        if (__builtin_wasm_memory_grow(0, 16) == (unsigned long)-1) __builtin_trap();
    return at;
}
__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, u32 old_size, u32 align, u32 size) {
    (void)old, (void)old_size, (void)align;
    return take(size);
}
void *memset(void *at, int byte, unsigned long size) {
    for (unsigned long i = 0; i < size; i++) ((volatile u8 *)at)[i] = (u8)byte;
    return at;
}
void *memcpy(void *to, const void *from, unsigned long size) {
    for (unsigned long i = 0; i < size; i++) ((volatile u8 *)to)[i] = ((const u8 *)from)[i];
    return to;
}

static u32 length(const char *s) { u32 n = 0; while (s[n]) n++; return n; }
static text of(const char *s) { text t = {s, length(s)}; return t; }
#define BYTES(s) ((text){s, sizeof(s) - 1})
static maybe_text some(text value) { maybe_text t = {1, value}; return t; }
static int is(text a, const char *b) {
    u32 n = length(b);
    if (a.length != n) return 0;
    for (u32 i = 0; i < n; i++) if (a.at[i] != b[i]) return 0;
    return 1;
}
/* `part`, so many times. */
static text repeated(const char *part, u32 times) {
    u32 n = length(part);
    char *at = take(n * times);
    for (u32 i = 0; i < n * times; i++) at[i] = part[i % n];
    text t = {at, n * times};
    return t;
}
/* The value of the command's option `how`; empty without. */
static text how(const request *asked) {
    const argument *first = asked->arguments.at;
    return asked->arguments.count ? first->value.value.text : of("");
}

/* An item that keeps to the contract. */
static item *harmless(void) {
    item *made = take(sizeof(item));
    memset(made, 0, sizeof(item));
    made->id = of("misdeed");
    made->kind = of("misdeed");
    made->title = some(of("A misdeed"));
    return made;
}
static answer *answer_items(item *items, u32 count) {
    answer *made = take(sizeof(answer));
    memset(made, 0, sizeof(answer));
    made->value.page.items.at = items;
    made->value.page.items.count = count;
    return made;
}
static answer *answer_text(text said) {
    item *made = harmless();
    made->text = some(said);
    return answer_items(made, 1);
}
static answer *fail(u8 kind, text reason) {
    answer *made = take(sizeof(answer));
    memset(made, 0, sizeof(answer));
    made->failed = 1;
    made->value.failure.kind = kind;
    made->value.failure.value.reason = reason;
    return made;
}
#define FIND EXPORT("content", "find") answer *find(const request *asked)
#define ACT EXPORT("actions", "act") answer *act(const press *pressed)
/* By value, structs would go by pointer: so every part is spelled out. */
#define SUGGEST \
    EXPORT("suggestions", "suggest") list *suggest(u32 command, u32 command_length, u32 name, u32 name_length, \
        const char *typed, u32 typed_length, u32 arguments, u32 arguments_count, u32 user, u32 user_length, u32 scope, \
        u32 scope_length, u32 place, u32 locale, u32 locale_length, u32 sensitive_allowed)
