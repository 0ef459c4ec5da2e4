// libcurl, bound at run time: only a client that reads a store over HTTP pays for loading it and the thirty libraries that
// it needs. Its functions are looked up when the first one does. The types and prototypes are those of Debian's header.
#pragma once

#define CURL_DISABLE_TYPECHECK

#include <curl/curl.h>
#include <dlfcn.h>
#include <stddef.h>

// Every function of libcurl that the project calls. Add a line to use another one.
#define ENSIGN_CURL_FUNCTIONS(X) \
  X(curl_global_init)            \
  X(curl_easy_init)              \
  X(curl_easy_setopt)            \
  X(curl_easy_perform)           \
  X(curl_easy_getinfo)           \
  X(curl_easy_strerror)          \
  X(curl_easy_cleanup)           \
  X(curl_slist_append)           \
  X(curl_slist_free_all)

#pragma clang assume_nonnull begin

typedef struct ensign_curl {
#define X(name) __typeof__(&name) _Nonnull name;
  ENSIGN_CURL_FUNCTIONS(X)
#undef X
} ensign_curl;

// Fills `functions`. Returns NULL, or a static text or one of dlerror() that says what is missing. Debian has the
// library twice, with OpenSSL and with GnuTLS, and the two have one interface.
static inline const char *_Nullable ensign_curl_load(ensign_curl *functions) {
  void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
  const char *reason = library == NULL ? dlerror() : NULL;
  if (library == NULL) library = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return reason;
#define X(name)                                              \
  functions->name = (__typeof__(&name))dlsym(library, #name); \
  if (functions->name == NULL) return "libcurl lacks " #name;
  ENSIGN_CURL_FUNCTIONS(X)
#undef X
  return NULL;
}

// Options and answers are variadic, which Swift cannot call.

static inline CURLcode ensign_curl_set_number(const ensign_curl *functions, CURL *curl, CURLoption option, long value) {
  return functions->curl_easy_setopt(curl, option, value);
}

static inline CURLcode ensign_curl_set_size(const ensign_curl *functions, CURL *curl, CURLoption option, curl_off_t value) {
  return functions->curl_easy_setopt(curl, option, value);
}

static inline CURLcode ensign_curl_set_text(
    const ensign_curl *functions, CURL *curl, CURLoption option, const char *value) {
  return functions->curl_easy_setopt(curl, option, value);
}

static inline CURLcode ensign_curl_set_pointer(
    const ensign_curl *functions, CURL *curl, CURLoption option, void *_Nullable value) {
  return functions->curl_easy_setopt(curl, option, value);
}

typedef size_t (*ensign_curl_receiver)(char *_Nullable bytes, size_t size, size_t count, void *_Nullable context);
typedef int (*ensign_curl_watcher)(
    void *_Nullable context, curl_off_t expected, curl_off_t received, curl_off_t toSend, curl_off_t sent);

static inline CURLcode ensign_curl_set_receiver(
    const ensign_curl *functions, CURL *curl, CURLoption option, ensign_curl_receiver receiver) {
  return functions->curl_easy_setopt(curl, option, receiver);
}

static inline CURLcode ensign_curl_set_watcher(const ensign_curl *functions, CURL *curl, ensign_curl_watcher watcher) {
  return functions->curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, watcher);
}

static inline long ensign_curl_response_code(const ensign_curl *functions, CURL *curl) {
  long code = 0;
  functions->curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
  return code;
}

#pragma clang assume_nonnull end
