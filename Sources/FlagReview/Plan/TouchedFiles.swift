package import Git

/// The files that two flags trees do not have in common.
package enum TouchedFiles {
  /// Their paths from the flags tree, of the files on either side.
  ///
  /// - Parameters:
  ///   - before: a flags tree as an object; nil where there is none.
  ///   - after: another one.
  /// - Complexity: O(*n*) in the folders that differ.
  package static func paths(
    from before: ObjectID?, to after: ObjectID?, in repository: borrowing Repository
  ) throws(GitError) -> Set<String> {
    var paths: Set<String> = []
    var folders: [(path: String, before: ObjectID?, after: ObjectID?)] = [("", before, after)]
    while let folder = folders.popLast() {
      for difference in try repository.differences(of: folder.before, folder.after) {
        let path = folder.path + difference.name
        let (old, new) = (difference.before, difference.after)
        if old.map({ $0.kind != .tree }) ?? false || new.map({ $0.kind != .tree }) ?? false { paths.insert(path) }
        let (oldFolder, newFolder) = (
          old.flatMap { $0.kind == .tree ? $0.id : nil }, new.flatMap { $0.kind == .tree ? $0.id : nil }
        )
        if oldFolder != nil || newFolder != nil { folders.append((path + "/", oldFolder, newFolder)) }
      }
    }
    return paths
  }
}
