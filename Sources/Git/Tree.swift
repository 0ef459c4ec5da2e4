/// One entry of a folder in a commit.
public struct TreeEntry: Hashable, Sendable {
  /// The kinds of entries.
  public enum Kind: String, Hashable, Sendable {
    /// A file.
    case blob
    /// A file that may be run.
    case executable
    /// A symbolic link; its blob is the path it leads to.
    case symlink
    /// A folder.
    case tree
    /// A commit of another repository.
    case submodule
  }

  /// The name without folders.
  ///
  /// Bytes that are not UTF-8 appear as U+FFFD.
  public var name: String
  /// What it is.
  public var kind: Kind
  /// The object: a blob, a tree or, of a submodule, a commit of the other repository.
  public var id: ObjectID
}

extension Repository {
  /// The entries of a folder in Git's order: by name in bytes, folders as if a slash followed their names.
  ///
  /// - Complexity: O(*n*) in the bytes of the tree; the folders below are not read.
  public func entries(ofTree id: ObjectID) throws(GitError) -> [TreeEntry] {
    let entries: [TreeEntry]? = try unsafe withObject(id, .tree, limit: .max) { bytes in
      var entries: [TreeEntry] = []
      var rest = unsafe TreeBytes(bytes)
      while !rest.isAtEnd {
        guard let entry = rest.next() else { return nil }
        entries.append(entry)
      }
      return entries
    }
    guard let entries else {
      throw GitError(.corruptObject, "the tree \(id) is damaged", help: "check the repository with git fsck")
    }
    return entries
  }

  /// The entry at a path below the folder `tree`, or nil when there is none.
  ///
  /// - Parameter path: names separated by slashes; one at its end or start does not matter. The empty path is the
  ///   folder itself, with an empty name.
  public func entry(at path: String, inTree tree: ObjectID) throws(GitError) -> TreeEntry? {
    var found = TreeEntry(name: "", kind: .tree, id: tree)
    for name in path.split(separator: "/") {
      guard found.kind == .tree,
        let next = try entries(ofTree: found.id).first(where: { $0.name == name })
      else { return nil }
      found = next
    }
    return found
  }
}

/// Reads the bytes of a tree object: for each entry the mode in octal, a space, the name, a NUL, the id.
@safe private struct TreeBytes {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  var isAtEnd: Bool { unsafe offset == bytes.count }

  /// The next entry, or nil when the bytes are no tree.
  mutating func next() -> TreeEntry? {
    guard let mode = field(until: UInt8(ascii: " ")), let name = field(until: 0), !name.isEmpty,
      unsafe bytes.count - offset >= 20
    else { return nil }
    let id = unsafe ObjectID(reading: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + 20]))
    offset += 20
    let kind: TreeEntry.Kind
    switch mode {
    case "40000": kind = .tree
    case "100755": kind = .executable
    // Some old versions of Git wrote further permissions of a file.
    case "100644", "100664": kind = .blob
    case "120000": kind = .symlink
    case "160000": kind = .submodule
    default: return nil
    }
    return TreeEntry(name: name, kind: kind, id: id)
  }

  /// The text up to `end`, which is skipped.
  private mutating func field(until end: UInt8) -> String? {
    guard let index = unsafe bytes[offset...].firstIndex(of: end) else { return nil }
    defer { offset = index + 1 }
    return unsafe String(decoding: bytes[offset..<index], as: UTF8.self)
  }
}
