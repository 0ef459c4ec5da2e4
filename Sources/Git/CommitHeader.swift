/// What a walk through the history needs of a commit, read without the rest.
public struct CommitHeader: Hashable, Sendable {
  /// The commit's own id.
  public var id: ObjectID
  /// The id of its tree.
  public var tree: ObjectID
  /// The ids of the commits before it: none for the first, several for a merge.
  public var parents: ShortList<ObjectID>
  /// When it was committed, in seconds since 1970-01-01T00:00:00Z; 0 where the commit does not say it properly, as Git
  /// takes it.
  public var seconds: Int64
}

extension Repository {
  /// The header of the commit with this id.
  public func header(ofCommit id: ObjectID) throws(GitError) -> CommitHeader {
    let header = try unsafe content(of: id, .commit).withBytes { unsafe CommitBytes($0).header(of: id) }
    guard let header else {
      throw GitError(
        .corruptObject, "the commit \(id) is damaged: it lacks its tree or its author",
        help: "check the repository with git fsck")
    }
    return header
  }
}
