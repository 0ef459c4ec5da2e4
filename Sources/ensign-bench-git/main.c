// What a program takes that is linked with libgit2 as Debian has it, initialises it, and ends.
#include <git2.h>

int main(void) { return git_libgit2_init() > 0 ? 0 : 1; }
