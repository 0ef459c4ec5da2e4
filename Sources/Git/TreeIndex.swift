/// A folder of a commit whose entries are found by their names, and taken apart only then.
///
/// It belongs to one thread.
public final class TreeIndex {
  private let content: ObjectContent
  /// Where the entry begins whose name falls on a slot or, where that was taken, on one before it; -1 where none does.
  private let slots: [Int32]
  /// How many entries there are.
  public let count: Int
  /// The entries that are folders, in Git's order.
  public let folders: [TreeEntry]

  /// Nil when the bytes are no tree.
  fileprivate init?(_ tree: ObjectContent) {
    // In one place, so that entries can be found by where they begin.
    content = tree.partCount == 1 ? tree : unsafe tree.withBytes { unsafe ObjectContent(copying: $0) }
    let taken = unsafe content.withBytes { unsafe Self.entries(of: TreeBytes($0)) }
    guard let (entries, folders) = taken else { return nil }
    count = entries.count
    self.folders = folders
    var size = 8
    while size < 2 * entries.count { size *= 2 }
    var slots = [Int32](repeating: -1, count: size)
    for (hash, start) in entries {
      var slot = Int(hash) & (size - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = start
    }
    self.slots = slots
  }

  private static func entries(
    of tree: consuming TreeBytes
  ) -> (all: [(hash: UInt32, start: Int32)], folders: [TreeEntry])? {
    var all: [(UInt32, Int32)] = []
    var folders: [TreeEntry] = []
    while !tree.isAtEnd {
      guard let raw = unsafe tree.peek(), let kind = unsafe raw.kind else { return nil }
      guard let start = unsafe Int32(exactly: raw.whole.startIndex) else { return nil }
      unsafe all.append((hash(raw.name), start))
      if kind == .tree, let entry = unsafe raw.entry { folders.append(entry) }
      unsafe tree.skip(raw)
    }
    return (all, folders)
  }

  /// The entry with a name; nil when there is none.
  public func entry(named name: String) -> TreeEntry? {
    var name = name
    return name.withUTF8 { name in
      var slot = unsafe Int(Self.hash(name)) & (slots.count - 1)
      while slots[slot] >= 0 {
        if let entry = unsafe entry(at: Int(slots[slot]), ifNamed: name) { return entry }
        slot = (slot + 1) & (slots.count - 1)
      }
      return nil
    }
  }

  private func entry(at start: Int, ifNamed name: UnsafeBufferPointer<UInt8>) -> TreeEntry? {
    unsafe content.withBytes(in: start..<content.count) { bytes in
      guard let raw = unsafe TreeBytes(bytes).peek(), unsafe raw.name.elementsEqual(name) else { return nil }
      return unsafe raw.entry
    }
  }

  /// All entries, in Git's order.
  public var entries: [TreeEntry] {
    unsafe content.withBytes { bytes in
      var entries: [TreeEntry] = []
      var rest = unsafe TreeBytes(bytes)
      while let entry = rest.next() { entries.append(entry) }
      return entries
    }
  }

  /// FNV-1a.
  private static func hash(_ name: some Sequence<UInt8>) -> UInt32 {
    name.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
  }
}

extension Repository {
  /// The folder with this id, to look for several names.
  ///
  /// - Complexity: O(*n*) in the bytes of the tree; the folders below are not read.
  public func index(ofTree id: ObjectID) throws(GitError) -> TreeIndex {
    guard let index = TreeIndex(try content(of: id, .tree)) else { throw .damagedTree(id) }
    return index
  }
}
