#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "yaml_events.h"

// A buffer that grows and is used for one file after the other.
typedef struct buffer {
  unsigned char *bytes;
  size_t length;
  size_t capacity;
} buffer;

static int read_file(const char *path, buffer *into) {
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  struct stat status;
  if (fstat(descriptor, &status) != 0) goto failed;
  size_t size = (size_t)status.st_size;
  if (size > into->capacity) {
    unsigned char *grown = realloc(into->bytes, size);
    if (grown == NULL) goto failed;
    into->bytes = grown;
    into->capacity = size;
  }
  into->length = 0;
  while (into->length < size) {
    ssize_t got = read(descriptor, into->bytes + into->length, size - into->length);
    if (got < 0) goto failed;
    if (got == 0) break;
    into->length += (size_t)got;
  }
  return close(descriptor) == 0 ? 0 : errno;

failed:;
  int error = errno;
  close(descriptor);
  return error;
}

int cbench_read_files(const char *const *paths, size_t count, bool parse, cbench_counts *counts, size_t *failed) {
  buffer file = {0};
  int error = 0;
  *counts = (cbench_counts){0};
  for (size_t i = 0; i < count && error == 0; i++) {
    *failed = i;
    error = read_file(paths[i], &file);
    if (error != 0) break;
    counts->files += 1;
    counts->bytes += file.length;
    if (parse && !cbench_parse_events(file.bytes, file.length, &counts->events)) error = EILSEQ;
  }
  free(file.bytes);
  return error;
}

bool cbench_parse_events(const unsigned char *bytes, size_t length, size_t *events) {
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser)) return false;
  yaml_parser_set_input_string(&parser, bytes, length);
  bool ended = false;
  while (!ended) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event)) break;
    *events += 1;
    ended = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return ended;
}
