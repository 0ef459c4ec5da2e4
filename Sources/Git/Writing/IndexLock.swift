internal import CGit2
internal import Glibc

/// The index of a work tree, held so that nobody else can change it: neither Git nor another one of these.
///
/// `index.lock` is what Git's own commands take for the same purpose. Whoever holds it may compare the index with a
/// commit, move the branch, and then put a new index in place, and nobody's changes are lost in between. The lock goes
/// with the value.
public struct IndexLock: ~Copyable {
  private let library: Library
  private let index: Handle
  /// `…/.git/index`.
  private let path: String
  /// A copy of the index, which is changed and then takes its place.
  private let copy: String
  /// False once the lock's file has become the index: then another process may hold one.
  private var isHeld = true

  /// Takes the lock, and waits for others to give it back.
  ///
  /// - Parameter milliseconds: how long to wait at most.
  /// - Throws: ``GitError/Code-swift.enum/locked`` when it is still taken then.
  init(of repository: borrowing Repository, waiting milliseconds: Int) throws(GitError) {
    var location = unsafe git_buf()
    defer { unsafe git_buf_dispose(&location) }
    let status = unsafe git_repository_item_path(
      &location, repository.handle.pointer, GIT_REPOSITORY_ITEM_INDEX)
    guard status == 0 else { throw repository.library.error(status, "git_repository_item_path") }
    let path = unsafe String(cString: location.ptr)
    let copy = path + ".ensign"
    try Self.take(path + ".lock", waiting: milliseconds)
    let index = try Self.opened(path, copiedTo: copy, repository.library)
    library = repository.library
    self.path = path
    self.copy = copy
    self.index = index
  }

  /// Opens a copy of the index.
  ///
  /// - Throws: after giving the lock back.
  private static func opened(_ path: String, copiedTo copy: String, _ library: Library) throws(GitError) -> Handle {
    // What is left of a process that was killed; only the holder of the lock has these.
    unsafe unlink(copy + ".lock")
    do throws(GitError) {
      try copyFile(path, to: copy)
      return try unsafe Handle(
        "git_index_open", of: library, freeingWith: git_index_free,
        explainingWith: Self.explain,
        making: { unsafe git_index_open($0, copy) })
    } catch {
      unsafe unlink(copy)
      unsafe unlink(path + ".lock")
      throw error
    }
  }

  /// An index that cannot be read.
  private static func explain(_ error: GitError) -> GitError {
    var error = error
    error.code = .other
    error.message = "the index is of a form that ensign cannot write: \(error.message)"
    error.help =
      "git update-index --no-split-index and git sparse-checkout reapply --no-sparse-index make it a plain one"
    return error
  }

  deinit {
    guard isHeld else { return }
    unsafe unlink(copy)
    unsafe unlink(path + ".lock")
  }

  /// Whether a file of the work tree, its entry in the index and a commit all say the same of it.
  public enum Agreement: Hashable, Sendable {
    /// They do.
    case all
    /// Another content is staged, or a conflict is not resolved.
    case staged
    /// The file differs from what is staged.
    case unstaged
  }

  /// Compares a file with its entry in the index and with a commit.
  ///
  /// - Parameters:
  ///   - path: from the top of the work tree.
  ///   - file: the same, absolute.
  ///   - blob: what the commit has there; nil when it has no such file.
  ///   - repository: the one whose index this is.
  public func agreement(
    on path: String, file: String, with blob: ObjectID?, in repository: borrowing Repository
  ) throws(GitError) -> Agreement {
    var entries: [ObjectID?] = []
    for stage in Int32(0)...3 {
      let entry = unsafe git_index_get_bypath(index.pointer, path, stage)
      entries.append(unsafe entry.map { unsafe ObjectID($0.pointee.id) })
    }
    guard entries == [blob, nil, nil, nil] else { return .staged }
    var status = stat()
    guard unsafe lstat(file, &status) == 0 else { return blob == nil && errno == ENOENT ? .all : .unstaged }
    guard let blob, status.st_mode & S_IFMT == S_IFREG else { return .unstaged }
    var id = git_oid()
    let hashed = unsafe git_repository_hashfile(
      &id, repository.handle.pointer, file, GIT_OBJECT_BLOB, path)
    guard hashed == 0 else { throw library.error(hashed, "git_repository_hashfile") }
    return ObjectID(id) == blob ? .all : .unstaged
  }

