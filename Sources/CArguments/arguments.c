#include "arguments.h"

#include <stddef.h>

static int count;
static char **words;

__attribute__((constructor)) static void note(int given_count, char **given_words) {
  count = given_count;
  words = given_words;
}

int ensign_argument_count(void) { return count; }

const char *ensign_argument(int place) { return place >= 0 && place < count ? words[place] : NULL; }

// What `CommandLine` asks for (stdlib/public/stubs/CommandLine.cpp of Swift 6.3).
char **_swift_stdlib_getUnsafeArgvArgc(int *given_count) {
  *given_count = count;
  return words;
}

void _swift_stdlib_overrideUnsafeArgvArgc(char **given_words, int given_count) { note(given_count, given_words); }
