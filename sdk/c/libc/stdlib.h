/* Memory for the rest of the call. `free` gives nothing back, as everything goes when the call ends. */
#pragma once

#include <stddef.h>

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);
void free(void *pointer);

/* Ends the call; `ac_fail` says why. */
_Noreturn void abort(void);
