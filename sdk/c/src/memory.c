/* Memory that is taken from one end and never given back: an instance lives for one call. */
#include <assert.h>
#include <autocontent/text.h>
#include <stdlib.h>
#include <string.h>

/* As strict as any type of C needs. */
#define ALIGNMENT 16

#ifdef __wasm__

#define PAGE 65536

/* Where the linker put the end of all data. */
extern uint8_t __heap_base;
static uintptr_t free_from;
static void *last;

static void *take(size_t size) {
    if (free_from == 0) free_from = ((uintptr_t)&__heap_base + ALIGNMENT - 1) & ~(uintptr_t)(ALIGNMENT - 1);
    uintptr_t room = (uintptr_t)__builtin_wasm_memory_size(0) * PAGE - free_from;
    /* So that each block has an address of its own. */
    if (size == 0) size = 1;
    if (size > SIZE_MAX - ALIGNMENT) ac_fail("out of memory: %zu bytes were asked for", size);
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (size > room) {
        /* No more than needed: whoever is refused memory and then crashes is told that it lacked memory. */
        size_t pages = (size - room + PAGE - 1) / PAGE;
        if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX)
            ac_fail("out of memory: %zu bytes were asked for; raise `memory` under [limits] in provider.toml", size);
    }
    last = (void *)free_from;
    free_from += size;
    return last;
}

void *malloc(size_t size) {
    return take(size);
}

void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) ac_fail("out of memory: %zu times %zu bytes", count, size);
    return take(bytes);
}

/* The old size is not known, so what lies behind is copied along; it is never more than there is. */
void *realloc(void *old, size_t size) {
    if (old == NULL) return take(size);
    if (old == last) {
        /* The last block grows where it is. It never shrinks: what `take` gives out is zero. */
        if (size <= free_from - (uintptr_t)old) return old;
        size_t had = free_from - (uintptr_t)old;
        take(size - had);
        last = old;
        return old;
    }
    uint8_t *moved = take(size);
    size_t there = (size_t)(moved - (uint8_t *)old);
    memcpy(moved, old, size < there ? size : there);
    return moved;
}

void free(void *pointer) {
    (void)pointer;
}

_Noreturn void abort(void) {
    ac_fail("abort was called");
}

_Noreturn void ac_assertion_failed(const char *condition, const char *file, int line) {
    ac_fail("%s:%d: assertion failed: %s", file, line, condition);
}

#endif

void *ac_alloc(size_t size) {
    return calloc(1, size);
}
