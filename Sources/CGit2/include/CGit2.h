// libgit2, as Debian has it, and what Swift cannot do with it: call variadic functions, and be a backend for objects.
// It is linked statically, without what speaks to servers (`unused_network.c`).
#pragma once

#include <git2.h>
#include <git2/sys/commit.h>
#include <git2/sys/odb_backend.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

// Options are variadic, which Swift cannot call.

static inline int ensign_git2_set_strict_hash_verification(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}

// Extensions of the repository format that change nothing about how objects are read, and that this version of libgit2
// would refuse.
static inline int ensign_git2_allow_extensions(void) {
  const char *extensions[] = {"partialclone", "preciousobjects", "worktreeconfig"};
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, sizeof extensions / sizeof *extensions);
}

// The state of the files below `folder`, which is a path and no pattern; empty for all. A file that cannot be read is
// told: nobody knows whether it was changed.
static inline int ensign_git2_status(git_status_list *_Nullable *_Nonnull list, git_repository *repository,
                                     const char *folder) {
  git_status_options options;
  int status = git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
  if (status != 0) return status;
  options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
                  GIT_STATUS_OPT_INCLUDE_UNREADABLE | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
  char *paths[] = {(char *)folder};
  options.pathspec = (git_strarray){paths, *folder == 0 ? 0 : 1};
  return git_status_list_new(list, repository, &options);
}

// Puts a backend that reads loose objects before those of `objects`, whose files lie below `directory`.
int ensign_git2_read_loose_objects(git_odb *objects, const char *directory);

#pragma clang assume_nonnull end