  /// Says what the index shall have of a file, as it now lies in the work tree.
  ///
  /// - Parameters:
  ///   - path: from the top of the work tree.
  ///   - file: the same, absolute. One that is not there yet gets an entry that Git looks at again.
  ///   - blob: its content; nil removes the entry.
  public func set(_ path: String, file: String, to blob: ObjectID?) throws(GitError) {
    guard let blob else {
      let status = unsafe git_index_remove_bypath(index.pointer, path)
      guard status == 0 || status == GIT_ENOTFOUND.rawValue else {
        throw library.error(status, "git_index_remove_bypath")
      }
      return
    }
    var entry = unsafe git_index_entry()
    var status = stat()
    let isExecutable: Bool
    if unsafe lstat(file, &status) == 0 {
      unsafe entry.ctime = .init(
        seconds: Int32(truncatingIfNeeded: status.st_ctim.tv_sec), nanoseconds: UInt32(status.st_ctim.tv_nsec))
      unsafe entry.mtime = .init(
        seconds: Int32(truncatingIfNeeded: status.st_mtim.tv_sec), nanoseconds: UInt32(status.st_mtim.tv_nsec))
      unsafe (entry.dev, entry.ino) = (
        UInt32(truncatingIfNeeded: status.st_dev), UInt32(truncatingIfNeeded: status.st_ino)
      )
      unsafe (entry.uid, entry.gid) = (status.st_uid, status.st_gid)
      unsafe entry.file_size = UInt32(truncatingIfNeeded: status.st_size)
    }
    if let old = unsafe git_index_get_bypath(index.pointer, path, 0) {
      isExecutable = unsafe old.pointee.mode == GIT_FILEMODE_BLOB_EXECUTABLE.rawValue
    } else {
      isExecutable = false
    }
    unsafe entry.mode = (isExecutable ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB).rawValue
    unsafe entry.id = blob.git
    let added = unsafe path.withCString { path in
      unsafe entry.path = unsafe path
      return unsafe git_index_add(index.pointer, &entry)
    }
    guard added == 0 else { throw library.error(added, "git_index_add") }
  }

  /// Writes the changed index beside the old one; nobody sees it yet.
  public func write() throws(GitError) {
    let status = unsafe git_index_write(index.pointer)
    guard status == 0 else { throw library.error(status, "git_index_write") }
  }

  /// Puts what ``write()`` wrote last in the place of the index, and gives the lock back.
  public consuming func commit() throws(GitError) {
    // The lock's own file becomes the index, as it does with Git: the lock is gone in the same moment.
    guard unsafe rename(copy, path + ".lock") == 0, unsafe rename(path + ".lock", path) == 0 else {
      throw GitError(.other, "the index cannot be written: \(unsafe String(cString: strerror(errno)))")
    }
    isHeld = false
  }

  private static func take(_ lock: String, waiting milliseconds: Int) throws(GitError) {
    var waited = 0
    while true {
      let descriptor = unsafe open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 {
        close(descriptor)
        return
      }
      guard errno == EEXIST else {
        throw GitError(.other, "cannot write '\(lock)': \(unsafe String(cString: strerror(errno)))")
      }
      guard waited < milliseconds else {
        throw GitError(
          .locked, "the index is locked: another Git process seems to run in this repository",
          help: "wait for it to end; if there is none, it crashed, and you may remove '\(lock)'")
      }
      usleep(5000)
      waited += 5
    }
  }

  private static func copyFile(_ path: String, to copy: String) throws(GitError) {
    let source = unsafe open(path, O_RDONLY | O_CLOEXEC)
    // A work tree in which nothing was ever added has no index.
    if source < 0, errno == ENOENT { return }
    defer { close(source) }
    let target = unsafe open(copy, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    defer { close(target) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var count = source < 0 || target < 0 ? -1 : 1
    while count > 0 {
      count = unsafe read(source, &buffer, buffer.count)
      if count > 0, unsafe Glibc.write(target, buffer, count) != count { count = -1 }
    }
    guard count == 0 else {
      throw GitError(.other, "cannot copy '\(path)': \(unsafe String(cString: strerror(errno)))")
    }
  }
}

extension Repository {
  /// Holds the index, so that nobody else can change it meanwhile.
  ///
  /// - Parameter milliseconds: how long to wait for another process to give it back.
  /// - Throws: ``GitError/Code-swift.enum/locked`` when it is still taken then.
  public func lockIndex(waiting milliseconds: Int) throws(GitError) -> IndexLock {
    try IndexLock(of: self, waiting: milliseconds)
  }
}
