// What of libgit2 speaks to servers, refused. Ensign reads and writes repositories on disk; its connections are
// libcurl's. As these functions stand here, the linker takes none of the objects in which libgit2 has them: nor libssh2,
// mbedTLS, OpenSSL and Kerberos below those, which are most of the time in which libgit2 is loaded, and code that no
// attacker reaches then.
//
// The names and prototypes are internal to this version of libgit2.
#include "CGit2.h"
#include <git2/sys/stream.h>
#include <git2/sys/transport.h>
#include <stdbool.h>

#if LIBGIT2_VER_MAJOR != 1 || LIBGIT2_VER_MINOR != 5
#error "look in libgit2's src for what its transports and streams define, and its other files use"
#endif

static int refused(void) {
  git_error_set_str(GIT_ERROR_NET, "this program does not let libgit2 speak to servers");
  return GIT_ERROR;
}

// transports/ssh.c

int git_transport_ssh_global_init(void);
int git_transport_ssh_global_init(void) { return 0; }

int git_smart_subtransport_ssh(git_smart_subtransport **out, git_transport *owner, void *param) {
  (void)out, (void)owner, (void)param;
  return refused();
}

// transports/http.c

extern bool git_http__expect_continue;
bool git_http__expect_continue = false;

int git_smart_subtransport_http(git_smart_subtransport **out, git_transport *owner, void *param) {
  (void)out, (void)owner, (void)param;
  return refused();
}

// streams/mbedtls.c

int git_mbedtls_stream_global_init(void);
int git_mbedtls_stream_global_init(void) { return 0; }

int git_mbedtls__set_cert_location(const char *file, const char *path);
int git_mbedtls__set_cert_location(const char *file, const char *path) {
  (void)file, (void)path;
  return refused();
}

int git_mbedtls_stream_new(git_stream **out, const char *host, const char *port);
int git_mbedtls_stream_new(git_stream **out, const char *host, const char *port) {
  (void)out, (void)host, (void)port;
  return refused();
}

int git_mbedtls_stream_wrap(git_stream **out, git_stream *in, const char *host);
int git_mbedtls_stream_wrap(git_stream **out, git_stream *in, const char *host) {
  (void)out, (void)in, (void)host;
  return refused();
}
