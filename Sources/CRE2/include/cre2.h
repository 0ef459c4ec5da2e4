#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A C interface over RE2, as small as its one user: patterns are compiled once and matched by any number of threads.

/// A compiled pattern, or the reason why there is none.
typedef struct ensign_re2 ensign_re2;

/// Compiles `pattern` (UTF-8, RE2's own syntax). NULL only when memory runs out; ask ensign_re2_error() for a refusal.
ensign_re2 *ensign_re2_compile(const char *pattern, size_t length, bool ignore_case);

/// Why the pattern was refused, or NULL when it was not. Lives as long as the pattern.
const char *ensign_re2_error(const ensign_re2 *pattern);

/// Whether the pattern matches anywhere in the text. Safe to call from many threads at once.
bool ensign_re2_matches(const ensign_re2 *pattern, const char *text, size_t length);

/// Frees what ensign_re2_compile() returned.
void ensign_re2_free(ensign_re2 *pattern);

#ifdef __cplusplus
}
#endif
