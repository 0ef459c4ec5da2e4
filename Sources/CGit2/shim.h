// libgit2, bound at run time. Linking it costs every command 2 ms for its seventeen libraries, used or not, so the
// functions are looked up in the library when the first command needs Git. The types and prototypes are those of
// Debian's header, and the name of the library carries the version of that header, so the two cannot drift apart.
#pragma once

#include <dlfcn.h>
#include <git2.h>
#include <git2/sys/commit.h>
#include <git2/sys/odb_backend.h>
#include <stddef.h>
#include <zlib.h>

// Every function of libgit2 that the project calls, and of zlib, which comes with it. Add a line to use another one.
#define ENSIGN_GIT2_FUNCTIONS(X)       \
  X(git_libgit2_init)                  \
  X(git_libgit2_opts)                  \
  X(git_error_last)                    \
  X(git_repository_open_ext)           \
  X(git_repository_free)               \
  X(git_revparse_single)               \
  X(git_object_peel)                   \
  X(git_object_free)                   \
  X(git_tree_lookup)                   \
  X(git_tree_free)                     \
  X(git_tree_walk)                     \
  X(git_tree_entry_bypath)             \
  X(git_tree_entry_free)               \
  X(git_tree_entry_id)                 \
  X(git_tree_entry_name)               \
  X(git_tree_entry_type)               \
  X(git_blob_lookup)                   \
  X(git_blob_rawcontent)               \
  X(git_blob_rawsize)                  \
  X(git_blob_free)                     \
  X(git_repository_path)               \
  X(git_repository_workdir)            \
  X(git_repository_commondir)          \
  X(git_repository_is_shallow)         \
  X(git_repository_odb)                \
  X(git_repository_head_unborn)        \
  X(git_odb_read)                      \
  X(git_odb_read_header)               \
  X(git_odb_hash)                      \
  X(git_odb_free)                      \
  X(git_odb_object_data)               \
  X(git_odb_object_size)               \
  X(git_odb_object_type)               \
  X(git_odb_object_free)               \
  X(git_object_id)                     \
  X(git_object_type)                   \
  X(git_commit_lookup)                 \
  X(git_commit_free)                   \
  X(git_commit_tree_id)                \
  X(git_commit_parentcount)            \
  X(git_commit_parent_id)              \
  X(git_commit_author)                 \
  X(git_commit_committer)              \
  X(git_commit_summary)                \
  X(git_commit_message)                \
  X(git_reference_iterator_new)        \
  X(git_reference_iterator_free)       \
  X(git_reference_next_name)           \
  X(git_repository_item_path)          \
  X(git_revparse_ext)                  \
  X(git_reference_resolve)             \
  X(git_reference_name)                \
  X(git_reference_free)                \
  X(git_revwalk_new)                   \
  X(git_revwalk_free)                  \
  X(git_revwalk_push)                  \
  X(git_revwalk_next)                  \
  X(git_revwalk_simplify_first_parent) \
  X(git_graph_descendant_of)           \
  X(git_status_options_init)           \
  X(git_status_list_new)               \
  X(git_status_list_entrycount)        \
  X(git_status_byindex)                \
  X(git_status_list_free)              \
  X(git_buf_dispose)                   \
  X(git_error_set_str)                 \
  X(git_odb_add_backend)               \
  X(git_oid_fromstr)                   \
  X(git_odb_backend_data_alloc)        \
  X(git_odb_backend_data_free)         \
  X(git_blob_create_from_buffer)       \
  X(git_treebuilder_new)               \
  X(git_treebuilder_free)              \
  X(git_treebuilder_insert)            \
  X(git_treebuilder_remove)            \
  X(git_treebuilder_entrycount)        \
  X(git_treebuilder_write)             \
  X(git_commit_create_from_ids)        \
  X(git_signature_new)                 \
  X(git_signature_free)                \
  X(git_reference_create_matching)     \
  X(git_reference_lookup)              \
  X(git_reference_symbolic_target)     \
  X(git_reference_name_to_id)          \
  X(git_repository_state)              \
  X(git_repository_set_ident)          \
  X(git_repository_hashfile)           \
  X(git_repository_config_snapshot)    \
  X(git_config_get_string)             \
  X(git_config_get_path)               \
  X(git_config_get_bool)               \
  X(git_config_free)                   \
  X(git_index_open)                    \
  X(git_index_free)                    \
  X(git_index_get_bypath)              \
  X(git_index_add)                     \
  X(git_index_remove_bypath)           \
  X(git_index_write)                   \
  X(inflateInit_)                      \
  X(inflate)                           \
  X(inflateEnd)

#pragma clang assume_nonnull begin

typedef struct ensign_git2 {
#define X(name) __typeof__(&name) _Nonnull name;
  ENSIGN_GIT2_FUNCTIONS(X)
#undef X
} ensign_git2;

// Fills `functions`. Returns NULL, or a static text or one of dlerror() that says what is missing.
static inline const char *_Nullable ensign_git2_load(ensign_git2 *functions) {
  void *library = dlopen("libgit2.so." LIBGIT2_SOVERSION, RTLD_LAZY | RTLD_LOCAL);
  if (library == NULL) return dlerror();
#define X(name)                                              \
  functions->name = (__typeof__(&name))dlsym(library, #name); \
  if (functions->name == NULL) return "libgit2 lacks " #name;
  ENSIGN_GIT2_FUNCTIONS(X)
#undef X
  return NULL;
}

// Options are variadic, which Swift cannot call.

static inline int ensign_git2_set_strict_hash_verification(const ensign_git2 *functions, int enabled) {
  return functions->git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}

// Extensions of the repository format that change nothing about how objects are read, and that this version of libgit2
// would refuse.
static inline int ensign_git2_allow_extensions(const ensign_git2 *functions) {
  const char *extensions[] = {"partialclone", "preciousobjects", "worktreeconfig"};
  return functions->git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, sizeof extensions / sizeof *extensions);
}

// The state of the files below `folder`, which is a path and no pattern; empty for all. A file that cannot be read is
// told: nobody knows whether it was changed.
static inline int ensign_git2_status(const ensign_git2 *functions, git_status_list *_Nullable *_Nonnull list,
                                     git_repository *repository, const char *folder) {
  git_status_options options;
  int status = functions->git_status_options_init(&options, GIT_STATUS_OPTIONS_VERSION);
  if (status != 0) return status;
  options.flags = GIT_STATUS_OPT_INCLUDE_UNTRACKED | GIT_STATUS_OPT_RECURSE_UNTRACKED_DIRS |
                  GIT_STATUS_OPT_INCLUDE_UNREADABLE | GIT_STATUS_OPT_DISABLE_PATHSPEC_MATCH;
  char *paths[] = {(char *)folder};
  options.pathspec = (git_strarray){paths, *folder == 0 ? 0 : 1};
  return functions->git_status_list_new(list, repository, &options);
}

#pragma clang assume_nonnull end

#include "loose_objects.h"
