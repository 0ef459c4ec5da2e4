/// A folder of a commit whose entries are found by their names, and taken apart only then.
public final class TreeIndex: Sendable {
  private let content: ObjectContent
  /// Where the entry begins whose name falls on a slot or, where that was taken, on one before it; -1 where none does.
  private let slots: [Int32]
  /// How many entries there are.
  public let count: Int
  /// The entries that are folders, in Git's order.
  public let folders: [TreeEntry]

  /// A name to look for in many folders.
  public struct Name: Sendable {
    fileprivate let bytes: [UInt8]
    fileprivate let hash: UInt64

    /// A name without folders.
    public init(_ name: String) {
      let bytes = Array(name.utf8)
      self.bytes = bytes
      hash = unsafe bytes.withUnsafeBytes { unsafe TreeIndex.hash($0) }
    }
  }

  /// Nil when the bytes are no tree.
  fileprivate init?(_ tree: ObjectContent) {
    // In one place, so that entries can be found by where they begin.
    content = tree.partCount == 1 ? tree : unsafe tree.withBytes { unsafe ObjectContent(copying: $0) }
    // An entry has 27 bytes at least, and twice as many slots leave every second one free.
    var size = 8
    while size < content.count / 16 { size *= 2 }
    var slots = [Int32](repeating: -1, count: size)
    var folders: [TreeEntry] = []
    let found = unsafe content.withBytes { bytes in
      unsafe slots.withUnsafeMutableBufferPointer { unsafe Self.enter(bytes, into: $0, &folders) }
    }
    guard let found else { return nil }
    count = found
    self.folders = folders
    self.slots = slots
  }

  /// Enters where each entry begins.
  ///
  /// - Returns: How many there are; nil when the bytes are no tree.
  private static func enter(
    _ bytes: UnsafeRawBufferPointer, into slots: UnsafeMutableBufferPointer<Int32>, _ folders: inout [TreeEntry]
  ) -> Int? {
    guard Int32(exactly: bytes.count) != nil else { return nil }
    var tree = unsafe TreeBytes(bytes)
    var count = 0
    while !tree.isAtEnd {
      guard let raw = unsafe tree.peek(), let kind = unsafe raw.kind else { return nil }
      var slot = unsafe Int(truncatingIfNeeded: hash(raw.name)) & (slots.count - 1)
      while unsafe slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      unsafe slots[slot] = Int32(truncatingIfNeeded: bytes.count - tree.rest)
      if kind == .tree, let entry = unsafe raw.entry { folders.append(entry) }
      unsafe tree.skip(raw)
      count += 1
    }
    return count
  }

  /// The entry with a name; nil when there is none.
  public func entry(named name: Name) -> TreeEntry? {
    unsafe content.withBytes { bytes in
      unsafe name.bytes.withUnsafeBytes { wanted in
        var slot = Int(truncatingIfNeeded: name.hash) & (slots.count - 1)
        while slots[slot] >= 0 {
          let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[Int(slots[slot])...])
          if let raw = unsafe TreeBytes(rest).peek(), unsafe raw.isNamed(wanted) { return unsafe raw.entry }
          slot = (slot + 1) & (slots.count - 1)
        }
        return nil
      }
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

  /// A number that differs for most names, eight bytes at a time.
  private static func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: name.count)
    var offset = 0
    while offset < name.count {
      var word: UInt64 = 0
      if offset + 8 <= name.count {
        word = unsafe name.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      } else {
        for index in offset..<name.count { word = unsafe word << 8 | UInt64(name[index]) }
      }
      hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
      offset += 8
    }
    return hash
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
