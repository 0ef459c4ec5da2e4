internal import Glibc

/// Where a flags tree lies, and the repository around it.
struct TreeLocation: Hashable, Sendable {
  /// The folder that holds `ensign.yaml`, absolute.
  let root: String
  /// The folder that holds the nearest `.git` at or above ``root``; nil when there is none.
  let repository: String?
  /// The path of ``root`` as reports show it and as commits have it: relative to ``repository``, or to the folder above
  /// the tree.
  ///
  /// Empty when the tree is the repository.
  let name: String

  /// What stands before the paths of the tree's files in reports.
  var pathPrefix: String { name.isEmpty ? "" : name + "/" }

  /// The tree whose folder is `root`.
  init(root: String) {
    let root = Self.canonical(root)
    self.root = root
    repository = Self.repository(around: root)
    let top = repository ?? FileSystem.parent(of: root) ?? "/"
    let above = FileSystem.join(top, "")
    let isBelow = root.utf8.starts(with: above.utf8)
    name = root == top ? "" : isBelow ? String(decoding: root.utf8.dropFirst(above.utf8.count), as: UTF8.self) : root
  }

  /// A tree in a commit of the repository at `repository`, which the working tree may have or not.
  init(_ name: String, inCommitOf repository: String) {
    self.name = name
    self.repository = repository
    root = name.isEmpty ? repository : FileSystem.join(repository, name)
  }

  /// Links resolved and `..` removed; the path itself when that cannot be done.
  static func canonical(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The top of the working tree that a folder is in.
  static func repository(around folder: String) -> String? {
    var next: String? = folder
    while let folder = next {
      if FileSystem.kind(of: FileSystem.join(folder, ".git")) != nil { return folder }
      next = FileSystem.parent(of: folder)
    }
    return nil
  }

  /// The tree that a working folder belongs to: the folder or one above it that holds `ensign.yaml`, or whose `flags/`
  /// does; the nearest wins.
  static func find(from folder: String) -> TreeLocation? {
    var next: String? = folder
    while let folder = next {
      for candidate in [folder, FileSystem.join(folder, "flags")]
      where FileSystem.kind(of: FileSystem.join(candidate, "ensign.yaml")) != nil {
        return TreeLocation(root: candidate)
      }
      next = FileSystem.parent(of: folder)
    }
    return nil
  }
}

extension Session {
  /// The tree of the working folder, if there is one: that of `--flags`, or the nearest.
  func workingTree() -> TreeLocation? {
    guard let flags = globals.flags else {
      return TreeLocation.find(from: TreeLocation.canonical(console.workingFolder))
    }
    let root = console.absolute(flags)
    return FileSystem.kind(of: FileSystem.join(root, "ensign.yaml")) == nil ? nil : TreeLocation(root: root)
  }

  /// The flags tree that `--flags` names, or the nearest one.
  func tree() throws(CommandError) -> TreeLocation {
    guard let flags = globals.flags else {
      if let found = TreeLocation.find(from: TreeLocation.canonical(console.workingFolder)) { return found }
      throw .environment(
        "no flags tree: neither \(console.workingFolder) nor a folder above it has a flags/ with an ensign.yaml",
        help: "name it with --flags DIR", "or make a new one with 'ensign init'")
    }
    let root = console.absolute(flags)
    switch FileSystem.kind(of: root) {
    case .folder?: break
    case nil: throw .environment("--flags \(flags): there is no such folder")
    default: throw .environment("--flags \(flags): this is not a folder")
    }
    guard FileSystem.kind(of: FileSystem.join(root, "ensign.yaml")) != nil else {
      throw .environment(
        "--flags \(flags): there is no ensign.yaml in this folder",
        help: "a flags tree is the folder that holds ensign.yaml", "make a new one with 'ensign init \(flags)'")
    }
    return TreeLocation(root: root)
  }
}
