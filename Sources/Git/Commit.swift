internal import CGit2

/// A commit's facts.
///
/// Bytes that are not UTF-8 appear as U+FFFD in its texts.
public struct Commit: Hashable, Sendable {
  /// Who made a commit, and when.
  public struct Signature: Hashable, Sendable {
    /// The name as given.
    public var name: String
    /// The email address as given, without the angle brackets.
    public var email: String
    /// Seconds since 1970-01-01T00:00:00Z.
    public var seconds: Int64
    /// What the author's clock was ahead of UTC, in minutes.
    public var offsetMinutes: Int32
  }

  /// The commit's own id.
  public var id: ObjectID
  /// The id of its tree.
  public var tree: ObjectID
  /// The ids of the commits before it: none for the first, several for a merge.
  public var parents: [ObjectID]
  /// Who wrote it.
  public var author: Signature
  /// Who put it into the repository; its time is the time of the commit.
  public var committer: Signature
  /// The first paragraph of the message in one line.
  public var subject: String
  /// The whole message, as it stands in the commit.
  public var message: String
}

extension Repository {
  /// The facts of the commit with this id.
  public func commit(_ id: ObjectID) throws(GitError) -> Commit {
    // Most commits have the form that Git gives to them, and are in packs, which are read here sooner than by libgit2.
    let commit = try unsafe content(of: id, .commit).withBytes { unsafe CommitBytes($0).commit(id) }
    return if let commit { commit } else { try libraryCommit(id) }
  }

  /// The facts of the commit with this id, as libgit2 takes it apart, whatever form it has.
  func libraryCommit(_ id: ObjectID) throws(GitError) -> Commit {
    let handle = try unsafe Handle(
      "git_commit_lookup", of: library, freeingWith: git_commit_free,
      explainingWith: { explain($0, reading: id, as: .commit) },
      making: { out in
        var name = id.git
        return unsafe git_commit_lookup(out, self.handle.pointer, &name)
      })
    let commit = unsafe handle.pointer
    guard let tree = unsafe git_commit_tree_id(commit),
      let author = unsafe git_commit_author(commit),
      let committer = unsafe git_commit_committer(commit)
    else { throw GitError(.corruptObject, "the commit \(id) lacks its tree or its author") }
    let parents = unsafe (0..<git_commit_parentcount(commit)).compactMap {
      unsafe git_commit_parent_id(commit, $0)
    }
    return unsafe Commit(
      id: id, tree: ObjectID(tree.pointee), parents: parents.map { unsafe ObjectID($0.pointee) },
      author: Commit.Signature(author.pointee), committer: Commit.Signature(committer.pointee),
      subject: git_commit_summary(commit).map { unsafe String(cString: $0) } ?? "",
      message: git_commit_message(commit).map { unsafe String(cString: $0) } ?? "")
  }
}

extension Commit.Signature {
  fileprivate init(_ signature: git_signature) {
    unsafe self.init(
      name: String(cString: signature.name), email: String(cString: signature.email),
      seconds: signature.when.time, offsetMinutes: signature.when.offset)
  }
}
