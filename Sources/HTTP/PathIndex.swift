/// The places that paths have in a list, found without copying the path.
package struct PathIndex: Sendable {
  private let paths: [[UInt8]]
  /// For the low bits of a hash, and the slots behind it up to an empty one: the place of a path that has it, or -1.
  private let slots: [Int32]

  /// An index of paths, no two of them the same.
  package init(_ paths: [String]) {
    self.paths = paths.map { Array($0.utf8) }
    var count = 8
    while count < 2 * paths.count { count *= 2 }
    var slots = [Int32](repeating: -1, count: count)
    for (place, path) in self.paths.enumerated() {
      var slot = unsafe path.withUnsafeBytes { unsafe Self.hash(of: $0) } & (count - 1)
      while slots[slot] >= 0 { slot = (slot + 1) & (count - 1) }
      slots[slot] = Int32(place)
    }
    self.slots = slots
  }

  /// The place of a path; nil when it has none.
  func place(of path: UnsafeRawBufferPointer) -> Int? {
    var slot = unsafe Self.hash(of: path) & (slots.count - 1)
    while slots[slot] >= 0 {
      let place = Int(slots[slot])
      if unsafe SameBytes.are(paths[place], path) { return place }
      slot = (slot + 1) & (slots.count - 1)
    }
    return nil
  }

  /// A hash that is quick and no secret: who asks does not choose the paths of the index.
  private static func hash(of path: UnsafeRawBufferPointer) -> Int {
    var hash = UInt64(path.count)
    var offset = 0
    while offset + 8 <= path.count {
      hash = unsafe mixed(hash, path.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset += 8
    }
    while offset < path.count {
      hash = unsafe mixed(hash, UInt64(path[offset]))
      offset += 1
    }
    return Int(truncatingIfNeeded: hash)
  }

  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 32
  }
}
