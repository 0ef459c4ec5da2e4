internal import CGit2
internal import Glibc

extension Repository {
  /// The commit that a revision names: `HEAD`, a branch, a tag, an id or the beginning of one, `HEAD~3` and what else
  /// `git help revisions` lists.
  ///
  /// - Throws: ``GitError`` with the nearest name of a branch or tag when there is no such revision.
  public func resolve(_ revision: String) throws(GitError) -> ObjectID {
    guard !revision.isEmpty, !revision.utf8.contains(0) else {
      throw GitError(.invalidRevision, "'\(revision)' is no revision", help: "name a commit, a branch or a tag")
    }
    guard unsafe revision.hasPrefix(":/") || strstr(revision, "..") == nil else {
      throw GitError(.invalidRevision, "'\(revision)' is a range of revisions", help: "name one commit")
    }
    let object = try unsafe Handle(
      "git_revparse_single", of: library, freeingWith: git_object_free,
      explainingWith: { explain($0, resolving: revision) },
      making: { unsafe git_revparse_single($0, handle.pointer, revision) })
    let commit = try unsafe Handle(
      "git_object_peel", of: library, freeingWith: git_object_free,
      explainingWith: { explain($0, peeling: revision) },
      making: { unsafe git_object_peel($0, object.pointer, GIT_OBJECT_COMMIT) })
    guard let id = unsafe git_object_id(commit.pointer) else { throw library.error(0, "git_object_id") }
    return unsafe ObjectID(id.pointee)
  }

  /// The full name of the branch or tag that a revision names, such as `refs/heads/main`: for `HEAD` the branch that is
  /// checked out, nil when the revision names none (an id, `main~1`, a `HEAD` without a branch).
  public func referenceName(of revision: String) throws(GitError) -> String? {
    _ = try resolve(revision)
    var object: OpaquePointer?
    var found: OpaquePointer?
    let status = unsafe git_revparse_ext(&object, &found, handle.pointer, revision)
    guard status == 0 else { throw library.error(status, "git_revparse_ext") }
    defer {
      unsafe git_object_free(object)
      unsafe git_reference_free(found)
    }
    guard let found = unsafe found else { return nil }
    let resolved = try unsafe Handle("git_reference_resolve", of: library, freeingWith: git_reference_free) {
      unsafe git_reference_resolve($0, found)
    }
    let name = unsafe git_reference_name(resolved.pointer).map { unsafe String(cString: $0) }
    return name.flatMap { $0.hasPrefix("refs/") ? $0 : nil }
  }

  private func explain(_ error: GitError, resolving revision: String) -> GitError {
    var error = error
    switch error.status {
    case GIT_ENOTFOUND.rawValue where unsafe git_repository_head_unborn(handle.pointer) == 1:
      error.code = .unknownRevision
      error.message = "'\(revision)' names no commit: the current branch has none yet"
      error.help = "commit something first"
    case GIT_ENOTFOUND.rawValue:
      error.code = .unknownRevision
      error.message = "there is no revision '\(revision)'"
      error.help = helpForUnknown(revision)
    case GIT_EAMBIGUOUS.rawValue:
      error.code = .ambiguousRevision
      error.message = "several objects' ids begin with '\(revision)'"
      error.help = "write more of the id"
    case GIT_EINVALIDSPEC.rawValue:
      error.code = .invalidRevision
      error.message = "'\(revision)' is no revision"
      error.help = "name a commit, a branch or a tag, such as HEAD, main or HEAD~3"
    default: break
    }
    return error
  }

  private func explain(_ error: GitError, peeling revision: String) -> GitError {
    guard error.status == GIT_EPEEL.rawValue || error.status == GIT_EINVALIDSPEC.rawValue else { return error }
    var error = error
    error.code = .invalidRevision
    error.message = "'\(revision)' is no commit"
    error.help = "name a commit, a branch or a tag"
    return error
  }

  private func helpForUnknown(_ revision: String) -> String {
    // Of `main~3` the name is `main`; it may be right, and the history too short.
    let name = String(revision.prefix { !"~^@:".contains($0) })
    let names = (try? referenceNames()) ?? []
    if name != revision, name == "HEAD" || name.isEmpty || names.contains(name) {
      return isShallow
        ? GitError.unshallowHelp : "the history does not go back so far"
    }
    if let nearest = nearestName(to: name, in: names) { return "did you mean '\(nearest)'?" }
    return isShallow
      ? GitError.unshallowHelp
      : "git branch --all and git tag list the names; fetch it if it is on a remote"
  }

  /// The branches, remote branches and tags, by the names people use: `main`, `origin/main`, `v1.0`; sorted.
  public func referenceNames() throws(GitError) -> [String] {
    let full = try fullReferenceNames()
    return ["refs/heads/", "refs/remotes/", "refs/tags/"].flatMap { kind in
      full.compactMap { $0.hasPrefix(kind) ? String($0.dropFirst(kind.count)) : nil }
    }.sorted()
  }

  /// The local branches with their newest commits, sorted by name.
  public func localBranches() throws(GitError) -> [(name: String, commit: ObjectID)] {
    var branches: [(name: String, commit: ObjectID)] = []
    for name in try fullReferenceNames().sorted() where name.hasPrefix("refs/heads/") {
      branches.append((String(name.dropFirst("refs/heads/".count)), try resolve(name)))
    }
    return branches
  }

  private func fullReferenceNames() throws(GitError) -> [String] {
    let iterator = try unsafe Handle(
      "git_reference_iterator_new", of: library, freeingWith: git_reference_iterator_free
    ) { unsafe git_reference_iterator_new($0, handle.pointer) }
    var names: [String] = []
    while true {
      var name: UnsafePointer<CChar>?
      let status = unsafe git_reference_next_name(&name, iterator.pointer)
      if status == GIT_ITEROVER.rawValue { return names }
      guard status == 0, let name = unsafe name else { throw library.error(status, "git_reference_next_name") }
      unsafe names.append(String(cString: name))
    }
  }
}

/// The name that takes the fewest changed, added or removed bytes to become `name`, if they are at most a
/// third, rounded up.
private func nearestName(to name: String, in names: [String]) -> String? {
  let distances = names.map { (distance: distance(Array(name.utf8), Array($0.utf8)), name: $0) }
  guard let nearest = distances.min(by: { $0 < $1 }), nearest.distance <= (name.utf8.count + 2) / 3 else {
    return nil
  }
  return nearest.name
}

/// Levenshtein's distance, row by row.
private func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var row = Array(0...right.count)
  for (index, byte) in left.enumerated() {
    var diagonal = row[0]
    row[0] = index + 1
    for (column, other) in right.enumerated() {
      let substituted = diagonal + (byte == other ? 0 : 1)
      diagonal = row[column + 1]
      row[column + 1] = min(substituted, row[column] + 1, row[column + 1] + 1)
    }
  }
  return row[right.count]
}
