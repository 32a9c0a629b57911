/* <string.h>, of which the compiler itself calls the first four. */
#include <string.h>

/* With bulk memory these three are one instruction each. */
void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    return __builtin_memcpy(to, from, size);
}

void *memmove(void *to, const void *from, size_t size) {
    return __builtin_memmove(to, from, size);
}

void *memset(void *at, int byte, size_t size) {
    return __builtin_memset(at, byte, size);
}

int memcmp(const void *one, const void *other, size_t size) {
    const unsigned char *left = one, *right = other;
    for (size_t at = 0; at < size; at++)
        if (left[at] != right[at]) return left[at] < right[at] ? -1 : 1;
    return 0;
}

void *memchr(const void *at, int byte, size_t size) {
    const unsigned char *bytes = at;
    for (size_t index = 0; index < size; index++)
        if (bytes[index] == (unsigned char)byte) return (void *)(bytes + index);
    return NULL;
}

size_t strlen(const char *text) {
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

int strcmp(const char *one, const char *other) {
    return strncmp(one, other, (size_t)-1);
}

int strncmp(const char *one, const char *other, size_t most) {
    for (size_t at = 0; at < most; at++) {
        unsigned char left = (unsigned char)one[at], right = (unsigned char)other[at];
        if (left != right) return left < right ? -1 : 1;
        if (left == 0) return 0;
    }
    return 0;
}

char *strchr(const char *text, int letter) {
    for (;; text++) {
        if (*text == (char)letter) return (char *)text;
        if (*text == 0) return NULL;
    }
}

char *strrchr(const char *text, int letter) {
    const char *found = NULL;
    do
        if (*text == (char)letter) found = text;
    while (*text++);
    return (char *)found;
}

char *strstr(const char *text, const char *part) {
    size_t length = strlen(part);
    for (;; text++) {
        if (strncmp(text, part, length) == 0) return (char *)text;
        if (*text == 0) return NULL;
    }
}
