// libmicrohttpd, bound at run time, as CCurl binds libcurl: only `ensign serve` pays for loading it and GnuTLS. The types
// and prototypes are those of Debian's header.
#pragma once

#include <dlfcn.h>
#include <gnutls/abstract.h>
#include <microhttpd.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

// Every function of libmicrohttpd that the project calls. Add a line to use another one.
#define ENSIGN_MHD_FUNCTIONS(X)                               \
  X(MHD_start_daemon)                                         \
  X(MHD_quiesce_daemon)                                       \
  X(MHD_stop_daemon)                                          \
  X(MHD_get_version)                                          \
  X(MHD_get_connection_info)                                  \
  X(MHD_get_connection_values_n)                              \
  X(MHD_lookup_connection_value)                              \
  X(MHD_queue_response)                                       \
  X(MHD_suspend_connection)                                   \
  X(MHD_resume_connection)                                    \
  X(MHD_create_response_from_buffer_with_free_callback_cls)   \
  X(MHD_create_response_from_callback)                        \
  X(MHD_add_response_header)                                  \
  X(MHD_destroy_response)

typedef struct ensign_mhd {
#define X(name) __typeof__(&name) _Nonnull name;
  ENSIGN_MHD_FUNCTIONS(X)
#undef X
} ensign_mhd;

// Fills `functions`. Returns NULL, or a static text or one of dlerror() that says what is missing.
static inline const char *_Nullable ensign_mhd_load(ensign_mhd *_Nonnull functions) {
  void *library = dlopen("libmicrohttpd.so.12", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return dlerror();
#define X(name)                                              \
  functions->name = (__typeof__(&name))dlsym(library, #name); \
  if (functions->name == NULL) return "libmicrohttpd lacks " #name;
  ENSIGN_MHD_FUNCTIONS(X)
#undef X
  return NULL;
}

// Every function of GnuTLS that the project calls: what libmicrohttpd cannot do, which is to change a certificate.
#define ENSIGN_TLS_FUNCTIONS(X)           \
  X(gnutls_certificate_allocate_credentials) \
  X(gnutls_certificate_set_x509_key_mem)  \
  X(gnutls_certificate_free_credentials)  \
  X(gnutls_pcert_list_import_x509_raw)    \
  X(gnutls_pcert_deinit)                  \
  X(gnutls_privkey_init)                  \
  X(gnutls_privkey_import_x509_raw)       \
  X(gnutls_privkey_deinit)                \
  X(gnutls_strerror)

typedef struct ensign_tls {
#define X(name) __typeof__(&name) _Nonnull name;
  ENSIGN_TLS_FUNCTIONS(X)
#undef X
} ensign_tls;

// As ensign_mhd_load: the library is there already, as a part of libmicrohttpd.
static inline const char *_Nullable ensign_tls_load(ensign_tls *_Nonnull functions) {
  void *library = dlopen("libgnutls.so.30", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return dlerror();
#define X(name)                                              \
  functions->name = (__typeof__(&name))dlsym(library, #name); \
  if (functions->name == NULL) return "GnuTLS lacks " #name;
  ENSIGN_TLS_FUNCTIONS(X)
#undef X
  return NULL;
}

// What a daemon is started with; its functions are called on the daemon's own threads.
typedef struct ensign_mhd_settings {
  int socket;
  unsigned int threads;
  unsigned int connections;
  unsigned int connections_per_address;
  unsigned int timeout;
  size_t connection_memory;
  // What gives the certificate of a connection; NULL for plain HTTP.
  gnutls_certificate_retrieve_function2 *_Nullable certify;
  MHD_AccessHandlerCallback _Nonnull handle;
  MHD_RequestCompletedCallback _Nonnull completed;
  MHD_NotifyConnectionCallback _Nonnull connected;
  void *_Nullable (*_Nonnull begun)(void *_Nullable context, const char *_Nonnull uri, struct MHD_Connection *_Nonnull);
  size_t (*_Nonnull unescape)(void *_Nullable context, struct MHD_Connection *_Nonnull, char *_Nonnull text);
  void *_Nullable context;
  // Where the library's last complaint is kept while it starts.
  char *_Nonnull message;
  size_t message_size;
} ensign_mhd_settings;

static inline void ensign_mhd_log(void *context, const char *format, va_list arguments) {
  ensign_mhd_settings *settings = (ensign_mhd_settings *)context;
  if (settings->message_size > 0) vsnprintf(settings->message, settings->message_size, format, arguments);
}

// Starts a daemon; `settings` must live as long as it. Options are variadic, which Swift cannot call.
static inline struct MHD_Daemon *_Nullable ensign_mhd_start(
    const ensign_mhd *_Nonnull functions, ensign_mhd_settings *_Nonnull settings) {
  struct MHD_OptionItem tls[] = {
      {MHD_OPTION_HTTPS_CERT_CALLBACK, 0, (void *)settings->certify},
      {MHD_OPTION_END, 0, NULL},
  };
  struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
  unsigned int flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_TURBO |
                       MHD_USE_ERROR_LOG | (settings->certify != NULL ? MHD_USE_TLS : 0);
  struct MHD_Daemon *daemon = functions->MHD_start_daemon(
      flags, 0, NULL, NULL, settings->handle, settings->context,
      // First, so that it hears what is said about the others.
      MHD_OPTION_EXTERNAL_LOGGER, ensign_mhd_log, settings,
      MHD_OPTION_LISTEN_SOCKET, settings->socket,
      MHD_OPTION_THREAD_POOL_SIZE, settings->threads > 1 ? settings->threads : 0,
      MHD_OPTION_CONNECTION_LIMIT, settings->connections,
      MHD_OPTION_PER_IP_CONNECTION_LIMIT, settings->connections_per_address,
      MHD_OPTION_CONNECTION_TIMEOUT, settings->timeout,
      MHD_OPTION_CONNECTION_MEMORY_LIMIT, settings->connection_memory,
      MHD_OPTION_CONNECTION_MEMORY_INCREMENT, (size_t)1024,
      MHD_OPTION_STRICT_FOR_CLIENT, 0,
      MHD_OPTION_NOTIFY_COMPLETED, settings->completed, settings->context,
      MHD_OPTION_NOTIFY_CONNECTION, settings->connected, settings->context,
      MHD_OPTION_URI_LOG_CALLBACK, settings->begun, settings->context,
      MHD_OPTION_UNESCAPE_CALLBACK, settings->unescape, settings->context,
      MHD_OPTION_ARRAY, settings->certify != NULL ? tls : none,
      MHD_OPTION_END);
  // From here on nobody reads what it says, and its threads would say it all at once.
  settings->message_size = 0;
  return daemon;
}

static inline int ensign_mhd_socket(const ensign_mhd *_Nonnull functions, struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
      functions->MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  return info == NULL ? -1 : info->connect_fd;
}

static inline const struct sockaddr *_Nullable ensign_mhd_address(
    const ensign_mhd *_Nonnull functions, struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
      functions->MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return info == NULL ? NULL : info->client_addr;
}

static inline void *_Nullable ensign_mhd_socket_context(
    const ensign_mhd *_Nonnull functions, struct MHD_Connection *_Nonnull connection) {
  const union MHD_ConnectionInfo *info =
      functions->MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return info == NULL ? NULL : info->socket_context;
}
