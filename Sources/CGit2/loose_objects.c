// Reads loose objects (a file for each, compressed) in place of libgit2, which never returns from one that is cut off:
// its loop asks zlib for more until there is more. Damage like that is what a crash or a full disk leaves behind.
//
// A backend before libgit2's own; what it does not know how to read it leaves to that. Loose objects of repositories
// that this one borrows from (objects/info/alternates) are read by libgit2 as before.
#include "CGit2.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#pragma clang assume_nonnull begin

typedef struct ensign_loose_objects {
  git_odb_backend backend;
  char directory[];
} ensign_loose_objects;

// The start of the file of an object, at most `limit` bytes, to be freed. GIT_ENOTFOUND where there is no such file.
static int ensign_loose_file(const ensign_loose_objects *self, const git_oid *id, size_t limit,
                             unsigned char *_Nullable *_Nonnull bytes, size_t *count) {
  char hex[GIT_OID_HEXSZ + 1], path[PATH_MAX];
  for (int i = 0; i < GIT_OID_RAWSZ; i++) snprintf(hex + 2 * i, 3, "%02x", id->id[i]);
  int length = snprintf(path, sizeof path, "%s/%.2s/%s", self->directory, hex, hex + 2);
  if (length < 0 || (size_t)length >= sizeof path) return GIT_ENOTFOUND;
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return GIT_ENOTFOUND;
  struct stat status;
  // zlib counts in int. libgit2 reads what is larger than that, as it reads folders and devices: with an error.
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > INT_MAX) {
    close(file);
    return GIT_ENOTFOUND;
  }
  size_t wanted = (size_t)status.st_size < limit ? (size_t)status.st_size : limit;
  unsigned char *buffer = malloc(wanted + 1);
  ssize_t got = 1;
  *count = 0;
  while (buffer != NULL && *count < wanted && got > 0) {
    got = read(file, buffer + *count, wanted - *count);
    if (got > 0) *count += (size_t)got;
  }
  close(file);
  if (buffer == NULL || got < 0) {
    free(buffer);
    return GIT_ENOTFOUND;
  }
  *bytes = buffer;
  return 0;
}

static int ensign_loose_damaged(const char *reason) {
  git_error_set_str(GIT_ERROR_ODB, reason);
  return GIT_ERROR;
}

// The type of an object by its name in the file, or GIT_OBJECT_INVALID.
static git_object_t ensign_loose_type(const char *name) {
  if (strcmp(name, "blob") == 0) return GIT_OBJECT_BLOB;
  if (strcmp(name, "tree") == 0) return GIT_OBJECT_TREE;
  if (strcmp(name, "commit") == 0) return GIT_OBJECT_COMMIT;
  if (strcmp(name, "tag") == 0) return GIT_OBJECT_TAG;
  return GIT_OBJECT_INVALID;
}

// Decompresses a file's bytes: "type size", a NUL, the content. Stores the content, with a NUL behind it, unless `data`
// is NULL.
static int ensign_loose_inflate(ensign_loose_objects *self, const unsigned char *bytes, size_t count,
                                void *_Nullable *_Nullable data, size_t *size, git_object_t *type) {
  z_stream stream = {.next_in = (unsigned char *)bytes, .avail_in = (unsigned)count};
  char head[64], name[8];
  stream.next_out = (unsigned char *)head;
  stream.avail_out = sizeof head;
  if (inflateInit(&stream) != Z_OK) return ensign_loose_damaged("zlib cannot be used");
  int state = inflate(&stream, Z_SYNC_FLUSH);
  size_t had = sizeof head - stream.avail_out;
  char *end = memchr(head, 0, had);
  int status = GIT_ERROR, scanned = 0;
  if (end != NULL && sscanf(head, "%7[a-z] %zu%n", name, size, &scanned) == 2 && head + scanned == end)
    *type = ensign_loose_type(name);
  else
    *type = GIT_OBJECT_INVALID;
  // No compression of zlib shrinks to less than a 1032nd: what claims to is damaged, and asks for much memory.
  if (*type == GIT_OBJECT_INVALID || (data != NULL && *size / 1032 > count)) {
    ensign_loose_damaged("the file does not begin like an object, or is cut off");
  } else if (data == NULL) {
    status = 0;
  } else if (*size > INT_MAX) {
    status = GIT_ENOTFOUND;  // See ensign_loose_file.
  } else {
    size_t used = had - (size_t)(end + 1 - head);
    char *content = git_odb_backend_data_alloc(&self->backend, *size + 1);
    if (content != NULL && used <= *size) {
      memcpy(content, end + 1, used);
      content[*size] = 0;
      stream.next_out = (unsigned char *)content + used;
      stream.avail_out = (unsigned)(*size - used);
      // Everything that is there is given at once, so one call reaches the end or there is none.
      if (state != Z_STREAM_END) state = inflate(&stream, Z_FINISH);
      if (state == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0) status = 0;
    }
    if (status == 0) {
      *data = content;
    } else {
      if (content != NULL) git_odb_backend_data_free(&self->backend, content);
      ensign_loose_damaged("the file is cut off, or has more than one object");
    }
  }
  inflateEnd(&stream);
  return status;
}

