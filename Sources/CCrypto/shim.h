// The digests of OpenSSL's libcrypto. Its functions for one algorithm are a few kilobytes, linked statically, and need no
// initialisation; the general ones that it recommends instead (EVP) would bring in all of its providers.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

static inline void ensign_sha512(const void *bytes, size_t count, unsigned char digest[SHA512_DIGEST_LENGTH]) {
  SHA512_CTX context;
  SHA512_Init(&context);
  SHA512_Update(&context, bytes, count);
  SHA512_Final(digest, &context);
}
