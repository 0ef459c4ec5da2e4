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
  public struct Name: Equatable, Sendable {
    fileprivate let hash: UInt64
    fileprivate let bytes: [UInt8]

    /// A name without folders.
    public init(_ name: String) {
      let bytes = Array(name.utf8)
      self.bytes = bytes
      hash = TreeIndex.hash(bytes)
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
    let mask = UInt64(truncatingIfNeeded: slots.count &- 1)
    var (offset, count) = (0, 0)
    while offset < bytes.count {
      var start = offset &+ 7
      if unsafe !isFile(bytes, at: offset) {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[offset...])
        guard let raw = unsafe TreeBytes(rest).peek(), let kind = unsafe raw.kind else { return nil }
        if kind == .tree, let entry = unsafe raw.entry { folders.append(entry) }
        start = unsafe offset &+ raw.modeCount &+ 1
      }
      guard let name = unsafe hash(ofNameAt: start, in: bytes) else { return nil }
      var slot = Int(truncatingIfNeeded: name.hash & mask)
      while unsafe slots[slot] >= 0 { slot = Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: slot &+ 1) & mask) }
      unsafe slots[slot] = Int32(truncatingIfNeeded: offset)
      offset = name.end &+ 21
      guard name.end > start, offset <= bytes.count else { return nil }
      count &+= 1
    }
    return count
  }

  /// Whether an entry begins with `100644 `, as most do; false, too, where the bytes end before an entry can.
  @inline(__always)
  private static func isFile(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    guard bytes.count &- offset >= 28 else { return false }
    let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    return word & 0x00FF_FFFF_FFFF_FFFF == 0x20_3434_3630_3031
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

  // MARK: Hashing

  /// A number that differs for most names, and where the name ends with a NUL; nil when it does not, eight bytes before
  /// the end of all.
  ///
  /// Behind the NUL of an entry an id follows, so that eight bytes can be looked at, at a time.
  @inline(__always)
  private static func hash(ofNameAt start: Int, in bytes: UnsafeRawBufferPointer) -> (hash: UInt64, end: Int)? {
    var hash: UInt64 = 0
    var offset = start
    while offset &+ 8 <= bytes.count {
      let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      // The highest bit of each byte that is 0, and of none below the first of those.
      let zeros = (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
      if zeros != 0 {
        let bits = zeros.trailingZeroBitCount & ~7
        return (mix(hash, word & ((1 << UInt64(truncatingIfNeeded: bits)) &- 1)), offset &+ bits / 8)
      }
      hash = mix(hash, word)
      offset &+= 8
    }
    return nil
  }

  /// What ``hash(ofNameAt:in:)`` gives for a name.
  private static func hash(_ name: [UInt8]) -> UInt64 {
    var hash: UInt64 = 0
    var rest = name[...]
    // The bytes behind whole words count, too, where there are none.
    while rest.count >= 8 {
      hash = mix(hash, word(of: rest.prefix(8)))
      rest = rest.dropFirst(8)
    }
    return mix(hash, word(of: rest))
  }

  /// Up to eight bytes as a little-endian number.
  private static func word(of bytes: some Collection<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 32
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
