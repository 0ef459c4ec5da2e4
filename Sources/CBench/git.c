#include <pthread.h>
#include <string.h>

#include <CGit2.h>

#include "yaml_events.h"

static bool initialized;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void initialize(void) {
  initialized = git_libgit2_init() > 0 && ensign_git2_set_strict_hash_verification(0) == 0;
}

// What the walk over a tree needs at each entry.
typedef struct walk {
  git_repository *repository;
  cbench_counts *counts;
  bool parse;
} walk;

static int read_entry(const char *root, const git_tree_entry *entry, void *payload) {
  (void)root;
  walk *walking = payload;
  if (git_tree_entry_type(entry) != GIT_OBJECT_BLOB) return 0;
  const char *name = git_tree_entry_name(entry);
  size_t length = strlen(name);
  if (length < 5 || memcmp(name + length - 5, ".yaml", 5) != 0) return 0;

  git_blob *blob = NULL;
  int status = git_blob_lookup(&blob, walking->repository, git_tree_entry_id(entry));
  if (status < 0) return status;
  size_t size = (size_t)git_blob_rawsize(blob);
  walking->counts->files += 1;
  walking->counts->bytes += size;
  if (walking->parse && !cbench_parse_events(git_blob_rawcontent(blob), size, &walking->counts->events)) {
    status = GIT_EUSER;
  }
  git_blob_free(blob);
  return status;
}

const char *cbench_read_commit(
    const char *repository, const char *revision, const char *prefix, bool parse, cbench_counts *counts) {
  pthread_once(&once, initialize);
  if (!initialized) return "git_libgit2_init failed";

  *counts = (cbench_counts){0};
  walk walking = {.counts = counts, .parse = parse};
  git_object *found = NULL, *tree = NULL;
  git_tree_entry *folder = NULL;
  git_tree *below = NULL;
  const char *failed = NULL;
  if (git_repository_open_ext(&walking.repository, repository, 0, NULL) < 0) {
    failed = "git_repository_open_ext failed";
  } else if (git_revparse_single(&found, walking.repository, revision) < 0) {
    failed = "git_revparse_single failed";
  } else if (git_object_peel(&tree, found, GIT_OBJECT_TREE) < 0) {
    failed = "git_object_peel failed";
  } else if (*prefix != 0) {
    if (git_tree_entry_bypath(&folder, (git_tree *)tree, prefix) < 0 ||
        git_tree_lookup(&below, walking.repository, git_tree_entry_id(folder)) < 0) {
      failed = "the commit has no such folder";
    }
  }
  git_tree *start = below != NULL ? below : (git_tree *)tree;
  if (failed == NULL && git_tree_walk(start, GIT_TREEWALK_PRE, read_entry, &walking) < 0) {
    failed = "git_tree_walk or a blob in it failed";
  }
  if (below != NULL) git_tree_free(below);
  if (folder != NULL) git_tree_entry_free(folder);
  if (tree != NULL) git_object_free(tree);
  if (found != NULL) git_object_free(found);
  if (walking.repository != NULL) git_repository_free(walking.repository);
  return failed;
}
