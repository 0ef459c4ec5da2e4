// The baselines in C that `ensign-bench` measures against, each written as a careful C programmer would write the
// same work without a library in between, and a counter of allocations.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// MARK: Free memory

// Lets the system have so much free memory at hand, where it is a virtual machine whose host takes what is not used. It
// is that of a file without a name, none of this process: what a child had at its peak is never told as less than what
// its parent had. Returns 0, or a number of errno.
int cbench_prepare_memory(size_t bytes);

// MARK: Bare libyaml

// What a run over files or blobs has read.
typedef struct cbench_counts {
  size_t files;
  size_t bytes;
  size_t events;
} cbench_counts;

// Reads each of the files (open, read, close), one after the other on the calling thread, and, if `parse`, parses
// it to libyaml's events. Returns 0, or a number of errno; `failed` is then the index of the file. EILSEQ: not YAML.
int cbench_read_files(const char *const *paths, size_t count, bool parse, cbench_counts *counts, size_t *failed);

// MARK: Bare libgit2

// Reads each blob below the folder `prefix` ("" for the whole tree) of what `revision` names whose name ends in
// ".yaml", on the calling thread, and, if `parse`, parses it to libyaml's events. The repository is opened anew, so
// nothing is cached between two calls. libgit2's hash verification, which git does not do on reading either, is off.
// Returns NULL, or a text that says what failed.
const char *cbench_read_commit(
    const char *repository, const char *revision, const char *prefix, bool parse, cbench_counts *counts);

// MARK: Evaluation

// The flag that is evaluated, in words:
//   rule 1  age at least 65 and country in [AT, CH, DE, FR, NL]
//   rule 2  email ends with "@acme.example"
//   rule 3  plan is "premium"
//   otherwise  split on 30, off 70, by targetingKey, seed "checkout-2026"
enum cbench_slot {
  CBENCH_TARGETING_KEY,
  CBENCH_COUNTRY,
  CBENCH_AGE,
  CBENCH_EMAIL,
  CBENCH_PLAN,
  CBENCH_SLOTS,
};

// One value of a context: a text of `length` bytes, or a number where `text` is NULL; the number of a missing value is
// not a number, so that no test on it holds.
typedef struct cbench_value {
  const char *text;
  union {
    size_t length;
    double number;
  };
} cbench_value;

// Evaluates the flag for `count` contexts of CBENCH_SLOTS values each, `rounds` times over, on `threads` threads, each
// of which does the whole work. Returns how often "on" was served by one thread (the same for each), or -1 when no
// thread can be started.
int64_t cbench_evaluate(const cbench_value *contexts, size_t count, size_t rounds, size_t threads);

// MARK: Allocations

// Starts to count the calls of malloc, calloc, realloc and their aligned kin on the calling thread.
void cbench_count_allocations(void);

// Stops counting, and returns how many calls there were since the start.
uint64_t cbench_counted_allocations(void);

// MARK: Streams of events

// Streams of events over HTTP, read by one thread with epoll.
typedef struct cbench_streams cbench_streams;

// Opens `count` streams at a port of this machine, each with the same request. Returns NULL, and errno, when that fails.
cbench_streams *cbench_streams_open(uint16_t port, const char *request, size_t count);

// Reads until every stream has brought a text, or seconds have passed. Returns how many did; `delays` has room for all
// of them, and gets the seconds since `start` (a time of CLOCK_MONOTONIC), in ascending order.
size_t cbench_streams_wait(cbench_streams *streams, const char *mark, double seconds, double start, double *delays);

// Seconds of CLOCK_MONOTONIC.
double cbench_now(void);

void cbench_streams_close(cbench_streams *streams);
