/// Which paths differ between a commit and its first parent, files with all folders above them, as a Bloom filter of a
/// commit-graph has them (`gitformat-commit-graph`): it may name paths that do not differ, and leaves none out that does.
struct ChangedPaths: Sendable {
  private let file: MappedFile
  private let bytes: Range<Int>
  private let form: Form
  /// How many paths there are.
  ///
  /// Git gives each path its share of the bits, so the size of the filter says their number.
  let count: Int

  /// What all filters of a file have in common.
  struct Form {
    /// How many bits stand for a path; several paths may share some.
    var hashes: Int
    /// By how many bits the filter grows with a path.
    var bitsPerPath: Int
  }

  /// The filter in some bytes of a file; nil where Git gave up counting because there were too many paths.
  init?(_ file: MappedFile, _ bytes: Range<Int>, _ form: Form) {
    if bytes.count == 1, file[bytes.lowerBound] == 0xFF { return nil }
    self.file = file
    self.bytes = bytes
    self.form = form
    count = bytes.count * 8 / form.bitsPerPath
  }

  /// Whether a path may differ.
  ///
  /// - Parameter path: from the top of the repository, without a slash at either end.
  func mayContain(_ path: UnsafeRawBufferPointer) -> Bool {
    // Git has hashed other bytes than ASCII in two ways.
    if unsafe path.contains(where: { $0 >= 0x80 }) { return true }
    let (first, second) = unsafe Self.hashes(path, seeds: (0x293A_E76F, 0x7E64_6E2C))
    return unsafe file.withBytes(in: bytes) { filter in
      let bits = UInt32(truncatingIfNeeded: filter.count * 8)
      for number in 0..<form.hashes {
        let bit = Int((first &+ UInt32(number) &* second) % bits)
        if unsafe filter[bit / 8] & 1 << UInt8(bit % 8) == 0 { return false }
      }
      return true
    }
  }

  /// MurmurHash3 in its version of 32 bits, for two seeds.
  private static func hashes(_ bytes: UnsafeRawBufferPointer, seeds: (UInt32, UInt32)) -> (UInt32, UInt32) {
    var (first, second) = seeds
    var offset = 0
    while offset + 4 <= bytes.count {
      let mixed = unsafe mixed(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
      first = step(first, mixed)
      second = step(second, mixed)
      offset += 4
    }
    if offset < bytes.count {
      let word = unsafe bytes[offset...].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
      first ^= mixed(word)
      second ^= mixed(word)
    }
    let count = UInt32(truncatingIfNeeded: bytes.count)
    return (final(first ^ count), final(second ^ count))
  }

  private static func mixed(_ word: UInt32) -> UInt32 {
    let word = word &* 0xCC9E_2D51
    return (word << 15 | word >> 17) &* 0x1B87_3593
  }

  private static func step(_ hash: UInt32, _ mixed: UInt32) -> UInt32 {
    let hash = hash ^ mixed
    return (hash << 13 | hash >> 19) &* 5 &+ 0xE654_6B64
  }

  private static func final(_ hash: UInt32) -> UInt32 {
    var hash = (hash ^ hash >> 16) &* 0x85EB_CA6B
    hash = (hash ^ hash >> 13) &* 0xC2B2_AE35
    return hash ^ hash >> 16
  }
}
