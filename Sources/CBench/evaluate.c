#include <pthread.h>
#include <string.h>

#include "cbench.h"

// A flag as a flat program: an instruction tests one slot; if the test fails, control goes to instruction `otherwise`.
enum opcode { TEXT_IN, NUMBER_AT_LEAST, TEXT_ENDS_WITH, SERVE, SPLIT };

typedef struct text {
  const char *bytes;
  size_t length;
} text;

typedef struct range {
  uint32_t until;
  uint32_t variant;
} range;

typedef struct instruction {
  enum opcode opcode;
  uint32_t slot;
  uint32_t otherwise;
  uint32_t count;
  union {
    const text *texts;
    double number;
    const range *ranges;
  };
  text seed;
} instruction;

#define TEXT(literal) {literal, sizeof(literal) - 1}

static const text countries[] = {TEXT("AT"), TEXT("CH"), TEXT("DE"), TEXT("FR"), TEXT("NL")};
static const text staff[] = {TEXT("@acme.example")};
static const text premium[] = {TEXT("premium")};
static const range split[] = {{30000, 1}, {100000, 0}};

static const instruction program[] = {
    {.opcode = NUMBER_AT_LEAST, .slot = CBENCH_AGE, .otherwise = 3, .number = 65},
    {.opcode = TEXT_IN, .slot = CBENCH_COUNTRY, .otherwise = 3, .count = 5, .texts = countries},
    {.opcode = SERVE, .count = 1},
    {.opcode = TEXT_ENDS_WITH, .slot = CBENCH_EMAIL, .otherwise = 5, .count = 1, .texts = staff},
    {.opcode = SERVE, .count = 1},
    {.opcode = TEXT_IN, .slot = CBENCH_PLAN, .otherwise = 7, .count = 1, .texts = premium},
    {.opcode = SERVE, .count = 1},
    {.opcode = SPLIT, .slot = CBENCH_TARGETING_KEY, .ranges = split, .seed = TEXT("checkout-2026/")},
};

static inline uint32_t rotate(uint32_t value, int by) { return (value << by) | (value >> (32 - by)); }

static inline uint32_t murmur3(const unsigned char *bytes, size_t length) {
  const uint32_t c1 = 0xcc9e2d51, c2 = 0x1b873593;
  uint32_t hash = 0;
  size_t blocks = length / 4;
  for (size_t i = 0; i < blocks; i++) {
    uint32_t block;
    memcpy(&block, bytes + i * 4, 4);
    hash ^= rotate(block * c1, 15) * c2;
    hash = rotate(hash, 13) * 5 + 0xe6546b64;
  }
  const unsigned char *tail = bytes + blocks * 4;
  uint32_t rest = 0;
  switch (length & 3) {
    case 3: rest ^= (uint32_t)tail[2] << 16;  // fall through
    case 2: rest ^= (uint32_t)tail[1] << 8;   // fall through
    case 1: hash ^= rotate((rest ^ tail[0]) * c1, 15) * c2;
  }
  hash ^= (uint32_t)length;
  hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
  return hash ^ (hash >> 16);
}

static inline uint32_t bucket(text seed, const cbench_value *value) {
  unsigned char key[256];
  if (seed.length + value->length > sizeof key) return 0;
  memcpy(key, seed.bytes, seed.length);
  memcpy(key + seed.length, value->text, value->length);
  return (uint32_t)(((uint64_t)murmur3(key, seed.length + value->length) * 100000) >> 32);
}

static inline bool is_one_of(const cbench_value *value, const text *texts, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    bool may_be = texts[i].length == value->length && texts[i].bytes[0] == value->text[0];
    if (may_be && memcmp(texts[i].bytes, value->text, value->length) == 0) return true;
  }
  return false;
}

static inline bool ends_with(const cbench_value *value, text end) {
  return value->length >= end.length &&
         memcmp(value->text + value->length - end.length, end.bytes, end.length) == 0;
}

// Whether the test of an instruction holds. A missing value, and one of the other type, makes it false.
static inline bool holds(const instruction *at, const cbench_value *value) {
  switch (at->opcode) {
    case TEXT_IN: return value->text != NULL && is_one_of(value, at->texts, at->count);
    case TEXT_ENDS_WITH: return value->text != NULL && ends_with(value, at->texts[0]);
    default: return value->text == NULL && value->number >= at->number;
  }
}

static uint32_t evaluate(const cbench_value *context) {
  const instruction *at = program;
  for (;;) {
    const cbench_value *value = &context[at->slot];
    switch (at->opcode) {
      case SERVE: return at->count;
      case SPLIT: {
        if (value->text == NULL) return 0;
        uint32_t hashed = bucket(at->seed, value);
        const range *range = at->ranges;
        while (hashed >= range->until) range++;
        return range->variant;
      }
      default: at = holds(at, value) ? at + 1 : program + at->otherwise;
    }
  }
}

// One thread's work and its result.
typedef struct work {
  const cbench_value *contexts;
  size_t count;
  size_t rounds;
  int64_t on;
} work;

static void *run(void *argument) {
  work *mine = argument;
  int64_t on = 0;
  for (size_t round = 0; round < mine->rounds; round++) {
    for (size_t i = 0; i < mine->count; i++) on += evaluate(mine->contexts + i * CBENCH_SLOTS);
  }
  mine->on = on;
  return NULL;
}

int64_t cbench_evaluate(const cbench_value *contexts, size_t count, size_t rounds, size_t threads) {
  enum { MOST = 64 };
  if (threads == 0 || threads > MOST) return -1;
  pthread_t started[MOST];
  work works[MOST];
  for (size_t i = 0; i < threads; i++) works[i] = (work){contexts, count, rounds, 0};
  size_t running = 1;
  while (running < threads && pthread_create(&started[running], NULL, run, &works[running]) == 0) running++;
  run(&works[0]);
  for (size_t i = 1; i < running; i++) pthread_join(started[i], NULL);
  return running == threads ? works[0].on : -1;
}
