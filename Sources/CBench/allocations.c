#include <errno.h>
#include <stdlib.h>

#include "cbench.h"

static _Thread_local bool counting;
static _Thread_local uint64_t counted;

void cbench_count_allocations(void) {
  counted = 0;
  counting = true;
}

uint64_t cbench_counted_allocations(void) {
  counting = false;
  return counted;
}

// The C library's functions are replaced, for the whole program, by ones that count and pass on. A sanitizer replaces
// them itself; there nothing is counted, and `ensign-bench` notices that the counter does not count.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
  counted += counting;
  return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
  counted += counting;
  return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
  counted += counting;
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  counted += counting;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
  counted += counting;
  void *made = __libc_memalign(alignment, size);
  if (made == NULL) return ENOMEM;
  *out = made;
  return 0;
}

#endif
