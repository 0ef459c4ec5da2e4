#define _GNU_SOURCE
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cbench.h"

int cbench_prepare_memory(size_t bytes) {
  static const char piece[1 << 16] = {1};
  int file = memfd_create("ensign-bench", MFD_CLOEXEC);
  if (file < 0) return errno;
  int failed = 0;
  for (size_t done = 0; done < bytes && failed == 0; done += sizeof piece)
    if (write(file, piece, sizeof piece) != (ssize_t)sizeof piece) failed = errno ? errno : EIO;
  close(file);
  return failed;
}
