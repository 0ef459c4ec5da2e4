internal import CGit2
internal import Glibc

/// An open Git repository with a work tree, without one (bare), or a further work tree of one.
///
/// It may be used by one thread at a time and cannot be copied; another thread opens its own with
/// ``init(gitDirectory:verifiesObjects:)``, which costs a fraction of a millisecond. Repositories of SHA-1 objects only.
public struct Repository: ~Copyable {
  let library: Library
  let handle: Handle
  let objects: Handle
  /// Reads what is read very often.
  let packs: PackReader
  /// Whether every object that is read must have the content that its id stands for.
  ///
  /// Git itself does not check that when it reads; checking takes about as long as reading. A damaged file is noticed
  /// without it, by its compression, a forged one is not.
  public let verifiesObjects: Bool

  /// Opens the repository that the file or folder at `path` belongs to: there or in a folder above.
  public init(discovering path: String, verifiesObjects: Bool = false) throws(GitError) {
    try self.init(opening: path, flags: 0, verifiesObjects)
  }

  /// Opens the repository whose ``gitDirectory`` is given, without looking elsewhere.
  public init(gitDirectory: String, verifiesObjects: Bool = false) throws(GitError) {
    try self.init(opening: gitDirectory, flags: GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue, verifiesObjects)
  }

  private init(opening path: String, flags: UInt32, _ verifiesObjects: Bool) throws(GitError) {
    let library = try Library.initialized()
    let handle = try unsafe Handle(
      "git_repository_open_ext", of: library, freeingWith: git_repository_free,
      explainingWith: { Self.explain($0, opening: path) },
      making: { unsafe git_repository_open_ext($0, path, flags, nil) })
    let repository = unsafe handle.pointer
    let objects = try unsafe Handle("git_repository_odb", of: library, freeingWith: git_odb_free) {
      unsafe git_repository_odb($0, repository)
    }
    var folder = unsafe git_buf()
    var status = unsafe git_repository_item_path(&folder, repository, GIT_REPOSITORY_ITEM_OBJECTS)
    guard status == 0 else { throw library.error(status, "git_repository_item_path") }
    defer { unsafe git_buf_dispose(&folder) }
    let packs = unsafe PackReader(String(cString: folder.ptr))
    status = unsafe ensign_git2_read_loose_objects(objects.pointer, folder.ptr)
    guard status == 0 else { throw library.error(status, "git_odb_add_backend") }
    self.library = library
    self.handle = handle
    self.objects = objects
    self.packs = packs
    self.verifiesObjects = verifiesObjects
  }

  private static func explain(_ error: GitError, opening path: String) -> GitError {
    var error = error
    // libgit2 1.5 looks for the permission and tells that it did not find it, rather than who owns the repository.
    if unsafe error.code == .notOwned || strstr(error.message, "safe.directory") != nil {
      let folder = topFolder(above: path)
      error.code = .notOwned
      error.message = "the repository at '\(folder)' belongs to another user, so Git does not trust it"
      error.help = "if you do, run: git config --global --add safe.directory '\(folder)'"
    } else if error.status == GIT_ENOTFOUND.rawValue {
      error.code = .notARepository
      let isThere = unsafe access(path, F_OK) == 0
      error.message = isThere ? "'\(path)' is in no Git repository" : "there is no '\(path)'"
      error.help = isThere ? "name a folder of a repository, or make one with git init" : "check the path"
    }
    return error
  }

  /// The folder of Git's own files, with a slash at its end: `…/.git/`, or the repository itself when it is bare.
  public var gitDirectory: String {
    unsafe git_repository_path(handle.pointer).map { unsafe String(cString: $0) } ?? ""
  }

  /// The folder of what all work trees of the repository share, with a slash at its end.
  package var commonDirectory: String {
    unsafe git_repository_commondir(handle.pointer).map { unsafe String(cString: $0) } ?? ""
  }

  /// The folder of the files that people edit, with a slash at its end; nil in a bare repository.
  public var workTree: String? {
    unsafe git_repository_workdir(handle.pointer).map { unsafe String(cString: $0) }
  }

  /// Whether the history was cut off when it was cloned, so that commits may lack their parents.
  public var isShallow: Bool { unsafe git_repository_is_shallow(handle.pointer) == 1 }

  /// The path of a folder or file below the work tree, as trees have it: without a slash at either end, empty for the
  /// work tree itself.
  ///
  /// The path is taken from the current folder, symbolic links are followed, and it need not exist any more.
  ///
  /// - Throws: ``GitError/Code-swift.enum/outsideWorkTree``.
  public func pathInWorkTree(of path: String) throws(GitError) -> String {
    guard let workTree, let root = resolved(workTree) else {
      throw GitError(.outsideWorkTree, "the repository at '\(gitDirectory)' is bare: it has no files but commits")
    }
    var existing = path.isEmpty ? "." : path
    var missing: [Substring] = []
    while true {
      if let folder = resolved(existing) {
        let full = ([Substring(folder)] + missing).joined(separator: "/")
        if full == root { return "" }
        let prefix = root == "/" ? root : root + "/"
        if full.hasPrefix(prefix), !missing.contains("..") { return String(full.dropFirst(prefix.count)) }
        break
      }
      let parts = existing.split(separator: "/", omittingEmptySubsequences: true)
      guard let last = parts.last else { break }
      if last != "." { missing.insert(last, at: 0) }
      let rest = parts.dropLast().joined(separator: "/")
      existing = existing.hasPrefix("/") ? "/" + rest : rest.isEmpty ? "." : rest
    }
    throw GitError(
      .outsideWorkTree, "'\(path)' is not in the repository at '\(root)'", help: "name a folder below it")
  }
}

/// The folder that Git would have to trust: at `path` or above, the first one that has a `.git`, or is a bare repository.
private func topFolder(above path: String) -> String {
  let start = resolved(path) ?? path
  var folder = start
  while true {
    let isBare = unsafe access(folder + "/HEAD", F_OK) == 0 && access(folder + "/objects", F_OK) == 0
    let isTop = unsafe isBare && !folder.hasSuffix("/.git") || access(folder + "/.git", F_OK) == 0
    if isTop { return folder.isEmpty ? "/" : folder }
    guard let slash = folder.utf8.lastIndex(of: UInt8(ascii: "/")) else { return start }
    folder = String(folder[..<slash])
  }
}

/// The absolute path of something that exists, without symbolic links, `.` and `..`, or nil.
private func resolved(_ path: String) -> String? {
  guard let resolved = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe String(cString: resolved)
}
