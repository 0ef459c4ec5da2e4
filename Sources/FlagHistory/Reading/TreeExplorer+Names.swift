package import Git

extension TreeExplorer {
  /// The names that a commit's flags tree has, for suggestions.
  package struct Names: Sendable {
    /// Keys, sorted.
    package var flags: [String]
    /// Keys, sorted.
    package var segments: [String]
    /// In the manifest's order.
    package var environments: [String]
  }

  /// The names that a commit has.
  package func names(in commit: ObjectID) throws(GitError) -> Names {
    let tree = try flagsTree(in: repository.header(ofCommit: commit).tree)
    return Names(
      flags: try flagKeys(of: tree).sorted(), segments: try segmentKeys(of: tree).sorted(),
      environments: try manifest(of: tree).environments)
  }
}
