/* An assertion that fails ends the call; the log names file, line and condition. */
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : ac_assertion_failed(#condition, __FILE__, __LINE__))
#endif

#ifndef AC_ASSERTION_FAILED
#define AC_ASSERTION_FAILED
_Noreturn void ac_assertion_failed(const char *condition, const char *file, int line);
#endif
