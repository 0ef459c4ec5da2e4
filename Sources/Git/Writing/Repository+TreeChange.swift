internal import CGit2

/// What a commit says of one file after a change.
public struct TreeChange: Hashable, Sendable {
  /// From the top of the repository, with `/` between names.
  public var path: String
  /// The new content, as an object; nil when the file is gone.
  public var blob: ObjectID?

  /// A file that becomes `blob`, or goes.
  public init(path: String, blob: ObjectID?) {
    self.path = path
    self.blob = blob
  }
}

extension Repository {
  /// Writes a tree that differs from another one in some files only.
  ///
  /// A file keeps its mode; a new one is no executable. Folders come with their first file and go with their last.
  public func tree(_ base: ObjectID, changing changes: [TreeChange]) throws(GitError) -> ObjectID {
    let split = changes.map { (path: $0.path.split(separator: "/").map(String.init)[...], blob: $0.blob) }
    if let tree = try rebuilt(base, split, keepsEmpty: true) { return tree }
    return base
  }

  private typealias Change = (path: ArraySlice<String>, blob: ObjectID?)

  /// The tree after the changes; nil when nothing is left in it.
  private func rebuilt(
    _ base: ObjectID?, _ changes: [Change], keepsEmpty: Bool = false
  ) throws(GitError) -> ObjectID? {
    let entries = try base.map { base throws(GitError) in try self.entries(ofTree: base) } ?? []
    let source = try base.map { base throws(GitError) in try treeHandle(base) }
    let builder = try unsafe Handle("git_treebuilder_new", of: library, freeingWith: git_treebuilder_free) {
      switch source {
      case .some(let source): unsafe git_treebuilder_new($0, handle.pointer, source.pointer)
      case .none: unsafe git_treebuilder_new($0, handle.pointer, nil)
      }
    }
    let groups = Dictionary(grouping: changes) { $0.path.first ?? "" }
    for (name, group) in groups {
      let old = entries.first { $0.name == name }
      let new: (id: ObjectID, mode: git_filemode_t)?
      if let file = group.first(where: { $0.path.count == 1 }) {
        new = file.blob.map { ($0, old?.kind == .executable ? GIT_FILEMODE_BLOB_EXECUTABLE : GIT_FILEMODE_BLOB) }
      } else {
        let folder = try rebuilt(old?.kind == .tree ? old?.id : nil, group.map { ($0.path.dropFirst(), $0.blob) })
        new = folder.map { ($0, GIT_FILEMODE_TREE) }
      }
      if let new {
        var id = new.id.git
        let status = unsafe git_treebuilder_insert(nil, builder.pointer, name, &id, new.mode)
        guard status == 0 else { throw library.error(status, "git_treebuilder_insert") }
      } else if old != nil {
        let status = unsafe git_treebuilder_remove(builder.pointer, name)
        guard status == 0 else { throw library.error(status, "git_treebuilder_remove") }
      }
    }
    guard unsafe keepsEmpty || git_treebuilder_entrycount(builder.pointer) > 0 else { return nil }
    var id = git_oid()
    let status = unsafe git_treebuilder_write(&id, builder.pointer)
    guard status == 0 else { throw library.error(status, "git_treebuilder_write") }
    return ObjectID(id)
  }

  private func treeHandle(_ id: ObjectID) throws(GitError) -> Handle {
    return try unsafe Handle("git_tree_lookup", of: library, freeingWith: git_tree_free) {
      var name = id.git
      return unsafe git_tree_lookup($0, handle.pointer, &name)
    }
  }
}
