#define _GNU_SOURCE
#include "cbench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct cbench_streams {
  int epoll;
  size_t count;
  int *sockets;
  // Bytes of the mark that were seen at the end of what came last, of each stream; -1 when all of it was.
  int *matched;
};

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

// Connects from addresses of its own, so that no address runs out of ports.
static int connected(uint16_t port, size_t index) {
  int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F000002 + (uint32_t)(index / 5000))};
  struct sockaddr_in to = {
      .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int on = 1;
  setsockopt(descriptor, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &on, sizeof on);
  if (bind(descriptor, (struct sockaddr *)&from, sizeof from) == 0 &&
      connect(descriptor, (struct sockaddr *)&to, sizeof to) == 0)
    return descriptor;
  int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

cbench_streams *cbench_streams_open(uint16_t port, const char *request, size_t count) {
  cbench_streams *streams = calloc(1, sizeof *streams);
  if (streams == NULL) return NULL;
  streams->epoll = epoll_create1(EPOLL_CLOEXEC);
  streams->sockets = calloc(count, sizeof *streams->sockets);
  streams->matched = calloc(count, sizeof *streams->matched);
  for (; streams->count < count; streams->count++) {
    int descriptor = connected(port, streams->count);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = streams->count};
    if (descriptor < 0 || write(descriptor, request, strlen(request)) != (ssize_t)strlen(request) ||
        fcntl(descriptor, F_SETFL, O_NONBLOCK) != 0 ||
        epoll_ctl(streams->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
      int error = errno;
      if (descriptor >= 0) close(descriptor);
      cbench_streams_close(streams);
      errno = error;
      return NULL;
    }
    streams->sockets[streams->count] = descriptor;
  }
  return streams;
}

// Looks for the mark in what came, also where it was cut in two; the mark does not contain its own beginning again.
static bool sees(int *matched, const char *mark, int length, const char *bytes, ssize_t count) {
  for (ssize_t index = 0; index < count && *matched >= 0; index++) {
    if (bytes[index] == mark[*matched]) {
      if (++*matched == length) *matched = -1;
    } else {
      *matched = bytes[index] == mark[0] ? 1 : 0;
    }
  }
  return *matched < 0;
}

size_t cbench_streams_wait(cbench_streams *streams, const char *mark, double seconds, double start, double *delays) {
  int length = (int)strlen(mark);
  memset(streams->matched, 0, streams->count * sizeof *streams->matched);
  size_t seen = 0;
  double end = now() + seconds;
  struct epoll_event events[512];
  char buffer[16384];
  while (seen < streams->count && now() < end) {
    int ready = epoll_wait(streams->epoll, events, 512, 100);
    for (int index = 0; index < ready; index++) {
      size_t stream = events[index].data.u64;
      bool was = streams->matched[stream] < 0;
      ssize_t count = read(streams->sockets[stream], buffer, sizeof buffer);
      if (count == 0) {
        epoll_ctl(streams->epoll, EPOLL_CTL_DEL, streams->sockets[stream], NULL);
        continue;
      }
      if (count < 0) continue;
      if (sees(&streams->matched[stream], mark, length, buffer, count) && !was) delays[seen++] = now() - start;
    }
  }
  return seen;
}

double cbench_now(void) { return now(); }

void cbench_streams_close(cbench_streams *streams) {
  for (size_t index = 0; index < streams->count; index++) close(streams->sockets[index]);
  close(streams->epoll);
  free(streams->sockets);
  free(streams->matched);
  free(streams);
}
