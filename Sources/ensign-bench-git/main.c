// The least that a program with Git takes: it loads libgit2, initialises it, and ends.
#include <stdio.h>

#include "../CGit2/shim.h"

int main(void) {
  ensign_git2 git;
  const char *missing = ensign_git2_load(&git);
  if (missing != NULL) {
    fprintf(stderr, "ensign-bench-git: %s\n", missing);
    return 2;
  }
  return git.git_libgit2_init() > 0 ? 0 : 1;
}
