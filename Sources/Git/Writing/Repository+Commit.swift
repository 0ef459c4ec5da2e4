internal import CGit2
internal import Glibc

/// A branch and the commit that it is at.
public struct BranchTip: Hashable, Sendable {
  /// The full name, such as `refs/heads/main`.
  public let name: String
  /// The commit.
  public let commit: ObjectID

  /// A branch at a commit.
  public init(name: String, commit: ObjectID) {
    self.name = name
    self.commit = commit
  }
}

extension Repository {
  /// The branch that is checked out, which a commit would advance.
  ///
  /// - Throws: ``GitError/Code-swift.enum/uncommitted`` without a work tree, a branch, or a first commit, and in the
  ///   middle of a merge, a rebase and the like.
  public func currentBranch() throws(GitError) -> BranchTip {
    guard workTree != nil else {
      throw GitError(
        .uncommitted, "the repository at '\(gitDirectory)' is bare: it has no working tree to commit from",
        help: "commit in a clone of it, and push")
    }
    if let operation = unsafe unfinishedOperation(git_repository_state(handle.pointer)) {
      throw GitError(
        .uncommitted, "the repository is in the middle of \(operation)",
        help: "finish or abort it first (git status says how); or edit without a commit")
    }
    let head = try unsafe Handle(
      "git_reference_lookup", of: library, freeingWith: git_reference_free,
      making: { unsafe git_reference_lookup($0, handle.pointer, "HEAD") })
    guard let target = unsafe git_reference_symbolic_target(head.pointer) else {
      throw GitError(
        .uncommitted, "HEAD is detached: no branch would have the commit", help: "check out a branch: git switch main")
    }
    let name = unsafe String(cString: target)
    var id = git_oid()
    let status = unsafe git_reference_name_to_id(&id, handle.pointer, name)
    if status == GIT_ENOTFOUND.rawValue {
      throw GitError(
        .uncommitted, "the branch \(name) has no commit yet",
        help: "make the first commit with git, the flags tree in it"
      )
    }
    guard status == 0 else { throw library.error(status, "git_reference_name_to_id") }
    return BranchTip(name: name, commit: ObjectID(id))
  }

  private func unfinishedOperation(_ state: Int32) -> String? {
    switch git_repository_state_t(rawValue: UInt32(bitPattern: state)) {
    case GIT_REPOSITORY_STATE_NONE: nil
    case GIT_REPOSITORY_STATE_MERGE: "a merge"
    case GIT_REPOSITORY_STATE_REVERT, GIT_REPOSITORY_STATE_REVERT_SEQUENCE: "a revert"
    case GIT_REPOSITORY_STATE_CHERRYPICK, GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE: "a cherry-pick"
    case GIT_REPOSITORY_STATE_BISECT: "a bisect"
    case GIT_REPOSITORY_STATE_APPLY_MAILBOX: "git am"
    default: "a rebase"
    }
  }

  /// What the user's settings ask of a commit and this library does not do.
  public struct CommitDemands: Hashable, Sendable {
    /// The paths of the hooks that Git would run before the commit: `pre-commit` and `commit-msg`.
    public var hooks: [String]
    /// Whether `commit.gpgSign` asks for a signature.
    public var isSigned: Bool
  }

  /// What the user's settings ask of a commit and ``commit(tree:parent:author:committer:message:)`` does not do.
  public func commitDemands() throws(GitError) -> CommitDemands {
    let configuration = try Configuration(of: self)
    var folder = try configuration.path("core.hooksPath") ?? commonDirectory + "hooks"
    if !folder.hasPrefix("/"), let workTree { folder = workTree + folder }
    let hooks = ["pre-commit", "commit-msg"].map { folder + "/" + $0 }
      .filter { path in unsafe access(path, X_OK) == 0 }
    return CommitDemands(hooks: hooks, isSigned: try configuration.boolean("commit.gpgSign") ?? false)
  }

