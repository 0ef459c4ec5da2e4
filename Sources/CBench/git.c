#include <pthread.h>
#include <string.h>

#include "../CGit2/shim.h"
#include "yaml_events.h"

static ensign_git2 git;
static const char *unloaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
  unloaded = ensign_git2_load(&git);
  if (unloaded != NULL) return;
  if (git.git_libgit2_init() < 0) {
    unloaded = "git_libgit2_init failed";
    return;
  }
  git.git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
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
  if (git.git_tree_entry_type(entry) != GIT_OBJECT_BLOB) return 0;
  const char *name = git.git_tree_entry_name(entry);
  size_t length = strlen(name);
  if (length < 5 || memcmp(name + length - 5, ".yaml", 5) != 0) return 0;

  git_blob *blob = NULL;
  int status = git.git_blob_lookup(&blob, walking->repository, git.git_tree_entry_id(entry));
  if (status < 0) return status;
  size_t size = (size_t)git.git_blob_rawsize(blob);
  walking->counts->files += 1;
  walking->counts->bytes += size;
  if (walking->parse && !cbench_parse_events(git.git_blob_rawcontent(blob), size, &walking->counts->events)) {
    status = GIT_EUSER;
  }
  git.git_blob_free(blob);
  return status;
}

const char *cbench_read_commit(
    const char *repository, const char *revision, const char *prefix, bool parse, cbench_counts *counts) {
  pthread_once(&once, load);
  if (unloaded != NULL) return unloaded;

  *counts = (cbench_counts){0};
  walk walking = {.counts = counts, .parse = parse};
  git_object *found = NULL, *tree = NULL;
  git_tree_entry *folder = NULL;
  git_tree *below = NULL;
  const char *failed = NULL;
  if (git.git_repository_open_ext(&walking.repository, repository, 0, NULL) < 0) {
    failed = "git_repository_open_ext failed";
  } else if (git.git_revparse_single(&found, walking.repository, revision) < 0) {
    failed = "git_revparse_single failed";
  } else if (git.git_object_peel(&tree, found, GIT_OBJECT_TREE) < 0) {
    failed = "git_object_peel failed";
  } else if (*prefix != 0) {
    if (git.git_tree_entry_bypath(&folder, (git_tree *)tree, prefix) < 0 ||
        git.git_tree_lookup(&below, walking.repository, git.git_tree_entry_id(folder)) < 0) {
      failed = "the commit has no such folder";
    }
  }
  git_tree *start = below != NULL ? below : (git_tree *)tree;
  if (failed == NULL && git.git_tree_walk(start, GIT_TREEWALK_PRE, read_entry, &walking) < 0) {
    failed = "git_tree_walk or a blob in it failed";
  }
  if (below != NULL) git.git_tree_free(below);
  if (folder != NULL) git.git_tree_entry_free(folder);
  if (tree != NULL) git.git_object_free(tree);
  if (found != NULL) git.git_object_free(found);
  if (walking.repository != NULL) git.git_repository_free(walking.repository);
  return failed;
}