static int ensign_loose_load(ensign_loose_objects *self, const git_oid *id, size_t limit,
                             void *_Nullable *_Nullable data, size_t *size, git_object_t *type) {
  unsigned char *bytes = NULL;
  size_t count = 0;
  int status = ensign_loose_file(self, id, limit, &bytes, &count);
  if (status != 0) return status;
  // Files that are not compressed by zlib from their first byte are of a form that Git wrote in 2006.
  int isZlib = count >= 2 && (bytes[0] & 0x8F) == 0x08 && (bytes[0] << 8 | bytes[1]) % 31 == 0;
  status = isZlib ? ensign_loose_inflate(self, bytes, count, data, size, type) : GIT_ENOTFOUND;
  free(bytes);
  return status;
}

static int ensign_loose_read(void *_Nullable *_Nonnull data, size_t *size, git_object_t *type,
                             git_odb_backend *self, const git_oid *id) {
  return ensign_loose_load((ensign_loose_objects *)self, id, INT_MAX, data, size, type);
}

static int ensign_loose_read_header(size_t *size, git_object_t *type, git_odb_backend *self, const git_oid *id) {
  // The first block of a compressed file holds far more than the header.
  return ensign_loose_load((ensign_loose_objects *)self, id, 4096, NULL, size, type);
}

// The only object whose id begins like this, or GIT_ENOTFOUND: where there are several, libgit2 finds that out itself,
// before it reads one.
static int ensign_loose_find(const ensign_loose_objects *self, const git_oid *prefix, size_t length,
                             git_oid *found) {
  char hex[GIT_OID_HEXSZ + 1], path[PATH_MAX];
  for (int i = 0; i < GIT_OID_RAWSZ; i++) snprintf(hex + 2 * i, 3, "%02x", prefix->id[i]);
  int written = snprintf(path, sizeof path, "%s/%.2s", self->directory, hex);
  DIR *folder = length < 2 || written < 0 || (size_t)written >= sizeof path ? NULL : opendir(path);
  if (folder == NULL) return GIT_ENOTFOUND;
  int count = 0;
  for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
    if (strlen(entry->d_name) != GIT_OID_HEXSZ - 2 || strncmp(entry->d_name, hex + 2, length - 2) != 0) continue;
    memcpy(hex + 2, entry->d_name, GIT_OID_HEXSZ - 2);
    count++;
  }
  closedir(folder);
  return count == 1 && git_oid_fromstr(found, hex) == 0 ? 0 : GIT_ENOTFOUND;
}

static int ensign_loose_read_prefix(git_oid *found, void *_Nullable *_Nonnull data, size_t *size,
                                    git_object_t *type, git_odb_backend *self, const git_oid *prefix,
                                    size_t length) {
  int status = ensign_loose_find((ensign_loose_objects *)self, prefix, length, found);
  return status == 0 ? ensign_loose_read(data, size, type, self, found) : status;
}

static void ensign_loose_free(git_odb_backend *self) { free(self); }
                              
int ensign_git2_read_loose_objects(git_odb *objects, const char *directory) {
  ensign_loose_objects *self = calloc(1, sizeof *self + strlen(directory) + 1);
  if (self == NULL) return GIT_ERROR;
  strcpy(self->directory, directory);
  self->backend.version = GIT_ODB_BACKEND_VERSION;
  self->backend.read = ensign_loose_read;
  self->backend.read_header = ensign_loose_read_header;
  self->backend.read_prefix = ensign_loose_read_prefix;
  self->backend.free = ensign_loose_free;
  int status = git_odb_add_backend(objects, &self->backend, 2);  // Packed objects have 2, loose ones 1.
  if (status != 0) free(self);
  return status;
}

#pragma clang assume_nonnull end