  /// Writes a file's content as an object.
  public func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID {
    var id = git_oid()
    let status = unsafe bytes.withUnsafeBytes {
      unsafe git_blob_create_from_buffer(&id, handle.pointer, $0.baseAddress, $0.count)
    }
    guard status == 0 else { throw library.error(status, "git_blob_create_from_buffer") }
    return ObjectID(id)
  }

  /// Writes a commit that no branch has yet.
  public func commit(
    tree: ObjectID, parent: ObjectID, author: Identity, committer: Identity, message: String
  ) throws(GitError) -> ObjectID {
    let first = try signature(author)
    let second = try signature(committer)
    var (id, treeID, parentID) = (git_oid(), tree.git, parent.git)
    let status = unsafe withUnsafePointer(to: &parentID) { parent in
      var parents: [UnsafePointer<git_oid>?] = unsafe [parent]
      return unsafe parents.withUnsafeMutableBufferPointer { parents in
        unsafe git_commit_create_from_ids(
          &id, handle.pointer, nil, UnsafePointer(first.pointer), UnsafePointer(second.pointer), nil, message, &treeID,
          1, parents.baseAddress)
      }
    }
    guard status == 0 else { throw library.error(status, "git_commit_create_from_ids") }
    return ObjectID(id)
  }

  /// Moves a branch on to another commit, unless it is no longer where it was.
  ///
  /// - Parameter milliseconds: how long to wait for another process that is moving it.
  /// - Returns: whether it was; false when another commit landed meanwhile, and nothing was done.
  /// - Throws: ``GitError/Code-swift.enum/locked`` when it is still being moved then.
  public func advance(
    _ branch: BranchTip, to commit: ObjectID, committer: Identity, logMessage: String, waiting milliseconds: Int = 1000
  ) throws(GitError) -> Bool {
    let named = unsafe git_repository_set_ident(handle.pointer, committer.name, committer.email)
    guard named == 0 else { throw library.error(named, "git_repository_set_ident") }
    var (new, old) = (commit.git, branch.commit.git)
    var reference: OpaquePointer?
    var (status, waited) = (GIT_ELOCKED.rawValue, 0)
    while true {
      status = unsafe git_reference_create_matching(
        &reference, handle.pointer, branch.name, &new, 1, &old, logMessage)
      if status != GIT_ELOCKED.rawValue || waited >= milliseconds { break }
      usleep(5000)
      waited += 5
    }
    unsafe git_reference_free(reference)
    switch status {
    case 0: return true
    case GIT_EMODIFIED.rawValue, GIT_ENOTFOUND.rawValue: return false
    case GIT_ELOCKED.rawValue:
      var error = library.error(status, "git_reference_create_matching")
      error.code = .locked
      error.message = "another process is changing the branch \(branch.name)"
      error.help = "try again; if none is, remove \(commonDirectory)\(branch.name).lock"
      throw error
    default: throw library.error(status, "git_reference_create_matching")
    }
  }

  private func signature(_ identity: Identity) throws(GitError) -> SignatureHandle {
    var out: UnsafeMutablePointer<git_signature>?
    let status = unsafe git_signature_new(
      &out, identity.name, identity.email, identity.seconds, identity.offsetMinutes)
    guard status == 0, let out = unsafe out else { throw library.error(status, "git_signature_new") }
    return unsafe SignatureHandle(pointer: out, free: git_signature_free)
  }
}

/// Owns a signature of libgit2's.
@safe private struct SignatureHandle: ~Copyable {
  let pointer: UnsafeMutablePointer<git_signature>
  let free: @convention(c) (UnsafeMutablePointer<git_signature>?) -> Void

  init(
    pointer: UnsafeMutablePointer<git_signature>,
    free: @escaping @convention(c) (UnsafeMutablePointer<git_signature>?) -> Void
  ) {
    unsafe self.pointer = pointer
    unsafe self.free = free
  }

  deinit { unsafe free(pointer) }
}
